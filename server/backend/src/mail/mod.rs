//! Mail: letters in text and HTML ([`letters`]), sent over SMTP. Who gets one is not decided here.
//!
//! Actions order letters inside their change (`store::jobs::Letter`); only a job, or an administrator who tries the
//! settings, calls [`send`].

pub mod letters;

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
        extension::ClientId,
    },
};
use model::{AnyId, config::Config};
use std::time::Duration;
use store::jobs::Letter;

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It may be sent later: the server is away, or refuses it for now.
    #[error("{0}")]
    Later(String),
    /// It will never be sent: the address cannot be, or the server refuses it for good.
    #[error("{0}")]
    Never(String),
}

/// Tells programs that answer mails by themselves not to.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Sends a letter. The id becomes the mail's, so that repeating it does no harm.
///
/// # Errors
///
/// The server cannot be reached or refuses it.
pub async fn send(config: &Config, letter: &Letter, id: AnyId) -> Result<(), Failure> {
    let message = message(config, letter, id)?;
    let answer = transport(config)?.send(message).await;
    answer.map(drop).map_err(|e| if e.is_permanent() { Failure::Never(told(&e)) } else { Failure::Later(told(&e)) })
}

/// An error with its causes.
fn told(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |e| e.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// The host of the site's address.
fn host(config: &Config) -> &str {
    let site = &config.service.site_url;
    let rest = site.split_once("://").map_or("", |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or("");
    if host.is_empty() { "localhost" } else { host }
}

fn message(config: &Config, letter: &Letter, id: AnyId) -> Result<Message, Failure> {
    let never = |place: &str| Failure::Never(format!("{place} is not an address"));
    let email = &config.email;
    let name = if email.feedback_name.is_empty() { &config.team.site_name } else { &email.feedback_name };
    let from = if email.feedback_email.is_empty() {
        format!("no-reply@{}", host(config))
    } else {
        email.feedback_email.clone()
    };
    let from = from.parse().map_err(|_| never("EmailSettings.FeedbackEmail"))?;
    let to = letter.to.parse().map_err(|_| never("the receiver's address"))?;
    let mut message = Message::builder()
        .from(Mailbox::new(Some(name.clone()), from))
        .to(Mailbox::new(None, to))
        .subject(letter.subject.replace(['\r', '\n'], " "))
        .message_id(Some(format!("<{id}@{}>", host(config))))
        .header(AutoSubmitted);
    if !email.reply_to_address.is_empty() {
        let address = email.reply_to_address.parse().map_err(|_| never("EmailSettings.ReplyToAddress"))?;
        message = message.reply_to(Mailbox::new(None, address));
    }
    message
        .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
        .map_err(|e| Failure::Never(told(&e)))
}

fn transport(config: &Config) -> Result<AsyncSmtpTransport<Tokio1Executor>, Failure> {
    let email = &config.email;
    let parameters = || {
        TlsParameters::builder(email.smtp_server.clone())
            .dangerous_accept_invalid_certs(email.skip_server_certificate_verification)
            .build()
            .map_err(|e| Failure::Later(told(&e)))
    };
    let tls = match email.connection_security.as_str() {
        "TLS" => Tls::Wrapper(parameters()?),
        "STARTTLS" => Tls::Required(parameters()?),
        _ => Tls::None,
    };
    let timeout = Duration::from_secs(email.smtp_server_timeout.unsigned_abs());
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&email.smtp_server)
        .port(email.smtp_port.parse().unwrap_or(25))
        .hello_name(ClientId::Domain(host(config).to_owned()))
        .timeout(Some(timeout))
        .tls(tls);
    if email.enable_smtp_auth {
        builder = builder.credentials(Credentials::new(email.smtp_username.clone(), email.smtp_password.clone()));
    }
    Ok(builder.build())
}
