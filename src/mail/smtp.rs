//! Handing a mail to a server, knowing at every step what a broken connection would mean.
//!
//! The dialogue is driven command by command, because what matters is where it broke: before the mail was handed over it
//! was surely not taken and can be tried again; after that, nobody knows, and it must not be repeated by a machine. A
//! ready-made transport tells only that it broke.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use lettre::Address;
use lettre::address::Envelope;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use tokio::time::timeout;

use super::mailer::Delivery;
use super::server::{Encryption, Server};

/// To connect, encrypt and sign in.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// To name sender and recipient and be told to go on.
const ENVELOPE_TIMEOUT: Duration = Duration::from_secs(20);
/// To hand the mail over and be told that it was taken; servers that scan mail take their time.
const CONTENT_TIMEOUT: Duration = Duration::from_secs(60);
/// To say goodbye; nothing depends on it.
const QUIT_TIMEOUT: Duration = Duration::from_secs(2);
/// A connection that was idle for longer is likely closed by the server.
const IDLE_MAX: Duration = Duration::from_secs(20);
/// Connections kept for the next mails.
const IDLE_CONNECTIONS_MAX: usize = 4;
/// How much of what a server said is kept.
const DETAIL_CHARS_MAX: usize = 200;

/// One mail server and the connections to it that wait for the next mail.
pub(super) struct Smtp {
    server: Server,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Smtp {
    pub(super) fn new(server: Server) -> Self {
        Self { server, idle: Mutex::new(Vec::new()) }
    }

    /// Hands one mail over.
    pub(super) async fn send(&self, envelope: &Envelope, mail: &[u8]) -> Delivery {
        let mut connection = match self.connection().await {
            Ok(connection) => connection,
            // Whatever a server says before it has heard of the mail is not about the mail.
            Err(detail) => return Delivery::NotTaken { retryable: true, detail },
        };
        let announced = timeout(ENVELOPE_TIMEOUT, announce(&mut connection, envelope, mail)).await;
        if let Err(refusal) = announced.unwrap_or_else(|_| Err(timed_out("before the mail was handed over"))) {
            goodbye(connection).await;
            return refusal;
        }
        match timeout(CONTENT_TIMEOUT, connection.message(mail)).await {
            Ok(Ok(_)) => {
                self.keep(connection);
                Delivery::Taken
            }
            Ok(Err(error)) if error.is_permanent() || error.is_transient() => {
                goodbye(connection).await;
                Delivery::NotTaken { retryable: error.is_transient(), detail: told(&error) }
            }
            Ok(Err(error)) => Delivery::Unknown { detail: told(&error) },
            Err(_) => Delivery::Unknown { detail: "no answer after the mail was handed over".to_owned() },
        }
    }

    /// Connects, encrypts and signs in, and says goodbye.
    pub(super) async fn check(&self) -> Result<(), String> {
        goodbye(self.connect().await?).await;
        Ok(())
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, String> {
        while let Some(mut connection) = self.idle_connection() {
            if timeout(QUIT_TIMEOUT, connection.test_connected()).await.unwrap_or(false) {
                return Ok(connection);
            }
        }
        self.connect().await
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, String> {
        match timeout(CONNECT_TIMEOUT, self.sign_in()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(told(&error)),
            Err(_) => Err("no connection within its time".to_owned()),
        }
    }

    async fn sign_in(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let Server { host, port, encryption, credentials } = &self.server;
        let hello = ClientId::default();
        let from_start = match encryption {
            Encryption::Implicit => Some(TlsParameters::new(host.clone())?),
            Encryption::Required | Encryption::Clear => None,
        };
        let address = (host.as_str(), *port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(CONNECT_TIMEOUT), &hello, from_start, None).await?;
        if *encryption == Encryption::Required {
            connection.starttls(TlsParameters::new(host.clone())?, &hello).await?;
        }
        if let Some((user, password)) = credentials {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
        }
        Ok(connection)
    }

    fn idle_connection(&self) -> Option<AsyncSmtpConnection> {
        let mut idle = self.idle.lock().ok()?;
        idle.retain(|(_, since)| since.elapsed() < IDLE_MAX);
        idle.pop().map(|(connection, _)| connection)
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        if let Ok(mut idle) = self.idle.lock()
            && idle.len() < IDLE_CONNECTIONS_MAX
        {
            idle.push((connection, Instant::now()));
        }
    }
}

/// Names sender and recipient, and waits to be told to go on with the mail itself.
async fn announce(connection: &mut AsyncSmtpConnection, envelope: &Envelope, mail: &[u8]) -> Result<(), Delivery> {
    let mut parameters = Vec::new();
    let is_ascii = |address: &Address| address.to_string().is_ascii();
    if !envelope.to().iter().chain(envelope.from()).all(is_ascii) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            let detail = "the server cannot carry this address (SMTPUTF8)".to_owned();
            return Err(Delivery::NotTaken { retryable: false, detail });
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !mail.is_ascii() && connection.server_info().supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let refused = |error: SmtpError| Delivery::NotTaken { retryable: !error.is_permanent(), detail: told(&error) };
    connection.command(Mail::new(envelope.from().cloned(), parameters)).await.map_err(refused)?;
    for recipient in envelope.to() {
        connection.command(Rcpt::new(recipient.clone(), Vec::new())).await.map_err(refused)?;
    }
    let answer = connection.command(Data).await.map_err(refused)?;
    if answer.has_code(354) {
        Ok(())
    } else {
        Err(Delivery::NotTaken { retryable: true, detail: format!("the server answered {} to DATA", answer.code()) })
    }
}

async fn goodbye(mut connection: AsyncSmtpConnection) {
    // Whether the server hears it changes nothing.
    let _ = timeout(QUIT_TIMEOUT, connection.abort()).await;
}

fn timed_out(when: &str) -> Delivery {
    Delivery::NotTaken { retryable: true, detail: format!("no answer {when}") }
}

/// What went wrong, without addresses, which servers like to repeat and logs must not hold.
fn told(error: &SmtpError) -> String {
    let text = error.to_string();
    let words = text.split_whitespace().map(|word| if word.contains('@') { "(address)" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().take(DETAIL_CHARS_MAX).collect()
}
