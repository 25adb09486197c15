// The published client of JavaScript with its WebSocket client, as apps use it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Person, world } from "./support.mjs";

let w;
before(async () => {
  w = await world();
  await w.ann.listen();
  await w.bob.listen();
  await w.eve.listen();
});
after(() => [w.ann, w.bob, w.eve].forEach((person) => person.socket.close()));

const say = (person, message, more = {}) =>
  person.client.createPost({
    channel_id: w.channel.id,
    message,
    pending_post_id: `${person.id}:${Date.now()}${Math.random()}`,
    ...more,
  });
const of = (post) => (event) => JSON.parse(event.data.post).id === post.id;

describe("who and where", () => {
  test("somebody who signed in is known, and the server's version is", async () => {
    const me = await w.bob.client.getMe();
    assert.equal(me.username, "bob");
    assert.equal(me.password, undefined);
    assert.match(w.bob.client.getServerVersion(), /^11\.\d+\.\d+\./);
  });

  test("a wrong password is refused with the id that clients know", async () => {
    const failed = Person.signIn("nobody-of-this-name");
    await assert.rejects(failed, { server_error_id: "api.user.login.invalid_credentials_email_username", status_code: 401 });
  });

  test("what an app asks for at its start", async () => {
    const client = w.bob.client;
    const [config, license, preferences, teams, members, roles] = await Promise.all([
      client.getClientConfig(),
      client.getClientLicenseOld(),
      client.getMyPreferences(),
      client.getMyTeams(),
      client.getMyTeamMembers(),
      client.getRolesByNames(["system_user", "team_user", "channel_user"]),
    ]);
    assert.ok(Object.values(config).every((value) => typeof value === "string"));
    assert.ok(Object.values(license).every((value) => typeof value === "string"));
    assert.ok(Array.isArray(preferences));
    assert.deepEqual(teams.map((t) => t.id), [w.team.id]);
    assert.deepEqual(members.map((m) => m.team_id), [w.team.id]);
    assert.equal(roles.length, 3);
    const channels = await client.getMyChannels(w.team.id);
    assert.ok(channels.some((c) => c.id === w.channel.id));
    const { categories, order } = await client.getChannelCategories("me", w.team.id);
    assert.deepEqual(categories.map((c) => c.type).sort(), ["channels", "direct_messages", "favorites"]);
    assert.equal(order.length, 3);
  });

  test("who is not in a channel gets nothing of it", async () => {
    await assert.rejects(w.eve.client.getChannel(w.channel.id), { status_code: 403 });
    await assert.rejects(w.eve.client.getPosts(w.channel.id), { status_code: 403 });
    await assert.rejects(say(w.eve, "let me in"), { status_code: 403 });
  });
});

describe("talking", () => {
  test("a post is heard by who is in the channel and by nobody else", async () => {
    const post = await say(w.ann, "good morning @bob");
    const heard = await w.bob.hears("posted", of(post));
    assert.equal(JSON.parse(heard.data.post).message, "good morning @bob");
    assert.deepEqual(JSON.parse(heard.data.mentions), [w.bob.id]);
    assert.equal(heard.broadcast.channel_id, w.channel.id);
    await w.ann.hears("posted", of(post));
    assert.ok(!w.eve.events.some((event) => JSON.stringify(event).includes(post.id)));
  });

  test("an edit and a deletion are heard; the edit keeps its history", async () => {
    const post = await say(w.ann, "teh cat");
    await w.ann.client.patchPost({ id: post.id, message: "the cat" });
    await w.bob.hears("post_edited", of(post));
    const history = await w.ann.client.getPostEditHistory(post.id);
    assert.deepEqual(history.map((p) => p.message), ["teh cat"]);
    await w.ann.client.deletePost(post.id);
    await w.bob.hears("post_deleted", of(post));
    await assert.rejects(w.bob.client.getPost(post.id), { status_code: 404 });
  });

  test("a reaction comes and goes", async () => {
    const post = await say(w.ann, "ship it?");
    const same = (event) => JSON.parse(event.data.reaction).post_id === post.id;
    await w.bob.client.addReaction(w.bob.id, post.id, "rocket");
    const heard = await w.ann.hears("reaction_added", same);
    assert.equal(JSON.parse(heard.data.reaction).emoji_name, "rocket");
    assert.deepEqual((await w.ann.client.getReactionsForPost(post.id)).map((r) => r.user_id), [w.bob.id]);
    await w.bob.client.removeReaction(w.bob.id, post.id, "rocket");
    await w.ann.hears("reaction_removed", same);
  });

  test("somebody who writes is seen to, by others only", async () => {
    const answer = await new Promise((resolve) => w.bob.socket.userTyping(w.channel.id, "", resolve));
    assert.equal(answer.status, "OK");
    const heard = await w.ann.hears("typing");
    assert.deepEqual([heard.data.user_id, heard.broadcast.channel_id], [w.bob.id, w.channel.id]);
    assert.ok(!w.bob.events.some((event) => event.event === "typing"));
  });

  test("a thread is followed, read and unread", async () => {
    const root = await say(w.ann, "where shall we eat?");
    const reply = await say(w.bob, "at the harbour, @ann", { root_id: root.id });
    const heard = await w.ann.hears("thread_updated", (e) => JSON.parse(e.data.thread).id === root.id);
    assert.equal(JSON.parse(heard.data.thread).reply_count, 1);
    const thread = await w.ann.client.getUserThread("me", w.team.id, root.id, true);
    assert.deepEqual([thread.unread_replies, thread.unread_mentions], [1, 1]);
    const { posts } = await w.ann.client.getPostThread(root.id, true, true, true);
    assert.deepEqual(Object.keys(posts).sort(), [root.id, reply.id].sort());
    await w.ann.client.updateThreadReadForUser("me", w.team.id, root.id, Date.now());
    await w.ann.hears("thread_read_changed", (e) => e.data.thread_id === root.id);
    assert.equal((await w.ann.client.getUserThread("me", w.team.id, root.id)).unread_replies, 0);
    await w.ann.client.markThreadAsUnreadForUser("me", w.team.id, root.id, reply.id);
    assert.equal((await w.ann.client.getUserThread("me", w.team.id, root.id)).unread_replies, 1);
    const list = await w.ann.client.getUserThreads("me", w.team.id, { unread: true });
    assert.deepEqual(list.threads.map((t) => t.id), [root.id]);
    await w.ann.client.updateThreadFollowForUser("me", w.team.id, root.id, false);
    const unfollowed = await w.ann.hears("thread_follow_changed", (e) => e.data.thread_id === root.id && !e.data.state);
    assert.equal(unfollowed.data.reply_count, 1);
  });

  test("a file goes up, is attached and comes back", async () => {
    const form = new FormData();
    form.append("channel_id", w.channel.id);
    form.append("client_ids", "one");
    form.append("files", new Blob(["a plain text"], { type: "text/plain" }), "notes.txt");
    const { file_infos, client_ids } = await w.ann.client.uploadFile(form);
    assert.deepEqual([file_infos[0].name, file_infos[0].size, client_ids], ["notes.txt", 12, ["one"]]);
    const post = await say(w.ann, "see", { file_ids: [file_infos[0].id] });
    assert.equal(post.metadata.files[0].id, file_infos[0].id);
    const url = w.bob.client.getFileUrl(file_infos[0].id, 0);
    const headers = { Authorization: `Bearer ${w.bob.client.getToken()}` };
    assert.equal(await (await fetch(url, { headers })).text(), "a plain text");
    const refused = await fetch(url, { headers: { Authorization: `Bearer ${w.eve.client.getToken()}` } });
    assert.equal(refused.status, 403);
  });

  test("a viewed channel is read on the person's other devices", async () => {
    await say(w.ann, "unread");
    await w.bob.client.viewMyChannel(w.channel.id);
    const heard = await w.bob.hears("multiple_channels_viewed", (e) => w.channel.id in e.data.channel_times);
    assert.ok(heard.data.channel_times[w.channel.id] > 0);
    const member = await w.bob.client.getMyChannelMember(w.channel.id);
    const channel = await w.bob.client.getChannel(w.channel.id);
    assert.equal(member.msg_count, channel.total_msg_count);
  });

  test("a status is told and asked for over the socket", async () => {
    await w.bob.client.updateStatus({ user_id: w.bob.id, status: "dnd" });
    await w.bob.hears("status_change", (e) => e.data.status === "dnd");
    const answer = await new Promise((resolve) => w.ann.socket.getStatusesByIds([w.bob.id], resolve));
    assert.deepEqual(answer.data, { [w.bob.id]: "dnd" });
  });
});

describe("a connection that is lost", () => {
  test("is taken up where it was: what was said meanwhile comes once, in order, with the next numbers", async () => {
    const before = w.bob.socket.connectionId;
    const last = w.bob.socket.serverSequence;
    w.bob.socket.conn.terminate();
    const posts = [];
    for (const text of ["one", "two", "three"]) posts.push(await say(w.ann, text));
    for (const post of posts) await w.bob.hears("posted", of(post));
    assert.equal(w.bob.socket.connectionId, before, "it is the same connection");
    assert.equal(w.bob.missed, 0, "nothing has to be fetched anew");
    assert.match(w.bob.connections.at(-1), new RegExp(`connection_id=${before}&sequence_number=${last}`));
    const heard = w.bob.events.filter((e) => e.event === "posted" && posts.some((post) => of(post)(e)));
    assert.deepEqual(heard.map((e) => JSON.parse(e.data.post).message), ["one", "two", "three"]);
    const numbers = w.bob.events.filter((e) => e.seq >= last).map((e) => e.seq);
    assert.deepEqual(numbers, numbers.map((_, i) => last + i));
  });

  test("is told as missed when the server knows nothing of it", async () => {
    w.bob.socket.connectionId = "8x1ihr9kd7dmtmkf3mb7z8ex3h";
    await w.bob.cut();
    const end = Date.now() + 5000;
    while (w.bob.missed === 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(w.bob.missed, 1);
    const post = await say(w.ann, "after all");
    await w.bob.hears("posted", of(post));
  });

  test("gives nothing of a channel one was removed from meanwhile", async () => {
    const left = await say(w.ann, "still there");
    await w.bob.hears("posted", of(left));
    w.bob.socket.conn.terminate();
    await w.ann.client.removeFromChannel(w.bob.id, w.channel.id);
    const secret = await say(w.ann, "now that bob is away");
    await w.bob.hears("user_removed", (e) => e.data.channel_id === w.channel.id);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.ok(!w.bob.events.some((event) => JSON.stringify(event).includes(secret.id)));
    await assert.rejects(w.bob.client.getPost(secret.id), { status_code: 403 });
    const found = await w.bob.client.searchPosts(w.team.id, "away", false);
    assert.deepEqual(found.order, []);
  });
});
