"""A team with people and things in it, made by the API itself; what the suites begin with."""

import io
import os
import struct
import zlib

import requests

SITE = os.environ.get("CONFAB_URL", "http://127.0.0.1:8065")
API = SITE + "/api/v4"
PASSWORD = "Pa$$word-of-tests-1"


def picture() -> bytes:
    """A PNG of one point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\1\2\3")) + chunk(b"IEND", b"")


class Caller:
    """Somebody with a session."""

    def __init__(self, name: str, creator: "Caller | None" = None):
        self.name = name
        new = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        headers = creator.headers if creator else {}
        made = requests.post(API + "/users", json=new, headers=headers, timeout=30)
        assert made.status_code == 201, made.text
        self.id = made.json()["id"]
        self.sign_in()

    def sign_in(self) -> None:
        answer = requests.post(API + "/users/login", json={"login_id": self.name, "password": PASSWORD}, timeout=30)
        assert answer.status_code == 200, answer.text
        self.token = answer.headers["Token"]
        self.headers = {"Authorization": "Bearer " + self.token}

    def call(self, method: str, path: str, body=None, **more) -> requests.Response:
        return requests.request(method, API + path, json=body, headers=self.headers, timeout=30, **more)

    def must(self, method: str, path: str, body=None, **more):
        answer = self.call(method, path, body, **more)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()


# What is off by itself.
SETTINGS = {
    "ServiceSettings": {
        "EnableUserAccessTokens": True,
        "EnableBotAccountCreation": True,
        "EnableCustomGroups": True,
        "EnableMultifactorAuthentication": True,
    },
    "FileSettings": {"EnablePublicLink": True},
    "GuestAccountsSettings": {"Enable": True},
}


class World:
    """The first account is the administrator's."""

    def __init__(self):
        admin = self.admin = Caller("admin")
        admin.must("PUT", "/config/patch", SETTINGS)
        self.member = Caller("member", admin)
        self.other = Caller("other", admin)
        self.victim = Caller("victim", admin)
        self.team = admin.must("POST", "/teams", {"name": "drivers", "display_name": "Drivers", "type": "O"})["id"]
        for user in (self.member, self.victim):
            admin.must("POST", f"/teams/{self.team}/members", {"team_id": self.team, "user_id": user.id})
        self.open = self.channel("open", "O")
        self.private = self.channel("private", "P")
        self.post = admin.must("POST", "/posts", {"channel_id": self.open, "message": "hello @member"})["id"]
        admin.must("POST", "/posts", {"channel_id": self.open, "root_id": self.post, "message": "a reply"})

    def channel(self, name: str, kind: str) -> str:
        new = {"team_id": self.team, "name": name, "display_name": name, "type": kind}
        channel = self.admin.must("POST", "/channels", new)["id"]
        for user in (self.member, self.victim):
            self.admin.must("POST", f"/channels/{channel}/members", {"user_id": user.id})
        return channel

    def upload(self, user: Caller, name: str = "point.png") -> str:
        form = {"channel_id": (None, self.open), "files": (name, io.BytesIO(picture()))}
        return user.must("POST", "/files", files=form)["file_infos"][0]["id"]
