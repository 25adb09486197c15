//! Channels: making, reading, listing, searching, changing, archiving.

use super::{
    Routes,
    extract::{self, Created, Done, Found, IfNoneMatch, Json, Paging, Path, Query},
    guard::{Guard, Whose},
    teams::DeleteQuery,
};
use crate::{
    access::{self, Caller},
    actions,
    cx::Cx,
    error::Result,
};
use axum::response::{IntoResponse, Response};
use model::{
    ChannelId, Millis, Refusal, TeamId, UserId,
    channels::{
        ArchiveChannel, Channel, ChannelInTeam, ChannelMove, ChannelPatch, ChannelSearch, ChannelStats, ChannelType,
        CountedChannels, CreateChannel, CreateDirectChannel, CreateGroupChannel, DEFAULT, GetChannel, GetChannelByName,
        GetChannelStats, ListChannelsOf, ListPublicChannels, MoveChannel, NewChannel, OwnChannelsQuery, PatchChannel,
    },
    endpoint::Method,
    moderations::{GetModerations, Moderation, ModerationPatch, PatchModerations},
    permission::Permission,
    teams::Team,
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use store::channels::{Deleted, Which};

/// The most channels that a search finds.
const FOUND_MAX: i64 = 100;
/// The most channels offered while somebody types.
const OFFERED_MAX: i64 = 50;
const PUBLIC_OR_OWN: Guard = Guard::InAction("a public channel can be read by its team");
const BY_TYPE: Guard = Guard::InAction("what is needed depends on the channel's type");

pub(super) fn routes(r: Routes) -> Routes {
    let listed = Guard::InTeam(Permission::ListTeamChannels);
    r.on::<CreateChannel, _>(Guard::InAction("the team and the type are in the body"), create)
        .on::<CreateDirectChannel, _>(Guard::System(Permission::CreateDirectChannel), direct)
        .on::<CreateGroupChannel, _>(Guard::System(Permission::CreateGroupChannel), group)
        .at(Method::Get, "/channels", Guard::System(Permission::SysconsoleReadUserManagementChannels), all)
        .at(
            Method::Post,
            "/channels/search",
            Guard::InAction("administrators search everywhere, others their own"),
            search_all,
        )
        .at(Method::Post, "/channels/group/search", Guard::SignedIn, search_groups)
        .on::<GetChannel, _>(PUBLIC_OR_OWN, get)
        .on::<GetChannelByName, _>(PUBLIC_OR_OWN, by_name)
        .at(Method::Get, "/teams/name/{name}/channels/name/{channel_name}", PUBLIC_OR_OWN, by_names)
        .on::<ListPublicChannels, _>(listed, public)
        .at(Method::Get, "/teams/{team_id}/channels/private", Guard::InTeam(Permission::ManageTeam), private)
        .at(Method::Get, "/teams/{team_id}/channels/deleted", listed, archived)
        .at(Method::Post, "/teams/{team_id}/channels/ids", Guard::InTeam(Permission::ViewTeam), by_ids)
        .at(
            Method::Post,
            "/teams/{team_id}/channels/search",
            Guard::InAction("who is not in the team is told so"),
            search,
        )
        .at(Method::Post, "/teams/{team_id}/channels/search_archived", listed, search_archived)
        .at(Method::Get, "/teams/{team_id}/channels/recommended", listed, recommended)
        .at(Method::Get, "/teams/{team_id}/channels/autocomplete", listed, offer)
        .at(Method::Get, "/teams/{team_id}/channels/search_autocomplete", listed, offer_own)
        .on::<ListChannelsOf, _>(Guard::Me(Permission::EditOtherUsers), of_user_in)
        .at(Method::Get, "/users/{user_id}/channels", Guard::Me(Permission::EditOtherUsers), of_user)
        .at(Method::Put, "/channels/{channel_id}", BY_TYPE, update)
        .on::<PatchChannel, _>(BY_TYPE, patch)
        .at(Method::Put, "/channels/{channel_id}/privacy", BY_TYPE, privacy)
        .at(Method::Post, "/channels/{channel_id}/convert", BY_TYPE, convert)
        .on::<ArchiveChannel, _>(BY_TYPE, archive)
        .at(Method::Post, "/channels/{channel_id}/restore", Guard::Channel(Permission::ManageTeam), restore)
        .on::<MoveChannel, _>(Guard::System(Permission::ManageSystem), move_to_team)
        .on::<GetChannelStats, _>(Guard::InChannel(Permission::ReadChannel), stats)
        .at(Method::Get, "/channels/{channel_id}/timezones", Guard::InChannel(Permission::ReadChannel), timezones)
        .at(Method::Get, "/channels/{channel_id}/common_teams", Guard::InChannel(Permission::ReadChannel), common_teams)
        .at(
            Method::Post,
            "/channels/{channel_id}/convert_to_channel",
            Guard::InAction("of a group conversation one is in; the team is in the body"),
            to_private,
        )
        .on::<GetModerations, _>(Guard::System(Permission::SysconsoleReadUserManagementChannels), moderations)
        .on::<PatchModerations, _>(Guard::System(Permission::SysconsoleWriteUserManagementChannels), moderate)
}

async fn create(cx: Cx, caller: Caller, Json(new): Json<NewChannel>) -> Result<Created<Channel>> {
    Ok(Created(actions::channels::create(&cx, &caller, new).await?))
}

async fn move_to_team(
    cx: Cx,
    caller: Caller,
    Path(id): Path<ChannelId>,
    Json(to): Json<ChannelMove>,
) -> Result<Json<Channel>> {
    let channel = actions::channels::fresh(&cx, id).await?;
    let team = access::team(&cx, to.team_id.parse().map_err(|_| Refusal::body("team_id"))?).await?;
    Ok(Json(actions::channels::to_team(&cx, &caller, &channel, &team, to.force).await?))
}

async fn direct(cx: Cx, caller: Caller, Json(people): Json<Vec<String>>) -> Result<Created<Channel>> {
    let people: Vec<UserId> = extract::ids(&people, "user_ids")?;
    Ok(Created(actions::channels::direct(&cx, &caller, &people).await?))
}

async fn group(cx: Cx, caller: Caller, Json(people): Json<Vec<String>>) -> Result<Created<Channel>> {
    let people: Vec<UserId> = extract::ids(&people, "user_ids")?;
    Ok(Created(actions::channels::group(&cx, &caller, &people).await?))
}

fn is_on(text: Option<&String>) -> bool {
    text.is_some_and(|text| text == "true")
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct AllQuery {
    include_total_count: Option<String>,
    include_deleted: Option<String>,
    exclude_default_channels: Option<String>,
}

async fn all(cx: Cx, page: Paging, Query(query): Query<AllQuery>) -> Result<Response> {
    let deleted = if is_on(query.include_deleted.as_ref()) { Deleted::With } else { Deleted::Without };
    let which = Which { kinds: vec![ChannelType::Open, ChannelType::Private], deleted, ..Which::default() };
    let (offset, limit) = (page.page.saturating_mul(page.per_page), page.per_page);
    let mut channels = cx.store.channels().search(&which, "", limit, offset).await?;
    if is_on(query.exclude_default_channels.as_ref()) {
        channels.retain(|c| c.name != DEFAULT);
    }
    let channels = in_teams(&cx, channels).await?;
    if !is_on(query.include_total_count.as_ref()) {
        return Ok(Json(channels).into_response());
    }
    let total_count =
        cx.store.channels().count(ChannelType::Open).await? + cx.store.channels().count(ChannelType::Private).await?;
    Ok(Json(CountedChannels { channels, total_count }).into_response())
}

/// Channels with the names of their teams.
pub(super) async fn in_teams(cx: &Cx, channels: Vec<Channel>) -> Result<Vec<ChannelInTeam>> {
    let ids: BTreeSet<TeamId> = channels.iter().filter_map(|c| c.team_id.some()).collect();
    let ids: Vec<TeamId> = ids.into_iter().collect();
    let teams: BTreeMap<TeamId, Team> = cx.store.teams().by_ids(&ids).await?.into_iter().map(|t| (t.id, t)).collect();
    let with = |channel: Channel| {
        let team = teams.get(&channel.team_id).cloned().unwrap_or_default();
        let Team { display_name: team_display_name, name: team_name, update_at: team_update_at, .. } = team;
        ChannelInTeam { channel, team_display_name, team_name, team_update_at }
    };
    Ok(channels.into_iter().map(with).collect())
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct SearchAll {
    term: String,
    page: Option<i64>,
    per_page: Option<i64>,
    team_ids: Vec<TeamId>,
    public: bool,
    private: bool,
    deleted: bool,
    include_deleted: bool,
    exclude_default_channels: bool,
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct SearchQuery {
    system_console: Option<String>,
}

async fn search_all(
    cx: Cx,
    caller: Caller,
    Query(query): Query<SearchQuery>,
    Json(asked): Json<SearchAll>,
) -> Result<Response> {
    let own = query.system_console.as_deref() == Some("false");
    if !own {
        caller.must(Permission::SysconsoleReadUserManagementChannels)?;
    }
    let mut found = cx.store.channels().search(&which_of(&asked), &asked.term, i64::MAX, 0).await?;
    if own {
        let teams: BTreeSet<_> = cx.store.teams().of_user(caller.id()).await?.into_iter().map(|t| t.id).collect();
        let channels: BTreeSet<_> = cx.store.channel_members().channel_ids(caller.id()).await?.into_iter().collect();
        found.retain(|c| teams.contains(&c.team_id) && (c.kind == ChannelType::Open || channels.contains(&c.id)));
    }
    found.retain(|c| asked.team_ids.is_empty() || asked.team_ids.contains(&c.team_id));
    found.retain(|c| !asked.exclude_default_channels || c.name != DEFAULT);
    let total_count = found.len() as i64;
    let (Some(page), Some(per_page)) = (asked.page, asked.per_page) else {
        found.truncate(FOUND_MAX as usize);
        return Ok(Json(in_teams(&cx, found).await?).into_response());
    };
    let (page, per_page) = (page.max(0) as usize, per_page.clamp(0, FOUND_MAX) as usize);
    let found = found.into_iter().skip(page.saturating_mul(per_page)).take(per_page).collect();
    Ok(Json(CountedChannels { channels: in_teams(&cx, found).await?, total_count }).into_response())
}

fn which_of(asked: &SearchAll) -> Which {
    let kinds = match (asked.public, asked.private) {
        (true, false) => vec![ChannelType::Open],
        (false, true) => vec![ChannelType::Private],
        _ => vec![ChannelType::Open, ChannelType::Private],
    };
    let deleted = match (asked.deleted, asked.include_deleted) {
        (true, _) => Deleted::Only,
        (_, true) => Deleted::With,
        _ => Deleted::Without,
    };
    Which { kinds, deleted, ..Which::default() }
}

async fn search_groups(cx: Cx, caller: Caller, Json(asked): Json<ChannelSearch>) -> Result<Json<Vec<Channel>>> {
    let which = Which { kinds: vec![ChannelType::Group], member: Some(caller.id()), ..Which::default() };
    Ok(Json(cx.store.channels().search(&which, &asked.term, FOUND_MAX, 0).await?))
}

async fn get(cx: Cx, caller: Caller, Path(id): Path<ChannelId>) -> Result<Json<Channel>> {
    let channel = actions::channels::fresh(&cx, id).await?;
    readable(&cx, &caller, &channel).await?;
    Ok(Json(channel))
}

async fn readable(cx: &Cx, caller: &Caller, channel: &Channel) -> Result<()> {
    if access::may_read(cx, caller, channel).await? {
        return Ok(());
    }
    Err(Refusal::missing(Permission::ReadChannel).into())
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct NameQuery {
    include_deleted: Option<String>,
}

async fn by_name(
    cx: Cx,
    caller: Caller,
    Path((team, name)): Path<(TeamId, String)>,
    Query(query): Query<NameQuery>,
) -> Result<Json<Channel>> {
    named(&cx, &caller, team, &name, is_on(query.include_deleted.as_ref())).await
}

async fn by_names(
    cx: Cx,
    caller: Caller,
    Path((team, name)): Path<(String, String)>,
    Query(query): Query<NameQuery>,
) -> Result<Json<Channel>> {
    let team = cx.store.teams().by_name(&team).await?.ok_or(Refusal::NO_TEAM_NAME)?;
    named(&cx, &caller, team.id, &name, is_on(query.include_deleted.as_ref())).await
}

/// A private channel that the caller is not in is refused like one that is not there.
async fn named(cx: &Cx, caller: &Caller, team: TeamId, name: &str, archived: bool) -> Result<Json<Channel>> {
    let of_team = cx.store.channels().by_name(team, name).await?;
    let found = match of_team {
        // Mattermost: conversations are found by name in whatever team.
        None => cx.store.channels().by_name(TeamId::NONE, name).await?,
        found => found,
    };
    let channel = found.filter(|c| archived || c.delete_at == 0).ok_or(Refusal::NO_CHANNEL_NAME)?;
    if channel.kind != ChannelType::Open && !access::may_read(cx, caller, &channel).await? {
        return Err(Refusal::NO_CHANNEL_NAME.into());
    }
    readable(cx, caller, &channel).await?;
    Ok(Json(channel))
}

async fn public(cx: Cx, Found(team): Found<Team>, page: Paging) -> Result<Json<Vec<Channel>>> {
    Ok(Json(cx.store.channels().public(team.id, page.page, page.per_page).await?))
}

async fn private(cx: Cx, Found(team): Found<Team>, page: Paging) -> Result<Json<Vec<Channel>>> {
    Ok(Json(cx.store.channels().private(team.id, page.page, page.per_page).await?))
}

async fn archived(cx: Cx, caller: Caller, Found(team): Found<Team>, page: Paging) -> Result<Json<Vec<Channel>>> {
    Ok(Json(cx.store.channels().archived(team.id, caller.id(), page.page, page.per_page).await?))
}

async fn by_ids(cx: Cx, Found(team): Found<Team>, Json(ids): Json<Vec<String>>) -> Result<Json<Vec<Channel>>> {
    let ids: Vec<ChannelId> = extract::ids(&ids, "channel_ids")?;
    let mut found = cx.store.channels().by_ids(&ids).await?;
    found.retain(|c| c.team_id == team.id && c.kind == ChannelType::Open);
    if found.is_empty() { Err(Refusal::CHANNELS_MISSING.into()) } else { Ok(Json(found)) }
}

async fn search(
    cx: Cx,
    caller: Caller,
    Path(team): Path<TeamId>,
    Json(asked): Json<ChannelSearch>,
) -> Result<Json<Vec<Channel>>> {
    if access::team_member(&cx, team, caller.id()).await?.is_none() && !caller.may(Permission::ListTeamChannels) {
        return Err(Refusal::NO_TEAM_MEMBER.into());
    }
    access::must_in_team(&cx, &caller, team, Permission::ListTeamChannels).await?;
    let which = Which { team: Some(team), kinds: vec![ChannelType::Open], purposes: true, ..Which::default() };
    Ok(Json(cx.store.channels().search(&which, &asked.term, FOUND_MAX, 0).await?))
}

async fn search_archived(
    cx: Cx,
    caller: Caller,
    Found(team): Found<Team>,
    Json(asked): Json<ChannelSearch>,
) -> Result<Json<Vec<Channel>>> {
    let which = Which {
        team: Some(team.id),
        visible_to: Some(caller.id()),
        deleted: Deleted::Only,
        purposes: true,
        ..Which::default()
    };
    Ok(Json(cx.store.channels().search(&which, &asked.term, FOUND_MAX, 0).await?))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Typed {
    name: String,
}

async fn offer(
    cx: Cx,
    caller: Caller,
    Found(team): Found<Team>,
    Query(typed): Query<Typed>,
) -> Result<Json<Vec<Channel>>> {
    let which = Which { team: Some(team.id), visible_to: Some(caller.id()), ..Which::default() };
    Ok(Json(cx.store.channels().search(&which, &typed.name, OFFERED_MAX, 0).await?))
}

/// Channels to search in: the caller's, archived ones and conversations too.
async fn offer_own(
    cx: Cx,
    caller: Caller,
    Found(team): Found<Team>,
    Query(typed): Query<Typed>,
) -> Result<Json<Vec<Channel>>> {
    let which = Which { member: Some(caller.id()), deleted: Deleted::With, ..Which::default() };
    let mut found = cx.store.channels().search(&which, &typed.name, FOUND_MAX, 0).await?;
    found.retain(|c| c.kind.is_personal() || c.team_id == team.id);
    found.truncate(OFFERED_MAX as usize);
    Ok(Json(found))
}

/// From when on archived channels are wanted too.
fn archived_since(query: &OwnChannelsQuery) -> Option<Millis> {
    let since = query.last_delete_at.as_deref().and_then(|text| text.parse().ok()).unwrap_or(0);
    // 0 is when nothing was archived, so all that were are later.
    is_on(query.include_deleted.as_ref()).then_some(since)
}

async fn of_user_in(
    cx: Cx,
    caller: Caller,
    Whose(user): Whose,
    Path((_, team)): Path<(String, TeamId)>,
    Query(query): Query<OwnChannelsQuery>,
    known: IfNoneMatch,
) -> Result<Response> {
    access::must_in_team(&cx, &caller, team, Permission::ViewTeam).await?;
    let channels = cx.store.channels().of_user_in(user, team, archived_since(&query)).await?;
    let tag = tag(&channels);
    Ok(known.hit(&tag).unwrap_or_else(|| IfNoneMatch::tagged(&tag, Json(channels))))
}

async fn of_user(
    cx: Cx,
    Whose(user): Whose,
    Query(query): Query<OwnChannelsQuery>,
    known: IfNoneMatch,
) -> Result<Response> {
    let channels = cx.store.channels().of_user(user, archived_since(&query)).await?;
    let tag = tag(&channels);
    Ok(known.hit(&tag).unwrap_or_else(|| IfNoneMatch::tagged(&tag, Json(channels))))
}

/// Changes when the list or one of the channels does.
fn tag(channels: &[Channel]) -> String {
    let time = |c: &Channel| c.update_at.max(c.last_post_at).max(c.extra_update_at).max(c.delete_at);
    let newest = channels.iter().max_by_key(|c| time(c));
    let (id, at) = newest.map_or((ChannelId::NONE, 0), |c| (c.id, time(c)));
    let posts: i64 = channels.iter().map(|c| c.total_msg_count).sum();
    // Leaving one channel and joining another leaves the number as it is.
    let which = channels.iter().fold(0_u64, |sum, c| {
        c.id.as_str().bytes().fold(sum.rotate_left(7), |sum, b| sum.wrapping_mul(31).wrapping_add(u64::from(b)))
    });
    format!("{id}.{at}.{posts}.{which}.{}", channels.len())
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Update {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    display_name: String,
    header: String,
    purpose: String,
    group_constrained: Option<bool>,
}

async fn update(cx: Cx, caller: Caller, Path(id): Path<ChannelId>, Json(new): Json<Update>) -> Result<Json<Channel>> {
    if new.id != id.as_str() {
        return Err(Refusal::body("channel_id").into());
    }
    let channel = access::channel(&cx, id).await?;
    if !new.kind.is_empty() && new.kind != channel.kind.as_str() {
        return Err(Refusal::CHANNEL_TYPE_CHANGE.into());
    }
    let given = |text: String| (!text.is_empty()).then_some(text);
    let changes = ChannelPatch {
        name: given(new.name),
        display_name: given(new.display_name),
        header: Some(new.header),
        purpose: Some(new.purpose),
        group_constrained: new.group_constrained,
        managed_category_name: None,
    };
    Ok(Json(actions::channels::patch(&cx, &caller, &channel, changes).await?))
}

async fn recommended(cx: Cx, caller: Caller, Path(team): Path<TeamId>) -> Result<Json<Vec<Channel>>> {
    Ok(Json(actions::channels::recommended(&cx, caller.id(), team).await?))
}

async fn patch(
    cx: Cx,
    caller: Caller,
    Path(id): Path<ChannelId>,
    Json(changes): Json<ChannelPatch>,
) -> Result<Json<Channel>> {
    let channel = access::channel(&cx, id).await?;
    Ok(Json(actions::channels::patch(&cx, &caller, &channel, changes).await?))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Privacy {
    privacy: String,
}

async fn privacy(cx: Cx, caller: Caller, Path(id): Path<ChannelId>, Json(new): Json<Privacy>) -> Result<Json<Channel>> {
    let kind = ChannelType::parse(&new.privacy).filter(|kind| !kind.is_personal());
    let kind = kind.ok_or_else(|| Refusal::body("privacy"))?;
    let channel = access::channel(&cx, id).await?;
    Ok(Json(actions::channels::set_privacy(&cx, &caller, &channel, kind).await?))
}

/// Mattermost: the older call that makes a public channel private.
async fn convert(cx: Cx, caller: Caller, Path(id): Path<ChannelId>) -> Result<Json<Channel>> {
    let channel = access::channel(&cx, id).await?;
    access::must_in_channel(&cx, &caller, &channel, Permission::ConvertPublicChannelToPrivate).await?;
    if channel.name == DEFAULT {
        return Err(Refusal::CHANNEL_CONVERT_DEFAULT.into());
    }
    if channel.kind != ChannelType::Open {
        return Err(Refusal::CHANNEL_CONVERT_TYPE.into());
    }
    Ok(Json(actions::channels::set_privacy(&cx, &caller, &channel, ChannelType::Private).await?))
}

async fn archive(cx: Cx, caller: Caller, Path(id): Path<ChannelId>, Query(query): Query<DeleteQuery>) -> Result<Done> {
    let channel = access::channel(&cx, id).await?;
    if query.is_permanent() {
        actions::channels::delete(&cx, &caller, &channel).await?;
    } else {
        actions::channels::archive(&cx, &caller, &channel).await?;
    }
    Ok(Done)
}

async fn restore(cx: Cx, caller: Caller, Found(channel): Found<Channel>) -> Result<Json<Channel>> {
    Ok(Json(actions::channels::restore(&cx, &caller, &channel).await?))
}

async fn stats(cx: Cx, Found(channel): Found<Channel>) -> Result<Json<ChannelStats>> {
    Ok(Json(cx.store.channels().stats(channel.id).await?))
}

/// The time zones of those in a channel, each once.
async fn timezones(cx: Cx, Found(channel): Found<Channel>) -> Result<Json<BTreeSet<String>>> {
    let ids = cx.store.channel_members().ids(channel.id).await?;
    let zone = |timezone: &model::StringMap| {
        let automatic = timezone.get("useAutomaticTimezone").is_some_and(|v| v == "true");
        timezone.get(if automatic { "automaticTimezone" } else { "manualTimezone" }).cloned().unwrap_or_default()
    };
    let mut zones = BTreeSet::new();
    for some in ids.chunks(1000) {
        zones.extend(cx.store.users().by_ids(some).await?.iter().map(|u| zone(&u.timezone)));
    }
    zones.remove("");
    Ok(Json(zones))
}

/// The teams in which all of a group conversation are.
async fn common_teams(cx: Cx, caller: Caller, Found(channel): Found<Channel>) -> Result<Json<Vec<Team>>> {
    if channel.kind != ChannelType::Group {
        return Err(Refusal::GROUP_CONVERT_TYPE.into());
    }
    let mut teams = Vec::new();
    for team in cx.store.teams().common(channel.id, caller.id()).await? {
        teams.push(actions::teams::shown(&cx, &caller, team).await?);
    }
    Ok(Json(teams))
}

async fn to_private(
    cx: Cx,
    caller: Caller,
    Path(id): Path<ChannelId>,
    Json(new): Json<NewChannel>,
) -> Result<Json<Channel>> {
    let channel = access::channel_for(&cx, &caller, id, Permission::ReadChannel).await?;
    Ok(Json(actions::channels::to_private(&cx, &caller, &channel, new).await?))
}

async fn moderations(cx: Cx, Path(id): Path<ChannelId>) -> Result<Json<Vec<Moderation>>> {
    let channel = actions::channels::fresh(&cx, id).await?;
    Ok(Json(actions::moderations::get(&cx, &channel).await?))
}

async fn moderate(
    cx: Cx,
    Path(id): Path<ChannelId>,
    Json(patches): Json<Vec<ModerationPatch>>,
) -> Result<Json<Vec<Moderation>>> {
    let channel = actions::channels::fresh(&cx, id).await?;
    Ok(Json(actions::moderations::patch(&cx, &channel, &patches).await?))
}
