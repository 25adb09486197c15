//! Answers of the server, taken in: what a page begins with, stretches of posts, single things.

use std::collections::HashSet;

use model::{
    ChannelId, Millis, PostId, TeamId, UserId,
    bookmarks::Bookmark,
    channels::{Channel, ChannelMember},
    emoji::CustomEmoji,
    posts::{Post, PostList, Threads},
    preferences::Preference,
    sidebar::Categories,
    status::Status,
    teams::{Team, TeamMember},
    users::User,
};
use serde::{Deserialize, Serialize};

use super::{Link, Model, Stretch, Topic, Wanted};
use crate::sorted::sort_by;

/// What a page begins with. The server sends it along, so that the browser begins with the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub me: User,
    pub teams: Vec<Team>,
    pub team_members: Vec<TeamMember>,
    pub preferences: Vec<Preference>,
    pub team: TeamId,
    pub channels: Vec<Channel>,
    pub memberships: Vec<ChannelMember>,
    pub categories: Categories,
    /// The counts, and the list where it is on the screen.
    pub threads: Threads,
    pub users: Vec<User>,
    pub statuses: Vec<Status>,
    /// The channel on the screen.
    pub open: ChannelId,
    pub members: i64,
    /// What the channel keeps at hand.
    pub bookmarks: Vec<Bookmark>,
    pub posts: Option<PostList>,
    /// The post that the address points at.
    pub target: PostId,
    /// The thread that is open beside the channel.
    pub thread: PostId,
    pub replies: Option<PostList>,
    /// The settings of the server that are on, of those that the screen depends on.
    pub on: Vec<String>,
    /// When it was made; what is relative to now is written for this moment.
    pub at: Millis,
}

/// Where a list of posts belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It replaces what is here.
    Whole,
    /// Before what is here.
    Before,
    /// After what is here.
    After,
    /// Everything that changed since a time.
    Since,
}

impl Model {
    /// Begins with what a page brings.
    pub fn take(&mut self, snapshot: Snapshot) {
        self.me = snapshot.me.id;
        self.switched_on = snapshot.on.into_iter().collect();
        self.take_users(snapshot.users);
        self.users.insert(self.me, snapshot.me);
        self.take_statuses(&snapshot.statuses);
        self.take_teams(snapshot.teams, snapshot.team_members);
        self.preferences = snapshot.preferences.into_iter().map(|p| ((p.category, p.name), p.value)).collect();
        self.team = snapshot.team;
        self.take_channels(snapshot.channels, snapshot.memberships);
        self.take_categories(snapshot.categories);
        if snapshot.threads.threads.is_empty() {
            self.count_threads(&snapshot.threads);
        } else {
            self.take_threads(snapshot.threads, true);
        }
        if snapshot.open.is_some() {
            self.member_counts.insert(snapshot.open, snapshot.members);
            self.take_bookmarks(snapshot.open, snapshot.bookmarks);
            self.mark_new(snapshot.open);
            if let Some(list) = snapshot.posts {
                self.take_posts(snapshot.open, list, Fit::Whole);
            }
        }
        if let Some(list) = snapshot.replies {
            self.take_thread(snapshot.thread, list);
        }
    }

    /// Remembers where the new messages of a channel begin, before looking at it makes them read.
    pub fn mark_new(&mut self, channel: ChannelId) {
        let viewed = self.memberships.get(&channel).map_or(0, |m| m.last_viewed_at);
        if self.unread(channel).0 && viewed > 0 {
            self.new_since.insert(channel, viewed);
        } else {
            self.new_since.remove(&channel);
        }
    }

    /// Forgets what is here of a channel where that is not its end, as after a link into its past: whoever opens the
    /// channel wants to read its end. Without a connection there is nothing better.
    pub fn forget_past(&mut self, channel: ChannelId) {
        if self.link == Link::Connected && self.stretches.get(&channel).is_some_and(|s| s.newer) {
            self.stretches.remove(&channel);
        }
    }

    /// Takes profiles.
    pub fn take_users(&mut self, users: impl IntoIterator<Item = User>) -> Vec<Topic> {
        let mut topics = Vec::new();
        for user in users {
            self.wanted.remove(&Wanted::User(user.id));
            topics.push(Topic::User(user.id));
            self.users.insert(user.id, user);
        }
        topics
    }

    /// Takes statuses.
    pub fn take_statuses(&mut self, statuses: &[Status]) -> Vec<Topic> {
        let mut topics = Vec::new();
        for status in statuses {
            if self.statuses.insert(status.user_id, status.status) != Some(status.status) {
                topics.push(Topic::Status(status.user_id));
            }
        }
        topics
    }

    /// Takes all of one's teams.
    pub fn take_teams(&mut self, teams: Vec<Team>, members: Vec<TeamMember>) -> Vec<Topic> {
        self.teams = teams.into_iter().filter(|t| t.delete_at == 0).map(|t| (t.id, t)).collect();
        self.team_members = members.into_iter().filter(|m| m.delete_at == 0).map(|m| (m.team_id, m)).collect();
        vec![Topic::Teams]
    }

    /// Takes all of one's channels of a team; those of it that are not among them are no longer one's own.
    pub fn take_channels(&mut self, channels: Vec<Channel>, memberships: Vec<ChannelMember>) -> Vec<Topic> {
        let kept: HashSet<_> = channels.iter().map(|c| c.id).collect();
        let team = self.team;
        self.channels.retain(|id, c| kept.contains(id) || (c.team_id != team && !c.kind.is_personal()));
        let mut topics = vec![Topic::Channels, Topic::Teams];
        for channel in channels {
            topics.push(Topic::Channel(channel.id));
            self.put_channel(channel);
        }
        self.memberships.retain(|id, _| self.channels.contains_key(id));
        for member in memberships {
            self.memberships.insert(member.channel_id, member);
        }
        topics
    }

    /// Takes one channel, perhaps with one's membership. If it is still wanted, something happened in it that this answer
    /// may not know of.
    pub fn take_channel(&mut self, channel: Channel, member: Option<ChannelMember>) -> Vec<Topic> {
        let id = channel.id;
        self.put_channel(channel);
        if let Some(member) = member {
            self.memberships.insert(id, member);
        }
        vec![Topic::Channels, Topic::Channel(id), Topic::Teams]
    }

    /// Keeps a channel. Posts that have arrived since the answer was made stay counted; their number never falls.
    pub(super) fn put_channel(&mut self, mut channel: Channel) {
        if channel.kind == model::channels::ChannelType::Direct
            && let Some(user) = channel.teammate(self.me)
        {
            self.want_user(user);
        }
        if let Some(known) = self.channels.get(&channel.id) {
            channel.total_msg_count = channel.total_msg_count.max(known.total_msg_count);
            channel.total_msg_count_root = channel.total_msg_count_root.max(known.total_msg_count_root);
            channel.last_post_at = channel.last_post_at.max(known.last_post_at);
            channel.last_root_post_at = channel.last_root_post_at.max(known.last_root_post_at);
        }
        self.channels.insert(channel.id, channel);
    }

    /// Asks for a profile that is not here.
    pub fn want_user(&mut self, user: UserId) {
        if user.is_some() && !self.users.contains_key(&user) {
            self.wanted.insert(Wanted::User(user));
        }
    }

    /// Keeps a post, with what it needs around it.
    pub(super) fn keep(&mut self, mut post: Post) {
        self.want_user(post.user_id);
        if let Some(known) = self.posts.get_mut(&post.id) {
            // Events leave out what did not change.
            post.is_following = post.is_following.or(known.is_following);
            if post.participants.is_none() {
                post.participants = known.participants.take();
                post.reply_count = post.reply_count.max(known.reply_count);
                post.last_reply_at = post.last_reply_at.max(known.last_reply_at);
            }
            if post.metadata.files.is_empty() && !post.file_ids.is_empty() {
                post.metadata.files = std::mem::take(&mut known.metadata.files);
                post.metadata.files.retain(|file| post.file_ids.contains(&file.id));
            }
            if post.metadata.reactions.is_empty() && post.has_reactions {
                post.metadata.reactions = std::mem::take(&mut known.metadata.reactions);
            }
        }
        self.take_emoji(post.metadata.emojis.iter().cloned());
        let missing: Vec<UserId> = post.metadata.reactions.iter().map(|r| r.user_id).collect();
        for user in missing {
            self.want_user(user);
        }
        self.posts.insert(post.id, post);
    }

    /// Takes emoji that people have added.
    pub fn take_emoji(&mut self, emoji: impl IntoIterator<Item = CustomEmoji>) -> Vec<Topic> {
        let before = self.custom_emoji.len();
        self.custom_emoji.extend(emoji.into_iter().map(|e| (e.name, e.id)));
        if self.custom_emoji.len() == before { Vec::new() } else { vec![Topic::Emoji] }
    }

    /// Takes a stretch of a channel's posts.
    pub fn take_posts(&mut self, channel: ChannelId, list: PostList, fit: Fit) -> Vec<Topic> {
        let mut topics = vec![Topic::Posts(channel)];
        let flat = self.is_flat();
        let shown = |post: &Post| (flat || post.root_id.is_none()) && post.delete_at == 0;
        let lines: Vec<PostId> =
            list.order.iter().rev().filter(|id| list.posts.get(id).is_some_and(shown)).copied().collect();
        let gone: Vec<PostId> = list.posts.values().filter(|p| p.delete_at != 0).map(|p| p.id).collect();
        for post in list.posts.into_values().filter(|p| p.delete_at == 0) {
            topics.push(Topic::Post(post.id));
            if !post.pending_post_id.is_empty() {
                topics.extend(self.settle(&post.pending_post_id.clone()).1);
            }
            if post.root_id.is_some() {
                topics.push(Topic::Thread(post.root_id));
                self.add_reply(post.root_id, post.id, post.create_at);
            }
            self.keep(post);
        }
        let stretch = self.stretches.entry(channel).or_default();
        match fit {
            Fit::Whole => {
                *stretch = Stretch {
                    order: lines,
                    older: list.prev_post_id.is_some(),
                    newer: list.next_post_id.is_some(),
                    stale: false,
                };
            }
            Fit::Before => {
                let known: HashSet<_> = stretch.order.iter().copied().collect();
                stretch.order.splice(0..0, lines.into_iter().filter(|id| !known.contains(id)));
                stretch.older = list.prev_post_id.is_some();
            }
            Fit::After => {
                let known: HashSet<_> = stretch.order.iter().copied().collect();
                stretch.order.extend(lines.into_iter().filter(|id| !known.contains(id)));
                stretch.newer = list.next_post_id.is_some();
            }
            Fit::Since => {
                stretch.stale = false;
                let newer = stretch.newer;
                for id in lines {
                    if !newer {
                        self.add_to_stretch(channel, id);
                    }
                }
            }
        }
        for id in gone {
            topics.extend(self.forget_post(id));
        }
        topics
    }

    /// Takes a post that belongs to no stretch yet.
    pub fn take_post(&mut self, post: Post) -> Vec<Topic> {
        let id = post.id;
        self.keep(post);
        vec![Topic::Post(id)]
    }

    /// Takes posts that belong to no stretch, as they were found; gives back their order.
    pub fn take_found(&mut self, list: PostList) -> (Vec<PostId>, Vec<Topic>) {
        let topics = list.posts.keys().map(|id| Topic::Post(*id)).collect();
        let order = list.order.into_iter().filter(|id| list.posts.get(id).is_some_and(|p| p.delete_at == 0)).collect();
        for post in list.posts.into_values().filter(|p| p.delete_at == 0) {
            self.keep(post);
        }
        (order, topics)
    }

    /// Takes a thread, all of it.
    pub fn take_thread(&mut self, root: PostId, list: PostList) -> Vec<Topic> {
        let mut topics = vec![Topic::Thread(root), Topic::Post(root)];
        let mut order = Vec::new();
        for post in list.posts.into_values().filter(|p| p.delete_at == 0) {
            topics.push(Topic::Post(post.id));
            if post.root_id == root {
                order.push((post.create_at, post.id));
            }
            if !post.pending_post_id.is_empty() {
                topics.extend(self.settle(&post.pending_post_id.clone()).1);
            }
            self.keep(post);
        }
        sort_by(&mut order, |place| *place);
        let replies = self.threads.entry(root).or_default();
        replies.order = order.into_iter().map(|(_, id)| id).collect();
        replies.complete = true;
        topics
    }

    /// Puts a post where it belongs by time; twice changes nothing.
    pub(super) fn add_to_stretch(&mut self, channel: ChannelId, id: PostId) {
        let at = self.posts.get(&id).map_or(Millis::MAX, |p| p.create_at);
        let Some(stretch) = self.stretches.get_mut(&channel) else { return };
        if stretch.order.contains(&id) {
            return;
        }
        let posts = &self.posts;
        let place =
            stretch.order.iter().rposition(|p| posts.get(p).is_none_or(|p| p.create_at <= at)).map_or(0, |i| i + 1);
        if place == 0 && stretch.older && !stretch.order.is_empty() {
            return; // belongs before what is here
        }
        stretch.order.insert(place, id);
    }

    /// Puts a reply into its thread; twice changes nothing. True if it was new.
    pub(super) fn add_reply(&mut self, root: PostId, id: PostId, at: Millis) -> bool {
        let posts = &self.posts;
        let replies = self.threads.entry(root).or_default();
        if replies.order.contains(&id) {
            return false;
        }
        let place =
            replies.order.iter().rposition(|p| posts.get(p).is_none_or(|p| p.create_at <= at)).map_or(0, |i| i + 1);
        replies.order.insert(place, id);
        true
    }

    /// Takes a post away, with its replies.
    pub fn forget_post(&mut self, id: PostId) -> Vec<Topic> {
        let Some(post) = self.posts.remove(&id) else { return Vec::new() };
        let mut topics = vec![Topic::Post(id), Topic::Posts(post.channel_id)];
        if self.followed.contains_key(&id) {
            self.forget_thread(id);
            topics.push(Topic::Inbox);
        }
        if let Some(stretch) = self.stretches.get_mut(&post.channel_id) {
            stretch.order.retain(|p| *p != id);
        }
        if post.root_id.is_some() {
            if let Some(replies) = self.threads.get_mut(&post.root_id) {
                replies.order.retain(|p| *p != id);
            }
            if let Some(root) = self.posts.get_mut(&post.root_id) {
                root.reply_count = (root.reply_count - 1).max(0);
            }
            topics.extend([Topic::Thread(post.root_id), Topic::Post(post.root_id)]);
        } else if let Some(replies) = self.threads.remove(&id) {
            if let Some(stretch) = self.stretches.get_mut(&post.channel_id) {
                stretch.order.retain(|p| !replies.order.contains(p));
            }
            for reply in replies.order {
                self.posts.remove(&reply);
            }
            topics.push(Topic::Thread(id));
        }
        topics
    }

    /// Puts back a post that was taken away too early.
    pub fn restore(&mut self, post: Post) -> Vec<Topic> {
        let (id, root, channel, at) = (post.id, post.root_id, post.channel_id, post.create_at);
        self.keep(post);
        if root.is_none() || self.is_flat() {
            self.add_to_stretch(channel, id);
        }
        let mut topics = vec![Topic::Posts(channel), Topic::Post(id)];
        if root.is_none() {
            return topics;
        }
        if self.add_reply(root, id, at)
            && let Some(root) = self.posts.get_mut(&root)
        {
            root.reply_count += 1;
        }
        topics.extend([Topic::Thread(root), Topic::Post(root)]);
        topics
    }

    /// Marks everything as perhaps incomplete, but for one channel.
    pub fn forget_freshness(&mut self, but: ChannelId) {
        for (id, stretch) in &mut self.stretches {
            stretch.stale |= *id != but;
        }
        for replies in self.threads.values_mut() {
            replies.complete = false;
        }
    }

    /// The latest change that is known of in a channel, to ask for what came after.
    pub fn latest_change(&self, channel: ChannelId) -> Millis {
        let order = self.stretches.get(&channel).map(|s| s.order.as_slice()).unwrap_or_default();
        order.iter().filter_map(|id| self.posts.get(id)).map(|p| p.create_at).max().unwrap_or(0)
    }
}
