//! What a page begins with, by its address.

use std::collections::BTreeSet;

use futures::join;
use model::{
    ChannelId, PostId, UserId,
    channels::{Channel, DEFAULT, GetChannelStats},
    posts::GetPost,
    preferences::ListPreferences,
    status::StatusesByIds,
    system::{FormatQuery, GetClientConfig},
    teams::{ListTeamMembershipsOf, ListTeamsOf, Team},
    users::{GetUser, User, UsersByIds},
};
use serde::{Deserialize, Serialize};

use super::{
    channels::{list_bookmarks, own},
    me,
    posts::{FIRST, collapsed, get_thread, posts_to_open},
};
use crate::{
    browser,
    client::{Client, Failure},
    later::later,
    place::Place,
    state::{Model, Snapshot, Wanted, allowed::switched_on},
};

/// What comes of opening an address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Start {
    /// The chat.
    Chat(Box<Snapshot>),
    /// Another address.
    Go(String),
    /// Nobody is signed in.
    SignedOut,
    /// It did not work; the text says why.
    Failed(String),
}

/// Where a second factor is set up.
pub const SET_UP: &str = "/mfa/setup";

/// What `/{team}/…` begins with.
pub async fn start(client: Client, path: String, thread: Option<PostId>) -> Start {
    match starting(client, path, thread).await {
        Ok(start) => start,
        Err(failure) if failure.is_signed_out() => Start::SignedOut,
        Err(failure) if failure.asks_for_second_factor() => Start::Go(SET_UP.into()),
        Err(failure) => Start::Failed(failure.to_string()),
    }
}

later! {
    async fn starting(client: Client, path: String, thread: Option<PostId>) -> Result<Start, Failure> {
        try_start(&client, &path, thread).await
    }
}

async fn try_start(client: &Client, path: &str, thread: Option<PostId>) -> Result<Start, Failure> {
    let (team_name, place) = Place::parse(path);
    let (user, teams, team_members, preferences, config) = join!(
        client.send(GetUser { user_id: me(), query: (), body: () }),
        client.send(ListTeamsOf { user_id: me(), query: (), body: () }),
        client.send(ListTeamMembershipsOf { user_id: me(), query: (), body: () }),
        client.send(ListPreferences { user_id: me(), query: (), body: () }),
        client.send(GetClientConfig { query: FormatQuery { format: "old".into() }, body: () }),
    );
    // A page that takes everything for switched off is better than none.
    let config = config.unwrap_or_default();
    let mut snapshot = Snapshot {
        me: user?,
        teams: teams?,
        team_members: team_members?,
        preferences: preferences?,
        on: switched_on(&config),
        at: browser::now(),
        ..Snapshot::default()
    };
    let Some(team) = snapshot.teams.iter().find(|team| team.name == team_name).map(|team| team.id) else {
        return Ok(Start::Go(first_place(&snapshot.teams)));
    };
    snapshot.team = team;
    let own = own(client, team, place == Place::Threads).await?;
    snapshot.channels = own.channels;
    snapshot.memberships = own.memberships;
    snapshot.categories = own.categories;
    snapshot.threads = own.threads;

    let mut model = Model::default();
    model.take(snapshot.clone());
    let teammates: Vec<UserId> = wanted_users(&mut model);
    if !teammates.is_empty() {
        // A page without somebody's name is better than none; the browser asks again.
        let users = client.send(UsersByIds { query: (), body: teammates }).await.unwrap_or_default();
        model.take_users(users.clone());
        snapshot.users = users;
    }

    let open = match &place {
        Place::Team => return Ok(Start::Go(landing_in(&model))),
        Place::Post(id) => {
            let post = client.send(GetPost { post_id: *id, query: (), body: () }).await;
            let post = post.ok().filter(|post| model.channels.contains_key(&post.channel_id));
            if let Some(post) = post.as_ref().filter(|post| post.root_id.is_some())
                && let Some(channel) = model.channels.get(&post.channel_id)
            {
                // A reply is read in its thread.
                let path = model.path_of(channel);
                return Ok(Start::Go([path.as_str(), "?thread=", post.root_id.to_string().as_str()].concat()));
            }
            post.map(|post| {
                snapshot.target = post.id;
                post.channel_id
            })
        }
        place => find(&model, place),
    };
    if let Some(open) = open {
        snapshot.open = open;
        let (posts, stats, bookmarks) = join!(
            posts_to_open(client, open, FIRST, snapshot.target, collapsed(&model)),
            client.send(GetChannelStats { channel_id: open, query: (), body: () }),
            list_bookmarks(client, open),
        );
        snapshot.bookmarks = bookmarks.unwrap_or_default();
        snapshot.members = stats.map_or(0, |stats| stats.member_count);
        snapshot.posts = Some(posts?);
    }
    if let Some(thread) = thread {
        snapshot.thread = thread;
        snapshot.replies = get_thread(client, thread).await.ok();
    }
    model.take(snapshot.clone());
    model.take_users(snapshot.users.clone());
    let missing = wanted_users(&mut model);
    let mut people: BTreeSet<UserId> = snapshot.users.iter().map(|user| user.id).collect();
    people.extend(&missing);
    people.insert(snapshot.me.id);
    let (users, statuses) = join!(
        users_by_ids(client, missing),
        client.send(StatusesByIds { query: (), body: people.into_iter().collect() }),
    );
    snapshot.users.extend(users.unwrap_or_default());
    snapshot.statuses = statuses.unwrap_or_default();
    Ok(Start::Chat(Box::new(snapshot)))
}

async fn users_by_ids(client: &Client, ids: Vec<UserId>) -> Result<Vec<User>, Failure> {
    if ids.is_empty() { Ok(Vec::new()) } else { client.send(UsersByIds { query: (), body: ids }).await }
}

fn wanted_users(model: &mut Model) -> Vec<UserId> {
    let users = std::mem::take(&mut model.wanted).into_iter();
    users.filter_map(|wanted| if let Wanted::User(id) = wanted { Some(id) } else { None }).collect()
}

/// Where somebody in these teams begins.
fn first_place(teams: &[Team]) -> String {
    let first = teams.iter().filter(|t| t.delete_at == 0).min_by_key(|t| t.display_name.to_lowercase());
    first.map_or_else(|| "/select_team".to_owned(), |team| format!("/{}", team.name))
}

/// The channel that was looked at last in the current team, else the one that everybody is in.
pub fn landing_in(model: &Model) -> String {
    landing_without(model, ChannelId::NONE)
}

/// The same when a channel is left.
pub fn landing_without(model: &Model, left: ChannelId) -> String {
    let mut channels = model.team_channels();
    channels.retain(|channel| channel.id != left);
    let viewed = |channel: &&&Channel| model.memberships.get(&channel.id).map_or(0, |m| m.last_viewed_at);
    let last = channels.iter().filter(|c| viewed(c) > 0).max_by_key(viewed);
    let found = last.or_else(|| channels.iter().find(|c| c.name == DEFAULT)).or_else(|| channels.first());
    if let Some(channel) = found {
        return model.path_of(channel);
    }
    let team = model.current_team().map(|team| team.name.clone()).unwrap_or_default();
    format!("/{team}/channels/{DEFAULT}")
}

/// What `/` means to the visitor: nothing yet, or a place in the chat.
pub async fn home(client: Client) -> Start {
    match landing(client).await {
        Ok(place) => Start::Go(place),
        Err(failure) if failure.asks_for_second_factor() => Start::Go(SET_UP.into()),
        Err(Failure::Refused(_)) => Start::SignedOut,
        Err(failure) => Start::Failed(failure.to_string()),
    }
}

later! {
    async fn landing(client: Client) -> Result<String, Failure> {
        let teams = client.send(ListTeamsOf { user_id: me(), query: (), body: () }).await?;
        Ok(first_place(&teams))
    }
}

/// The channel of a place, as far as it is known.
pub fn find(model: &Model, place: &Place) -> Option<ChannelId> {
    let channel = match place {
        Place::Channel(name) | Place::Group(name) => model.channel_named(name),
        Place::Person(username) => model.user_named(username).and_then(|user| model.direct_with(user.id)),
        Place::Post(id) => model.posts.get(id).and_then(|post| model.channels.get(&post.channel_id)),
        Place::Team | Place::Threads | Place::Nowhere => None,
    };
    channel.filter(|c| model.memberships.contains_key(&c.id)).map(|c| c.id)
}
