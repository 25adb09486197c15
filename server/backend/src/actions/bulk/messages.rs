//! Taking in messages, some hundred at a time: what is there already is found in one look at each channel, and what is
//! new is written with all that counts it in one change.

use super::{
    export::SAVED,
    import::{Import, at, nobody, wrong},
    lines::{Follower, PostLine, Said},
};
use crate::{
    actions::{
        files::{self, Incoming},
        interactive,
    },
    clock::new_id,
    error::{Error, Result},
};
use model::{
    ChannelId, FileId, Millis, PostId, UserId,
    event::Touched,
    interactive::PostAction,
    posts::{Metadata, Post},
    preferences::Preference,
    reactions::Reaction,
    text::hashtags::hashtags,
};
use sha2::{Digest as _, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};
use store::{files::StoredFile, threads::ThreadMember};

/// A message that waits to be written.
pub(super) struct Message {
    /// Its line.
    number: usize,
    channel: ChannelId,
    /// Where among those that wait its root is.
    root: Option<usize>,
    said: Said,
    /// Who follows the thread, where the line says so.
    followers: Option<Vec<Follower>>,
}

/// By what a message is known: its channel and author, when it was written, what it answers, and its text.
type Key = (ChannelId, UserId, Millis, Option<PostId>, String);

/// Where a message is here.
#[derive(Clone, Copy)]
struct Found {
    id: PostId,
    /// Nobody has deleted it, or what it answers.
    alive: bool,
}

/// What one change writes.
#[derive(Default)]
struct Change {
    posts: Vec<Post>,
    actions: Vec<PostAction>,
    files: Vec<(Post, Vec<StoredFile>)>,
    reactions: Vec<Reaction>,
    saved: BTreeMap<(UserId, PostId), Preference>,
    followers: Vec<ThreadMember>,
}

impl Import<'_> {
    /// Takes a thread, to be written with others.
    pub(super) async fn queue(&mut self, number: usize, line: PostLine) -> Result<()> {
        let channel = if line.channel_members.is_empty() {
            self.channel_of(&line.team, &line.channel).await?
        } else {
            self.conversation_of(&line.channel_members).await?
        };
        let root = self.waiting.len();
        let followers = line.thread_followers;
        self.waiting.push(Message { number, channel, root: None, said: line.said, followers });
        for said in line.replies.into_iter().flatten() {
            self.waiting.push(Message { number, channel, root: Some(root), said, followers: None });
        }
        Ok(())
    }

    /// Writes the messages that wait.
    pub(super) async fn settle(&mut self) -> Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        if waiting.is_empty() {
            return Ok(());
        }
        self.know(&waiting).await?;
        let mut there = self.there(&waiting).await?;
        let (mut change, mut found) = (Change::default(), Vec::<Found>::with_capacity(waiting.len()));
        for message in &waiting {
            let root = message.root.and_then(|root| found.get(root).copied());
            let placed = self.place(message, root, &mut there, &mut change).await?;
            found.push(placed);
        }
        for (message, placed) in waiting.iter().zip(&found).filter(|(_, placed)| placed.alive) {
            self.hang(message, *placed, &mut change)?;
        }
        self.follow(&waiting, &found, &mut change)?;
        self.write(change).await
    }

    /// Finds the people whom messages name.
    async fn know(&mut self, waiting: &[Message]) -> Result<()> {
        let mut names = BTreeSet::new();
        for Message { said, followers, .. } in waiting {
            names.insert(said.user.to_lowercase());
            names.extend(said.reactions.iter().flatten().map(|reaction| reaction.user.to_lowercase()));
            names.extend(said.flagged_by.iter().flatten().map(|name| name.to_lowercase()));
            names.extend(followers.iter().flatten().map(|follower| follower.user.to_lowercase()));
        }
        let new: Vec<String> = names.into_iter().filter(|name| !self.users.contains_key(name)).collect();
        if !new.is_empty() {
            let found = self.cx.store.users().by_usernames(&new).await?;
            self.users.extend(found.into_iter().map(|user| (user.username.clone(), Arc::new(user))));
        }
        Ok(())
    }

    /// Somebody whom a message names.
    fn named(&self, number: usize, name: &str) -> Result<UserId> {
        let user = self.users.get(&name.to_lowercase());
        Ok(user.ok_or_else(|| wrong(number, &nobody(name).message))?.id)
    }

    /// What was written at the moments of the messages.
    async fn there(&self, waiting: &[Message]) -> Result<HashMap<Key, Found>> {
        let mut moments: BTreeMap<ChannelId, BTreeSet<Millis>> = BTreeMap::new();
        for message in waiting {
            moments.entry(message.channel).or_default().insert(message.said.create_at);
        }
        let mut there = HashMap::new();
        for (channel, moments) in moments {
            let moments: Vec<Millis> = moments.into_iter().collect();
            let posts = self.cx.store.posts().made_at(channel, &moments).await?;
            let alive: HashSet<PostId> = posts.iter().filter(|p| p.delete_at == 0).map(|p| p.id).collect();
            // An edited message is known by its earlier texts, too.
            for post in posts {
                let id = post.original_id.some().unwrap_or(post.id);
                let key = (channel, post.user_id, post.create_at, post.root_id.some(), post.message);
                there.insert(key, Found { id, alive: alive.contains(&id) });
            }
        }
        Ok(there)
    }

    /// Finds a message here, or adds it to the change.
    async fn place(
        &mut self,
        message: &Message,
        root: Option<Found>,
        there: &mut HashMap<Key, Found>,
        change: &mut Change,
    ) -> Result<Found> {
        let Message { number, channel, said, .. } = message;
        let user_id = self.named(*number, &said.user)?;
        let key: Key = (*channel, user_id, said.create_at, root.map(|root| root.id), said.message.clone());
        if let Some(found) = there.get(&key) {
            return Ok(*found);
        }
        let placed = Found { id: new_id(), alive: root.is_none_or(|root| root.alive) };
        there.insert(key, placed);
        if !placed.alive {
            return Ok(placed);
        }
        let mut post = Post {
            id: placed.id,
            create_at: said.create_at,
            update_at: self.cx.clock.now(),
            edit_at: said.edit_at.unwrap_or(0),
            is_pinned: said.is_pinned.unwrap_or(false),
            user_id,
            channel_id: *channel,
            root_id: root.map_or(PostId::NONE, |root| root.id),
            message: said.message.clone(),
            kind: said.kind.clone().unwrap_or_default(),
            props: said.props.clone().unwrap_or_default(),
            hashtags: hashtags(&said.message),
            metadata: Metadata {
                priority: said.priority.clone().filter(|asked| !asked.is_none()),
                ..Metadata::default()
            },
            ..Post::default()
        };
        let mut kept = Vec::new();
        for (index, attachment) in said.attachments.iter().flatten().enumerate() {
            let file = self.attachment(&post, index, &attachment.path).await;
            kept.extend(self.usable(&attachment.path, file).map_err(|error| at(*number, error))?);
        }
        post.file_ids = kept.iter().map(|file| file.info.id).collect();
        if !kept.is_empty() {
            change.files.push((post.clone(), kept));
        }
        // Where buttons lead to is told to nobody.
        change.actions.extend(interactive::take(&mut post, UserId::NONE));
        change.posts.push(post);
        Ok(placed)
    }

    /// Puts a file of a new message into the store. Its id follows from the message, so that one that was left when the
    /// server died is replaced.
    async fn attachment(&self, post: &Post, index: usize, path: &str) -> Result<StoredFile> {
        let most = self.cx.settings.get().file.max_file_size.max(0) as u64;
        let spool = self.archive.extract(self.cx, path, most).await?;
        let name = path.rsplit('/').next().unwrap_or(path).to_owned();
        let mut sum = Sha256::new();
        for part in [post.channel_id.as_str(), post.user_id.as_str(), &post.message, path] {
            sum.update((part.len() as u64).to_be_bytes());
            sum.update(part);
        }
        sum.update(post.create_at.to_be_bytes());
        sum.update((index as u64).to_be_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&sum.finalize()[..16]);
        let id = FileId::from_random(bytes);
        // The files of a message are in the order of their times.
        let at = post.create_at + index as Millis;
        files::keep_content(self.cx, id, post.user_id, at, Incoming { name, spool }).await
    }

    /// Adds what hangs on a message to the change.
    fn hang(&self, message: &Message, placed: Found, change: &mut Change) -> Result<()> {
        let Message { number, channel, said, .. } = message;
        for reaction in said.reactions.iter().flatten() {
            change.reactions.push(Reaction {
                user_id: self.named(*number, &reaction.user)?,
                post_id: placed.id,
                emoji_name: reaction.emoji_name.clone(),
                create_at: if reaction.create_at > 0 { reaction.create_at } else { said.create_at },
                channel_id: *channel,
                ..Reaction::default()
            });
        }
        for name in said.flagged_by.iter().flatten() {
            let user_id = self.named(*number, name)?;
            let (category, name, value) = (SAVED.to_owned(), placed.id.to_string(), "true".to_owned());
            change.saved.insert((user_id, placed.id), Preference { user_id, category, name, value });
        }
        Ok(())
    }

    /// Adds who follows the threads: those of whom the lines say so, and otherwise those who wrote in them.
    fn follow(&self, waiting: &[Message], found: &[Found], change: &mut Change) -> Result<()> {
        let now = self.cx.clock.now();
        let mut followers: BTreeMap<(PostId, UserId), ThreadMember> = BTreeMap::new();
        let mut add = |post_id: PostId, user_id: UserId, last_viewed: Millis, unread_mentions: i64| {
            let last_updated = now;
            let member =
                ThreadMember { post_id, user_id, is_following: true, last_viewed, unread_mentions, last_updated };
            followers.entry((post_id, user_id)).or_insert(member);
        };
        for (message, placed) in waiting.iter().zip(found).filter(|(_, placed)| placed.alive) {
            let root = message.root.map_or(message, |root| &waiting[root]);
            match (&message.followers, message.root) {
                (Some(named), None) => {
                    for Follower { user, last_viewed, unread_mentions } in named {
                        let user = self.named(message.number, user)?;
                        add(placed.id, user, last_viewed.unwrap_or(now), unread_mentions.unwrap_or(0));
                    }
                }
                (_, Some(index)) if root.followers.is_none() => {
                    for said in [&root.said, &message.said] {
                        add(found[index].id, self.named(message.number, &said.user)?, now, 0);
                    }
                }
                _ => {}
            }
        }
        change.followers.extend(followers.into_values());
        Ok(())
    }

    async fn write(&self, change: Change) -> Result<()> {
        let (now, change) = (self.cx.clock.now(), Arc::new(change));
        self.cx
            .store
            .write(move |tx| {
                let change = change.clone();
                Box::pin(async move {
                    tx.posts().insert_all(&change.posts, now).await?;
                    interactive::keep(tx, &change.actions).await?;
                    let mut more: BTreeMap<ChannelId, (i64, i64)> = BTreeMap::new();
                    for post in change.posts.iter().filter(|post| post.counts()) {
                        let (all, roots) = more.entry(post.channel_id).or_default();
                        (*all, *roots) = (*all + 1, *roots + i64::from(post.root_id.is_none()));
                    }
                    for (channel, (all, roots)) in more {
                        tx.channel_members().read_more(channel, all, roots).await?;
                        tx.touch(Touched::Channel(channel));
                    }
                    for (post, kept) in &change.files {
                        files::note(tx, kept, post.channel_id, now).await?;
                        files::attach(tx, post, &post.file_ids, now).await?;
                    }
                    tx.reactions().add_all(&change.reactions, now).await?;
                    let saved: Vec<Preference> = change.saved.values().cloned().collect();
                    tx.preferences().set_all(&saved).await?;
                    tx.threads().add_all(&change.followers).await?;
                    for user in change.saved.keys().map(|(user, _)| *user).collect::<BTreeSet<_>>() {
                        tx.touch(Touched::Preferences(user));
                    }
                    Ok::<_, Error>(())
                })
            })
            .await
    }
}
