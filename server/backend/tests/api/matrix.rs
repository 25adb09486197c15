//! Every route by every kind of caller. What a guard says at the route is worked out again here from the built-in
//! roles and held against what the guard does; what an action decides is written down in [`CELLS`].

use backend::{
    api::{self, guard::Guard},
    testing::{TestServer, TestUser},
};
use http::{Request, StatusCode, header};
use model::{
    endpoint::Method,
    permission::{Permission, PermissionSet, default_role},
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tower::ServiceExt as _;

/// A kind of caller: a letter for the tables, their account, and the roles they have here.
struct Kind {
    letter: char,
    user: TestUser,
    system: &'static [&'static str],
    team: &'static [&'static str],
    channel: &'static [&'static str],
}

impl Kind {
    /// Whether there is a session behind their token that is not over.
    fn is_signed_in(&self) -> bool {
        !"NERZ".contains(self.letter)
    }

    /// Whether they are in a channel: guests are in the private one only.
    fn is_in(&self, private: bool) -> bool {
        private || self.letter != 'G'
    }

    fn of(roles: &[&str]) -> PermissionSet {
        roles.iter().map(|name| default_role(name).unwrap().permissions).fold(PermissionSet::EMPTY, |a, b| a | b)
    }

    fn in_system(&self, p: Permission) -> bool {
        Self::of(self.system).contains(p)
    }

    fn in_team(&self, p: Permission) -> bool {
        self.in_system(p) || Self::of(self.team).contains(p)
    }

    fn in_channel(&self, p: Permission, private: bool) -> bool {
        self.in_team(p) || (self.is_in(private) && Self::of(self.channel).contains(p))
    }
}

/// One server with a team and everybody in their places.
struct World {
    server: TestServer,
    kinds: Vec<Kind>,
    team: String,
    /// A member of the team whom things are done to.
    victim: TestUser,
    /// A bot of the administrator's.
    bot: String,
}

/// Channels and posts that a call may change or destroy.
struct Place {
    private: String,
    open: String,
    private_post: String,
    open_post: String,
    token: String,
    /// A program that asks people for access.
    program: String,
    names: (String, String),
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl World {
    async fn new() -> Self {
        let mut config = model::config::Config::default();
        config.guest_accounts.enable = true;
        let server = TestServer::start_with(config).await;
        let mut boss = server.user("boss").await;
        // Their session is over before anything else begins.
        let expired = server.user("expired").await;
        server.backend.cx.clock.advance(std::time::Duration::from_hours(24 * 400));
        let sign_in = async |name: &str| {
            let login = json!({"login_id": name, "password": backend::testing::PASSWORD});
            text(&server.must(&TestUser::default(), "POST", "/users/login", login).await["token"])
        };
        boss.token = sign_in("boss").await;
        let other = server.user("other").await;
        server.team(&other, "elsewhere", &[]).await;
        let [signed_out, inactive] = [server.user("signedout").await, server.user("inactive").await];
        server.must(&signed_out, "POST", "/users/logout", Value::Null).await;
        let guest = server.user("guest").await;
        server.must(&boss, "PUT", &format!("/users/{}/roles", guest.id), json!({"roles": "system_guest"})).await;
        let names = ["stranger", "teammate", "member", "channeladmin", "teamadmin", "victim"];
        let mut made = Vec::new();
        for name in names {
            made.push(server.user(name).await);
        }
        let [stranger, teammate, member, channel_admin, team_admin, victim] = made.try_into().unwrap();
        let team = server
            .team(&boss, "matrix", &[&teammate, &member, &channel_admin, &team_admin, &victim, &guest, &inactive])
            .await;
        server.must(&boss, "PUT", &format!("/users/{}/active", inactive.id), json!({"active": false})).await;
        let roles = json!({"scheme_admin": true, "scheme_user": true});
        server.must(&boss, "PUT", &format!("/teams/{team}/members/{}/schemeRoles", team_admin.id), roles).await;
        let bot = async |name: &str| {
            let made = server.must(&boss, "POST", "/bots", json!({"username": name, "display_name": name})).await;
            text(&made["user_id"])
        };
        let caller = bot("caller").await;
        let path = format!("/users/{caller}/tokens");
        let token = text(&server.must(&boss, "POST", &path, json!({"description": "matrix"})).await["token"]);
        let by_token = TestUser { id: caller, username: "caller".into(), token };
        let bot = bot("thing").await;
        let kind = |letter, user, system, team, channel| Kind { letter, user, system, team, channel };
        let kinds = vec![
            kind('N', TestUser::default(), &[], &[], &[]),
            kind('E', expired, &[], &[], &[]),
            kind('R', signed_out, &[], &[], &[]),
            kind('Z', inactive, &[], &[], &[]),
            kind('S', stranger, &["system_user"], &[], &[]),
            kind('O', other, &["system_user"], &[], &[]),
            kind('G', guest, &["system_guest"], &["team_guest"], &["channel_guest"]),
            kind('B', by_token, &["system_user"], &[], &[]),
            kind('T', teammate, &["system_user"], &["team_user"], &[]),
            kind('C', member, &["system_user"], &["team_user"], &["channel_user"]),
            kind('D', channel_admin, &["system_user"], &["team_user"], &["channel_user", "channel_admin"]),
            kind('A', team_admin, &["system_user"], &["team_user", "team_admin"], &[]),
            kind('X', boss, &["system_user", "system_admin"], &[], &[]),
        ];
        Self { server, kinds, team, victim, bot }
    }

    fn kind(&self, letter: char) -> &Kind {
        self.kinds.iter().find(|k| k.letter == letter).unwrap()
    }

    /// A private and a public channel, with members, administrators and a message in each.
    async fn place(&self, number: usize) -> Place {
        let (server, boss) = (&self.server, &self.kind('X').user);
        let (member, admin) = (&self.kind('C').user, &self.kind('D').user);
        let names = (format!("private-{number}"), format!("open-{number}"));
        let private = server.channel(boss, &self.team, &names.0, &[member, admin, &self.kind('G').user]).await;
        let new = json!({"team_id": self.team, "name": names.1, "display_name": names.1, "type": "O"});
        let open = text(&server.must(boss, "POST", "/channels", new).await["id"]);
        for user in [member, admin] {
            let body = json!({"user_id": user.id});
            server.must(boss, "POST", &format!("/channels/{open}/members"), body).await;
        }
        let mut posts = Vec::new();
        for channel in [&private, &open] {
            let path = format!("/channels/{channel}/members/{}/schemeRoles", admin.id);
            server.must(boss, "PUT", &path, json!({"scheme_admin": true, "scheme_user": true})).await;
            let new = json!({"channel_id": channel, "message": "hello"});
            posts.push(text(&server.must(boss, "POST", "/posts", new).await["id"]));
        }
        let path = format!("/users/{}/tokens", self.bot);
        let token = text(&server.must(boss, "POST", &path, json!({"description": "matrix"})).await["id"]);
        let [private_post, open_post] = posts.try_into().unwrap();
        let new = json!({"name": "program", "homepage": "http://a.example", "callback_urls": ["http://a.example/cb"]});
        let program = text(&server.must(boss, "POST", "/oauth/apps", new).await["id"]);
        Place { private, open, private_post, open_post, token, program, names }
    }

    /// A path or a body of [`CELLS`] with what it names.
    fn filled(&self, template: &str, place: &Place, caller: &Kind) -> String {
        [
            ("$team", &self.team),
            ("$private_post", &place.private_post),
            ("$open_post", &place.open_post),
            ("$private_name", &place.names.0),
            ("$open_name", &place.names.1),
            ("$private", &place.private),
            ("$open", &place.open),
            ("$token", &place.token),
            ("$program", &place.program),
            ("$victim", &self.victim.id),
            ("$other", &self.kind(if caller.letter == 'C' { 'D' } else { 'C' }).user.id),
            ("$bot", &self.bot),
            ("$me", &caller.user.id),
        ]
        .into_iter()
        .fold(template.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

#[tokio::test]
async fn what_a_guard_says_holds_for_every_kind_of_caller() {
    let world = World::new().await;
    let place = world.place(0).await;
    let router = api::guards(&world.server.backend.cx);
    let boss = world.kind('X').user.id.clone();
    let mut wrong = Vec::new();
    let mut cells = 0;
    for route in api::table(&world.server.backend.cx) {
        // By a path of a private and of a public channel, and of oneself and of somebody else.
        for (private, own) in [(true, true), (true, false), (false, true)] {
            for kind in &world.kinds {
                let whose = if own { &kind.user.id } else { &boss };
                let path = route
                    .path
                    .replace("{team_id}", &world.team)
                    .replace("{channel_id}", if private { &place.private } else { &place.open })
                    .replace("{post_id}", if private { &place.private_post } else { &place.open_post })
                    .replace("{user_id}", if whose.is_empty() { "me" } else { whose });
                let public = !private && kind.in_team(Permission::ReadPublicChannel);
                let allowed = match route.guard {
                    Guard::Public => true,
                    Guard::Body(_) => continue,
                    _ if !kind.is_signed_in() => false,
                    Guard::SignedIn | Guard::InAction(_) => true,
                    Guard::System(p) => kind.in_system(p),
                    Guard::Team(p) | Guard::InTeam(p) => kind.in_team(p),
                    Guard::Channel(p) | Guard::InChannel(p) | Guard::Post(p) | Guard::InPost(p) => {
                        kind.in_channel(p, private)
                    }
                    Guard::Reader | Guard::PostReader => kind.in_channel(Permission::ReadChannel, private) || public,
                    Guard::Me(p) => *whose == kind.user.id || kind.in_system(p),
                };
                let mut request = Request::builder()
                    .method(route.method.as_str())
                    .uri(format!("/api/v4{}", super::filled(&path)))
                    .header(header::CONTENT_TYPE, "application/json");
                if !kind.user.token.is_empty() {
                    request = request.header(header::AUTHORIZATION, format!("Bearer {}", kind.user.token));
                }
                let request = request.body(axum::body::Body::empty()).unwrap();
                let status = router.clone().oneshot(request).await.unwrap().status();
                let wanted = match (allowed, kind.is_signed_in()) {
                    (true, _) => StatusCode::NO_CONTENT,
                    (false, false) => StatusCode::UNAUTHORIZED,
                    (false, true) => StatusCode::FORBIDDEN,
                };
                cells += 1;
                if status != wanted {
                    wrong.push(format!("{} {path} by {}: {status}, not {wanted}", route.method.as_str(), kind.letter));
                }
            }
        }
    }
    assert!(cells > 15_000, "all cells were tried: {cells}");
    assert!(wrong.is_empty(), "{} of {cells} cells: {wrong:#?}", wrong.len());
}

/// The routes whose action decides: a call, and the kinds of caller whom it is done for. All others are refused, and
/// whoever has no session is, everywhere.
const CELLS: &[(&str, &str, &str, &str, &str)] = &[
    // Method, route, call, body, and who may: Stranger (and then also who administers another team), Bot, Guest (in the
    // private channel), Team member, Channel member, Channel aDministrator, team Administrator (in neither channel),
    // X: system administrator.
    (
        "POST",
        "/actions/dialogs/lookup",
        "/actions/dialogs/lookup",
        r#"{"url":"http://127.0.0.1:1","channel_id":"$private","team_id":"$team"}"#,
        "GCDX",
    ),
    (
        "POST",
        "/actions/dialogs/submit",
        "/actions/dialogs/submit",
        r#"{"url":"http://127.0.0.1:1","channel_id":"$private","team_id":"$team"}"#,
        "GCDX",
    ),
    ("GET", "/bots", "/bots", "", "X"),
    ("GET", "/bots/{bot_user_id}", "/bots/$bot", "", "X"),
    ("PUT", "/bots/{bot_user_id}", "/bots/$bot", r#"{"description":"x"}"#, "X"),
    ("POST", "/bots/{bot_user_id}/assign/{user_id}", "/bots/$bot/assign/$me", "", "X"),
    ("POST", "/bots/{bot_user_id}/disable", "/bots/$bot/disable", "", "X"),
    ("POST", "/bots/{bot_user_id}/enable", "/bots/$bot/enable", "", "X"),
    (
        "POST",
        "/channels",
        "/channels",
        r#"{"team_id":"$team","name":"new-$me","display_name":"x","type":"O"}"#,
        "TCDAX",
    ),
    (
        "POST",
        "/channels",
        "/channels",
        r#"{"team_id":"$team","name":"own-$me","display_name":"x","type":"P"}"#,
        "TCDAX",
    ),
    ("POST", "/channels/search", "/channels/search", r#"{"term":"open"}"#, "X"),
    ("GET", "/channels/{channel_id}", "/channels/$private", "", "GCDX"),
    ("GET", "/channels/{channel_id}", "/channels/$open", "", "TCDAX"),
    ("PUT", "/channels/{channel_id}", "/channels/$private", r#"{"id":"$private","display_name":"x"}"#, "CDX"),
    ("PUT", "/channels/{channel_id}", "/channels/$open", r#"{"id":"$open","display_name":"x"}"#, "CDX"),
    ("DELETE", "/channels/{channel_id}", "/channels/$private", "", "CDX"),
    ("DELETE", "/channels/{channel_id}", "/channels/$open", "", "CDX"),
    (
        "POST",
        "/channels/{channel_id}/convert_to_channel",
        "/channels/$private/convert_to_channel",
        r#"{"team_id":"$team","name":"x-$me","display_name":"x"}"#,
        "GCDX",
    ),
    ("POST", "/channels/stats/member_count", "/channels/stats/member_count", r#"["$private"]"#, "SBGTCDAX"),
    ("POST", "/channels/{channel_id}/convert", "/channels/$open/convert", "", "AX"),
    ("POST", "/channels/{channel_id}/members", "/channels/$private/members", r#"{"user_id":"$victim"}"#, "CDAX"),
    ("POST", "/channels/{channel_id}/members", "/channels/$private/members", r#"{"user_id":"$me"}"#, "GCDAX"),
    ("POST", "/channels/{channel_id}/members", "/channels/$open/members", r#"{"user_id":"$victim"}"#, "CDAX"),
    ("POST", "/channels/{channel_id}/members", "/channels/$open/members", r#"{"user_id":"$me"}"#, "TCDAX"),
    ("DELETE", "/channels/{channel_id}/members/{user_id}", "/channels/$private/members/$other", "", "CDAX"),
    ("DELETE", "/channels/{channel_id}/members/{user_id}", "/channels/$private/members/$me", "", "GCDX"),
    ("PUT", "/channels/{channel_id}/patch", "/channels/$private/patch", r#"{"header":"x"}"#, "CDX"),
    ("PUT", "/channels/{channel_id}/patch", "/channels/$open/patch", r#"{"header":"x"}"#, "CDX"),
    ("PUT", "/channels/{channel_id}/privacy", "/channels/$private/privacy", r#"{"privacy":"O"}"#, "AX"),
    ("PUT", "/channels/{channel_id}/privacy", "/channels/$open/privacy", r#"{"privacy":"P"}"#, "AX"),
    ("GET", "/commands", "/commands?team_id=$team", "", "GTCDAX"),
    ("GET", "/commands", "/commands?team_id=$team&custom_only=true", "", "AX"),
    (
        "POST",
        "/commands",
        "/commands",
        r#"{"team_id":"$team","trigger":"go-$me","method":"P","url":"http://example.com"}"#,
        "AX",
    ),
    ("POST", "/commands/execute", "/commands/execute", r#"{"channel_id":"$private","command":"/me waves"}"#, "GCDX"),
    ("POST", "/commands/execute", "/commands/execute", r#"{"channel_id":"$open","command":"/me waves"}"#, "CDX"),
    ("POST", "/channels/{channel_id}/bookmarks", "/channels/$private/bookmarks", r#"{"display_name":"x"}"#, "CDX"),
    ("POST", "/channels/{channel_id}/bookmarks", "/channels/$open/bookmarks", r#"{"display_name":"x"}"#, "CDX"),
    ("GET", "/config", "/config", "", "X"),
    ("PUT", "/config", "/config", r#"{"TeamSettings":{"SiteName":"x"}}"#, "X"),
    ("GET", "/config/environment", "/config/environment", "", "X"),
    ("PUT", "/config/patch", "/config/patch", r#"{"TeamSettings":{"SiteName":"x"}}"#, "X"),
    ("GET", "/oauth/apps", "/oauth/apps", "", "X"),
    ("GET", "/oauth/apps/{app_id}", "/oauth/apps/$program", "", "X"),
    (
        "PUT",
        "/oauth/apps/{app_id}",
        "/oauth/apps/$program",
        r#"{"id":"$program","name":"x","homepage":"http://a.example","callback_urls":["http://a.example/cb"]}"#,
        "X",
    ),
    ("DELETE", "/oauth/apps/{app_id}", "/oauth/apps/$program", "", "X"),
    ("POST", "/oauth/apps/{app_id}/regen_secret", "/oauth/apps/$program/regen_secret", "", "X"),
    (
        "GET",
        "/oauth/authorize",
        "/oauth/authorize?response_type=code&client_id=$program&redirect_uri=http://a.example/cb",
        "",
        "SBGTCDAX",
    ),
    (
        "POST",
        "/oauth/authorize",
        "/oauth/authorize",
        r#"{"response_type":"code","client_id":"$program","redirect_uri":"http://a.example/cb"}"#,
        "SBGTCDAX",
    ),
    ("POST", "/oauth/deauthorize", "/oauth/deauthorize", r#"{"client_id":"$program"}"#, "SBGTCDAX"),
    ("GET", "/hooks/incoming", "/hooks/incoming?team_id=$team", "", "AX"),
    ("POST", "/hooks/incoming", "/hooks/incoming", r#"{"channel_id":"$private"}"#, "X"),
    ("POST", "/hooks/incoming", "/hooks/incoming", r#"{"channel_id":"$open"}"#, "AX"),
    ("GET", "/hooks/outgoing", "/hooks/outgoing?team_id=$team", "", "AX"),
    (
        "POST",
        "/hooks/outgoing",
        "/hooks/outgoing",
        r#"{"team_id":"$team","channel_id":"$open","callback_urls":["http://example.com"]}"#,
        "AX",
    ),
    ("POST", "/jobs", "/jobs", r#"{"type":"message_export"}"#, "X"),
    ("POST", "/jobs", "/jobs", r#"{"type":"search_indexing"}"#, "X"),
    ("POST", "/posts", "/posts", r#"{"channel_id":"$private","message":"x"}"#, "GCDAX"),
    ("POST", "/posts", "/posts", r#"{"channel_id":"$open","message":"x"}"#, "CDAX"),
    ("GET", "/posts/{post_id}/info", "/posts/$private_post/info", "", "GCDX"),
    ("GET", "/posts/{post_id}/info", "/posts/$open_post/info", "", "TCDAX"),
    ("POST", "/posts/ids", "/posts/ids", r#"["$private_post"]"#, "SBGTCDAX"),
    ("POST", "/files/search", "/files/search", r#"{"terms":"nothing"}"#, "SBGTCDAX"),
    ("POST", "/posts/search", "/posts/search", r#"{"terms":"nothing"}"#, "SBGTCDAX"),
    ("POST", "/posts/ids/reactions", "/posts/ids/reactions", r#"["$private_post"]"#, "SBGTCDAX"),
    ("POST", "/reactions", "/reactions", r#"{"user_id":"$me","post_id":"$private_post","emoji_name":"car"}"#, "GCDAX"),
    ("POST", "/reactions", "/reactions", r#"{"user_id":"$victim","post_id":"$open_post","emoji_name":"car"}"#, ""),
    ("GET", "/teams", "/teams", "", "SBTCDAX"),
    ("POST", "/teams", "/teams", r#"{"name":"t$me","display_name":"x","type":"O"}"#, "SBTCDAX"),
    ("GET", "/teams/name/{name}", "/teams/name/matrix", "", "GTCDAX"),
    (
        "GET",
        "/teams/name/{name}/channels/name/{channel_name}",
        "/teams/name/matrix/channels/name/$private_name",
        "",
        "GCDX",
    ),
    (
        "GET",
        "/teams/name/{name}/channels/name/{channel_name}",
        "/teams/name/matrix/channels/name/$open_name",
        "",
        "TCDAX",
    ),
    ("GET", "/teams/name/{name}/exists", "/teams/name/matrix/exists", "", "SBGTCDAX"),
    ("POST", "/teams/search", "/teams/search", r#"{"term":"matrix"}"#, "SBGTCDAX"),
    ("GET", "/teams/{team_id}", "/teams/$team", "", "GTCDAX"),
    ("GET", "/teams/{team_id}/channels/name/{name}", "/teams/$team/channels/name/$private_name", "", "GCDX"),
    ("GET", "/teams/{team_id}/channels/name/{name}", "/teams/$team/channels/name/$open_name", "", "TCDAX"),
    ("POST", "/teams/{team_id}/channels/search", "/teams/$team/channels/search", r#"{"term":"open"}"#, "TCDAX"),
    ("GET", "/teams/{team_id}/image", "/teams/$team/image", "", ""),
    ("POST", "/teams/{team_id}/members", "/teams/$team/members", r#"{"team_id":"$team","user_id":"$victim"}"#, "TCDAX"),
    ("DELETE", "/teams/{team_id}/members/{user_id}", "/teams/$team/members/$victim", "", "AX"),
    ("GET", "/users", "/users?in_team=$team", "", "GTCDAX"),
    ("GET", "/users", "/users?in_channel=$private", "", "GCDX"),
    ("GET", "/users", "/users?in_channel=$open", "", "CDX"),
    ("GET", "/users/autocomplete", "/users/autocomplete?in_team=$team&name=v", "", "GTCDAX"),
    ("GET", "/users/autocomplete", "/users/autocomplete?in_team=$team&in_channel=$private&name=v", "", "GCDX"),
    ("POST", "/users/search", "/users/search", r#"{"term":"v","team_id":"$team"}"#, "GTCDAX"),
    ("POST", "/users/search", "/users/search", r#"{"term":"v","in_channel_id":"$private"}"#, "GCDX"),
    ("POST", "/users/tokens/disable", "/users/tokens/disable", r#"{"token_id":"$token"}"#, "X"),
    ("POST", "/users/tokens/enable", "/users/tokens/enable", r#"{"token_id":"$token"}"#, "X"),
    ("POST", "/users/tokens/revoke", "/users/tokens/revoke", r#"{"token_id":"$token"}"#, "X"),
    ("GET", "/users/tokens/{token_id}", "/users/tokens/$token", "", "X"),
    ("PUT", "/users/{user_id}/active", "/users/$victim/active", r#"{"active":true}"#, "X"),
    (
        "GET",
        "/users/{user_id}/channels/{channel_id}/posts/unread",
        "/users/$me/channels/$private/posts/unread",
        "",
        "GCDX",
    ),
    (
        "GET",
        "/users/{user_id}/channels/{channel_id}/posts/unread",
        "/users/$victim/channels/$open/posts/unread",
        "",
        "X",
    ),
    ("DELETE", "/users/{user_id}/image", "/users/$victim/image", "", "X"),
    ("PUT", "/users/{user_id}/password", "/users/$victim/password", r#"{"new_password":"Passw0rd-new"}"#, "X"),
    ("POST", "/users/{user_id}/posts/{post_id}/ack", "/users/$me/posts/$private_post/ack", "", "GCDX"),
    ("POST", "/users/{user_id}/posts/{post_id}/ack", "/users/$other/posts/$open_post/ack", "", "X"),
    ("DELETE", "/users/{user_id}/posts/{post_id}/ack", "/users/$me/posts/$private_post/ack", "", ""),
    ("POST", "/users/{user_id}/posts/{post_id}/set_unread", "/users/$me/posts/$private_post/set_unread", "", "GCDX"),
    ("POST", "/users/{user_id}/posts/{post_id}/set_unread", "/users/$other/posts/$open_post/set_unread", "", "X"),
    ("POST", "/users/{user_id}/tokens", "/users/$victim/tokens", r#"{"description":"x"}"#, "X"),
    ("POST", "/users/{user_id}/tokens", "/users/$bot/tokens", r#"{"description":"x"}"#, "X"),
    (
        "GET",
        "/users/{user_id}/teams/{team_id}/channels/categories",
        "/users/$victim/teams/$team/channels/categories",
        "",
        "X",
    ),
    (
        "POST",
        "/users/{user_id}/teams/{team_id}/channels/categories",
        "/users/$victim/teams/$team/channels/categories",
        r#"{"display_name":"x","user_id":"$victim","team_id":"$team"}"#,
        "X",
    ),
    (
        "PUT",
        "/users/{user_id}/teams/{team_id}/channels/categories",
        "/users/$victim/teams/$team/channels/categories",
        "[]",
        "X",
    ),
    (
        "GET",
        "/users/{user_id}/teams/{team_id}/channels/categories/order",
        "/users/$victim/teams/$team/channels/categories/order",
        "",
        "X",
    ),
    (
        "PUT",
        "/users/{user_id}/teams/{team_id}/channels/categories/order",
        "/users/$victim/teams/$team/channels/categories/order",
        "[]",
        "X",
    ),
    (
        "GET",
        "/users/{user_id}/teams/{team_id}/channels/categories/{category_id}",
        "/users/$victim/teams/$team/channels/categories/channels_$victim_$team",
        "",
        "X",
    ),
    (
        "PUT",
        "/users/{user_id}/teams/{team_id}/channels/categories/{category_id}",
        "/users/$victim/teams/$team/channels/categories/channels_$victim_$team",
        r#"{"id":"channels_$victim_$team","user_id":"$victim","team_id":"$team","display_name":"Channels","type":"channels","channel_ids":[]}"#,
        "X",
    ),
    (
        "DELETE",
        "/users/{user_id}/teams/{team_id}/channels/categories/{category_id}",
        "/users/$victim/teams/$team/channels/categories/channels_$victim_$team",
        "",
        "X",
    ),
];

/// Routes whose action decides and that are tried by strangers in the tests of their own files, for what they need.
const ELSEWHERE: &[(&str, &str)] = &[
    ("/bots/{bot_user_id}/icon", "pictures.rs"),
    ("/channels/{channel_id}/bookmarks/{bookmark_id}", "bookmarks.rs"),
    ("/commands/{command_id}", "commands.rs"),
    ("/drafts", "drafts.rs"),
    ("/posts/schedule", "drafts.rs"),
    ("/posts/{post_id}/actions", "interactive.rs"),
    ("/users/{user_id}/channels/{channel_id}/drafts", "drafts.rs"),
    ("/users/{user_id}/teams/{team_id}/drafts", "drafts.rs"),
    ("/emoji", "emoji.rs"),
    ("/files", "files.rs"),
    ("/hooks", "webhooks.rs"),
    ("/jobs/{job_id}/download", "bulk.rs"),
    ("/oauth/outgoing_connections", "outgoing_oauth.rs"),
    ("/uploads", "uploads.rs"),
    ("/users/{user_id}/image", "pictures.rs"),
    ("/teams/members/invite", "an invitation lets everybody in"),
];

#[tokio::test]
async fn what_an_action_decides_holds_for_every_kind_of_caller() {
    let world = World::new().await;
    let table = api::table(&world.server.backend.cx);
    let decided: BTreeSet<(&str, &str)> = table
        .iter()
        .filter(|r| matches!(r.guard, Guard::InAction(_)) && r.refused.is_none())
        .filter(|r| !ELSEWHERE.iter().any(|(path, _)| r.path.starts_with(path)))
        .map(|r| (r.method.as_str(), r.path))
        .collect();
    let tried: BTreeSet<(&str, &str)> = CELLS.iter().map(|(method, route, ..)| (*method, *route)).collect();
    let untried: Vec<_> = decided.difference(&tried).collect();
    assert!(untried.is_empty(), "say in CELLS who may: {untried:#?}");

    let mut wrong = BTreeMap::new();
    let mut number = 0;
    for (method, _, path, body, may) in CELLS {
        number += 1;
        let mut place = world.place(number).await;
        let mut done_for = String::new();
        let mut answers = Vec::new();
        for kind in &world.kinds {
            if *method != Method::Get.as_str() {
                number += 1;
                place = world.place(number).await;
            }
            let path = world.filled(path, &place, kind);
            let body: Value = serde_json::from_str(&world.filled(body, &place, kind)).unwrap_or(Value::Null);
            let (status, answer) = world.server.call(&kind.user, method, &path, body).await;
            if !matches!(status.as_u16(), 401 | 403 | 404) {
                done_for.push(kind.letter);
            }
            answers.push(format!("{}:{} {}", kind.letter, status.as_u16(), text(&answer["id"])));
        }
        let done: BTreeSet<char> = done_for.chars().collect();
        let wanted: BTreeSet<char> = may.chars().chain(may.contains('S').then_some('O')).collect();
        if done != wanted {
            wrong.insert(format!("{method} {path} {body}"), (done_for, answers));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn whoever_is_removed_sees_nothing_more_over_the_websocket_within_a_second() {
    let world = World::new().await;
    let place = world.place(0).await;
    let (server, boss, member) = (&world.server, &world.kind('X').user, &world.kind('C').user);
    let mut socket = server.socket(member).await;
    let write = async |text: &str| {
        let body = json!({"channel_id": place.private, "message": text});
        server.must(boss, "POST", "/posts", body).await;
    };
    write("before").await;
    let heard = server.hear(member, &mut socket).await;
    assert!(heard.iter().any(|e| e.to_string().contains("before")), "members hear it: {heard:?}");

    let path = format!("/channels/{}/members/{}", place.private, member.id);
    server.must(boss, "DELETE", &path, Value::Null).await;
    write("after").await;
    let mut heard = server.hear(member, &mut socket).await;
    assert!(heard.iter().any(|e| e["event"] == "user_removed"), "they are told: {heard:?}");
    heard.extend(socket.during(std::time::Duration::from_secs(1)).await);
    let of_channel =
        |e: &&Value| e["broadcast"]["channel_id"] == place.private.as_str() || e.to_string().contains("after");
    assert_eq!(heard.iter().filter(of_channel).collect::<Vec<_>>(), Vec::<&Value>::new());

    // Out of the team, and out of the system.
    let open = json!({"channel_id": place.open, "message": "open"});
    server.must(boss, "DELETE", &format!("/teams/{}/members/{}", world.team, member.id), Value::Null).await;
    server.must(boss, "POST", "/posts", open.clone()).await;
    let heard = server.hear(member, &mut socket).await;
    assert!(!heard.iter().any(|e| e["event"] == "posted" && e.to_string().contains(r#"\"message\":\"open\""#)));
    server.must(boss, "POST", &format!("/users/{}/sessions/revoke/all", member.id), Value::Null).await;
    assert!(socket.ends_within(std::time::Duration::from_secs(1)).await, "a connection ends with its session");
}

/// What somebody sees of a channel by REST: its posts, one post, its file, the channel, and both searches.
async fn seen(server: &TestServer, who: &TestUser, place: &Place, team: &str, file: &str) -> Vec<&'static str> {
    let ok = async |path: String| server.raw(who, "GET", &format!("/api/v4{path}"), "", "").await.0.is_success();
    let mut seen = Vec::new();
    for (name, path) in [
        ("channel", format!("/channels/{}", place.private)),
        ("posts", format!("/channels/{}/posts", place.private)),
        ("post", format!("/posts/{}", place.private_post)),
        ("thread", format!("/posts/{}/thread", place.private_post)),
        ("members", format!("/channels/{}/members", place.private)),
        ("file", format!("/files/{file}")),
        ("file's info", format!("/files/{file}/info")),
    ] {
        if ok(path).await {
            seen.push(name);
        }
    }
    for (name, path) in [("search", format!("/teams/{team}/posts/search")), ("search in files", "/files/search".into())]
    {
        let (_, found) = server.call(who, "POST", &path, json!({"terms": "watermelon"})).await;
        if found["order"].as_array().is_some_and(|order| !order.is_empty()) {
            seen.push(name);
        }
    }
    let (_, own) = server.call(who, "GET", &format!("/users/me/teams/{team}/channels"), Value::Null).await;
    if own.to_string().contains(&place.private) {
        seen.push("list of channels");
    }
    seen
}

#[tokio::test]
async fn whoever_is_removed_sees_nothing_more_by_rest_files_and_search_within_a_second() {
    let world = World::new().await;
    let (server, boss) = (&world.server, &world.kind('X').user);
    let (member, guest, mate) = (&world.kind('C').user, &world.kind('G').user, &world.kind('D').user);
    let place = world.place(0).await;
    let form = super::files::form(&[("channel_id", &place.private)], &[("files/watermelon.txt", b"watermelon")]);
    let (_, sent) = super::files::send(server, boss, "/files", form).await;
    let upload = text(&sent["file_infos"][0]["id"]);
    let body = json!({"channel_id": place.private, "message": "watermelon", "file_ids": [upload]});
    server.must(boss, "POST", "/posts", body).await;
    let deadline = std::time::Duration::from_secs(1);
    // Indexed off the request's path.
    for who in [member, guest, mate] {
        let start = std::time::Instant::now();
        loop {
            let all = seen(server, who, &place, &world.team, &upload).await;
            if all.contains(&"search") && all.contains(&"search in files") {
                assert!(all.len() == 10, "members see all of it: {all:?}");
                break;
            }
            assert!(start.elapsed() < 10 * deadline, "it is found in the end: {all:?}");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
    let channel = format!("/channels/{}/members/", place.private);
    let team = format!("/teams/{}/members/", world.team);
    for (who, path) in [(member, format!("{channel}{}", member.id)), (guest, format!("{team}{}", guest.id))] {
        server.must(boss, "DELETE", &path, Value::Null).await;
        let start = std::time::Instant::now();
        let left = seen(server, who, &place, &world.team, &upload).await;
        assert_eq!(left, Vec::<&str>::new(), "{} sees it still", who.username);
        assert!(start.elapsed() < deadline);
        let new = json!({"channel_id": place.private, "message": "let me in"});
        assert_eq!(server.call(who, "POST", "/posts", new).await.0, StatusCode::FORBIDDEN);
    }
    // Less than an administrator from the next call on; and nobody at all once deactivated.
    let roles = format!("{channel}{}/schemeRoles", mate.id);
    let manage = format!("{channel}{}/schemeRoles", boss.id);
    let change = json!({"scheme_admin": true, "scheme_user": true});
    server.must(mate, "PUT", &manage, change.clone()).await;
    server.must(boss, "PUT", &roles, json!({"scheme_admin": false, "scheme_user": true})).await;
    assert_eq!(server.call(mate, "PUT", &manage, change).await.0, StatusCode::FORBIDDEN);
    server.must(boss, "PUT", &format!("/users/{}/active", mate.id), json!({"active": false})).await;
    assert_eq!(server.call(mate, "GET", "/users/me", Value::Null).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(seen(server, mate, &place, &world.team, &upload).await, Vec::<&str>::new());
}
