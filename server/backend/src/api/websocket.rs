//! The WebSocket: the upgrade, signing in, and what clients ask for over it.
//!
//! A connection is one small task: it writes what its queue holds, several frames at a time, and answers
//! requests. It has no timer of its own once it is signed in.

use super::{
    Routes,
    extract::{MaybeCaller, Query},
    guard::{Guard, caller_of, cookie},
};
use crate::{
    access::{self, Caller},
    cx::Cx,
    error::Result,
    live::{hub::Connection, queue::End},
};
use axum::{
    extract::{
        FromRequestParts, Request,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    response::{IntoResponse, Response},
};
use futures::SinkExt as _;
use http::{HeaderMap, StatusCode, header};
use model::{
    ChannelId, ConnectionId, PostId, Refusal, UserId, endpoint::Method, event::Event, permission::Permission,
    status::Presence,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

/// The largest frame a client may send, in bytes. Mattermost's limit.
const FRAME_MAX: usize = 8 * 1024;
/// How long a client may take to sign in.
const CHALLENGE_WAIT: Duration = Duration::from_secs(5);
/// How long a write may take before the client counts as gone.
const WRITE_WAIT: Duration = Duration::from_secs(30);

pub(super) fn routes(r: Routes) -> Routes {
    r.at(Method::Get, "/websocket", Guard::Public, upgrade).at(Method::Get, "/websocket/", Guard::Public, upgrade)
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Resume {
    connection_id: String,
    sequence_number: String,
    /// `true`: the client acknowledges posts that notify.
    posted_ack: String,
}

impl Resume {
    /// The connection that comes back, and the number it expects.
    fn back(&self) -> Option<(ConnectionId, i64)> {
        let next: i64 = self.sequence_number.parse().ok()?;
        Some((self.connection_id.parse().ok()?, next)).filter(|_| next > 0)
    }
}

async fn upgrade(cx: Cx, MaybeCaller(caller): MaybeCaller, Query(resume): Query<Resume>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    // By cookie a browser signs in whoever's page asks; only our own pages may.
    let by_cookie = parts.headers.get(header::AUTHORIZATION).is_none()
        && cookie(&parts.headers, super::guard::TOKEN_COOKIE).is_some();
    let caller = caller.filter(|_| !by_cookie || same_origin(&cx, &parts.headers));
    let Ok(upgrade) = WebSocketUpgrade::from_request_parts(&mut parts, &cx).await else {
        let mut response = (StatusCode::BAD_REQUEST, Refusal::SOCKET_UPGRADE.message.into_owned()).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static("text/plain"));
        return response;
    };
    upgrade
        .read_buffer_size(1024)
        .write_buffer_size(0)
        .max_write_buffer_size(512 * 1024)
        .max_message_size(FRAME_MAX)
        .max_frame_size(FRAME_MAX)
        .on_upgrade(move |socket| {
            let tasks = cx.tasks.clone();
            tasks.track_future(run(cx, socket, caller, resume))
        })
}

/// Whether the page that asks is one of ours.
fn same_origin(cx: &Cx, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v: &http::HeaderValue| v.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else { return true };
    let config = cx.settings.get();
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    text(header::HOST) == Some(host)
        || config.service.site_url == origin
        || config.service.allow_cors_from.split_whitespace().any(|allowed| allowed == "*" || allowed == origin)
}

/// A request over the socket.
#[derive(Deserialize, schemars::JsonSchema)]
struct Asked {
    #[serde(default)]
    seq: i64,
    #[serde(default)]
    action: String,
    #[serde(default)]
    data: Option<serde_json::Map<String, Value>>,
}

impl Asked {
    fn text(&self, name: &str) -> Option<&str> {
        self.data.as_ref()?.get(name)?.as_str()
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.data.as_ref()?.get(name)?.as_bool()
    }
}

async fn run(cx: Cx, mut socket: WebSocket, caller: Option<Caller>, resume: Resume) {
    let caller = match caller {
        Some(caller) => caller,
        None => match Box::pin(challenge(&cx, &mut socket)).await {
            Some(caller) => caller,
            None => return,
        },
    };
    if access::lacks_second_factor(&cx, &caller) {
        return;
    }
    let hello = |connection_id| Event::Hello {
        server_version: super::version_id(&cx),
        connection_id,
        server_hostname: String::new(),
    };
    let (user, session) = (caller.id(), caller.session_id());
    // Checked again: the session may have ended while its connection was being made.
    let token = caller.live.session.token.clone();
    drop(caller);
    let Ok(connection) = cx.hub.connect(user, session, resume.back(), hello).await else { return };
    connection.acknowledges.store(resume.posted_ack == "true", Ordering::Relaxed);
    cx.statuses.on_connect(&cx, user);
    let end = if caller_of(&cx, &token).await.is_ok() {
        talk(&cx, &mut socket, &connection, &token).await
    } else {
        Some(End::Session)
    };
    let last = cx.hub.disconnect(&connection, end != Some(End::Session));
    if last {
        cx.statuses.on_disconnect(&cx, user);
    }
    if let Some(end) = end {
        Box::pin(close(socket, end)).await;
    }
}

async fn close(mut socket: WebSocket, end: End) {
    let (code, reason) = match end {
        End::Overflow => (1013, "too far behind; resume"),
        End::Session => (1008, "the session is over"),
        End::Shutdown => (1001, "the server restarts; resume"),
        End::Silence => (1001, "nothing was heard"),
    };
    let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
    // The client may be gone already.
    let _ = tokio::time::timeout(Duration::from_secs(1), socket.send(Message::Close(Some(frame)))).await;
}

/// Waits for a client to say who it is.
async fn challenge(cx: &Cx, socket: &mut WebSocket) -> Option<Caller> {
    let told = tokio::time::timeout(CHALLENGE_WAIT, async {
        loop {
            let Message::Text(text) = socket.recv().await?.ok()? else { continue };
            let asked: Asked = serde_json::from_str(&text).ok()?;
            if asked.action == "authentication_challenge" {
                return Some(asked);
            }
            // Mattermost: anything else is not answered before that.
        }
    });
    let asked = told.await.ok()??;
    let caller = caller_of(cx, asked.text("token")?).await.ok()?;
    let reply = json!({"status": "OK", "seq_reply": asked.seq}).to_string();
    socket.send(Message::Text(reply.into())).await.ok()?;
    Some(caller)
}

/// Writes and answers until one side ends it; `None` if the client did.
async fn talk(cx: &Cx, socket: &mut WebSocket, connection: &Arc<Connection>, token: &str) -> Option<End> {
    loop {
        tokio::select! {
            () = connection.queue.wake.notified() => {
                let work = connection.queue.take();
                for waiting in &work.events {
                    let seq = connection.number(waiting.position);
                    let text = connection.text(&waiting.event, seq);
                    socket.feed(Message::Text(text.into())).await.ok()?;
                }
                if work.ping {
                    socket.feed(Message::Ping(bytes::Bytes::new())).await.ok()?;
                }
                tokio::time::timeout(WRITE_WAIT, socket.flush()).await.ok()?.ok()?;
                if work.end.is_some() {
                    return work.end;
                }
            }
            message = socket.recv() => {
                let message = message?.ok()?;
                connection.heard_at.store(cx.clock.now(), Ordering::Relaxed);
                match message {
                    Message::Text(text) => {
                        let asked: Asked = serde_json::from_str(&text).ok()?;
                        if let Some(reply) = Box::pin(answer(cx, connection, token, &asked)).await {
                            socket.send(Message::Text(reply.to_string().into())).await.ok()?;
                        }
                    }
                    Message::Close(_) => return None,
                    Message::Binary(_) | Message::Ping(_) | Message::Pong(_) => {}
                }
            }
        }
    }
}

/// The reply to a request; `None` where there is none.
async fn answer(cx: &Cx, connection: &Connection, token: &str, asked: &Asked) -> Option<Value> {
    if asked.action.is_empty() {
        return Some(refused(Some(asked.seq), &Refusal::SOCKET_NO_ACTION));
    }
    if asked.seq <= 0 {
        return Some(refused(None, &Refusal::SOCKET_BAD_SEQ));
    }
    if asked.action == "authentication_challenge" {
        // Signed in already; some clients wait for a reply all the same.
        return Some(json!({"status": "OK", "seq_reply": asked.seq}));
    }
    let Ok(caller) = caller_of(cx, token).await else {
        return Some(refused(Some(asked.seq), &Refusal::SOCKET_SESSION));
    };
    match perform(cx, connection, &caller, asked).await {
        Ok(Value::Null) => Some(json!({"status": "OK", "seq_reply": asked.seq})),
        Ok(data) => Some(json!({"status": "OK", "seq_reply": asked.seq, "data": data})),
        Err(error) => Some(refused(Some(asked.seq), &error.into_refusal())),
    }
}

fn refused(seq: Option<i64>, refusal: &Refusal) -> Value {
    let mut error =
        json!({"id": refusal.id, "message": refusal.message, "detailed_error": "", "status_code": refusal.status});
    if refusal == &Refusal::SOCKET_BAD_SEQ {
        error["seq"] = 0.into();
    }
    match seq {
        Some(seq) => json!({"status": "FAIL", "seq_reply": seq, "error": error}),
        None => json!({"status": "FAIL", "error": error}),
    }
}

async fn perform(cx: &Cx, connection: &Connection, caller: &Caller, asked: &Asked) -> Result<Value> {
    let param = || Refusal::SOCKET_PARAM;
    match asked.action.as_str() {
        "ping" => Ok(json!({
            "text": "pong",
            "version": model::system::API_VERSION,
            "server_time": cx.clock.now(),
            "node_id": "",
        })),
        "user_typing" => {
            let channel: ChannelId = asked.text("channel_id").and_then(|t| t.parse().ok()).ok_or_else(param)?;
            let parent = asked.text("parent_id").and_then(|t| t.parse().ok()).unwrap_or_default();
            typing(cx, caller, channel, parent).await?;
            Ok(Value::Null)
        }
        "user_update_active_status" => {
            let active = asked.flag("user_is_active").ok_or_else(param)?;
            let manual = asked.flag("manual").unwrap_or(false);
            match (active, manual) {
                (true, _) => cx.statuses.on_activity(cx, caller.id()),
                (false, true) => cx.statuses.set_manual(cx, caller.id(), Presence::Away, 0),
                (false, false) => cx.statuses.set_away(cx, caller.id()),
            }
            Ok(Value::Null)
        }
        "get_statuses" => {
            let known = cx.statuses.all_known();
            Ok(json!(known.into_iter().collect::<BTreeMap<UserId, Presence>>()))
        }
        "get_statuses_by_ids" => {
            let ids =
                asked.data.as_ref().and_then(|d| d.get("user_ids")).and_then(Value::as_array).ok_or_else(param)?;
            let ids: Option<Vec<UserId>> = ids.iter().map(|v| v.as_str()?.parse().ok()).collect();
            let ids = ids.filter(|ids| !ids.is_empty()).ok_or_else(param)?;
            let found = cx.statuses.get(cx, &ids).await?;
            Ok(json!(found.into_iter().map(|s| (s.user_id, s.status)).collect::<BTreeMap<_, _>>()))
        }
        "presence" => look(connection, asked).map(|()| Value::Null).map_err(Into::into),
        "posted_notify_ack" => {
            let post: PostId = asked.text("post_id").and_then(|t| t.parse().ok()).ok_or_else(param)?;
            let told = |name| asked.text(name).unwrap_or_default().chars().take(100).collect::<String>();
            let (status, reason) = (told("status"), told("reason"));
            // `error` and `unsupported` say that a notification was not shown: worth knowing when somebody asks why.
            if status == "error" {
                tracing::info!(user = %caller.id(), %post, reason, client = told("user_agent"), "a notification failed");
            } else {
                tracing::debug!(user = %caller.id(), %post, status, reason, "a notification was answered");
            }
            Ok(Value::Null)
        }
        _ => Err(Refusal::SOCKET_BAD_ACTION.into()),
    }
}

/// Notes what a client shows: `channel_id`, or the channel of a thread; empty where it shows none. A `team_id` changes
/// nothing, since no event is for a team that is looked at only.
fn look(connection: &Connection, asked: &Asked) -> Result<(), Refusal> {
    let channel = |name: &str| match asked.text(name) {
        None => Ok(None),
        Some("") => Ok(Some(ChannelId::NONE)),
        Some(id) => id.parse().map(Some).map_err(|_| Refusal::SOCKET_PARAM),
    };
    let (open, thread) = (channel("channel_id")?, channel("thread_channel_id")?);
    if open.is_none() && thread.is_none() {
        return asked.text("team_id").map(drop).ok_or(Refusal::SOCKET_PARAM);
    }
    connection.look(|at| {
        at.channel = open.unwrap_or(at.channel);
        if let Some(thread) = thread {
            let in_list = asked.flag("is_thread_view").unwrap_or(false);
            *(if in_list { &mut at.thread } else { &mut at.beside }) = thread;
        }
    });
    Ok(())
}

/// Tells a channel that somebody is writing: at most once in three seconds or so, and to its members only.
async fn typing(cx: &Cx, caller: &Caller, id: ChannelId, parent_id: PostId) -> Result<()> {
    let channel = access::find_channel(cx, id).await?.ok_or(Refusal::SOCKET_PARAM)?;
    if !access::may_in_channel(cx, caller, &channel, Permission::CreatePost).await? {
        return Err(Refusal::SOCKET_PARAM.into());
    }
    crate::actions::typing::tell(cx, caller.id(), id, parent_id);
    Ok(())
}
