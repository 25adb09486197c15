//! What channels keep at hand.

use model::{ChannelId, bookmarks::Bookmark};

use super::{Model, Topic};
use crate::sorted::sort_by;

impl Model {
    /// Takes all of a channel.
    pub fn take_bookmarks(&mut self, channel: ChannelId, mut all: Vec<Bookmark>) -> Vec<Topic> {
        all.retain(|bookmark| bookmark.delete_at == 0);
        sort_by(&mut all, |bookmark| bookmark.sort_order);
        self.bookmarks.insert(channel, all);
        vec![Topic::Channel(channel)]
    }

    /// Takes one that is new, has changed or is gone.
    pub fn bookmark_changed(&mut self, bookmark: Bookmark) -> Vec<Topic> {
        let channel = bookmark.channel_id;
        // Of a channel that was not looked at yet all are fetched.
        let Some(mut all) = self.bookmarks.remove(&channel) else { return Vec::new() };
        all.retain(|known| known.id != bookmark.id);
        all.push(bookmark);
        self.take_bookmarks(channel, all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bookmarks_stand_in_their_order_and_go_when_they_are_deleted() {
        let channel: ChannelId = model::Id::from_random([1; 16]);
        let bookmark = |n: u8, sort_order, delete_at| Bookmark {
            id: model::Id::from_random([n; 16]),
            channel_id: channel,
            sort_order,
            delete_at,
            ..Bookmark::default()
        };
        let mut m = Model::default();
        assert!(m.bookmark_changed(bookmark(1, 0, 0)).is_empty(), "the channel was not looked at");
        m.take_bookmarks(channel, vec![bookmark(1, 1, 0), bookmark(2, 0, 0), bookmark(3, 2, 9)]);
        let order = |m: &Model| m.bookmarks[&channel].iter().map(|b| b.id).collect::<Vec<_>>();
        assert_eq!(order(&m), [bookmark(2, 0, 0).id, bookmark(1, 0, 0).id]);
        m.bookmark_changed(bookmark(2, 5, 0));
        assert_eq!(order(&m), [bookmark(1, 0, 0).id, bookmark(2, 0, 0).id]);
        m.bookmark_changed(bookmark(1, 1, 7));
        assert_eq!(order(&m), [bookmark(2, 0, 0).id]);
    }
}
