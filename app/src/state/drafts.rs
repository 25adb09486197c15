//! What one has begun to write, and what is to be sent later, as the server has it.

use std::cmp::Reverse;

use model::drafts::{Draft, ScheduledPost};

use super::{Model, Topic};
use crate::sorted::sort_by;

impl Model {
    /// Takes all drafts of the team on the screen and to people.
    pub fn take_drafts(&mut self, drafts: Vec<Draft>) -> Vec<Topic> {
        self.drafts = drafts.into_iter().map(|draft| ((draft.channel_id, draft.root_id), draft)).collect();
        vec![Topic::Drafts]
    }

    /// A draft was changed or is gone; what is older than what is here is not news.
    pub fn draft_changed(&mut self, draft: Draft, gone: bool) -> Vec<Topic> {
        let place = (draft.channel_id, draft.root_id);
        let at = draft.update_at.max(draft.delete_at);
        if self.drafts.get(&place).is_some_and(|known| known.update_at > at) {
            return Vec::new();
        }
        if gone {
            self.drafts.remove(&place);
        } else {
            self.drafts.insert(place, draft);
        }
        vec![Topic::Drafts]
    }

    /// Takes all messages that are sent later.
    pub fn take_scheduled(&mut self, posts: Vec<ScheduledPost>) -> Vec<Topic> {
        self.scheduled = posts.into_iter().map(|post| (post.id, post)).collect();
        vec![Topic::Drafts]
    }

    /// A message that is sent later was changed, or does not wait any more.
    pub fn scheduled_changed(&mut self, post: ScheduledPost, gone: bool) -> Vec<Topic> {
        if gone {
            self.scheduled.remove(&post.id);
        } else {
            self.scheduled.insert(post.id, post);
        }
        vec![Topic::Drafts]
    }

    /// The drafts in places one can write in, the latest first.
    pub fn drafts_by_time(&self) -> Vec<&Draft> {
        let mut drafts: Vec<_> =
            self.drafts.values().filter(|d| self.memberships.contains_key(&d.channel_id)).collect();
        sort_by(&mut drafts, |draft| Reverse(draft.update_at));
        drafts
    }

    /// The messages that are sent later, the next one first.
    pub fn scheduled_by_time(&self) -> Vec<&ScheduledPost> {
        let mut posts: Vec<_> = self.scheduled.values().collect();
        sort_by(&mut posts, |post| post.scheduled_at);
        posts
    }

    /// How many of both there are.
    pub fn waiting(&self) -> usize {
        self.drafts_by_time().len() + self.scheduled.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{ChannelId, Id};

    #[test]
    fn what_comes_late_does_not_undo_what_is_newer() {
        let channel: ChannelId = Id::from_random([1; 16]);
        let draft =
            |text: &str, update_at| Draft { channel_id: channel, message: text.into(), update_at, ..Draft::default() };
        let mut model = Model::default();
        model.take_drafts(vec![draft("abc", 5)]);
        model.draft_changed(draft("abcd", 9), false);
        model.draft_changed(draft("abc", 7), false);
        model.draft_changed(Draft { delete_at: 8, ..draft("", 3) }, true);
        assert_eq!(model.drafts.values().map(|d| d.message.as_str()).collect::<Vec<_>>(), ["abcd"]);
        model.draft_changed(Draft { delete_at: 10, ..draft("", 9) }, true);
        assert!(model.drafts.is_empty());
    }
}
