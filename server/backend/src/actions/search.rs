//! Finding posts, and keeping the index of words up with them.

use crate::{
    access::Caller,
    cx::Cx,
    error::Result,
    search::{query::Asked, words},
};
use model::{
    Refusal, TeamId,
    channels::direct_name,
    posts::{FoundPosts, PostSearch},
};
use std::collections::HashSet;
use store::search::{Entry, Source, Wanted};

/// Posts put into the index at a time: few enough that nobody's change waits long for them.
const BATCH: i64 = 128;
/// How many such batches a search does itself, so that what was just said is found.
const BATCHES: usize = 2;
/// Found posts in a page. Mattermost: the client's wish is not heard.
const PAGE: i64 = 100;

/// Puts what waits into the index, a batch of it; says how many posts that were.
///
/// # Errors
///
/// The database fails.
pub async fn catch_up(cx: &Cx) -> Result<usize> {
    let pending = cx.store.search().pending(BATCH).await?;
    if pending.is_empty() {
        return Ok(0);
    }
    let count = pending.len();
    cx.store
        .write(move |tx| {
            let pending = pending.clone();
            Box::pin(async move {
                let sources = tx.search().take(&pending).await?;
                let entries: Vec<Entry> = sources.into_iter().filter_map(entry).collect();
                tx.search().put(&entries).await
            })
        })
        .await?;
    Ok(count)
}

/// What the index gets of a post: nothing of old versions and of what the system says.
fn entry(Source { place, post }: Source) -> Option<Entry> {
    let said = post.original_id.is_none() && !post.kind.starts_with("system_");
    said.then(|| {
        let (words, loose) = words::of_post(&post.message, &post.hashtags);
        Entry { place, post_id: post.id, channel_id: post.channel_id, user_id: post.user_id, words, loose }
    })
}

/// Posts that the caller may read, newest first: of a team and of what is in none, or of everything.
///
/// # Errors
///
/// Nothing is asked for, or the database fails.
pub async fn posts(cx: &Cx, caller: &Caller, team: Option<TeamId>, search: PostSearch) -> Result<FoundPosts> {
    if search.terms.is_empty() {
        return Err(Refusal::body("terms").into());
    }
    let asked = Asked::read(&search.terms, search.time_zone_offset);
    if asked.is_empty() || search.page < 0 {
        return Ok(FoundPosts::default());
    }
    for _ in 0..BATCHES {
        match catch_up(cx).await {
            Ok(count) if count == BATCH as usize => {}
            Ok(_) => break,
            Err(error) => {
                tracing::warn!(%error, "messages cannot be put into the index");
                break;
            }
        }
    }
    let wanted = wanted(cx, caller, team, &search, asked).await?;
    let posts = cx.store.search().posts(&wanted, PAGE, search.page.saturating_mul(PAGE)).await?;
    let mut found = FoundPosts { order: posts.iter().map(|p| p.id).collect(), ..FoundPosts::default() };
    found.posts = posts.into_iter().map(|p| (p.id, p)).collect();
    super::metadata::complete(cx, found.posts.values_mut()).await?;
    Ok(found)
}

async fn wanted(cx: &Cx, caller: &Caller, team: Option<TeamId>, search: &PostSearch, asked: Asked) -> Result<Wanted> {
    // `in:@ann`: the direct channel with her.
    let with = asked.within.iter().chain(&asked.not_within).filter_map(|name| name.strip_prefix('@'));
    let names: HashSet<&str> =
        with.chain(asked.from.iter().map(String::as_str)).chain(asked.not_from.iter().map(String::as_str)).collect();
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let people = if names.is_empty() { Vec::new() } else { cx.store.users().by_usernames(&names).await? };
    let id_of = |name: &str| people.iter().find(|u| u.username == name).map(|u| u.id);
    let ids = |names: &[String]| names.iter().filter_map(|name| id_of(name)).collect::<Vec<_>>();
    let channels = |names: &[String]| {
        let channel = |name: &String| match name.strip_prefix('@') {
            Some(person) => id_of(person).map_or_else(|| name.clone(), |id| direct_name(caller.id(), id)),
            None => name.clone(),
        };
        names.iter().map(channel).collect::<Vec<_>>()
    };
    Ok(Wanted {
        reader: caller.id(),
        team,
        any: search.is_or_search,
        from: (!asked.from.is_empty()).then(|| ids(&asked.from)),
        not_from: ids(&asked.not_from),
        within: (!asked.within.is_empty()).then(|| channels(&asked.within)),
        not_within: channels(&asked.not_within),
        terms: asked.terms,
        not_terms: asked.not_terms,
        during: asked.during,
        not_during: asked.not_during,
        archived: search.include_deleted_channels,
    })
}
