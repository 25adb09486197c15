//! What goes with posts beside what their row says: files and reactions, each in one query for all of them.

use crate::{cx::Cx, error::Result};
use model::{ChannelId, FileId, PostId, posts::Post};
use std::collections::BTreeMap;

/// Adds to posts what goes with them.
///
/// # Errors
///
/// The database fails.
pub async fn complete<'p>(cx: &Cx, posts: impl IntoIterator<Item = &'p mut Post>) -> Result<()> {
    let mut posts: BTreeMap<PostId, &mut Post> = posts.into_iter().map(|p| (p.id, p)).collect();
    add_files(cx, &mut posts).await?;
    add_reactions(cx, &mut posts).await
}

async fn add_files(cx: &Cx, posts: &mut BTreeMap<PostId, &mut Post>) -> Result<()> {
    let ids: Vec<PostId> = posts.values().filter(|p| !p.file_ids.is_empty()).map(|p| p.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    for file in cx.store.files().of_posts(&ids).await? {
        if let Some(post) = posts.get_mut(&file.info.post_id) {
            post.metadata.files.push(file.info);
        }
    }
    for post in posts.values_mut().filter(|p| p.metadata.files.len() > 1) {
        let place: BTreeMap<FileId, usize> = post.file_ids.iter().enumerate().map(|(i, id)| (*id, i)).collect();
        post.metadata.files.sort_by_key(|f| place.get(&f.id).copied().unwrap_or(usize::MAX));
    }
    Ok(())
}

async fn add_reactions(cx: &Cx, posts: &mut BTreeMap<PostId, &mut Post>) -> Result<()> {
    let ids: Vec<PostId> = posts.values().filter(|p| p.has_reactions).map(|p| p.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    for mut reaction in cx.store.reactions().of_posts(&ids).await? {
        // Mattermost: the channel is known from the post.
        reaction.channel_id = ChannelId::NONE;
        if let Some(post) = posts.get_mut(&reaction.post_id) {
            post.metadata.reactions.push(reaction);
        }
    }
    Ok(())
}
