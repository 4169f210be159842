//! Readers: the text of one setting into a type that cannot be wrong.
//!
//! Each answers with the reason for a refusal as the end of a sentence ("is …"); `parent::Refusal` adds which setting,
//! from where, and what is allowed.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use jiff::SignedDuration;
use url::Url;

use super::{Clamd, DatabaseUrl, Environment, LogFormat};
use crate::domain::access::Role;
use crate::domain::secret::{Secret, SecretKey};
use crate::providers::simulator::mode::Mode;

/// The longest that evidence is kept, where that is not for ever, in days: a hundred years.
const EVIDENCE_DAYS_MAX: u32 = 36_500;

/// The longest that a decision can be undone, in seconds: customers wait meanwhile.
const UNDO_SECONDS_MAX: u32 = 300;
/// Ten years; a larger shift is a slip of the finger.
const CLOCK_OFFSET_S_MAX: i64 = 10 * 366 * 86_400;
const RATE_MAX: u32 = 1_000_000;
const DELAY_MS_MAX: u64 = 600_000;
const EVIDENCE_BYTES: std::ops::RangeInclusive<u64> = 1_048_576..=104_857_600;
const EVIDENCE_FILES: std::ops::RangeInclusive<usize> = 1..=20;

pub(super) type Reading<T> = Result<T, String>;

pub(super) fn environment(text: &str) -> Reading<Environment> {
    match text {
        "test" => Ok(Environment::Test),
        "live" => Ok(Environment::Live),
        _ => Err(format!("is {text:?}")),
    }
}

pub(super) fn socket_address(text: &str) -> Reading<SocketAddr> {
    text.parse().map_err(|_| format!("is {text:?}, which is no address with a port"))
}

pub(super) fn folder(text: &str) -> Reading<PathBuf> {
    if text.is_empty() || text.contains('\0') { Err("is not a path".into()) } else { Ok(PathBuf::from(text)) }
}

/// An origin: scheme, host, port, and nothing behind.
pub(super) fn public_url(text: &str) -> Reading<Url> {
    let url = web_url(text)?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("is {text:?}, which goes on behind the host"));
    }
    Ok(url)
}

pub(super) fn web_url(text: &str) -> Reading<Url> {
    let url = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("is {text:?}, which is neither http nor https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("carries a user or a password".into());
    }
    Ok(url)
}

pub(super) fn database_url(text: &str) -> Reading<DatabaseUrl> {
    if let Some(path) = text.strip_prefix("sqlite://") {
        if path.is_empty() || path.contains(['?', '#', '\0']) || path.contains(":memory:") {
            return Err("names no file for SQLite".into());
        }
        return Ok(DatabaseUrl::Sqlite(PathBuf::from(path)));
    }
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return match Url::parse(text) {
            Ok(_) => Ok(DatabaseUrl::Postgres(Secret::new(text))),
            Err(error) => Err(format!("is no URL: {error}")),
        };
    }
    match text.split_once("://") {
        Some((scheme, _)) => Err(format!("has the scheme {scheme:?}")),
        None => Err("is no URL".into()),
    }
}

pub(super) fn secret_key(text: &str) -> Reading<SecretKey> {
    SecretKey::parse(text).map_err(|error| error.to_string())
}

pub(super) fn evidence_url(text: &str) -> Reading<Url> {
    let url = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
    match url.scheme() {
        "file" if url.path().len() > 1 && url.host_str().is_none_or(str::is_empty) => Ok(url),
        "s3" if url.host_str().is_some_and(|bucket| !bucket.is_empty()) => Ok(url),
        _ => Err(format!("is {text:?}")),
    }
}

pub(super) fn clamd(text: &str) -> Reading<Clamd> {
    if let Some(path) = text.strip_prefix("unix:") {
        let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
        return if path.is_absolute() { Ok(Clamd::Unix(path)) } else { Err(format!("is {text:?}")) };
    }
    let address = text.strip_prefix("tcp://").unwrap_or(text);
    match address.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && !host.contains('/') && port.parse::<u16>().is_ok() => {
            Ok(Clamd::Tcp(address.to_owned()))
        }
        Some(_) | None => Err(format!("is {text:?}, which is no host with a port")),
    }
}

/// Keys parted by commas or white space, the current one first.
pub(super) fn secret_keys(text: &str) -> Reading<Vec<SecretKey>> {
    let keys = text.split(|letter: char| letter == ',' || letter.is_whitespace()).filter(|key| !key.is_empty());
    let keys = keys.map(secret_key).collect::<Reading<Vec<_>>>()?;
    if keys.is_empty() { Err("holds no key".into()) } else { Ok(keys) }
}

pub(super) fn evidence_bytes(text: &str) -> Reading<u64> {
    text.parse().ok().filter(|bytes| EVIDENCE_BYTES.contains(bytes)).ok_or_else(|| format!("is {text:?}"))
}

pub(super) fn evidence_files(text: &str) -> Reading<usize> {
    text.parse().ok().filter(|files| EVIDENCE_FILES.contains(files)).ok_or_else(|| format!("is {text:?}"))
}

/// Nothing where evidence is kept for ever.
pub(super) fn evidence_days(text: &str) -> Reading<Option<u32>> {
    let days = text.parse().ok().filter(|days| *days <= EVIDENCE_DAYS_MAX).ok_or_else(|| format!("is {text:?}"))?;
    Ok(Some(days).filter(|days| *days > 0))
}

pub(super) fn region(text: &str) -> Reading<String> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if !text.is_empty() && text.chars().all(fits) { Ok(text.to_owned()) } else { Err(format!("is {text:?}")) }
}

pub(super) fn access_key_id(text: &str) -> Reading<String> {
    let fits = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_graphic());
    if fits { Ok(text.to_owned()) } else { Err(format!("is {text:?}")) }
}

/// Nothing of it is told in a refusal.
pub(super) fn access_key(text: &str) -> Reading<Secret> {
    let fits = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_graphic());
    if fits { Ok(Secret::new(text)) } else { Err("has characters that no access key has".into()) }
}

pub(super) fn smtp_url(text: &str) -> Reading<Secret> {
    let url = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
    if !matches!(url.scheme(), "smtp" | "smtps") {
        return Err(format!("has the scheme {:?}", url.scheme()));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err("names no host".into());
    }
    Ok(Secret::new(text))
}

pub(super) fn mailbox(text: &str) -> Reading<String> {
    match text.parse::<lettre::message::Mailbox>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!("is {text:?}, which is no e-mail address")),
    }
}

pub(super) fn networks(text: &str) -> Reading<Vec<IpNet>> {
    items(text)
        .map(|item| {
            item.parse::<IpNet>()
                .or_else(|_| item.parse::<std::net::IpAddr>().map(IpNet::from))
                .map_err(|_| format!("has {item:?}, which is no address or network"))
        })
        .collect()
}

pub(super) fn switch(text: &str) -> Reading<bool> {
    match text {
        "on" | "true" | "yes" | "1" => Ok(true),
        "off" | "false" | "no" | "0" => Ok(false),
        _ => Err(format!("is {text:?}")),
    }
}

pub(super) fn clock_offset(text: &str) -> Reading<SignedDuration> {
    let refusal = || format!("is {text:?}");
    let (unit_at, unit) = text.char_indices().next_back().ok_or_else(refusal)?;
    let seconds_per_unit = match unit {
        'd' => 86_400,
        'h' => 3_600,
        'm' => 60,
        's' => 1,
        _ => return Err(refusal()),
    };
    let number = text.get(..unit_at).unwrap_or_default();
    let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refusal());
    }
    number
        .parse::<i64>()
        .ok()
        .and_then(|number| number.checked_mul(seconds_per_unit))
        .filter(|seconds| seconds.abs() <= CLOCK_OFFSET_S_MAX)
        .map(SignedDuration::from_secs)
        .ok_or_else(|| format!("is {text:?}, which is too far away"))
}

/// Directives as `tracing_subscriber::EnvFilter` reads them; a lone word has to be a level, since a slip like `inof`
/// would otherwise name a module and turn everything else off.
pub(super) fn log_filter(text: &str) -> Reading<String> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    if let Some(wrong) = items(text).find(|item| !item.contains('=') && !LEVELS.contains(item)) {
        return Err(format!("has {wrong:?}, which is no level"));
    }
    match tracing_subscriber::EnvFilter::builder().parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!("is not understood: {error}")),
    }
}

pub(super) fn log_format(text: &str) -> Reading<LogFormat> {
    match text {
        "auto" => Ok(LogFormat::Auto),
        "pretty" => Ok(LogFormat::Pretty),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("is {text:?}")),
    }
}

pub(super) fn rate(text: &str) -> Reading<u32> {
    text.parse().ok().filter(|rate| *rate <= RATE_MAX).ok_or_else(|| format!("is {text:?}"))
}

pub(super) fn undo_seconds(text: &str) -> Reading<u32> {
    text.parse().ok().filter(|seconds| *seconds <= UNDO_SECONDS_MAX).ok_or_else(|| format!("is {text:?}"))
}

pub(super) fn roles(text: &str) -> Reading<BTreeSet<Role>> {
    items(text).map(|item| item.parse().map_err(|_| format!("has {item:?}, which is no role"))).collect()
}

pub(super) fn delay_ms(text: &str) -> Reading<u64> {
    text.parse().ok().filter(|delay| *delay <= DELAY_MS_MAX).ok_or_else(|| format!("is {text:?}"))
}

pub(super) fn simulator_mode(text: &str) -> Reading<Mode> {
    text.parse().map_err(|_| {
        let known: Vec<&str> = Mode::ALL.iter().map(|mode| mode.as_str()).collect();
        format!("is {text:?}, which is none of {}", known.join(", "))
    })
}

/// Modes with their chance in per cent: `slow=10,rate_limited=5`.
pub(super) fn odds(text: &str) -> Reading<Vec<(Mode, u8)>> {
    let odds = items(text)
        .map(|item| {
            let (mode, percent) = item.split_once('=').ok_or_else(|| format!("has {item:?}"))?;
            let percent = percent.parse::<u8>().map_err(|_| format!("has {item:?}"))?;
            Ok((simulator_mode(mode)?, percent))
        })
        .collect::<Reading<Vec<_>>>()?;
    let sum: u32 = odds.iter().map(|(_, percent)| u32::from(*percent)).sum();
    if sum > 100 { Err(format!("comes to {sum} per cent")) } else { Ok(odds) }
}

fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn assert_reads<T>(read: fn(&str) -> Reading<T>, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(read(text).is_ok(), "{text:?} should be allowed: {:?}", read(text).err());
        }
        for text in bad {
            assert!(read(text).is_err(), "{text:?} should be refused");
        }
    }

    #[test]
    fn readers_take_what_is_allowed_and_nothing_else() {
        assert_reads(environment, &["test", "live"], &["", "Live", "prod"]);
        assert_reads(socket_address, &["127.0.0.1:8080", "[::]:80"], &["", "8080", "localhost:8080", "1.2.3.4:99999"]);
        assert_reads(
            public_url,
            &["https://refunds.example.com", "http://127.0.0.1:8080/"],
            &[
                "",
                "refunds.example.com",
                "ftp://x.example",
                "https://x.example/desk",
                "https://x.example?a",
                "https://u:p@x",
            ],
        );
        assert_reads(
            database_url,
            &["sqlite://data/makegood.db", "sqlite:///var/lib/x.db", "postgres://u:p@h/d", "postgresql://h/d"],
            &["", "data.db", "sqlite://", "sqlite://:memory:", "sqlite://a.db?mode=ro", "mysql://h/d"],
        );
        assert_reads(evidence_url, &["file:///e", "s3://bucket/x"], &["", "file://", "s3://", "https://x", "/var"]);
        assert_reads(clamd, &["clamd:3310", "tcp://1.2.3.4:3310", "unix:/run/c.sock"], &["", "clamd", "unix:c", ":1"]);
        let keys = format!("{KEY}, {KEY}\n{KEY}\n");
        assert_reads(secret_keys, &[KEY, &keys], &["", ",", "short", &format!("{KEY},x")]);
        assert_reads(evidence_bytes, &["1048576", "10485760"], &["", "0", "1048575", "10 MB", "104857601"]);
        assert_reads(evidence_files, &["1", "20"], &["", "0", "21"]);
        assert_reads(evidence_days, &["0", "1", "36500"], &["", "-1", "36501", "540d"]);
        assert_reads(region, &["eu-central-1"], &["", "eu central", "://"]);
        assert_reads(access_key_id, &["AKIAEXAMPLE"], &["", "a b", "a\u{1}"]);
        assert_reads(access_key, &["wJalr/K7MDENG+x"], &["", "a b", "a\u{1}"]);
        assert_reads(smtp_url, &["smtp://localhost:25", "smtps://u:p@h"], &["", "localhost", "http://h", "smtp://"]);
        assert_reads(mailbox, &["a@example.com", "Refunds <a@example.com>"], &["", "a", "a@b\nBcc: c@d.example"]);
        assert_reads(
            networks,
            &["", "10.0.0.0/8, ::1", "1.2.3.4"],
            &["localhost", "10.0.0.0/33", "10.0.0.0/8 1.2.3.4"],
        );
        assert_reads(switch, &["on", "off", "true"], &["", "On", "2"]);
        assert_reads(log_filter, &["info", "warn,makegood::store=debug"], &["inof", "x=loud"]);
        assert_reads(log_format, &["auto", "pretty", "json"], &["", "JSON"]);
        assert_reads(roles, &["", "admin", "admin, finance"], &["root", "Admin", "admin finance"]);
        assert_reads(rate, &["0", "50", "1000000"], &["", "-1", "1.5", "1000001"]);
        assert_reads(delay_ms, &["0", "600000"], &["", "-1", "600001", "1s"]);
        assert_reads(odds, &["", "slow=10, rate_limited=90"], &["slow", "fast=1", "slow=-1", "slow=60,failed=60"]);
    }

    #[test]
    fn a_clock_offset_is_a_number_and_a_unit() {
        for (text, seconds) in [("+45d", 45 * 86_400), ("-3h", -10_800), ("90s", 90), ("2m", 120), ("0s", 0)] {
            assert_eq!(clock_offset(text).unwrap(), SignedDuration::from_secs(seconds));
        }
        for text in ["", "d", "45", "+d", "1.5h", "--3h", "3 h", "1w", "99999d", "9999999999999999999d", "3ه"] {
            assert!(clock_offset(text).is_err(), "{text:?}");
        }
    }
}
