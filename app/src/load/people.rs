//! People: who is in a channel, who could be, and who is here.

use std::collections::BTreeSet;

use futures::join;
use leptos::prelude::GetUntracked;
use model::{
    ChannelId, UserId,
    channels::ChannelMembersByIds,
    status::StatusesByIds,
    teams::TeamMembersByIds,
    users::{AutocompleteQuery, AutocompleteUsers, ListUsers, User, UsersQuery},
};

use crate::{chat::Chat, client::Failure, later::later};

/// How many members of a channel are fetched at a time.
pub const MEMBERS: usize = 50;

later! {
    /// Asks who is here, of those on the screen first, and of others that are known.
    pub async fn statuses(chat: Chat) {
        let open = chat.open.get_untracked().unwrap_or_default();
        let people: Vec<UserId> = chat.peek(|m| {
            let authors = m.stretches.get(&open).into_iter().flat_map(|s| s.order.iter().rev());
            let authors = authors.filter_map(|id| m.posts.get(id)).map(|post| post.user_id);
            let partners = m.channels.values().filter_map(|c| c.teammate(m.me));
            let mut seen = BTreeSet::new();
            let all = authors.chain(partners).chain(m.users.keys().copied());
            all.filter(|id| m.users.contains_key(id) && seen.insert(*id)).take(200).collect()
        });
        if let Ok(statuses) = chat.client().send(StatusesByIds { query: (), body: people }).await {
            chat.update(|m| m.take_statuses(&statuses));
        }
    }
}

/// People of the team who are not in a channel and whose name fits; their profiles are kept.
pub async fn outsiders(chat: Chat, channel: ChannelId, name: String) -> Vec<User> {
    let team = chat.peek(|m| m.team);
    let query =
        AutocompleteQuery { name, in_team: team.some(), in_channel: channel.some(), limit: Some("25".to_owned()) };
    let found = chat.client().send(AutocompleteUsers { query, body: () }).await.unwrap_or_default();
    chat.update(|m| m.take_users(found.out_of_channel.clone()));
    found.out_of_channel
}

/// A page of the people in a channel, administrators first, or those whose name fits; their profiles and statuses are
/// kept. With who of them administrates the channel.
pub async fn members(chat: Chat, channel: ChannelId, name: &str, page: usize) -> Result<Vec<(UserId, bool)>, Failure> {
    let ids = some_of(chat, channel.some(), name, page).await?;
    let (client, body) = (chat.client(), ids.iter().map(UserId::to_string).collect());
    let call = ChannelMembersByIds { channel_id: channel, query: (), body };
    let (roles, ()) = join!(client.send(call), statuses_of(chat, ids.clone()));
    let roles = roles?;
    let is_admin = |id: &UserId| roles.iter().any(|member| member.user_id == *id && member.scheme_admin);
    Ok(ids.into_iter().map(|id| (id, is_admin(&id))).collect())
}

/// The same of the team on the screen.
pub async fn team_members(chat: Chat, name: &str, page: usize) -> Result<Vec<(UserId, bool)>, Failure> {
    let ids = some_of(chat, None, name, page).await?;
    let (client, body) = (chat.client(), ids.iter().map(UserId::to_string).collect());
    let call = TeamMembersByIds { team_id: chat.peek(|m| m.team), query: (), body };
    let (roles, ()) = join!(client.send(call), statuses_of(chat, ids.clone()));
    let roles = roles?;
    let is_admin = |id: &UserId| roles.iter().any(|member| member.user_id == *id && member.scheme_admin);
    Ok(ids.into_iter().map(|id| (id, is_admin(&id))).collect())
}

/// People of a channel, or of the team on the screen.
async fn some_of(chat: Chat, channel: Option<ChannelId>, name: &str, page: usize) -> Result<Vec<UserId>, Failure> {
    let (client, team) = (chat.client(), chat.peek(|m| m.team));
    let users = if name.is_empty() {
        let query = UsersQuery {
            page: Some(page.to_string()),
            per_page: Some(MEMBERS.to_string()),
            in_team: channel.is_none().then(|| team.to_string()),
            in_channel: channel.map(|id| id.to_string()),
            sort: Some("admin".to_owned()),
            ..UsersQuery::default()
        };
        client.send(ListUsers { query, body: () }).await?
    } else {
        let query = AutocompleteQuery {
            name: name.to_owned(),
            in_team: team.some(),
            in_channel: channel,
            limit: Some(MEMBERS.to_string()),
        };
        client.send(AutocompleteUsers { query, body: () }).await?.users
    };
    let ids = users.iter().map(|user| user.id).collect();
    chat.update(|m| m.take_users(users));
    Ok(ids)
}

/// Asks who of some people is here. People without a status are better than none.
async fn statuses_of(chat: Chat, ids: Vec<UserId>) {
    if let Ok(statuses) = chat.client().send(StatusesByIds { query: (), body: ids }).await {
        chat.update(|m| m.take_statuses(&statuses));
    }
}

later! {
    /// People of the team whose name fits, for pickers; their profiles are kept.
    pub async fn people(chat: Chat, name: String, limit: usize) -> Vec<User> {
        let in_team = chat.peek(|m| m.team).some();
        named(chat, AutocompleteQuery { name, in_team, ..AutocompleteQuery::default() }, limit).await
    }
}

/// The same of all teams.
pub async fn everybody(chat: Chat, name: String, limit: usize) -> Vec<User> {
    named(chat, AutocompleteQuery { name, ..AutocompleteQuery::default() }, limit).await
}

async fn named(chat: Chat, query: AutocompleteQuery, limit: usize) -> Vec<User> {
    let query = AutocompleteQuery { limit: Some(limit.to_string()), ..query };
    let found = chat.client().send(AutocompleteUsers { query, body: () }).await.unwrap_or_default();
    let users: Vec<User> = found.users.into_iter().chain(found.out_of_channel).take(limit).collect();
    chat.update(|m| m.take_users(users.clone()));
    users
}
