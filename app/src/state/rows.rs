//! The lines of a list of messages: posts in groups, days, and where the new ones begin.

use model::{ChannelId, Millis, PostId, posts::Post};

use super::{Model, Stage};
use crate::time::Wall;

/// How long a person may pause and still go on in the same group.
const GROUP: Millis = 5 * 60_000;

/// One line of a list of messages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// A day begins; days since 1970, there where the reader is.
    Day(i64, Millis),
    /// Here begins what is new.
    New,
    /// A post; `follow` where it goes on in the group of the one above, `answers` where it says what it replies to: it
    /// stands in the channel below something else.
    Post { id: PostId, follow: bool, answers: bool },
    /// A message that is not a post yet.
    Pending { id: String, follow: bool, stage: Stage },
}

impl Row {
    /// The post that the line shows.
    pub fn post(&self) -> Option<PostId> {
        if let Self::Post { id, .. } = self { Some(*id) } else { None }
    }
}

/// What a line has to know of the one above.
struct Above {
    day: i64,
    user: model::UserId,
    at: Millis,
    groups: bool,
    /// What begins its thread, perhaps itself.
    thread: PostId,
}

impl Model {
    /// The lines of a channel; `offset` gives the reader's distance from UTC in minutes at a time.
    pub fn channel_rows(&self, channel: ChannelId, offset: impl Fn(Millis) -> i64) -> Vec<Row> {
        let Some(stretch) = self.stretches.get(&channel) else { return Vec::new() };
        let all = self.preference("advanced_settings", "join_leave") != Some("false");
        // What does not count as a message is about who comes and goes.
        let posts = stretch.order.iter().filter_map(|id| self.posts.get(id)).filter(|post| all || post.counts());
        let pending = self
            .pending
            .iter()
            .filter(|p| p.channel_id == channel && (p.root_id.is_none() || self.is_flat()) && !stretch.newer);
        let new = self.new_since.get(&channel).copied();
        self.rows(posts, pending, new, true, offset)
    }

    /// The lines of a thread below its first post.
    pub fn thread_rows(&self, root: PostId, offset: impl Fn(Millis) -> i64) -> Vec<Row> {
        let order = self.threads.get(&root).map(|t| t.order.as_slice()).unwrap_or_default();
        let posts = order.iter().filter_map(|id| self.posts.get(id));
        self.rows(posts, self.pending.iter().filter(|p| p.root_id == root), None, false, offset)
    }

    fn rows<'a>(
        &self,
        posts: impl Iterator<Item = &'a Post>,
        pending: impl Iterator<Item = &'a super::Pending>,
        mut new: Option<Millis>,
        days: bool,
        offset: impl Fn(Millis) -> i64,
    ) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut above: Option<Above> = None;
        let mut follows = |rows: &mut Vec<Row>, post: &Post, groups: bool, is_new: bool| {
            let day = Wall::of(post.create_at, offset(post.create_at)).days;
            let thread = if post.root_id.is_some() { post.root_id } else { post.id };
            let answers = days && post.root_id.is_some() && above.as_ref().is_none_or(|a| a.thread != thread);
            let mut follow = !answers
                && above.as_ref().is_some_and(|a| {
                    a.groups && groups && a.user == post.user_id && a.day == day && post.create_at - a.at < GROUP
                });
            if days && above.as_ref().is_none_or(|a| a.day != day) {
                rows.push(Row::Day(day, post.create_at));
                follow = false;
            }
            if is_new {
                rows.push(Row::New);
                follow = false;
            }
            above = Some(Above { day, user: post.user_id, at: post.create_at, groups, thread });
            (follow, answers)
        };
        for post in posts {
            let is_new = new.is_some_and(|since| post.create_at > since && post.user_id != self.me);
            if is_new {
                new = None;
            }
            // What asks to be seen says so beside its author's name.
            let asks = post.metadata.priority.as_ref().is_some_and(|p| !p.priority.is_empty());
            let (follow, answers) = follows(&mut rows, post, !post.is_system(), is_new);
            rows.push(Row::Post { id: post.id, follow: follow && !asks, answers });
        }
        for message in pending {
            let (follow, _) = follows(&mut rows, &message.to_post(), true, false);
            rows.push(Row::Pending { id: message.id.clone(), follow, stage: message.stage.clone() });
        }
        rows
    }
}
