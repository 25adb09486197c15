"""The published Python driver, as a bot's author uses it."""

import asyncio
import json
import threading
import time
from urllib.parse import urlsplit

import pytest
from mattermostdriver import Driver
from mattermostdriver.exceptions import NoAccessTokenProvided, NotEnoughPermissions, ResourceNotFound
from mattermostdriver.websocket import Websocket

from world import PASSWORD, SITE, picture


def driver_of(name: str, **more) -> Driver:
    site = urlsplit(SITE)
    options = {"url": site.hostname, "port": site.port, "scheme": site.scheme, "keepalive": False, "timeout": 1}
    return Driver({**options, "login_id": name, "password": PASSWORD, **more})


@pytest.fixture(scope="module")
def admin(world):
    driver = driver_of("admin")
    driver.login()
    return driver


@pytest.fixture(scope="module")
def member(world):
    driver = driver_of("member")
    driver.login()
    return driver


class Ear:
    """A WebSocket of the driver's, in a thread of its own."""

    def __init__(self, name: str):
        self.events: list[dict] = []
        self.driver = driver_of(name)
        self.driver.login()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        self.until(lambda e: e.get("event") == "hello" or e.get("status") == "OK")

    def run(self) -> None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        # As `Driver.init_websocket` does, in a loop of this thread's own.
        self.socket = Websocket(self.driver.options, self.driver.client.token)
        loop.run_until_complete(self.socket.connect(self.hear))

    async def hear(self, message: str) -> None:
        self.events.append(json.loads(message))

    def until(self, wanted, seconds: float = 10.0) -> dict:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = next((e for e in list(self.events) if wanted(e)), None)
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(f"not heard; only {[e.get('event') for e in self.events]}")


def test_who_signs_in_is_known(admin, world):
    me = admin.users.get_user("me")
    assert (me["username"], me["id"]) == ("admin", world.admin.id)
    assert "system_admin" in me["roles"]
    assert "password" not in me


def test_a_wrong_password_is_told(world):
    with pytest.raises(NoAccessTokenProvided):
        driver_of("admin", password="wrong").login()


def test_a_team_and_its_channels(admin, member, world):
    team = admin.teams.create_team({"name": "by-driver", "display_name": "By driver", "type": "O"})
    admin.teams.add_user_to_team(team["id"], {"team_id": team["id"], "user_id": world.member.id})
    assert team["id"] in [t["id"] for t in member.teams.get_user_teams("me")]
    new = {"team_id": team["id"], "name": "lab", "display_name": "Lab", "type": "P"}
    channel = admin.channels.create_channel(new)
    assert (channel["type"], channel["creator_id"]) == ("P", world.admin.id)
    with pytest.raises(NotEnoughPermissions):
        member.channels.get_channel(channel["id"])
    admin.channels.add_user(channel["id"], {"user_id": world.member.id})
    assert member.channels.get_channel_by_name_and_team_name("by-driver", "lab")["id"] == channel["id"]
    names = {c["name"] for c in member.channels.get_channels_for_user("me", team["id"])}
    assert {"lab", "town-square", "off-topic"} <= names
    with pytest.raises(ResourceNotFound):
        member.channels.get_channel("8x1ihr9kd7dmtmkf3mb7z8ex3h")


def test_posts_threads_and_search(member, world):
    post = member.posts.create_post({"channel_id": world.open, "message": "elderberry **wine** #fruit"})
    reply = member.posts.create_post({"channel_id": world.open, "message": "a reply", "root_id": post["id"]})
    thread = member.posts.get_thread(post["id"])
    assert set(thread["order"]) == {post["id"], reply["id"]}
    edited = member.posts.patch_post(post["id"], {"message": "elderberry juice"})
    assert edited["message"] == "elderberry juice" and edited["edit_at"] > 0
    found = None
    for _ in range(50):
        found = member.posts.search_for_team_posts(world.team, {"terms": "elderberry", "is_or_search": False})
        if found["order"]:
            break
        time.sleep(0.1)
    assert post["id"] in found["order"]
    member.posts.pin_post_to_channel(post["id"])
    assert post["id"] in member.channels.get_channel_pinned_posts(world.open)["order"]
    member.reactions.create_reaction({"user_id": world.member.id, "post_id": post["id"], "emoji_name": "tada"})
    assert [r["emoji_name"] for r in member.reactions.get_reactions_of_post(post["id"])] == ["tada"]
    member.posts.delete_post(post["id"])
    with pytest.raises(ResourceNotFound):
        member.posts.get_post(post["id"])


def test_files_come_back_as_they_were(member, world):
    sent = member.files.upload_file(world.open, {"files": ("point.png", picture())})
    info = sent["file_infos"][0]
    assert (info["name"], info["mime_type"], info["size"]) == ("point.png", "image/png", len(picture()))
    post = member.posts.create_post({"channel_id": world.open, "message": "see", "file_ids": [info["id"]]})
    assert [f["id"] for f in post["metadata"]["files"]] == [info["id"]]
    assert member.files.get_file(info["id"]).content == picture()
    assert member.files.get_file_metadata(info["id"])["extension"] == "png"


def test_a_bot_with_its_token(admin, world):
    # The driver knows no bots; its client does the calls.
    bot = admin.client.make_request("post", "/bots", {"username": "pybot", "display_name": "Py"}).json()
    token = admin.client.make_request("post", f"/users/{bot['user_id']}/tokens", {"description": "py"}).json()["token"]
    admin.teams.add_user_to_team(world.team, {"team_id": world.team, "user_id": bot["user_id"]})
    admin.channels.add_user(world.open, {"user_id": bot["user_id"]})
    robot = driver_of("", token=token)
    robot.login()
    assert robot.users.get_user("me")["is_bot"] is True
    post = robot.posts.create_post({"channel_id": world.open, "message": "beep"})
    assert post["user_id"] == bot["user_id"]


def test_events_are_heard_and_only_by_whom_they_concern(member, admin, world):
    ear, stranger = Ear("member"), Ear("other")
    post = admin.posts.create_post({"channel_id": world.private, "message": "listen @member"})
    heard = ear.until(lambda e: e.get("event") == "posted" and post["id"] in e["data"]["post"])
    assert json.loads(heard["data"]["post"])["message"] == "listen @member"
    assert world.member.id in json.loads(heard["data"]["mentions"])
    assert heard["broadcast"]["channel_id"] == world.private
    assert heard["data"]["sender_name"] == "@admin"
    admin.posts.patch_post(post["id"], {"message": "listen!"})
    ear.until(lambda e: e.get("event") == "post_edited" and post["id"] in e["data"]["post"])
    admin.posts.delete_post(post["id"])
    ear.until(lambda e: e.get("event") == "post_deleted" and post["id"] in e["data"]["post"])
    numbers = [e["seq"] for e in ear.events if "event" in e]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "no number is left out"
    assert not [e for e in stranger.events if world.private in json.dumps(e)]
    ear.socket.disconnect()
    stranger.socket.disconnect()


def test_signing_out_ends_it(world):
    driver = driver_of("victim")
    driver.login()
    assert driver.users.get_user("me")["username"] == "victim"
    driver.logout()
    with pytest.raises(NoAccessTokenProvided):
        driver.users.get_user("me")
