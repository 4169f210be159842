//! The mail server, as `MAKEGOOD_SMTP_URL` names it.

use std::fmt;
use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// Port of submission over TLS from the start. Source: RFC 8314 section 7.3.
const PORT_IMPLICIT: u16 = 465;
/// Port of submission with STARTTLS. Source: RFC 6409 section 3.1.
const PORT_STARTTLS: u16 = 587;
/// Port of plain SMTP.
const PORT_CLEAR: u16 = 25;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the start (`smtps://`).
    Implicit,
    /// STARTTLS before anything else; a server that does not offer it is not spoken to (`smtp://`).
    Required,
    /// None (`smtp://…?tls=none`, and `smtp://` to this machine itself).
    Clear,
}

/// A mail server and how to reach it.
#[derive(Clone, PartialEq, Eq)]
pub struct Server {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub encryption: Encryption,
    /// User and password, where the server wants them.
    pub credentials: Option<(String, String)>,
}

/// The text is no address of a mail server that can be used. Never repeats the text, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSmtpUrl {
    /// It is no URL with `smtp` or `smtps` and a host.
    #[error("is no address of a mail server; use smtps://USER:PASSWORD@HOST or smtp://USER:PASSWORD@HOST:587")]
    Form,
    /// There is a parameter other than `tls`, or `tls` says something else than it may.
    #[error("has a parameter that is not known; allowed is tls=required or tls=none, with smtp:// only")]
    Parameter,
    /// A password would cross the network in the clear.
    #[error("would send a password in the clear; use smtps:// or tls=required")]
    ClearPassword,
}

impl Server {
    /// Reads `smtp[s]://[user:password@]host[:port][?tls=required|none]`.
    pub fn parse(text: &str) -> Result<Self, BadSmtpUrl> {
        let url = Url::parse(text.trim()).map_err(|_| BadSmtpUrl::Form)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(BadSmtpUrl::Form)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(BadSmtpUrl::Form);
        }
        let local = is_loopback(&url);
        let wanted: Vec<_> = url.query_pairs().collect();
        let wanted: Vec<(&str, &str)> = wanted.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        let encryption = match (url.scheme(), wanted.as_slice()) {
            ("smtps", []) => Encryption::Implicit,
            ("smtp", []) if local => Encryption::Clear,
            ("smtp", [] | [("tls", "required")]) => Encryption::Required,
            ("smtp", [("tls", "none")]) => Encryption::Clear,
            ("smtp" | "smtps", _) => return Err(BadSmtpUrl::Parameter),
            _ => return Err(BadSmtpUrl::Form),
        };
        let credentials = credentials(&url)?;
        if credentials.is_some() && encryption == Encryption::Clear && !local {
            return Err(BadSmtpUrl::ClearPassword);
        }
        let port = url.port().unwrap_or(match encryption {
            Encryption::Implicit => PORT_IMPLICIT,
            Encryption::Required => PORT_STARTTLS,
            Encryption::Clear => PORT_CLEAR,
        });
        Ok(Self { host, port, encryption, credentials })
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} ({:?})", self.host, self.port, self.encryption)
    }
}

fn credentials(url: &Url) -> Result<Option<(String, String)>, BadSmtpUrl> {
    let plain = |text: &str| percent_decode_str(text).decode_utf8().map(String::from).map_err(|_| BadSmtpUrl::Form);
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        (user, password) => Ok(Some((plain(user)?, plain(password.unwrap_or_default())?))),
    }
}

/// Whether the server is this machine itself. `smtp` is no scheme that the URL standard knows hosts of, so an address is
/// read from its text too.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => {
            name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_say_how_to_connect() {
        for (text, host, port, encryption) in [
            ("smtps://mail.example.com", "mail.example.com", 465, Encryption::Implicit),
            ("smtp://mail.example.com", "mail.example.com", 587, Encryption::Required),
            ("smtp://mail.example.com:2525?tls=required", "mail.example.com", 2525, Encryption::Required),
            ("smtp://mail.example.com?tls=none", "mail.example.com", 25, Encryption::Clear),
            ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Encryption::Clear),
            ("smtp://localhost:1025/", "localhost", 1025, Encryption::Clear),
            ("smtp://[::1]:1025", "::1", 1025, Encryption::Clear),
            ("smtp://localhost?tls=required", "localhost", 587, Encryption::Required),
        ] {
            let server = Server::parse(text).unwrap();
            assert_eq!((server.host.as_str(), server.port, server.encryption), (host, port, encryption), "{text}");
            assert_eq!(server.credentials, None);
        }
    }

    #[test]
    fn passwords_are_decoded_and_never_shown() {
        let server = Server::parse("smtps://desk%40example.com:p%3A%2Fss@mail.example.com").unwrap();
        assert_eq!(server.credentials, Some(("desk@example.com".to_owned(), "p:/ss".to_owned())));
        assert!(!format!("{server:?}").contains("ss@") && !format!("{server:?}").contains("p:/ss"));
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        for (text, error) in [
            ("", BadSmtpUrl::Form),
            ("mail.example.com", BadSmtpUrl::Form),
            ("http://mail.example.com", BadSmtpUrl::Form),
            ("smtp://", BadSmtpUrl::Form),
            ("smtp://mail.example.com/path", BadSmtpUrl::Form),
            ("smtp://mail.example.com?tls=maybe", BadSmtpUrl::Parameter),
            ("smtp://mail.example.com?x=1", BadSmtpUrl::Parameter),
            ("smtps://mail.example.com?tls=none", BadSmtpUrl::Parameter),
            ("smtp://user:secret@mail.example.com?tls=none", BadSmtpUrl::ClearPassword),
        ] {
            assert_eq!(Server::parse(text), Err(error), "{text}");
        }
        assert!(Server::parse("smtp://user:secret@127.0.0.1").is_ok());
    }
}
