//! Events, applied: the one place where what the server tells changes what this client knows.

use model::{
    ChannelId, Millis, UserId,
    bookmarks::Bookmark,
    event::{Event, Posted, Received},
    json,
    posts::{Acknowledgement, Post},
    status::Presence,
};

use super::{Model, Topic, Typing, Wanted};

impl Model {
    /// Applies an event and tells what changed.
    pub fn apply(&mut self, received: Received) -> Vec<Topic> {
        let to = received.broadcast;
        match received.event {
            Event::Posted(posted) => self.posted(*posted),
            Event::PostEdited { post } => {
                let (id, channel) = (post.id, post.channel_id);
                let Some(before) = self.posts.get(&id) else {
                    return if post.is_pinned { vec![Topic::Pins(channel)] } else { Vec::new() };
                };
                let pinned = before.is_pinned != post.is_pinned;
                self.keep(*post);
                if pinned { vec![Topic::Post(id), Topic::Pins(channel)] } else { vec![Topic::Post(id)] }
            }
            Event::PostDeleted { post, .. } => self.post_deleted(&post),
            Event::PostUnread {
                msg_count,
                msg_count_root,
                mention_count,
                mention_count_root,
                last_viewed_at,
                post_id,
                ..
            } => {
                let channel = to.channel_id.some().or_else(|| self.posts.get(&post_id).map(|p| p.channel_id));
                let Some(member) = channel.and_then(|id| self.memberships.get_mut(&id)) else { return Vec::new() };
                member.msg_count = msg_count;
                member.msg_count_root = msg_count_root;
                member.mention_count = mention_count;
                member.mention_count_root = mention_count_root;
                member.last_viewed_at = last_viewed_at;
                let id = member.channel_id;
                self.new_since.insert(id, last_viewed_at);
                vec![Topic::Channels, Topic::Teams, Topic::Posts(id)]
            }
            Event::EphemeralMessage { post } => {
                let (id, channel, root, at) = (post.id, post.channel_id, post.root_id, post.create_at);
                self.keep(*post);
                if root.is_some() {
                    self.add_reply(root, id, at);
                    return vec![Topic::Thread(root)];
                }
                self.add_to_stretch(channel, id);
                vec![Topic::Posts(channel)]
            }
            Event::OpenDialog { dialog } => {
                self.dialog = Some(*dialog);
                vec![Topic::Dialog]
            }
            Event::ReactionAdded { reaction } => {
                self.want_user(reaction.user_id);
                self.react(reaction)
            }
            Event::ReactionRemoved { reaction } => self.unreact(&reaction),
            Event::ChannelBookmarkCreated { bookmark } => self.bookmark_changed(*bookmark),
            Event::ChannelBookmarkUpdated { bookmarks } => self.bookmark_changed(bookmarks.updated),
            Event::ChannelBookmarkDeleted { bookmark } => {
                self.bookmark_changed(Bookmark { delete_at: bookmark.delete_at.max(1), ..*bookmark })
            }
            Event::ChannelBookmarkSorted { bookmarks } => self.take_bookmarks(to.channel_id, bookmarks),
            Event::PostAcknowledgementAdded { acknowledgement } => {
                self.want_user(acknowledgement.user_id);
                self.acknowledged(acknowledgement, true)
            }
            Event::PostAcknowledgementRemoved { acknowledgement } => self.acknowledged(acknowledgement, false),
            Event::Typing { parent_id, user_id } => {
                self.stop_typing(user_id);
                let mut topics = self.is_here(user_id);
                self.want_user(user_id);
                let at = crate::browser::now();
                self.typing.push(Typing { channel_id: to.channel_id, root_id: parent_id, user_id, at });
                topics.push(Topic::Typing(to.channel_id));
                topics
            }
            Event::StatusChange { status, user_id } => {
                self.statuses.insert(user_id, status);
                vec![Topic::Status(user_id)]
            }
            Event::ChannelCreated { channel_id, .. }
            | Event::ChannelConverted { channel_id }
            | Event::ChannelRestored { channel_id } => {
                self.wanted.extend([Wanted::Channel(channel_id), Wanted::Threads]);
                Vec::new()
            }
            Event::ChannelUpdated { channel } => self.channel_updated(*channel),
            Event::ChannelDeleted { channel_id, delete_at } => {
                let Some(channel) = self.channels.get_mut(&channel_id) else { return Vec::new() };
                channel.delete_at = delete_at;
                self.wanted.insert(Wanted::Threads);
                vec![Topic::Channels, Topic::Channel(channel_id), Topic::Teams]
            }
            Event::ChannelMemberUpdated { member } => {
                if member.user_id != self.me {
                    return Vec::new();
                }
                let id = member.channel_id;
                self.memberships.insert(id, *member);
                vec![Topic::Channels, Topic::Channel(id), Topic::Teams]
            }
            Event::MultipleChannelsViewed { channel_times } => {
                channel_times.into_iter().flat_map(|(id, at)| self.viewed(id, at)).collect()
            }
            Event::DirectAdded { .. } | Event::GroupAdded { .. } => {
                self.wanted.insert(if to.channel_id.is_some() {
                    Wanted::Channel(to.channel_id)
                } else {
                    Wanted::Channels
                });
                Vec::new()
            }
            Event::UserAdded { user_id, .. } => {
                self.want_user(user_id);
                if user_id == self.me {
                    self.wanted.extend([Wanted::Channel(to.channel_id), Wanted::Threads]);
                }
                self.count_members(to.channel_id, 1)
            }
            Event::UserRemoved { user_id, channel_id, .. } => {
                if channel_id.is_some() && (user_id.is_none() || user_id == self.me) {
                    return self.left_channel(channel_id);
                }
                if user_id == self.me && to.channel_id.is_some() {
                    return self.left_channel(to.channel_id);
                }
                self.count_members(to.channel_id, -1)
            }
            Event::AddedToTeam { user_id, .. } => {
                if user_id == self.me {
                    self.wanted.insert(Wanted::Teams);
                }
                Vec::new()
            }
            Event::LeaveTeam { team_id, user_id } => {
                if user_id != self.me {
                    return Vec::new();
                }
                self.teams.remove(&team_id);
                self.team_members.remove(&team_id);
                self.channels.retain(|_, channel| channel.team_id != team_id);
                vec![Topic::Teams, Topic::Channels]
            }
            Event::UpdateTeam { team } | Event::RestoreTeam { team } => {
                if let Some(known) = self.teams.get_mut(&team.id) {
                    // What only some may see is left out of what all are told.
                    let invite_id = if team.invite_id.is_empty() {
                        std::mem::take(&mut known.invite_id)
                    } else {
                        team.invite_id.clone()
                    };
                    *known = model::teams::Team { invite_id, ..*team };
                }
                vec![Topic::Teams]
            }
            Event::DeleteTeam { team } => {
                self.teams.remove(&team.id);
                vec![Topic::Teams]
            }
            Event::UserUpdated { user } => {
                let id = user.id;
                if id == self.me {
                    // One's own address and settings are not in what all are told.
                    let Some(me) = self.users.get_mut(&id) else { return Vec::new() };
                    me.username = user.username;
                    me.nickname = user.nickname;
                    me.first_name = user.first_name;
                    me.last_name = user.last_name;
                    me.position = user.position;
                    me.props = user.props;
                    me.update_at = user.update_at;
                    me.last_picture_update = user.last_picture_update;
                } else if self.users.contains_key(&id) {
                    self.users.insert(id, *user);
                }
                vec![Topic::User(id), Topic::Channels]
            }
            Event::UserRoleUpdated { user_id, roles } => {
                if let Some(user) = self.users.get_mut(&user_id) {
                    user.roles = roles;
                }
                let mut topics = vec![Topic::User(user_id)];
                if user_id == self.me {
                    topics.extend(self.my_roles_changed());
                }
                topics
            }
            Event::MemberroleUpdated { member } => {
                let mut topics = vec![Topic::Teams];
                if member.user_id == self.me {
                    self.team_members.insert(member.team_id, *member);
                    topics.extend(self.my_roles_changed());
                }
                topics
            }
            Event::PreferencesChanged { preferences } => {
                self.preferences.extend(preferences.into_iter().map(|p| ((p.category, p.name), p.value)));
                vec![Topic::Preferences, Topic::Channels]
            }
            Event::PreferencesDeleted { preferences } => {
                for preference in preferences {
                    self.preferences.remove(&(preference.category, preference.name));
                }
                vec![Topic::Preferences, Topic::Channels]
            }
            Event::SidebarCategoryCreated { .. } => {
                if to.team_id == self.team {
                    self.wanted.insert(Wanted::Categories);
                }
                Vec::new()
            }
            Event::SidebarCategoryUpdated { categories } => self.categories_changed(categories),
            Event::SidebarCategoryDeleted { category_id } => self.category_gone(&category_id),
            Event::SidebarCategoryOrderUpdated { order } => {
                if to.team_id == self.team {
                    self.order_categories(&order)
                } else {
                    Vec::new()
                }
            }
            Event::ThreadUpdated { thread, .. } => self.thread_updated(*thread, to.team_id),
            Event::ThreadReadChanged { thread_id, timestamp, unread_replies, unread_mentions, .. } => {
                self.thread_read(thread_id, unread_replies, unread_mentions, timestamp, to.team_id)
            }
            Event::DraftCreated { draft } | Event::DraftUpdated { draft } => self.draft_changed(*draft, false),
            Event::DraftDeleted { draft } => self.draft_changed(*draft, true),
            Event::ScheduledPostCreated { scheduled } | Event::ScheduledPostUpdated { scheduled } => {
                self.scheduled_changed(*scheduled, false)
            }
            Event::ScheduledPostDeleted { scheduled } => self.scheduled_changed(*scheduled, true),
            Event::ThreadFollowChanged { thread_id, state, .. } => self.thread_followed(thread_id, state),
            Event::EmojiAdded { emoji } => self.take_emoji([emoji]),
            Event::ReceivedGroup { group } => self.group_changed(*group),
            Event::GroupMemberAdd { group_member } => self.group_joined(&group_member, false),
            Event::GroupMemberDeleted { group_member } => self.group_joined(&group_member, true),
            Event::RoleUpdated { role } => self.role_changed(*role),
            Event::ConfigChanged { config } => self.take_settings(&config),
            // `live` acts on it; the rest is not on this client's screen.
            Event::Hello { .. }
            // ... and `MultipleChannelsViewed`, which comes with it, says until when.
            | Event::ChannelViewed { .. }
            // Texts that burn after reading are asked for in other apps.
            | Event::PostRevealed { .. }
            | Event::PostBurned { .. }
            | Event::BurnOnReadAllRevealed { .. }
            | Event::NewUser { .. }
            | Event::UpdateTeamScheme { .. }
            | Event::ChannelSchemeUpdated {}
            | Event::UserActivationStatusChange {}
            | Event::PersistentNotificationTriggered(_)
            | Event::GuestsDeactivated {} => Vec::new(),
        }
    }

    fn posted(&mut self, posted: Posted) -> Vec<Topic> {
        let mentioned = json::read::<Vec<UserId>>(&posted.mentions).is_ok_and(|ids| ids.contains(&self.me));
        let mut topics = if posted.set_online { self.is_here(posted.post.user_id) } else { Vec::new() };
        topics.extend(self.arrive(posted.post, mentioned));
        topics
    }

    /// Somebody has just done something: offline or away they are not.
    fn is_here(&mut self, user: UserId) -> Vec<Topic> {
        match self.statuses.get(&user) {
            Some(Presence::Online | Presence::Dnd) => Vec::new(),
            None | Some(Presence::Away | Presence::Offline) => {
                self.statuses.insert(user, Presence::Online);
                vec![Topic::Status(user)]
            }
        }
    }

    /// A post is there: by an event, or as the answer to having sent it. Both come, in either order; it counts once.
    pub fn arrive(&mut self, post: Post, mentioned: bool) -> Vec<Topic> {
        let mut topics = vec![Topic::Posts(post.channel_id), Topic::Post(post.id), Topic::Channels, Topic::Teams];
        if !post.pending_post_id.is_empty() {
            topics.extend(self.settle(&post.pending_post_id.clone()).1);
        }
        self.stop_typing(post.user_id);
        topics.push(Topic::Typing(post.channel_id));
        if !self.channels.contains_key(&post.channel_id) {
            self.wanted.insert(Wanted::Channel(post.channel_id));
        }
        self.count_post(&post, mentioned);
        let (id, root, channel, at) = (post.id, post.root_id, post.channel_id, post.create_at);
        if root.is_some() {
            topics.extend([Topic::Thread(root), Topic::Post(root)]);
            if self.add_reply(root, id, at) {
                self.count_reply(&post);
            }
        }
        let in_channel = root.is_none() || self.is_flat();
        self.keep(post);
        if in_channel && self.stretches.get(&channel).is_some_and(|s| !s.newer) {
            self.add_to_stretch(channel, id);
        }
        topics
    }

    /// Counts a post in its channel, unless the counts that are here know of it already.
    fn count_post(&mut self, post: &Post, mentioned: bool) {
        let Some(channel) = self.channels.get_mut(&post.channel_id) else { return };
        if post.create_at <= channel.last_post_at {
            return;
        }
        channel.last_post_at = post.create_at;
        if !post.counts() {
            return;
        }
        channel.total_msg_count += 1;
        channel.total_msg_count_root += i64::from(post.root_id.is_none());
        let Some(member) = self.memberships.get_mut(&post.channel_id) else { return };
        if post.user_id == self.me && !post.is_system() {
            // Whoever writes has read what was there.
            member.msg_count = channel.total_msg_count;
            member.msg_count_root = channel.total_msg_count_root;
            member.mention_count = 0;
            member.mention_count_root = 0;
            member.last_viewed_at = member.last_viewed_at.max(post.create_at);
        } else if mentioned {
            member.mention_count += 1;
            member.mention_count_root += i64::from(post.root_id.is_none());
        }
    }

    /// Counts a reply at the first post of its thread.
    fn count_reply(&mut self, reply: &Post) {
        let Some(root) = self.posts.get_mut(&reply.root_id) else { return };
        let unknown = |id| model::users::User { id, ..model::users::User::default() };
        let people =
            [reply.user_id, root.user_id].map(|id| self.users.get(&id).cloned().unwrap_or_else(|| unknown(id)));
        if reply.create_at <= root.last_reply_at {
            return;
        }
        root.reply_count += 1;
        root.last_reply_at = reply.create_at;
        let participants = root.participants.get_or_insert_default();
        for user in people {
            if participants.iter().all(|known| known.id != user.id) {
                participants.push(user);
            }
        }
    }

    /// A post is gone; of a reply it is said what is left of its thread.
    fn post_deleted(&mut self, post: &Post) -> Vec<Topic> {
        let mut topics = self.forget_post(post.id);
        if let Some(root) = self.posts.get_mut(&post.root_id) {
            root.reply_count = post.reply_count;
            root.last_reply_at = post.last_reply_at;
            root.participants.clone_from(&post.participants);
            topics.push(Topic::Post(root.id));
        }
        topics
    }

    /// Somebody has seen a post that asked for it, or takes that back.
    pub fn acknowledged(&mut self, said: Acknowledgement, seen: bool) -> Vec<Topic> {
        let id = said.post_id;
        let Some(post) = self.posts.get_mut(&id) else { return Vec::new() };
        let all = &mut post.metadata.acknowledgements;
        all.retain(|a| a.user_id != said.user_id);
        if seen {
            all.push(said);
        }
        vec![Topic::Post(id)]
    }

    fn stop_typing(&mut self, user: UserId) {
        self.typing.retain(|t| t.user_id != user);
    }

    fn channel_updated(&mut self, channel: model::channels::Channel) -> Vec<Topic> {
        let Some(known) = self.channels.get(&channel.id) else {
            self.wanted.insert(Wanted::Channel(channel.id));
            return Vec::new();
        };
        if channel.managed_category() != known.managed_category() {
            self.wanted.insert(Wanted::Categories);
        }
        let id = channel.id;
        self.put_channel(channel);
        vec![Topic::Channels, Topic::Channel(id)]
    }

    /// A channel was read up to a post of that moment, here or on another device.
    pub fn viewed(&mut self, id: ChannelId, at: Millis) -> Vec<Topic> {
        let Some(channel) = self.channels.get(&id) else { return Vec::new() };
        let Some(member) = self.memberships.get_mut(&id) else { return Vec::new() };
        if at < channel.last_post_at {
            // What came later is here already, and how much of it was not read is not.
            self.wanted.insert(Wanted::Channel(id));
        }
        member.msg_count = channel.total_msg_count;
        member.msg_count_root = channel.total_msg_count_root;
        member.mention_count = 0;
        member.mention_count_root = 0;
        member.last_viewed_at = member.last_viewed_at.max(at);
        vec![Topic::Channels, Topic::Teams]
    }

    fn count_members(&mut self, channel: ChannelId, by: i64) -> Vec<Topic> {
        let Some(count) = self.member_counts.get_mut(&channel) else { return Vec::new() };
        *count = (*count + by).max(0);
        vec![Topic::Channel(channel)]
    }

    /// One is no longer in a channel.
    pub fn left_channel(&mut self, id: ChannelId) -> Vec<Topic> {
        self.memberships.remove(&id);
        self.stretches.remove(&id);
        let gone = |post: &model::PostId| self.posts.get(post).is_some_and(|p| p.channel_id == id);
        let threads: Vec<_> = self.followed.keys().copied().filter(gone).collect();
        for thread in threads {
            self.forget_thread(thread);
        }
        // There may be others in it.
        self.wanted.insert(Wanted::Threads);
        if self.channels.get(&id).is_some_and(|c| c.kind == model::channels::ChannelType::Private) {
            self.channels.remove(&id);
        }
        vec![Topic::Channels, Topic::Channel(id), Topic::Posts(id), Topic::Teams, Topic::Inbox]
    }
}

#[cfg(test)]
mod tests;
