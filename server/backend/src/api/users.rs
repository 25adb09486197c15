//! People: accounts, profiles, lists, searches.

use super::{
    Routes,
    extract::{Created, Done, IfNoneMatch, Json, MaybeCaller, Paging, Path, Query, ids},
    guard::{Guard, Whose},
};
use crate::{
    access::{self, Caller},
    actions::{
        self,
        users::{SignUp, shown_to},
    },
    cx::Cx,
    error::Result,
};
use axum::response::Response;
use model::{
    ChannelId, Refusal, TeamId, UserId,
    endpoint::Method,
    permission::Permission,
    users::{
        AutocompleteQuery, AutocompleteUsers, Autocompleted, ChangePassword, CreateUser, GetUser, ListUsers, NewUser,
        PasswordChange, PatchUser, SignUpQuery, User, UserCount, UserPatch, UserSearch, UsersByIds, UsersQuery,
        is_valid_email,
    },
};
use serde::Deserialize;
use std::collections::BTreeMap;
use store::users::{Rank, Sort, Term, Which};

pub(super) fn routes(r: Routes) -> Routes {
    let own = Guard::Me(Permission::EditOtherUsers);
    let listed = Guard::InAction("depends on the team or channel in the query");
    r.on::<CreateUser, _>(Guard::Public, create)
        .on::<ListUsers, _>(listed, list)
        .on::<GetUser, _>(Guard::SignedIn, get)
        .on::<UsersByIds, _>(Guard::SignedIn, by_ids)
        .on::<AutocompleteUsers, _>(listed, autocomplete)
        .on::<PatchUser, _>(own, patch)
        .on::<ChangePassword, _>(Guard::InAction("one's own with the current one, or an administrator"), password)
        .at(Method::Put, "/users/{user_id}", own, update)
        .at(Method::Delete, "/users/{user_id}", own, deactivate)
        .at(Method::Put, "/users/{user_id}/active", Guard::InAction("one's own where that is allowed"), active)
        .at(Method::Put, "/users/{user_id}/roles", Guard::System(Permission::ManageRoles), roles)
        .at(Method::Post, "/users/usernames", Guard::SignedIn, by_usernames)
        .at(Method::Get, "/users/username/{username}", Guard::SignedIn, by_username)
        .at(Method::Get, "/users/email/{email}", Guard::SignedIn, by_email)
        .at(Method::Post, "/users/search", listed, search)
        .at(Method::Get, "/users/stats", Guard::SignedIn, count)
        .at(
            Method::Get,
            "/users/stats/filtered",
            Guard::System(Permission::SysconsoleReadUserManagementUsers),
            count_filtered,
        )
        .at(Method::Post, "/users/group_channels", Guard::SignedIn, by_group_channels)
        .at(Method::Post, "/users/{user_id}/email/verify/member", Guard::System(Permission::ManageSystem), verify_email)
        .at(Method::Get, "/users/{user_id}/audits", own, audits)
        .at(
            Method::Post,
            "/users/{user_id}/reset_failed_attempts",
            Guard::System(Permission::SysconsoleWriteUserManagementUsers),
            unlock,
        )
        .at(Method::Post, "/users/{user_id}/typing", own, typing)
        .at(Method::Get, "/users/known", Guard::SignedIn, known)
}

async fn audits(cx: Cx, Whose(user): Whose, paging: Paging) -> Result<Json<Vec<model::system::Audit>>> {
    let offset = paging.page.saturating_mul(paging.per_page);
    Ok(Json(cx.store.audits().of_user(user, paging.per_page, offset).await?))
}

/// Lets somebody try their password again.
async fn unlock(cx: Cx, Path(user): Path<UserId>) -> Result<Done> {
    actions::users::unlock(&cx, user).await?;
    Ok(Done)
}

async fn create(
    cx: Cx,
    MaybeCaller(caller): MaybeCaller,
    Query(invitation): Query<SignUpQuery>,
    Json(new): Json<NewUser>,
) -> Result<Created<User>> {
    let invited_to = match invitation.iid.as_str() {
        "" => None,
        id => Some(cx.store.teams().by_invite(id).await?.ok_or(Refusal::NO_INVITE)?.id),
    };
    let by_admin = caller.is_some_and(|c| c.may(Permission::ManageSystem));
    let how = SignUp { invited_to, invitation: invitation.t, by_admin };
    Ok(Created(actions::users::create(&cx, new, how).await?))
}

async fn get(cx: Cx, caller: Caller, tag: IfNoneMatch, Path(user): Path<String>) -> Result<Response> {
    let user = access::user(&cx, caller.resolve(&user)?).await?;
    access::must_see(&cx, &caller, user.id).await?;
    let etag = format!("{}.{}", user.id, user.update_at);
    Ok(tag.hit(&etag).unwrap_or_else(|| IfNoneMatch::tagged(&etag, Json(shown_to(&cx, &caller, &user)))))
}

fn all_shown(cx: &Cx, caller: &Caller, users: &[User]) -> Json<Vec<User>> {
    Json(users.iter().map(|u| shown_to(cx, caller, u)).collect())
}

async fn by_ids(cx: Cx, caller: Caller, Json(texts): Json<Vec<String>>) -> Result<Json<Vec<User>>> {
    let ids: Vec<UserId> = ids(&texts, "user_ids")?;
    let ids = access::seen_among(&cx, &caller, ids).await?;
    let mut users = cx.store.users().by_ids(&ids).await?;
    users.sort_by(|a, b| a.username.cmp(&b.username));
    Ok(all_shown(&cx, &caller, &users))
}

async fn by_usernames(cx: Cx, caller: Caller, Json(names): Json<Vec<String>>) -> Result<Json<Vec<User>>> {
    if names.is_empty() {
        return Err(Refusal::body("usernames").into());
    }
    let mut users = cx.store.users().by_usernames(&names).await?;
    let seen = access::seen_among(&cx, &caller, users.iter().map(|u| u.id).collect()).await?;
    users.retain(|u| seen.contains(&u.id));
    Ok(all_shown(&cx, &caller, &users))
}

async fn by_username(cx: Cx, caller: Caller, Path(name): Path<String>) -> Result<Json<User>> {
    let user = cx.store.users().by_username(&name).await?.ok_or(Refusal::NO_USER)?;
    access::must_see(&cx, &caller, user.id).await?;
    Ok(Json(shown_to(&cx, &caller, &user)))
}

async fn by_email(cx: Cx, caller: Caller, Path(email): Path<String>) -> Result<Json<User>> {
    if !is_valid_email(&email.to_lowercase()) {
        return Err(Refusal::url("email").into());
    }
    if !cx.settings.get().privacy.show_email_address {
        caller.must(Permission::ManageSystem)?;
    }
    let user = cx.store.users().by_email(&email).await?.ok_or(Refusal::NO_USER)?;
    access::must_see(&cx, &caller, user.id).await?;
    Ok(Json(shown_to(&cx, &caller, &user)))
}

/// Whom a query means, if the caller may see them.
async fn which(cx: &Cx, caller: &Caller, query: &UsersQuery) -> Result<Which> {
    let id = |text: &Option<String>, name| {
        text.as_deref().filter(|t| !t.is_empty()).map(|t| t.parse().map_err(|_| Refusal::url(name))).transpose()
    };
    let team = |text: &Option<String>, name: &str| -> Result<Option<TeamId>, Refusal> {
        text.as_deref().filter(|t| !t.is_empty()).map(|t| t.parse().map_err(|_| Refusal::url(name))).transpose()
    };
    let (in_team, not_in_team) = (team(&query.in_team, "in_team")?, team(&query.not_in_team, "not_in_team")?);
    let (in_channel, not_in_channel): (Option<ChannelId>, Option<ChannelId>) =
        (id(&query.in_channel, "in_channel")?, id(&query.not_in_channel, "not_in_channel")?);
    for id in in_team.iter().chain(&not_in_team) {
        access::must_in_team(cx, caller, *id, Permission::ViewTeam).await?;
    }
    for id in in_channel.iter().chain(&not_in_channel) {
        access::channel_for(cx, caller, *id, Permission::ReadChannel).await?;
    }
    let is = |text: &Option<String>| text.as_deref() == Some("true");
    let active = if is(&query.active) {
        Some(true)
    } else if is(&query.inactive) {
        Some(false)
    } else {
        None
    };
    let mut ranks = Vec::new();
    for (name, place, text) in [
        ("roles", "system_", &query.roles),
        ("team_roles", "team_", &query.team_roles),
        ("channel_roles", "channel_", &query.channel_roles),
    ] {
        for role in text.iter().flat_map(|t| t.split(',')).map(str::trim).filter(|r| !r.is_empty()) {
            let rank = Rank::of(role).filter(|_| role.starts_with(place));
            ranks.push(rank.ok_or_else(|| Refusal::url(name))?);
        }
    }
    Ok(Which {
        in_team,
        not_in_team,
        in_channel,
        not_in_channel,
        without_team: is(&query.without_team),
        active,
        roles: query.role.iter().map(|r| r.trim().to_owned()).filter(|r| !r.is_empty()).collect(),
        ranks,
        known_to: access::sees_only_known(caller),
        ..Which::default()
    })
}

async fn list(cx: Cx, caller: Caller, Query(query): Query<UsersQuery>) -> Result<Json<Vec<User>>> {
    let mut which = which(&cx, &caller, &query).await?;
    if which.in_channel.is_some() {
        // Mattermost: the list of a channel's people is not restricted by these.
        which.ranks.clear();
    }
    let sort = match query.sort.as_deref().unwrap_or("") {
        "" => Sort::Username,
        "create_at" if which.in_team.is_some() => Sort::CreateAt,
        "last_activity_at" if which.in_team.is_some() => Sort::LastActivity,
        "status" if which.in_channel.is_some() => Sort::Status,
        "admin" if which.in_channel.is_some() || which.in_team.is_some() => Sort::Admin,
        _ => return Err(Refusal::url("sort").into()),
    };
    if matches!(sort, Sort::LastActivity | Sort::Status) {
        // The order is the database's, which is to know what is known here.
        cx.statuses.flush(&cx).await;
    }
    let Paging { page, per_page } = Paging::of(query.page.as_deref(), query.per_page.as_deref());
    let users = cx.store.users().page(&which, sort, page, per_page).await?;
    Ok(all_shown(&cx, &caller, &users))
}

async fn autocomplete(cx: Cx, caller: Caller, Query(query): Query<AutocompleteQuery>) -> Result<Json<Autocompleted>> {
    if let Some(team) = query.in_team {
        access::must_in_team(&cx, &caller, team, Permission::ViewTeam).await?;
    }
    if let Some(channel) = query.in_channel {
        access::channel_for(&cx, &caller, channel, Permission::ReadChannel).await?;
    }
    let limit = query.limit.as_deref().and_then(|t| t.parse().ok()).unwrap_or(100).clamp(1, 1000);
    let term = Term { text: &query.name, full_names: true, ..Term::default() };
    let known_to = access::sees_only_known(&caller);
    let all = Which { in_team: query.in_team, active: Some(true), known_to, ..Which::default() };
    let inside = Which { in_channel: query.in_channel, ..all.clone() };
    let users = cx.store.users().search(&inside, term, limit).await?;
    let mut out_of_channel = Vec::new();
    if query.in_channel.is_some() {
        let outside = Which { not_in_channel: query.in_channel, ..all };
        out_of_channel = cx.store.users().search(&outside, term, limit).await?;
    }
    let shown = |users: &[User]| users.iter().map(|u| shown_to(&cx, &caller, u)).collect();
    Ok(Json(Autocompleted { users: shown(&users), out_of_channel: shown(&out_of_channel) }))
}

async fn search(cx: Cx, caller: Caller, Json(asked): Json<UserSearch>) -> Result<Json<Vec<User>>> {
    if asked.term.is_empty() {
        return Err(Refusal::body("term").into());
    }
    if !asked.not_in_channel_id.is_empty() && asked.team_id.is_empty() {
        return Err(Refusal::body("team_id").into());
    }
    if asked.limit < 0 || asked.limit > 1000 {
        return Err(Refusal::body("limit").into());
    }
    let some = |text: String| Some(text).filter(|t| !t.is_empty());
    let query = UsersQuery {
        in_team: some(asked.team_id),
        not_in_team: some(asked.not_in_team_id),
        in_channel: some(asked.in_channel_id),
        not_in_channel: some(asked.not_in_channel_id),
        role: some(asked.role),
        roles: some(asked.roles.join(",")),
        team_roles: some(asked.team_roles.join(",")),
        channel_roles: some(asked.channel_roles.join(",")),
        ..UsersQuery::default()
    };
    let mut which = which(&cx, &caller, &query).await?;
    which.active = if asked.allow_inactive { None } else { Some(true) };
    which.without_team = asked.without_team;
    let limit = if asked.limit == 0 { 100 } else { asked.limit };
    let emails = cx.settings.get().privacy.show_email_address || caller.may(Permission::ManageSystem);
    let term = Term { text: &asked.term, emails, full_names: true };
    Ok(all_shown(&cx, &caller, &cx.store.users().search(&which, term, limit).await?))
}

async fn count(cx: Cx, caller: Caller) -> Result<Json<UserCount>> {
    if let Some(viewer) = access::sees_only_known(&caller) {
        let which = Which { known_to: Some(viewer), active: Some(true), no_bots: true, ..Which::default() };
        return Ok(Json(UserCount { total_users_count: cx.store.users().count_of(&which).await? }));
    }
    Ok(Json(UserCount { total_users_count: cx.store.users().count().await? }))
}

async fn count_filtered(cx: Cx, caller: Caller, Query(query): Query<UsersQuery>) -> Result<Json<UserCount>> {
    let mut which = which(&cx, &caller, &query).await?;
    which.active = which.active.or(Some(true));
    Ok(Json(UserCount { total_users_count: cx.store.users().count_of(&which).await? }))
}

async fn by_group_channels(
    cx: Cx,
    caller: Caller,
    Json(texts): Json<Vec<String>>,
) -> Result<Json<BTreeMap<ChannelId, Vec<User>>>> {
    let ids: Vec<ChannelId> = ids(&texts, "channel_ids")?;
    let mut found = BTreeMap::new();
    for id in ids {
        let is_member = access::channel_member(&cx, id, caller.id()).await?.is_some();
        let channel = access::find_channel(&cx, id).await?;
        if !is_member || channel.is_none_or(|c| c.kind != model::channels::ChannelType::Group) {
            continue;
        }
        let members = cx.store.channel_members().ids(id).await?;
        let others: Vec<UserId> = members.into_iter().filter(|u| *u != caller.id()).collect();
        let mut users = cx.store.users().by_ids(&others).await?;
        users.sort_by(|a, b| a.username.cmp(&b.username));
        found.insert(id, users.iter().map(|u| shown_to(&cx, &caller, u)).collect());
    }
    Ok(Json(found))
}

async fn known(cx: Cx, caller: Caller) -> Result<Json<Vec<UserId>>> {
    let mut ids = std::collections::BTreeSet::new();
    for channel in cx.store.channel_members().channel_ids(caller.id()).await? {
        ids.extend(cx.store.channel_members().ids(channel).await?);
    }
    ids.remove(&caller.id());
    Ok(Json(ids.into_iter().collect()))
}

async fn patch(cx: Cx, caller: Caller, Whose(user): Whose, Json(patch): Json<UserPatch>) -> Result<Json<User>> {
    Ok(Json(actions::users::patch(&cx, &caller, user, patch).await?))
}

/// A whole profile; what is absent becomes empty.
async fn update(cx: Cx, caller: Caller, Whose(user): Whose, Json(new): Json<User>) -> Result<Json<User>> {
    if new.id != user {
        return Err(Refusal::body("user_id").into());
    }
    let patch = UserPatch {
        username: Some(new.username),
        email: Some(new.email).filter(|e| !e.is_empty()),
        password: Some(new.password),
        nickname: Some(new.nickname),
        first_name: Some(new.first_name),
        last_name: Some(new.last_name),
        position: Some(new.position),
        locale: Some(new.locale).filter(|l| !l.is_empty()),
        props: Some(new.props),
        notify_props: Some(new.notify_props).filter(|p| !p.is_empty()),
        timezone: Some(new.timezone).filter(|p| !p.is_empty()),
    };
    Ok(Json(actions::users::patch(&cx, &caller, user, patch).await?))
}

async fn password(
    cx: Cx,
    caller: Caller,
    Path(user): Path<String>,
    Json(change): Json<PasswordChange>,
) -> Result<Done> {
    actions::users::change_password(&cx, &caller, caller.resolve(&user)?, change).await?;
    Ok(Done)
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Permanently {
    permanent: Option<String>,
}

async fn deactivate(cx: Cx, caller: Caller, Whose(user): Whose, Query(query): Query<Permanently>) -> Result<Done> {
    if query.permanent.as_deref() == Some("true") {
        // There is no deletion for good, whatever the setting says.
        return Err(Refusal::USER_DELETION_OFF.into());
    }
    if user == caller.id() && !caller.may(Permission::ManageSystem) {
        return Err(Refusal::ACTIVE_NOT_ENABLED.into());
    }
    actions::users::set_active(&cx, user, false).await?;
    Ok(Done)
}

async fn active(
    cx: Cx,
    caller: Caller,
    Path(user): Path<String>,
    Json(body): Json<serde_json::Map<String, serde_json::Value>>,
) -> Result<Done> {
    let user = caller.resolve(&user)?;
    let active = body.get("active").and_then(serde_json::Value::as_bool).ok_or_else(|| Refusal::body("active"))?;
    if user == caller.id() && !caller.may(Permission::ManageSystem) {
        return Err(Refusal::ACTIVE_NOT_ENABLED.into());
    }
    if user != caller.id() && !caller.may(Permission::SysconsoleWriteUserManagementUsers) {
        return Err(Refusal::ACTIVE_PERMISSION.into());
    }
    actions::users::set_active(&cx, user, active).await?;
    Ok(Done)
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Roles {
    roles: String,
}

async fn roles(cx: Cx, caller: Caller, Path(user): Path<String>, Json(body): Json<Roles>) -> Result<Done> {
    actions::users::set_roles(&cx, caller.resolve(&user)?, body.roles).await?;
    Ok(Done)
}

/// An administrator's word for an address; they see the account as its owner does.
async fn verify_email(cx: Cx, caller: Caller, Path(user): Path<String>) -> Result<Json<User>> {
    Ok(Json(actions::users::verify_email(&cx, caller.resolve(&user)?).await?))
}

/// Where somebody writes.
#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Typing {
    channel_id: ChannelId,
    parent_id: model::PostId,
}

async fn typing(cx: Cx, caller: Caller, Whose(user): Whose, Json(body): Json<Typing>) -> Result<Done> {
    let channel = access::channel_for(&cx, &caller, body.channel_id, Permission::CreatePost).await?;
    actions::typing::tell(&cx, user, channel.id, body.parent_id);
    Ok(Done)
}
