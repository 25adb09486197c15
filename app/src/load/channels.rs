//! Teams and channels: one's own, how they are arranged, and the threads one follows in them.

use futures::join;
use model::{
    ChannelId, PostId, TeamId,
    bookmarks::{Bookmark, BookmarksQuery, ListBookmarks},
    channels::*,
    posts::{GetPost, ListThreads, Threads, ThreadsQuery},
    sidebar::{Categories, ListCategories},
    system::{ErrorBody, Page},
    teams::{ListTeamMembershipsOf, ListTeamsOf},
    users::{AutocompleteQuery, AutocompleteUsers},
};

use super::me;
use crate::{
    chat::Chat,
    client::{Client, Failure},
    later::later,
    place::Place,
    state::{Model, Topic, inbox},
    words,
};

/// What one has in a team.
pub(super) struct Own {
    pub channels: Vec<Channel>,
    pub memberships: Vec<ChannelMember>,
    pub categories: Categories,
    pub threads: Threads,
}

pub(super) async fn own(client: &Client, team: TeamId, list: bool) -> Result<Own, Failure> {
    let (channels, memberships, categories, threads) = join!(
        client.send(ListChannelsOf { user_id: me(), team_id: team, query: OwnChannelsQuery::default(), body: () }),
        client.send(ListChannelMembershipsOf { user_id: me(), team_id: team, query: (), body: () }),
        client.send(ListCategories { user_id: me(), team_id: team, query: (), body: () }),
        list_threads(client, team, list, None),
    );
    Ok(Own { channels: channels?, memberships: memberships?, categories: categories?, threads: threads? })
}

/// The counts of the threads one follows, with a page of the list where it is wanted.
async fn list_threads(client: &Client, team: TeamId, list: bool, before: Option<PostId>) -> Result<Threads, Failure> {
    let query = ThreadsQuery {
        per_page: Some(inbox::PAGE.to_string()),
        before: before.map(|id| id.to_string()),
        totals_only: (!list).then(|| "true".to_owned()),
        at: Some("true".into()),
        ..ThreadsQuery::default()
    };
    client.send(ListThreads { user_id: me(), team_id: team, query, body: () }).await
}

later! {
    /// Finds the channel of a place that is not known yet: joins it, or begins the conversation.
    pub async fn resolve(chat: Chat, place: Place) -> Result<ChannelId, Failure> {
        let client = chat.client();
        let (my_id, team) = chat.peek(|m| (m.me, m.team));
        let channel = match place {
            Place::Channel(name) => {
                client.send(GetChannelByName { team_id: team, name, query: (), body: () }).await?
            }
            Place::Person(username) => {
                let query = AutocompleteQuery { name: username.clone(), ..AutocompleteQuery::default() };
                let found = client.send(AutocompleteUsers { query, body: () }).await?;
                let user = found.users.into_iter().chain(found.out_of_channel).find(|user| user.username == username);
                let user = user.ok_or_else(|| not_found(words::frame_nobody()))?;
                let id = user.id;
                chat.update(|m| m.take_users([user]));
                client.send(CreateDirectChannel { query: (), body: vec![my_id, id] }).await?
            }
            Place::Post(id) => {
                let post = client.send(GetPost { post_id: id, query: (), body: () }).await?;
                let channel_id = post.channel_id;
                chat.update(|m| m.take_post(post));
                client.send(GetChannel { channel_id, query: (), body: () }).await?
            }
            Place::Group(_) | Place::Team | Place::Threads | Place::Nowhere => {
                return Err(not_found(words::frame_no_conversation()));
            }
        };
        enter(chat, channel).await
    }
}

fn not_found(message: &str) -> Failure {
    Failure::Refused(ErrorBody { message: message.into(), status_code: 404, ..Default::default() })
}

/// Makes sure that one is a member of a channel, and knows it.
pub async fn enter(chat: Chat, channel: Channel) -> Result<ChannelId, Failure> {
    let id = channel.id;
    let (known, my_id) = chat.peek(|m| (m.memberships.contains_key(&id), m.me));
    if known {
        chat.update(|m| m.take_channel(channel, None));
        return Ok(id);
    }
    let member = if channel.kind.is_personal() {
        ChannelMember { channel_id: id, user_id: my_id, msg_count: channel.total_msg_count, ..ChannelMember::default() }
    } else {
        let body = NewChannelMember { user_id: my_id.to_string(), ..NewChannelMember::default() };
        chat.client().send(AddChannelMember { channel_id: id, query: (), body }).await?
    };
    chat.update(|m| m.take_channel(channel, Some(member)));
    Ok(id)
}

/// Brings what a channel keeps at hand.
pub(super) async fn bookmarks(chat: Chat, id: ChannelId) {
    if let Ok(list) = list_bookmarks(&chat.client(), id).await {
        chat.update(|m| m.take_bookmarks(id, list));
    }
}

pub(super) async fn list_bookmarks(client: &Client, channel_id: ChannelId) -> Result<Vec<Bookmark>, Failure> {
    client.send(ListBookmarks { channel_id, query: BookmarksQuery::default(), body: () }).await
}

/// Counts who is in a channel.
pub async fn count_members(chat: Chat, id: ChannelId) {
    if let Ok(stats) = chat.client().send(GetChannelStats { channel_id: id, query: (), body: () }).await {
        chat.update(|m| {
            m.member_counts.insert(id, stats.member_count);
            vec![Topic::Channel(id)]
        });
    }
}

/// Brings one's teams anew.
pub async fn teams(chat: Chat) {
    let client = chat.client();
    let (teams, members) = join!(
        client.send(ListTeamsOf { user_id: me(), query: (), body: () }),
        client.send(ListTeamMembershipsOf { user_id: me(), query: (), body: () }),
    );
    if let (Ok(teams), Ok(members)) = (teams, members) {
        chat.update(|m| m.take_teams(teams, members));
    }
}

/// Brings one's channels of the current team anew.
pub async fn channels(chat: Chat) {
    let team = chat.peek(|m| m.team);
    let listed = chat.peek(|m| m.inbox.loaded);
    if let Ok(own) = own(&chat.client(), team, listed).await {
        chat.update(|m| take_own(m, team, own));
    }
}

/// Takes what one has in a team, unless another team is on the screen by now.
fn take_own(m: &mut Model, team: TeamId, own: Own) -> Vec<Topic> {
    if m.team != team {
        return Vec::new();
    }
    let mut topics = m.take_channels(own.channels, own.memberships);
    topics.extend(m.take_categories(own.categories));
    if m.inbox.loaded {
        topics.extend(m.take_threads(own.threads, true));
    } else {
        topics.extend(m.count_threads(&own.threads));
    }
    topics
}

/// Brings the categories of the sidebar anew.
pub(super) async fn categories(chat: Chat) {
    let team = chat.peek(|m| m.team);
    let call = ListCategories { user_id: me(), team_id: team, query: (), body: () };
    if let Ok(all) = chat.client().send(call).await {
        chat.update(|m| if m.team == team { m.take_categories(all) } else { Vec::new() });
    }
}

/// Brings the counts of the threads one follows, with the beginning of the list where it is wanted.
pub async fn threads(chat: Chat, list: bool) -> Result<(), Failure> {
    let team = chat.peek(|m| m.team);
    let page = list_threads(&chat.client(), team, list, None).await?;
    chat.update(|m| match (m.team == team, list) {
        (false, _) => Vec::new(),
        (true, true) => m.take_threads(page, true),
        (true, false) => m.count_threads(&page),
    });
    Ok(())
}

/// Brings the threads after the last one of the list.
pub async fn more_threads(chat: Chat) -> Result<(), Failure> {
    let (team, last) = chat.peek(|m| (m.team, m.inbox.order.last().copied()));
    let page = list_threads(&chat.client(), team, true, last).await?;
    chat.update(|m| if m.team == team { m.take_threads(page, false) } else { Vec::new() });
    Ok(())
}

later! {
    /// Goes to another team without loading the page anew.
    pub async fn switch_team(chat: Chat, team: TeamId) -> Result<(), Failure> {
        let own = own(&chat.client(), team, false).await?;
        chat.update(|m| {
            m.team = team;
            m.inbox = inbox::Inbox::default();
            m.followed.clear();
            let mut topics = take_own(m, team, own);
            topics.extend([Topic::Inbox, Topic::Allowed]);
            topics
        });
        Ok(())
    }
}

/// The public channels of the current team.
pub async fn public_channels(chat: Chat) -> Result<Vec<Channel>, Failure> {
    let team_id = chat.peek(|m| m.team);
    chat.client().send(ListPublicChannels { team_id, query: Page::of(0, 200), body: () }).await
}
