//! A WebSocket client for tests.

use futures::StreamExt as _;
use http::header;
use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
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
}

impl Socket {
    /// Connects and waits for the greeting.
    pub(super) async fn connect(address: SocketAddr, token: &str) -> Self {
        let mut request = format!("ws://{address}/api/v4/websocket").into_client_request().expect("an address");
        let bearer = format!("Bearer {token}").parse().expect("a token is plain text");
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        let (stream, _) = tokio_tungstenite::connect_async(request).await.expect("a connection");
        let mut socket = Self { stream, next: 0 };
        let hello = tokio::time::timeout(WAIT, socket.event()).await.expect("in time").expect("a greeting");
        assert_eq!(hello["event"], "hello");
        socket
    }

    /// The next event; none when the connection has ended. Their numbers have no gaps.
    async fn event(&mut self) -> Option<Value> {
        loop {
            let Message::Text(text) = self.stream.next().await?.ok()? else { continue };
            let event: Value = serde_json::from_str(&text).expect("events are JSON");
            if let Some(seq) = event["seq"].as_i64() {
                assert_eq!(seq, self.next, "no event is missing and none comes twice");
                self.next += 1;
                return Some(event);
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
