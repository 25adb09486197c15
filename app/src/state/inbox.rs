//! The threads one follows: what is new in them, and in which order they are listed.

use std::cmp::Reverse;

use model::{
    Millis, PostId, TeamId,
    posts::{Thread, Threads},
};

use super::{Model, Topic, Wanted};

/// How many threads are fetched at a time.
pub const PAGE: usize = 25;

/// What is known of the threads one follows in the team on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inbox {
    /// In how many of all of them something is new.
    pub unread: i64,
    /// How often one is mentioned in what is new.
    pub mentions: i64,
    /// Those that are here, the latest reply first.
    pub order: Vec<PostId>,
    /// Whether the list was fetched at all.
    pub loaded: bool,
    /// Whether it goes on after the last one.
    pub older: bool,
}

/// How one stands to a thread that one follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    pub unread_replies: i64,
    pub unread_mentions: i64,
    pub last_reply_at: Millis,
}

impl Model {
    /// Takes a page of the list with the counts of all: the first page, or the one after what is here.
    pub fn take_threads(&mut self, page: Threads, first: bool) -> Vec<Topic> {
        self.count_threads(&page);
        if first {
            self.inbox.order.clear();
        }
        self.inbox.loaded = true;
        self.inbox.older = page.threads.len() >= PAGE;
        let mut topics = vec![Topic::Inbox];
        topics.extend(page.threads.into_iter().flat_map(|thread| self.take_followed(thread)));
        topics
    }

    /// Takes only the counts.
    pub fn count_threads(&mut self, page: &Threads) -> Vec<Topic> {
        self.inbox.unread = page.total_unread_threads;
        self.inbox.mentions = page.total_unread_mentions;
        vec![Topic::Inbox]
    }

    /// Takes a thread that one follows to its place in the list.
    fn take_followed(&mut self, thread: Thread) -> Vec<Topic> {
        let id = thread.id;
        let followed = Followed {
            unread_replies: thread.unread_replies,
            unread_mentions: thread.unread_mentions,
            last_reply_at: thread.last_reply_at,
        };
        self.followed.insert(id, followed);
        let mut post = thread.post;
        post.reply_count = thread.reply_count;
        post.last_reply_at = thread.last_reply_at;
        post.participants = Some(thread.participants);
        post.is_following = Some(true);
        self.keep(post);
        if self.inbox.loaded {
            let list = &mut self.inbox.order;
            list.retain(|other| *other != id);
            list.push(id);
            let followed = &self.followed;
            list.sort_by_key(|id| Reverse(followed.get(id).map_or(0, |f| f.last_reply_at)));
        }
        vec![Topic::Inbox, Topic::Post(id)]
    }

    /// Whether an event of this team, or of none, concerns what is on the screen.
    fn is_of_team(&self, team: TeamId) -> bool {
        team.is_none() || team == self.team
    }

    /// Something happened in a thread that one follows.
    pub fn thread_updated(&mut self, thread: Thread, team: TeamId) -> Vec<Topic> {
        if !self.is_of_team(team) {
            return Vec::new();
        }
        match self.followed.get(&thread.id) {
            Some(before) => {
                let unread = i64::from(thread.unread_replies > 0) - i64::from(before.unread_replies > 0);
                self.inbox.unread = (self.inbox.unread + unread).max(0);
                let mentions = thread.unread_mentions - before.unread_mentions;
                self.inbox.mentions = (self.inbox.mentions + mentions).max(0);
            }
            // What of it was counted already is not known here.
            None => {
                self.wanted.insert(Wanted::Threads);
            }
        }
        self.take_followed(thread)
    }

    /// A thread was read, here or elsewhere; all of them, where none is named.
    pub fn thread_read(&mut self, id: PostId, replies: i64, mentions: i64, team: TeamId) -> Vec<Topic> {
        if !self.is_of_team(team) {
            return Vec::new();
        }
        if id.is_none() {
            for followed in self.followed.values_mut() {
                (followed.unread_replies, followed.unread_mentions) = (0, 0);
            }
            (self.inbox.unread, self.inbox.mentions) = (0, 0);
            return vec![Topic::Inbox];
        }
        let Some(followed) = self.followed.get_mut(&id) else {
            self.wanted.insert(Wanted::Threads);
            return Vec::new();
        };
        let unread = i64::from(replies > 0) - i64::from(followed.unread_replies > 0);
        self.inbox.unread = (self.inbox.unread + unread).max(0);
        self.inbox.mentions = (self.inbox.mentions + mentions - followed.unread_mentions).max(0);
        (followed.unread_replies, followed.unread_mentions) = (replies, mentions);
        vec![Topic::Inbox, Topic::Post(id)]
    }

    /// One follows a thread now, or no longer.
    pub fn thread_followed(&mut self, id: PostId, state: bool) -> Vec<Topic> {
        if let Some(post) = self.posts.get_mut(&id) {
            post.is_following = Some(state);
        }
        if state {
            if !self.followed.contains_key(&id) {
                self.wanted.insert(Wanted::Threads);
            }
        } else {
            self.forget_thread(id);
        }
        vec![Topic::Inbox, Topic::Post(id)]
    }

    /// Takes a thread from the list.
    pub(super) fn forget_thread(&mut self, id: PostId) {
        let Some(followed) = self.followed.remove(&id) else { return };
        self.inbox.unread = (self.inbox.unread - i64::from(followed.unread_replies > 0)).max(0);
        self.inbox.mentions = (self.inbox.mentions - followed.unread_mentions).max(0);
        self.inbox.order.retain(|other| *other != id);
    }

    /// Whether something is new in a thread that one follows.
    pub fn thread_unread(&self, id: PostId) -> bool {
        self.followed.get(&id).is_some_and(|f| f.unread_replies > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Id, posts::Post};

    fn id<K>(n: u8) -> Id<K> {
        Id::from_random([n; 16])
    }

    fn thread(n: u8, unread: i64, at: Millis) -> Thread {
        Thread {
            id: id(n),
            unread_replies: unread,
            unread_mentions: unread,
            last_reply_at: at,
            reply_count: 3,
            post: Post { id: id(n), ..Post::default() },
            ..Thread::default()
        }
    }

    fn model() -> Model {
        let mut model = Model { team: id(5), ..Model::default() };
        let threads = vec![thread(1, 0, 200), thread(2, 1, 100)];
        let page = Threads { total: 2, total_unread_threads: 1, total_unread_mentions: 1, threads };
        model.take_threads(page, true);
        model
    }

    #[test]
    fn a_reply_brings_its_thread_to_the_top_and_counts_it_once() {
        let mut model = model();
        assert_eq!(model.inbox.order, [id(1), id(2)]);
        model.thread_updated(thread(2, 2, 300), id(5));
        assert_eq!(model.inbox.order, [id(2), id(1)]);
        assert_eq!((model.inbox.unread, model.inbox.mentions), (1, 2));
        model.thread_updated(thread(1, 1, 400), id(5));
        assert_eq!((model.inbox.unread, model.inbox.mentions), (2, 3));
        model.thread_updated(thread(3, 1, 500), id(6));
        assert_eq!(model.inbox.order.len(), 2, "another team's thread is not in this list");
        model.thread_updated(thread(3, 1, 500), id(5));
        assert!(model.wanted.contains(&Wanted::Threads), "what was counted of an unknown thread is asked for");
    }

    #[test]
    fn read_and_left_threads_are_not_counted() {
        let mut model = model();
        model.thread_read(id(2), 0, 0, id(5));
        assert_eq!((model.inbox.unread, model.inbox.mentions), (0, 0));
        assert!(!model.thread_unread(id(2)));
        model.thread_updated(thread(2, 1, 300), id(5));
        model.thread_followed(id(2), false);
        assert_eq!((model.inbox.unread, model.inbox.mentions), (0, 0));
        assert_eq!(model.inbox.order, [id(1)]);
        assert_eq!(model.posts[&id(2)].is_following, Some(false));
        model.thread_updated(thread(1, 4, 600), id(5));
        model.thread_read(PostId::NONE, 0, 0, id(5));
        assert_eq!(model.inbox.unread, 0);
    }
}
