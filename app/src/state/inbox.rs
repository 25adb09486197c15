//! The threads one follows: what is new in them, and in which order they are listed.

use std::cmp::Reverse;

use model::{
    Millis, PostId, TeamId,
    posts::{Thread, Threads},
};

use super::{Model, Topic, Wanted};
use crate::sorted::sort_by;

/// How many threads are fetched at a time.
pub const PAGE: usize = 25;

/// What is known of the threads one follows in the team on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inbox {
    /// In how many of all of them something is new.
    pub unread: i64,
    /// How often one is mentioned in what is new.
    pub mentions: i64,
    /// When that was counted by the server.
    pub at: Millis,
    /// Those that are here, the latest reply first.
    pub order: Vec<PostId>,
    /// Whether the list was fetched at all.
    pub loaded: bool,
    /// Whether it goes on after the last one.
    pub older: bool,
}

/// How long, in ms, what happened may be on its way into the server's counts, or from there to here.
const UNSETTLED: Millis = 1_000;

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
        for mut thread in page.threads {
            self.add_unsettled(&mut thread, page.at);
            topics.extend(self.take_followed(thread));
        }
        topics
    }

    /// Adds to a thread, as it was listed at `at`, the replies that an event has told of since; then the counts are asked
    /// for again.
    fn add_unsettled(&mut self, thread: &mut Thread, at: Millis) {
        let is_later = |known: &&Followed| known.last_reply_at > thread.last_reply_at.max(at - UNSETTLED);
        let Some(known) = self.followed.get(&thread.id).filter(is_later) else { return };
        thread.unread_replies = known.unread_replies;
        thread.unread_mentions = known.unread_mentions;
        thread.last_reply_at = known.last_reply_at;
        if let Some(post) = self.posts.get(&thread.id) {
            thread.reply_count = thread.reply_count.max(post.reply_count);
        }
        self.wanted.insert(Wanted::Threads);
    }

    /// Takes only the counts.
    pub fn count_threads(&mut self, page: &Threads) -> Vec<Topic> {
        self.inbox.unread = page.total_unread_threads;
        self.inbox.mentions = page.total_unread_mentions;
        self.inbox.at = page.at;
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
            sort_by(list, |id| Reverse(followed.get(id).map_or(0, |f| f.last_reply_at)));
        }
        vec![Topic::Inbox, Topic::Post(id)]
    }

    /// Whether an event of this team, or of none, concerns what is on the screen.
    fn is_of_team(&self, team: TeamId) -> bool {
        team.is_none() || team == self.team
    }

    /// Counts a change to a thread that happened at `at`; asks the server where that may be counted already.
    fn count_thread(&mut self, id: PostId, replies: i64, mentions: i64, at: Millis) {
        let Some(before) = self.followed.get(&id).filter(|_| at > self.inbox.at + UNSETTLED) else {
            self.wanted.insert(Wanted::Threads);
            return;
        };
        let unread = i64::from(replies > 0) - i64::from(before.unread_replies > 0);
        self.inbox.unread = (self.inbox.unread + unread).max(0);
        self.inbox.mentions = (self.inbox.mentions + mentions - before.unread_mentions).max(0);
    }

    /// Something happened in a thread that one follows.
    pub fn thread_updated(&mut self, thread: Thread, team: TeamId) -> Vec<Topic> {
        if !self.is_of_team(team) {
            return Vec::new();
        }
        self.count_thread(thread.id, thread.unread_replies, thread.unread_mentions, thread.last_reply_at);
        self.take_followed(thread)
    }

    /// A thread was read, here or elsewhere, up to `at`; all of them, where none is named.
    pub fn thread_read(&mut self, id: PostId, replies: i64, mentions: i64, at: Millis, team: TeamId) -> Vec<Topic> {
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
        self.count_thread(id, replies, mentions, at);
        let Some(followed) = self.followed.get_mut(&id) else { return Vec::new() };
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

    /// Takes a thread from the list; what is counted of one that is not here is asked for.
    pub(super) fn forget_thread(&mut self, id: PostId) {
        let Some(followed) = self.followed.remove(&id) else {
            self.wanted.insert(Wanted::Threads);
            return;
        };
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
        let page = Threads { total: 2, total_unread_threads: 1, total_unread_mentions: 1, threads, at: 0 };
        model.take_threads(page, true);
        model
    }

    #[test]
    fn a_reply_brings_its_thread_to_the_top_and_counts_it_once() {
        let mut model = model();
        assert_eq!(model.inbox.order, [id(1), id(2)]);
        model.thread_updated(thread(2, 2, 2300), id(5));
        assert_eq!(model.inbox.order, [id(2), id(1)]);
        assert_eq!((model.inbox.unread, model.inbox.mentions), (1, 2));
        model.thread_updated(thread(1, 1, 2400), id(5));
        assert_eq!((model.inbox.unread, model.inbox.mentions), (2, 3));
        model.thread_updated(thread(3, 1, 2500), id(6));
        assert_eq!(model.inbox.order.len(), 2, "another team's thread is not in this list");
        model.thread_updated(thread(3, 1, 2500), id(5));
        assert!(model.wanted.contains(&Wanted::Threads), "what was counted of an unknown thread is asked for");
    }

    #[test]
    fn what_the_server_may_have_counted_is_not_counted_again() {
        let mut model = model();
        model.count_threads(&Threads { total_unread_threads: 2, at: 5_000, ..Threads::default() });
        model.thread_updated(thread(1, 1, 4_990), id(5));
        assert_eq!(model.inbox.unread, 2);
        assert!(model.wanted.contains(&Wanted::Threads));
    }

    #[test]
    fn a_list_from_before_a_reply_does_not_undo_it() {
        let mut model = model();
        model.thread_updated(thread(2, 2, 2_300), id(5));
        assert!(model.wanted.is_empty());
        let before = || Threads { threads: vec![thread(2, 1, 100)], at: 2_290, ..Threads::default() };
        model.take_threads(before(), true);
        assert_eq!((model.followed[&id(2)].unread_replies, model.followed[&id(2)].last_reply_at), (2, 2_300));
        assert!(model.wanted.contains(&Wanted::Threads), "it is counted again");
        // Long after, the reply is gone and not on its way.
        model.take_threads(Threads { at: 9_000, ..before() }, true);
        assert_eq!(model.followed[&id(2)].unread_replies, 1);
    }

    #[test]
    fn read_and_left_threads_are_not_counted() {
        let mut model = model();
        model.thread_read(id(2), 0, 0, 4_000, id(5));
        assert_eq!((model.inbox.unread, model.inbox.mentions), (0, 0));
        assert!(!model.thread_unread(id(2)));
        model.thread_updated(thread(2, 1, 2300), id(5));
        model.thread_followed(id(2), false);
        assert_eq!((model.inbox.unread, model.inbox.mentions), (0, 0));
        assert_eq!(model.inbox.order, [id(1)]);
        assert_eq!(model.posts[&id(2)].is_following, Some(false));
        model.thread_updated(thread(1, 4, 2600), id(5));
        model.thread_read(PostId::NONE, 0, 0, 5_000, id(5));
        assert_eq!(model.inbox.unread, 0);
    }
}
