//! A WebSocket client for tests.

use futures::{SinkExt as _, StreamExt as _};
use http::header;
use serde_json::{Value, json};
use std::{collections::VecDeque, net::SocketAddr, time::Duration};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest as _},
};

/// How long an event may take to arrive.
const WAIT: Duration = Duration::from_secs(10);

/// One connection, signed in by a token.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next: i64,
    /// Events that came before a reply.
    kept: VecDeque<Value>,
    asked: i64,
}

impl Socket {
    /// Connects, with a query, and waits for the greeting.
    pub(super) async fn connect(address: SocketAddr, token: &str, query: &str) -> Self {
        let mut request = format!("ws://{address}/api/v4/websocket?{query}").into_client_request().expect("an address");
        let bearer = format!("Bearer {token}").parse().expect("a token is plain text");
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        let (stream, _) = tokio_tungstenite::connect_async(request).await.expect("a connection");
        let mut socket = Self { stream, next: 0, kept: VecDeque::new(), asked: 0 };
        let hello = tokio::time::timeout(WAIT, socket.event()).await.expect("in time").expect("a greeting");
        assert_eq!(hello["event"], "hello");
        socket
    }

    /// The next event; none when the connection has ended. Their numbers have no gaps.
    async fn event(&mut self) -> Option<Value> {
        if let Some(event) = self.kept.pop_front() {
            return Some(event);
        }
        loop {
            let event = self.frame().await?;
            if let Some(seq) = event["seq"].as_i64() {
                assert_eq!(seq, self.next, "no event is missing and none comes twice");
                self.next += 1;
                return Some(event);
            }
        }
    }

    /// The next event or reply.
    async fn frame(&mut self) -> Option<Value> {
        loop {
            let Message::Text(text) = self.stream.next().await?.ok()? else { continue };
            return Some(serde_json::from_str(&text).expect("what comes is JSON"));
        }
    }

    /// Asks for something; its reply.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub async fn ask(&mut self, action: &str, data: Value) -> Value {
        self.asked += 1;
        let text = json!({"action": action, "seq": self.asked, "data": data}).to_string();
        self.stream.send(Message::Text(text.into())).await.expect("it is connected");
        loop {
            let frame = tokio::time::timeout(WAIT, self.frame()).await.expect("in time").expect("it is connected");
            if frame["seq_reply"] == self.asked {
                return frame;
            }
            if let Some(seq) = frame["seq"].as_i64() {
                assert_eq!(seq, self.next, "no event is missing and none comes twice");
                self.next += 1;
                self.kept.push_back(frame);
            }
        }
    }

    /// All events up to the one with a text in it.
    ///
    /// # Panics
    ///
    /// If it does not come.
    pub async fn until(&mut self, mark: &str) -> Vec<Value> {
        let mut heard = Vec::new();
        loop {
            let event = tokio::time::timeout(WAIT, self.event()).await.expect("in time").expect("it is connected");
            let last = event.to_string().contains(mark);
            heard.push(event);
            if last {
                return heard;
            }
        }
    }

    /// All events of the time to come.
    pub async fn during(&mut self, time: Duration) -> Vec<Value> {
        let end = tokio::time::Instant::now() + time;
        let mut heard = Vec::new();
        while let Ok(Some(event)) = tokio::time::timeout_at(end, self.event()).await {
            heard.push(event);
        }
        heard
    }

    /// Whether the connection ends in time.
    pub async fn ends_within(&mut self, time: Duration) -> bool {
        let ended = async { while self.event().await.is_some() {} };
        tokio::time::timeout(time, ended).await.is_ok()
    }
}
