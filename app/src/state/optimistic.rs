//! What is shown before the server has answered, and how it comes to rest.

use model::{
    ChannelId, Millis, PostId, UserId,
    files::FileInfo,
    posts::{Metadata, NewMetadata, NewPost, Post, Priority},
    reactions::Reaction,
    text::emoji,
};

use serde::{Deserialize, Serialize};

use super::{Model, Topic, Wanted};

/// How far a message is on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stage {
    #[default]
    Sending,
    /// The server could not be reached: it goes out once that is possible.
    Waiting,
    /// It was refused, and why.
    Failed(String),
}

/// What somebody wrote and wants to be sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Written {
    pub message: String,
    pub files: Vec<FileInfo>,
    /// How much it asks to be seen.
    #[serde(default)]
    pub priority: Option<Priority>,
}

/// A message on its way, or one that did not get through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// `{user}:{milliseconds}`: the server answers the same post to the same id, however often it is sent.
    pub id: String,
    pub channel_id: ChannelId,
    pub root_id: PostId,
    pub user_id: UserId,
    #[serde(flatten)]
    pub written: Written,
    pub create_at: Millis,
    pub stage: Stage,
}

impl Pending {
    /// What is sent.
    pub fn to_new_post(&self) -> NewPost {
        NewPost {
            channel_id: self.channel_id,
            message: self.written.message.clone(),
            file_ids: self.written.files.iter().map(|file| file.id).collect(),
            root_id: self.root_id.to_string(),
            pending_post_id: self.id.clone(),
            metadata: NewMetadata { priority: self.written.priority.clone() },
            ..NewPost::default()
        }
    }

    /// How it looks until it is a post.
    pub fn to_post(&self) -> Post {
        Post {
            create_at: self.create_at,
            update_at: self.create_at,
            user_id: self.user_id,
            channel_id: self.channel_id,
            root_id: self.root_id,
            message: self.written.message.clone(),
            file_ids: self.written.files.iter().map(|file| file.id).collect(),
            metadata: Metadata {
                files: self.written.files.clone(),
                priority: self.written.priority.clone(),
                ..Metadata::default()
            },
            pending_post_id: self.id.clone(),
            ..Post::default()
        }
    }

    /// Who is told when it changes: the channel shows replies too where they are not in threads.
    fn topics(&self) -> [Topic; 2] {
        [Topic::Posts(self.channel_id), Topic::Thread(self.root_id)]
    }
}

impl Model {
    /// Shows a message that is about to be sent.
    pub fn write(
        &mut self,
        channel_id: ChannelId,
        root_id: PostId,
        written: Written,
        now: Millis,
    ) -> (Pending, Vec<Topic>) {
        let mut at = now;
        let id = loop {
            let id = format!("{}:{at}", self.me);
            if !self.pending.iter().any(|p| p.id == id) {
                break id;
            }
            at += 1; // two in the same millisecond
        };
        let pending =
            Pending { id, channel_id, root_id, user_id: self.me, written, create_at: now, stage: Stage::Sending };
        self.pending.push(pending.clone());
        let topics = pending.topics().to_vec();
        (pending, topics)
    }

    /// Notes how far a message is; if its post has arrived meanwhile there is nothing to note.
    pub fn stage(&mut self, id: &str, stage: Stage) -> Vec<Topic> {
        self.pending.iter_mut().find(|p| p.id == id).map_or_else(Vec::new, |pending| {
            pending.stage = stage;
            pending.topics().to_vec()
        })
    }

    /// Everything that is on its way waits for the connection.
    pub fn wait_to_send(&mut self) -> Vec<Topic> {
        let sending = self.pending.iter_mut().filter(|p| p.stage == Stage::Sending);
        sending
            .flat_map(|pending| {
                pending.stage = Stage::Waiting;
                pending.topics()
            })
            .collect()
    }

    /// Takes up messages that an earlier page could not send.
    pub fn write_on(&mut self, kept: Vec<Pending>) -> Vec<Topic> {
        let new: Vec<Pending> = kept.into_iter().filter(|k| !self.pending.iter().any(|p| p.id == k.id)).collect();
        let topics = new.iter().flat_map(Pending::topics).collect();
        self.pending.splice(0..0, new);
        topics
    }

    /// What is to be sent next: the first that was not refused.
    pub fn next_to_send(&self) -> Option<Pending> {
        self.pending.iter().find(|p| !matches!(p.stage, Stage::Failed(_))).cloned()
    }

    /// Takes a message away that is not a post: it was discarded, or has become one.
    pub fn settle(&mut self, id: &str) -> (Option<Pending>, Vec<Topic>) {
        let Some(place) = self.pending.iter().position(|p| p.id == id) else { return (None, Vec::new()) };
        let pending = self.pending.remove(place);
        let topics = pending.topics().to_vec();
        (Some(pending), topics)
    }

    /// Adds or takes back one's reaction; tells which of both it was.
    pub fn toggle_reaction(&mut self, post: PostId, emoji: &str, now: Millis) -> (bool, Vec<Topic>) {
        let me = self.me;
        let has = self.posts.get(&post).is_some_and(|p| has_reaction(p, me, emoji));
        let reaction = Reaction {
            user_id: me,
            post_id: post,
            emoji_name: emoji.to_owned(),
            create_at: now,
            ..Reaction::default()
        };
        (!has, if has { self.unreact(&reaction) } else { self.react(reaction) })
    }

    /// Puts a reaction under its post, once.
    pub fn react(&mut self, reaction: Reaction) -> Vec<Topic> {
        let Some(post) = self.posts.get_mut(&reaction.post_id) else { return Vec::new() };
        if has_reaction(post, reaction.user_id, &reaction.emoji_name) {
            return Vec::new();
        }
        let id = post.id;
        if emoji::is_here()
            && emoji::by_name(&reaction.emoji_name).is_none()
            && !self.custom_emoji.contains_key(&reaction.emoji_name)
        {
            self.wanted.insert(Wanted::Emoji);
        }
        post.has_reactions = true;
        post.metadata.reactions.push(reaction);
        vec![Topic::Post(id)]
    }

    /// Takes a reaction away.
    pub fn unreact(&mut self, reaction: &Reaction) -> Vec<Topic> {
        let Some(post) = self.posts.get_mut(&reaction.post_id) else { return Vec::new() };
        post.metadata.reactions.retain(|r| r.user_id != reaction.user_id || r.emoji_name != reaction.emoji_name);
        post.has_reactions = !post.metadata.reactions.is_empty();
        vec![Topic::Post(post.id)]
    }

    /// Changes a post's text and gives back the post as it was.
    pub fn edit(&mut self, id: PostId, message: String, now: Millis) -> (Option<Post>, Vec<Topic>) {
        let Some(post) = self.posts.get_mut(&id) else { return (None, Vec::new()) };
        let before = post.clone();
        post.message = message;
        post.edit_at = now;
        (Some(before), vec![Topic::Post(id)])
    }
}

/// Whether somebody has reacted so.
fn has_reaction(post: &Post, user: UserId, emoji: &str) -> bool {
    post.metadata.reactions.iter().any(|r| r.user_id == user && r.emoji_name == emoji)
}
