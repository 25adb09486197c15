//! What goes with posts beside what their row says: files, reactions and custom emoji, each in one query for all of
//! them.

use super::{emoji, previews};
use crate::{access::Caller, cx::Cx, error::Result};
use model::{ChannelId, FileId, PostId, posts::Post, text::emoji as standard};
use std::collections::{BTreeMap, BTreeSet};

/// Adds to posts what goes with them, as far as the viewer may know it; without one, what everybody in their channels may.
///
/// # Errors
///
/// The database fails.
pub async fn complete<'p>(
    cx: &Cx,
    viewer: Option<&Caller>,
    posts: impl IntoIterator<Item = &'p mut Post>,
) -> Result<()> {
    let mut posts: BTreeMap<PostId, &mut Post> = posts.into_iter().map(|p| (p.id, p)).collect();
    add_files(cx, &mut posts).await?;
    add_reactions(cx, &mut posts).await?;
    add_acknowledgements(cx, &mut posts).await?;
    previews::add(cx, viewer, posts.values_mut().map(|p| &mut **p)).await?;
    add_emoji(cx, posts.into_values()).await
}

/// Adds the custom emoji that posts name, and that people reacted with.
///
/// # Errors
///
/// The database fails.
pub async fn add_emoji<'p>(cx: &Cx, posts: impl IntoIterator<Item = &'p mut Post>) -> Result<()> {
    if !cx.settings.get().service.enable_custom_emoji {
        return Ok(());
    }
    let mut posts: Vec<(BTreeSet<String>, &mut Post)> =
        posts.into_iter().map(|post| (named(post), post)).filter(|(names, _)| !names.is_empty()).collect();
    let names: BTreeSet<&str> = posts.iter().flat_map(|(names, _)| names.iter().map(String::as_str)).collect();
    if names.is_empty() {
        return Ok(());
    }
    let found = cx.store.emoji().by_names(names).await?;
    for (names, post) in &mut posts {
        post.metadata.emojis = found.iter().filter(|emoji| names.contains(&emoji.name)).cloned().collect();
    }
    Ok(())
}

/// The names of a post's emoji that are no standard ones.
fn named(post: &Post) -> BTreeSet<String> {
    let in_attachments = post.props.get("attachments").into_iter().flat_map(|attachments| {
        let texts = attachments.as_array().into_iter().flatten().flat_map(|attachment| {
            ["pretext", "title", "text"].into_iter().filter_map(|field| attachment.get(field)?.as_str())
        });
        texts.flat_map(emoji::named_in)
    });
    let reactions = post.metadata.reactions.iter().map(|reaction| reaction.emoji_name.as_str());
    let reactions = reactions.filter(|name| standard::by_name(name).is_none());
    emoji::named_in(&post.message).chain(in_attachments).chain(reactions).map(ToOwned::to_owned).collect()
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

async fn add_acknowledgements(cx: &Cx, posts: &mut BTreeMap<PostId, &mut Post>) -> Result<()> {
    let asks = |p: &&&mut Post| p.metadata.priority.as_ref().is_some_and(|asked| asked.requested_ack);
    let ids: Vec<PostId> = posts.values().filter(asks).map(|p| p.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    for said in cx.store.acknowledgements().of_posts(&ids).await? {
        if let Some(post) = posts.get_mut(&said.post_id) {
            post.metadata.acknowledgements.push(said);
        }
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
