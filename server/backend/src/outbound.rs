//! Calls to other servers: the only place that makes them.
//!
//! People decide which addresses are called (webhooks, commands, previews), so none may lead to what only this machine
//! and its network can reach. That is decided by the very address that is connected to, after the name is resolved and
//! again at each redirect, so that no spelling and no change of a name in between gets around it. What an
//! administrator lists in `AllowedUntrustedInternalConnections` is called all the same. No proxy of the environment is
//! used, since it would resolve names by itself. Nobody's session ever goes with a call.

use crate::settings::Settings;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    sync::{Arc, Once, OnceLock},
    time::Duration,
};
use url::{Host, Url};

/// How many redirects are followed.
const REDIRECTS: usize = 5;
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a connection is kept for the next call. Short, since it outlives a change of the exceptions.
const IDLE: Duration = Duration::from_secs(15);

/// What is to be called, and how far to go.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    pub url: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// How long everything may take, redirects and answer included.
    pub within: Duration,
    /// How many bytes of the answer are read.
    pub most: usize,
    /// A longer answer is cut rather than refused.
    pub cut: bool,
    /// How many redirects are followed; with 0 a redirect is an answer.
    pub redirects: usize,
}

impl Call {
    /// A GET that takes an answer of a megabyte within ten seconds.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            url: url.into(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            within: Duration::from_secs(10),
            most: 1024 * 1024,
            cut: false,
            redirects: REDIRECTS,
        }
    }

    /// A POST of a body, otherwise the same.
    pub fn post(url: impl Into<String>, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { method: Method::POST, body: body.into(), ..Self::get(url) }
            .header(header::CONTENT_TYPE, HeaderValue::from_static(content_type))
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Without following redirects.
    #[must_use]
    pub fn staying(self) -> Self {
        Self { redirects: 0, ..self }
    }

    /// Within another time.
    #[must_use]
    pub fn within(self, within: Duration) -> Self {
        Self { within, ..self }
    }

    /// With another limit of the answer; what is longer is refused.
    #[must_use]
    pub fn at_most(self, bytes: usize) -> Self {
        Self { most: bytes, ..self }
    }

    /// With only the first bytes of the answer.
    #[must_use]
    pub fn only_first(self, bytes: usize) -> Self {
        Self { most: bytes, cut: true, ..self }
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Where it came from, after redirects.
    pub url: Url,
}

impl Answer {
    /// The media type, without parameters and in lower case; empty where it is not said.
    pub fn media_type(&self) -> String {
        let value = self.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The body as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("the address cannot be called: {0}")]
    Address(&'static str),
    #[error("the address is inside this network and not among AllowedUntrustedInternalConnections")]
    Inner,
    #[error("there was no answer in time")]
    TooLate,
    #[error("the answer is too large")]
    TooLarge,
    #[error("too many redirects")]
    Redirects,
    #[error("calls to other servers are not possible: {0}")]
    Client(String),
    #[error("the server could not be reached: {0}")]
    Unreachable(String),
}

/// Makes the calls.
pub struct Outbound {
    settings: Settings,
    /// Made at the first call, since reading the system's certificates takes a moment.
    client: OnceLock<Result<reqwest::Client, String>>,
}

impl Outbound {
    pub fn new(settings: Settings) -> Self {
        use_ring();
        Self { settings, client: OnceLock::new() }
    }

    /// How long the programs of integrations may take to answer.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.settings.get().service.outgoing_integration_requests_timeout.clamp(1, 600) as u64)
    }

    /// Calls, follows redirects, and reads the answer. Any status is an answer.
    ///
    /// # Errors
    ///
    /// The address is not allowed, or there is no answer in time and size.
    pub async fn call(&self, call: Call) -> Result<Answer, Failure> {
        let within = call.within;
        tokio::time::timeout(within, self.follow(call)).await.unwrap_or(Err(Failure::TooLate))
    }

    async fn follow(&self, mut call: Call) -> Result<Answer, Failure> {
        let mut url = self.checked(&call.url)?;
        for _ in 0..=call.redirects {
            let response = self.send(&call, url.clone()).await?;
            let next = redirect(&response).filter(|_| call.redirects > 0);
            let Some(next) = next else { return read(response, call.most, call.cut).await };
            let next =
                self.checked(url.join(next).map_err(|_| Failure::Address("it redirects to nowhere"))?.as_str())?;
            if next.origin() != url.origin() {
                for secret in [header::AUTHORIZATION, header::COOKIE] {
                    call.headers.remove(secret);
                }
            }
            let again = matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
            if !again && call.method != Method::GET {
                call.method = Method::GET;
                call.body.clear();
                call.headers.remove(header::CONTENT_TYPE);
            }
            url = next;
        }
        Err(Failure::Redirects)
    }

    async fn send(&self, call: &Call, url: Url) -> Result<reqwest::Response, Failure> {
        let client = self.client.get_or_init(|| client(&self.settings)).as_ref();
        let client = client.map_err(|cause| Failure::Client(cause.clone()))?;
        let request = client.request(call.method.clone(), url).headers(call.headers.clone()).body(call.body.clone());
        request.send().await.map_err(|error| failure(&error))
    }

    /// The address in its one spelling, if it may be called as far as can be told without resolving names.
    ///
    /// # Errors
    ///
    /// It is none, of another scheme than HTTP, or written as an inner address.
    pub fn checked(&self, address: &str) -> Result<Url, Failure> {
        let url = Url::parse(address.trim()).map_err(|_| Failure::Address("it is none"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Failure::Address("it is neither http nor https"));
        }
        let ip: IpAddr = match url.host() {
            None => return Err(Failure::Address("it has no host")),
            Some(Host::Domain(_)) => return Ok(url),
            Some(Host::Ipv4(ip)) => ip.into(),
            Some(Host::Ipv6(ip)) => ip.into(),
        };
        if Exceptions::of(&self.settings).admit("", ip) { Ok(url) } else { Err(Failure::Inner) }
    }
}

/// Where a response redirects to.
fn redirect(response: &reqwest::Response) -> Option<&str> {
    let redirects = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    redirects.then(|| response.headers().get(header::LOCATION)?.to_str().ok()).flatten()
}

async fn read(mut response: reqwest::Response, most: usize, cut: bool) -> Result<Answer, Failure> {
    let (status, url) = (response.status(), response.url().clone());
    let headers = std::mem::take(response.headers_mut());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        let room = most - body.len();
        if chunk.len() > room && !cut {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == most && cut {
            break;
        }
    }
    Ok(Answer { status, headers, body, url })
}

/// What went wrong, without the address, which can hold secrets.
fn failure(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    let mut last = "the request failed".to_owned();
    while let Some(error) = cause {
        if error.is::<InnerAddress>() {
            return Failure::Inner;
        }
        last = error.to_string();
        cause = error.source();
    }
    Failure::Unreachable(last)
}

fn client(settings: &Settings) -> Result<reqwest::Client, String> {
    reqwest::Client::builder()
        .dns_resolver(Arc::new(Guarded { settings: settings.clone() }))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT)
        .pool_idle_timeout(IDLE)
        .user_agent(concat!("Confab/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| format!("{:#}", anyhow::Error::from(error)))
}

/// Makes ring the process's provider of TLS, which every library here then uses.
pub fn use_ring() {
    static ONCE: Once = Once::new();
    // Fails only where there is a provider already, which then is as good.
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

/// A name that leads to inner addresses only.
#[derive(Debug, thiserror::Error)]
#[error("an inner address")]
struct InnerAddress;

/// Resolves names to the addresses that may be connected to.
struct Guarded {
    settings: Settings,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let exceptions = Exceptions::of(&self.settings);
        Box::pin(async move {
            let host = name.as_str();
            let found = tokio::net::lookup_host((host, 0)).await?;
            let outer: Vec<SocketAddr> = found.filter(|address| exceptions.admit(host, address.ip())).collect();
            if outer.is_empty() {
                return Err(InnerAddress.into());
            }
            Ok(Box::new(outer.into_iter()) as Addrs)
        })
    }
}

/// What may be called although it is inside.
#[derive(Default)]
struct Exceptions {
    hosts: Vec<String>,
    networks: Vec<ipnet::IpNet>,
}

impl Exceptions {
    fn of(settings: &Settings) -> Self {
        Self::parse(&settings.get().service.allowed_untrusted_internal_connections)
    }

    fn parse(text: &str) -> Self {
        let mut all = Self::default();
        for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()) {
            if let Ok(network) = word.parse() {
                all.networks.push(network);
            } else if let Ok(ip) = word.parse::<IpAddr>() {
                all.networks.push(ip.to_canonical().into());
            } else {
                all.hosts.push(word.trim_end_matches('.').to_lowercase());
            }
        }
        all
    }

    /// Whether an address may be connected to, for a host of that name.
    fn admit(&self, host: &str, ip: IpAddr) -> bool {
        let (host, ip) = (host.trim_end_matches('.').to_lowercase(), ip.to_canonical());
        self.hosts.contains(&host)
            || self.networks.iter().any(|network| network.contains(&ip))
            || !(is_inner(ip) || is_own(ip))
    }
}

/// Whether an address is anything else than one of the public Internet.
fn is_inner(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_inner_v4(ip),
        IpAddr::V6(ip) => is_inner_v6(ip),
    }
}

fn is_inner_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    match a {
        // "This" network, private, loopback; multicast, reserved and broadcast.
        0 | 10 | 127 | 224..=255 => true,
        // Shared by a carrier's customers.
        100 => (64..128).contains(&b),
        169 => b == 254,
        172 => (16..32).contains(&b),
        // Private, protocol assignments, documentation, relays of 6to4.
        192 => b == 168 || (b == 0 && (c == 0 || c == 2)) || (b == 88 && c == 99),
        // Benchmarks, documentation.
        198 => b == 18 || b == 19 || (b == 51 && c == 100),
        203 => b == 0 && c == 113,
        _ => false,
    }
}

fn is_inner_v6(ip: Ipv6Addr) -> bool {
    let words = ip.segments();
    // Through a NAT64 an IPv4 address is reached: that one decides.
    if words[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return is_inner_v4(Ipv4Addr::from_bits(ip.to_bits() as u32));
    }
    let global = words[0] & 0xe000 == 0x2000;
    // Protocol assignments (with Teredo), documentation, 6to4.
    let special = (words[0] == 0x2001 && (words[1] < 0x200 || words[1] == 0xdb8))
        || words[0] == 0x2002
        || (words[0] == 0x3fff && words[1] < 0x1000);
    !global || special
}

/// Whether an address is this machine's: then the system would use it to reach itself. Nothing is sent.
fn is_own(ip: IpAddr) -> bool {
    let any: IpAddr = if ip.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let reached_from = || {
        let socket = UdpSocket::bind((any, 0))?;
        socket.connect((ip, 9))?;
        socket.local_addr()
    };
    reached_from().is_ok_and(|from| from.ip() == ip)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::config::Config;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    fn outbound(exceptions: &str) -> Outbound {
        let mut config = Config::default();
        exceptions.clone_into(&mut config.service.allowed_untrusted_internal_connections);
        Outbound::new(Settings::in_memory(config))
    }

    /// Answers every request the same.
    async fn answering(answer: &'static str) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut asked = [0; 4096];
                let _ = socket.read(&mut asked).await;
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        port
    }

    #[tokio::test]
    async fn no_spelling_of_an_inner_address_is_called() {
        let out = outbound("");
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "017700000001",
            "0177.0.0.01",
            "127.0.0.1.",
            "%31%32%37.0.0.1",
            "１２７.0.0.1",
            "0.0.0.0",
            "0",
            "10.1.2.3",
            "100.64.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::127.0.0.1]",
            "[64:ff9b::a00:1]",
            "[64:ff9b:1::a00:1]",
            "[2002:7f00:1::]",
            "[2001::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[ff02::1]",
            "localhost",
            "LOCALHOST",
            "user:secret@localhost",
            "example.com@127.0.0.1",
        ] {
            let answer = out.call(Call::get(format!("http://{host}:9/"))).await;
            assert!(matches!(answer, Err(Failure::Inner)), "{host}: {answer:?}");
        }
        for address in ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://example.com/", "//127.0.0.1/", "x", ""] {
            let answer = out.call(Call::get(address)).await;
            assert!(matches!(answer, Err(Failure::Address(_))), "{address}: {answer:?}");
        }
    }

    #[test]
    fn public_addresses_are_outside() {
        for ip in
            ["1.1.1.1", "100.63.0.1", "100.128.0.1", "172.32.0.1", "192.1.0.1", "2606:4700::1111", "64:ff9b::808:808"]
        {
            assert!(!is_inner(ip.parse().expect("an address")), "{ip}");
        }
    }

    #[test]
    fn exceptions_are_hosts_addresses_and_networks() {
        let all = Exceptions::parse("hooks.lan, 10.0.0.7 192.168.0.0/16\t::1");
        let ip = |text: &str| text.parse().expect("an address");
        assert!(all.admit("Hooks.lan.", ip("10.9.9.9")));
        assert!(all.admit("any", ip("10.0.0.7")) && !all.admit("any", ip("10.0.0.8")));
        assert!(all.admit("any", ip("192.168.3.4")) && all.admit("any", ip("::ffff:192.168.3.4")));
        assert!(all.admit("", ip("::1")) && !all.admit("other.lan", ip("127.0.0.1")));
    }

    #[tokio::test]
    async fn an_exception_is_called_and_its_answer_bounded() {
        let port =
            answering("HTTP/1.1 200 OK\r\ncontent-type: Text/Plain; x=y\r\ncontent-length: 5\r\n\r\nhello").await;
        let url = format!("http://127.0.0.1:{port}/a/../b");
        let refused = outbound("127.0.0.2").call(Call::get(&url)).await;
        assert!(matches!(refused, Err(Failure::Inner)));
        let out = outbound("127.0.0.1");
        let answer = out.call(Call::get(&url)).await.expect("an answer");
        assert_eq!((answer.text().as_str(), answer.media_type().as_str()), ("hello", "text/plain"));
        assert_eq!(answer.url.path(), "/b");
        assert!(matches!(out.call(Call::get(&url).at_most(4)).await, Err(Failure::TooLarge)));
        let cut = out.call(Call::get(&url).only_first(4)).await.expect("the beginning");
        assert_eq!(cut.text(), "hell");
        let by_name = outbound("localhost").call(Call::get(format!("http://localhost:{port}/"))).await;
        assert_eq!(by_name.expect("the name is an exception").text(), "hello");
    }

    #[tokio::test]
    async fn each_redirect_is_checked_and_they_end() {
        let inward =
            answering("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2:9/\r\ncontent-length: 0\r\n\r\n").await;
        let out = outbound("127.0.0.1");
        let answer = out.call(Call::get(format!("http://127.0.0.1:{inward}/"))).await;
        assert!(matches!(answer, Err(Failure::Inner)), "{answer:?}");
        let round = answering("HTTP/1.1 301 Moved\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n").await;
        let answer = out.call(Call::get(format!("http://127.0.0.1:{round}/"))).await;
        assert!(matches!(answer, Err(Failure::Redirects)), "{answer:?}");
    }

    #[tokio::test]
    async fn who_does_not_answer_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let answer = outbound("127.0.0.1").call(Call::get(url).within(Duration::from_millis(200))).await;
        assert!(matches!(answer, Err(Failure::TooLate)), "{answer:?}");
    }
}
