"""What the mobile app calls, in the order in which it does, and what it reads of the answers."""

import contextlib
import json
import re
import time

import pytest
import requests
import websockets.sync.client

from world import API, PASSWORD, SITE


class App:
    """The app's session: its headers, its token, what it has read so far."""

    def __init__(self):
        self.headers = {"User-Agent": "Mattermost Mobile/2.40.0+700 (Android; 15; Pixel 8)", "X-Requested-With": "XMLHttpRequest"}

    def call(self, method: str, path: str, body=None) -> requests.Response:
        answer = requests.request(method, API + path, json=body, headers=self.headers, timeout=30)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        version = answer.headers["X-Version-Id"]
        assert re.match(r"11\.\d+\.\d+", version), "the app refuses servers that are older, and what is no version"
        return answer

    def get(self, path: str):
        return self.call("GET", path).json()

    def post(self, path: str, body):
        return self.call("POST", path, body).json()

    def put(self, path: str, body):
        return self.call("PUT", path, body).json()


@pytest.fixture(scope="module")
def app(world):
    return App()


@pytest.fixture(scope="module")
def open_things():
    """What stays open until the last of these tests."""
    with contextlib.ExitStack() as stack:
        yield stack


def has(thing: dict, *names: str) -> None:
    missing = [name for name in names if name not in thing]
    assert not missing, f"{missing} of {sorted(thing)}"


def test_1_a_server_is_added(app):
    ping = app.get(f"/system/ping?time={int(time.time() * 1000)}&device_id=android_rn-v2%3Aabc")
    assert ping["status"] == "OK"
    assert ping.get("CanReceiveNotifications") in ("true", "false", "unknown")
    config = app.get("/config/client?format=old")
    assert all(isinstance(value, str) for value in config.values()), "the app's schema is texts throughout"
    has(config, "Version", "BuildNumber", "SiteURL", "SiteName", "EnableSignInWithEmail", "EnableSignInWithUsername")
    has(config, "DiagnosticId", "EnableSignUpWithEmail")
    assert tuple(map(int, config["Version"].split(".")[:2])) >= (10, 11)
    license_ = app.get("/license/client?format=old")
    assert all(isinstance(value, str) for value in license_.values())
    has(license_, "IsLicensed")


def test_2_signing_in(app, world):
    kind = app.post("/users/login/type", {"login_id": "member", "device_id": "android_rn-v2:abc"})
    assert kind.get("auth_service", "") == ""
    login = {"login_id": "member", "password": PASSWORD, "token": "", "device_id": "android_rn-v2:abc"}
    answer = app.call("POST", "/users/login", login)
    app.me = answer.json()
    has(app.me, "id", "username", "email", "roles", "locale", "notify_props", "timezone", "create_at", "update_at")
    assert app.me["id"] == world.member.id
    token = answer.headers["Token"]
    assert re.fullmatch(r"[a-z0-9]{26}", token)
    app.headers["Authorization"] = "Bearer " + token
    app.token = token


def test_3_a_socket_is_opened(app, open_things):
    app.config = app.get("/config/client?format=old")
    assert app.config["Version"] and app.config["BuildNumber"]
    app.get("/license/client?format=old")
    has(app.config, "FeatureFlagCollapsedThreads", "CollapsedThreads", "EnableCustomEmoji", "MaxFileSize", "PostEditTimeLimit")
    has(app.config, "TeammateNameDisplay", "EnableUserTypingMessages", "TimeBetweenUserTypingUpdatesMilliseconds")
    url = SITE.replace("http", "ws") + "/api/v4/websocket?connection_id=&sequence_number=0"
    connection = websockets.sync.client.connect(url, additional_headers={"Origin": SITE}, proxy=None)
    app.socket = open_things.enter_context(connection)
    challenge = {"seq": 1, "action": "authentication_challenge", "data": {"token": app.token}}
    app.socket.send(json.dumps(challenge))
    frames = [json.loads(app.socket.recv(timeout=10)) for _ in range(2)]
    hello = next(f for f in frames if f.get("event") == "hello")
    assert hello["seq"] == 0
    has(hello["data"], "connection_id", "server_version")
    assert {"status": "OK", "seq_reply": 1} in frames


def test_4_what_is_there(app, world):
    preferences = app.get("/users/me/preferences")
    for one in preferences:
        has(one, "user_id", "category", "name", "value")
    teams, members = app.get("/users/me/teams"), app.get("/users/me/teams/members")
    assert {t["id"] for t in teams} == {m["team_id"] for m in members}
    for team in teams:
        has(team, "id", "name", "display_name", "type", "update_at", "delete_at", "allow_open_invite", "invite_id")
    for member in members:
        has(member, "team_id", "user_id", "roles", "delete_at", "scheme_user", "scheme_admin")
    assert app.get("/users/me")["id"] == app.me["id"]
    app.team = world.team
    channels = app.get(f"/users/me/teams/{app.team}/channels?include_deleted=true&last_delete_at=0")
    memberships = app.get(f"/users/me/teams/{app.team}/channels/members")
    assert {c["id"] for c in channels} == {m["channel_id"] for m in memberships}
    for channel in channels:
        has(channel, "id", "type", "name", "display_name", "header", "purpose", "total_msg_count", "last_post_at", "creator_id")
        has(channel, "total_msg_count_root", "last_root_post_at", "delete_at", "update_at", "team_id")
    for member in memberships:
        has(member, "channel_id", "user_id", "roles", "last_viewed_at", "msg_count", "mention_count", "notify_props")
        has(member, "msg_count_root", "mention_count_root", "last_update_at", "scheme_user")
    categories = app.get(f"/users/{app.me['id']}/teams/{app.team}/channels/categories")
    has(categories, "categories", "order")
    assert {c["id"] for c in categories["categories"]} == set(categories["order"])
    sorted_in = {id for c in categories["categories"] for id in c["channel_ids"]}
    assert {c["id"] for c in channels if c["type"] in "OP"} <= sorted_in
    for category in categories["categories"]:
        has(category, "id", "user_id", "team_id", "sort_order", "sorting", "type", "display_name", "muted", "collapsed")
    app.channels, app.memberships = channels, memberships


def test_5_the_device_and_the_time_zone(app):
    device = {"device_id": "android_rn-v2:abc", "device_notification_disabled": "false", "mobile_version": "2.40.0"}
    assert app.put("/users/sessions/device", device) == {"status": "OK"}
    zone = {"timezone": {"automaticTimezone": "Europe/Oslo", "manualTimezone": "", "useAutomaticTimezone": "true"}}
    assert app.put("/users/me/patch", zone)["timezone"]["automaticTimezone"] == "Europe/Oslo"


def test_7_what_can_wait(app, world):
    profiles = app.post("/users/ids", [world.admin.id, world.victim.id])
    assert {p["id"] for p in profiles} == {world.admin.id, world.victim.id}
    for profile in profiles:
        has(profile, "id", "username", "first_name", "last_name", "nickname", "roles", "delete_at", "update_at", "position")
    group = world.admin.must("POST", "/channels/group", [world.admin.id, world.member.id, world.victim.id])["id"]
    people = app.post("/users/group_channels", [group])
    assert {p["id"] for p in people[group]} >= {world.admin.id, world.victim.id}
    inside = app.get(f"/users?in_channel={world.open}&page=0&per_page=60")
    assert {u["id"] for u in inside} >= {world.member.id, world.admin.id}
    for team in app.get("/teams?page=0&per_page=60&include_total_count=false"):
        has(team, "id", "name")
    roles = {r for m in app.memberships for r in m["roles"].split()} | set(app.me["roles"].split())
    found = app.post("/roles/names", sorted(roles))
    assert {r["name"] for r in found} == roles
    for role in found:
        has(role, "id", "name", "permissions")
    query = "extended=true&page=0&per_page=60&since=0&deleted=true&unread=true&totalsOnly=false"
    threads = app.get(f"/users/{app.me['id']}/teams/{app.team}/threads?{query}")
    has(threads, "total", "total_unread_threads", "total_unread_mentions", "threads")
    totals = app.get(f"/users/{app.me['id']}/teams/{app.team}/threads?totalsOnly=true")
    has(totals, "total", "total_unread_threads", "total_unread_mentions")
    assert isinstance(app.get(f"/users/{app.me['id']}/groups"), list)
    scheduled = app.get(f"/posts/scheduled/team/{app.team}?includeDirectChannels=true")
    assert isinstance(scheduled, dict)
    assert app.get("/plugins/webapp") == []
    assert "Europe/Oslo" in app.get("/system/timezones")
    calls = requests.get(SITE + "/plugins/com.mattermost.calls/config", headers=app.headers, timeout=30)
    assert calls.status_code in (404, 501), "the app takes it that there are no calls"


def test_8_a_channel_is_opened(app, world):
    options = "collapsedThreads=true&collapsedThreadsExtended=true"
    posts = app.get(f"/channels/{world.open}/posts?page=0&per_page=60&{options}")
    has(posts, "order", "posts", "next_post_id", "prev_post_id")
    assert set(posts["order"]) <= set(posts["posts"])
    for post in posts["posts"].values():
        has(post, "id", "create_at", "update_at", "edit_at", "delete_at", "is_pinned", "user_id", "channel_id", "root_id")
        has(post, "message", "type", "props", "metadata", "pending_post_id", "hashtags")
    root = posts["posts"][world.post]
    assert root["reply_count"] == 1
    has(root, "last_reply_at", "participants", "is_following")
    since = app.get(f"/channels/{world.open}/posts?since={root['create_at']}&{options}")
    assert "order" in since
    assert [u["id"] for u in app.post("/users/usernames", ["admin"])] == [world.admin.id]
    assert app.get(f"/channels/{world.open}/bookmarks?bookmarks_since=0") == []
    viewed = app.post("/channels/members/me/view", {"channel_id": world.open, "prev_channel_id": "", "collapsed_threads_supported": True})
    assert viewed["status"] == "OK" and world.open in viewed["last_viewed_at_times"]
    stats = app.get(f"/channels/{world.open}/stats")
    has(stats, "channel_id", "member_count", "guest_count", "pinnedpost_count")


def test_9_a_message_is_sent_and_heard(app, world):
    pending = f"{app.me['id']}:{int(time.time() * 1000)}"
    new = {"channel_id": world.open, "message": "from my phone", "root_id": "", "pending_post_id": pending, "file_ids": []}
    sent = app.post("/posts", new)
    assert sent["pending_post_id"] == pending
    assert app.post("/posts", new)["id"] == sent["id"], "sent again after a lost answer it is the same"
    for _ in range(50):
        frame = json.loads(app.socket.recv(timeout=10))
        if frame.get("event") == "posted" and json.loads(frame["data"]["post"])["id"] == sent["id"]:
            break
    else:
        raise AssertionError("the post is not heard")
    has(frame["data"], "channel_type", "channel_display_name", "channel_name", "sender_name", "team_id")
    app.socket.close()


def test_10_signing_out(app):
    app.call("POST", "/users/logout")
    answer = requests.get(API + "/users/me", headers=app.headers, timeout=30)
    assert (answer.status_code, answer.json()["id"]) == (401, "api.context.session_expired.app_error")
