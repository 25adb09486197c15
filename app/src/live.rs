//! The connection that tells what happens: a WebSocket that comes back by itself and misses nothing.
//!
//! Events are numbered without gaps. After a loss the client asks for the next number of the same connection; if the
//! server no longer has it, it says hello with a new connection, and what is on the screen is fetched anew.

#![cfg(target_arch = "wasm32")]

use std::{cell::RefCell, rc::Rc};

use futures::{FutureExt, SinkExt, StreamExt, channel::mpsc, future::Either, select, stream::Fuse};
use gloo_net::websocket::{Message, State, futures::WebSocket};
use gloo_timers::future::{IntervalStream, TimeoutFuture};
use leptos::prelude::{GetUntracked, Set};
use model::{
    event::{Broadcast, Event, Received},
    json,
    system::{Ping, PingQuery},
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    browser,
    chat::{Chat, Said},
    later::later,
    load,
    state::{Link, Topic},
};

/// How often the connection is tried, and how long an answer may take, in milliseconds.
const PING_EVERY: u32 = 30_000;
const PONG_WITHIN: u32 = 10_000;
/// How long to wait before connecting again, at first and at most.
const FIRST_WAIT: u32 = 500;
const LONGEST_WAIT: u32 = 30_000;
/// How often the server is asked whether its database is back.
const ASK_EVERY: u32 = 500;

/// Where a connection stands, to take it up again.
#[derive(Default)]
struct Resume {
    connection_id: String,
    next: i64,
}

/// What arrives: an event, or the answer to something that was said.
#[derive(Deserialize)]
struct Frame {
    #[serde(default)]
    seq: Option<i64>,
    #[serde(default)]
    seq_reply: Option<i64>,
    #[serde(default)]
    event: Option<String>,
    #[serde(default)]
    data: Value,
    #[serde(default)]
    broadcast: Broadcast,
}

later! {
    /// Keeps connected for as long as the page is open.
    pub async fn run(chat: Chat) {
        let (sender, mut outbox) = mpsc::unbounded();
        chat.plug(sender);
        let queue = Queue { chat, waiting: Rc::default() };
        let mut resume = Resume::default();
        let mut wait = FIRST_WAIT;
        loop {
            let connected = connection(chat, &mut resume, &mut outbox, &queue).await;
            if connected {
                wait = FIRST_WAIT;
            }
            lost(chat).await;
            // A little at random, so that not everybody comes back in the same moment.
            let jitter = (js_sys::Math::random() * f64::from(wait) / 2.0) as u32;
            let mut pause = TimeoutFuture::new(wait / 2 + jitter).fuse();
            wait = (wait * 2).min(LONGEST_WAIT);
            loop {
                select! {
                    () = pause => break,
                    said = outbox.next() => if said == Some(Said::Hurry) { break },
                }
            }
        }
    }
}

/// Notes that the connection is lost, and whether other calls get through.
async fn lost(chat: Chat) {
    let since = chat.peek(|m| if let Link::Lost { at, .. } = m.link { at } else { browser::now() });
    let set = move |calls| {
        chat.update(|m| {
            m.link = Link::Lost { at: since, calls };
            vec![Topic::Link]
        });
    };
    set(chat.peek(|m| !matches!(m.link, Link::Lost { calls: false, .. })));
    let client = chat.client();
    let ping = client.send(Ping { query: PingQuery::default(), body: () });
    match futures::future::select(Box::pin(ping), TimeoutFuture::new(4_000)).await {
        Either::Left((answer, _)) => {
            let ended = matches!(&answer, Err(failure) if failure.is_signed_out());
            set(answer.is_ok());
            if ended {
                browser::go("/login");
            }
        }
        Either::Right(_) => set(false),
    }
}

/// Waits until the server's database is back, or somebody else has found that it is.
pub async fn await_storage(chat: Chat) {
    let lost = chat.client().storage_lost();
    let query = PingQuery {
        get_server_status: Some("true".to_owned()),
        use_rest_semantics: Some("true".to_owned()),
        ..PingQuery::default()
    };
    while lost.get_untracked() {
        TimeoutFuture::new(ASK_EVERY).await;
        let answer = chat.client().send(Ping { query: query.clone(), body: () }).await;
        if answer.is_ok_and(|health| health["database_status"] == "OK") {
            lost.set(false);
        }
    }
}

/// One connection, from opening to its end; true if it worked at all.
async fn connection(
    chat: Chat,
    resume: &mut Resume,
    outbox: &mut mpsc::UnboundedReceiver<Said>,
    queue: &Queue,
) -> bool {
    let origin = browser::origin().replacen("http", "ws", 1);
    let url =
        format!("{origin}/api/v4/websocket?connection_id={}&sequence_number={}", resume.connection_id, resume.next);
    let Ok(socket) = WebSocket::open(&url) else { return false };
    let mut socket = socket.fuse();
    let mut ticks = IntervalStream::new(PING_EVERY).fuse();
    let mut number = 1_i64;
    let mut worked = false;
    let mut awaited = false; // a pong
    let mut deadline = Box::pin(futures::future::pending().left_future().fuse());
    let mut polls = 0_u32;
    loop {
        select! {
            message = socket.next() => {
                let Some(Ok(message)) = message else { return worked };
                let Message::Text(text) = message else { continue };
                if !worked {
                    worked = true;
                    chat.update(|m| { m.link = Link::Connected; vec![Topic::Link] });
                    chat.say(chat.showing());
                }
                let Ok(frame) = json::read::<Frame>(&text) else { continue };
                if frame.seq_reply.is_some() {
                    awaited = false;
                    deadline = Box::pin(futures::future::pending().left_future().fuse());
                    continue;
                }
                let (Some(seq), Some(name)) = (frame.seq, frame.event) else { continue };
                let event = Event::read(name, frame.data).ok();
                if let Some(Event::Hello { connection_id, .. }) = &event
                    && connection_id.as_str() != resume.connection_id
                {
                    resume.connection_id = connection_id.to_string();
                    resume.next = seq + 1;
                    leptos::task::spawn_local(load::resync(chat));
                    continue;
                }
                if seq != resume.next {
                    // A gap: this connection cannot be trusted any more. What is missing comes with the next one.
                    if seq > resume.next { return worked; }
                    continue; // told twice
                }
                resume.next += 1;
                if let Some(event) = event {
                    queue.push(Received { event, broadcast: frame.broadcast, seq });
                }
            }
            _ = ticks.next() => {
                number += 1;
                let ping = format!(r#"{{"action":"ping","seq":{number},"data":{{}}}}"#);
                if !tell(&mut socket, ping).await { return worked; }
                awaited = true;
                deadline = Box::pin(TimeoutFuture::new(PONG_WITHIN).right_future().fuse());
                polls += 1;
                if polls.is_multiple_of(2) {
                    leptos::task::spawn_local(load::statuses(chat));
                }
            }
            () = deadline.as_mut() => if awaited { return worked },
            said = outbox.next() => {
                let asked = match said {
                    Some(Said::Typing(channel, root)) => {
                        vec![("user_typing", format!(r#""channel_id":"{channel}","parent_id":"{root}""#))]
                    }
                    Some(Said::Showing(channel, beside)) => vec![
                        ("presence", format!(r#""channel_id":"{channel}""#)),
                        ("presence", format!(r#""thread_channel_id":"{beside}""#)),
                    ],
                    Some(Said::Hurry) | None => continue,
                };
                for (action, data) in asked {
                    number += 1;
                    let text = format!(r#"{{"action":"{action}","seq":{number},"data":{{{data}}}}}"#);
                    if !tell(&mut socket, text).await { return worked; }
                }
            }
        }
    }
}

/// Sends a text; false if the connection no longer takes any, which its end may be told of only later.
async fn tell(socket: &mut Fuse<WebSocket>, text: String) -> bool {
    let ready = futures::future::poll_fn(|context| socket.poll_ready_unpin(context)).await;
    // Once it is not connecting any more it is asked, since a browser does not refuse what comes too late: it drops it
    // and complains to its console.
    ready.is_ok() && matches!(socket.get_ref().state(), State::Open) && socket.send(Message::Text(text)).await.is_ok()
}

/// Events that wait for the next frame, so that many at once are one change of the screen.
#[derive(Clone)]
struct Queue {
    chat: Chat,
    waiting: Rc<RefCell<Vec<Received>>>,
}

impl Queue {
    fn push(&self, received: Received) {
        let first = self.waiting.borrow().is_empty();
        self.waiting.borrow_mut().push(received);
        if first {
            let this = self.clone();
            browser::next_frame(move || {
                let events = std::mem::take(&mut *this.waiting.borrow_mut());
                for received in &events {
                    if let Event::Posted(posted) | Event::PersistentNotificationTriggered(posted) = &received.event {
                        crate::notify::posted(this.chat, posted);
                    }
                }
                this.chat.update(|m| events.into_iter().flat_map(|event| m.apply(event)).collect());
            });
        }
    }
}
