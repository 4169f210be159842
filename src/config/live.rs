//! What live mode refuses. Source: SPEC section 16.

use std::path::PathBuf;

use super::source::{Origin, Said};
use super::{Config, Refusal, SecretUse, folder, is_world_readable, table};

/// Checks a configuration whose environment is live.
pub(super) fn check(config: &Config, said: &Said, secrets: &[SecretUse]) -> Result<(), Refusal> {
    if config.public_url.scheme() != "https" {
        return Err(Refusal {
            setting: table::PUBLIC_URL.key.into(),
            origin: said.find(&table::PUBLIC_URL)?.origin,
            why: format!("is {}, and live mode needs TLS", config.public_url),
            allowed: "an https URL, such as https://refunds.example.com".into(),
        });
    }
    if !config.clock_offset.is_zero() {
        return Err(Refusal {
            setting: table::CLOCK_OFFSET.key.into(),
            origin: said.find(&table::CLOCK_OFFSET)?.origin,
            why: "shifts the clock in live mode".into(),
            allowed: "no offset in live mode".into(),
        });
    }
    for account in &config.providers {
        // Calls carry keys; the loopback interface is where a TLS proxy for outgoing calls may stand.
        let api_base = account.settings.api_base.as_ref().and_then(|base| base.parse::<url::Url>().ok());
        if api_base.is_some_and(|base| base.scheme() == "http" && !is_loopback(&base)) {
            return Err(Refusal {
                setting: format!("provider {}: api_base", account.name()),
                origin: said.file_origin(),
                why: "is plain http in live mode".into(),
                allowed: "an https URL".into(),
            });
        }
    }
    secrets.iter().try_for_each(check_secret)?;
    if config.secret_key.is_none() {
        check_key_file(table::SECRET_KEY.key, folder::key_path(&config.data_dir))?;
    }
    if config.evidence.keys.is_none() {
        check_key_file(table::EVIDENCE_KEY.key, config.evidence_key_file())?;
    }
    Ok(())
}

fn check_secret(secret: &SecretUse) -> Result<(), Refusal> {
    let refuse = |why: String, allowed: &str| {
        Err(Refusal {
            setting: secret.setting.clone(),
            origin: secret.origin.clone(),
            why,
            allowed: allowed.to_owned(),
        })
    };
    match &secret.origin {
        Origin::File(_) => refuse(
            "is a secret in clear in live mode".into(),
            "\"env:NAME\", \"file:PATH\", or the variable or its _FILE form instead",
        ),
        Origin::Flag => {
            refuse("is a secret on the command line, which others can see".into(), "the environment or a file")
        }
        Origin::SecretFile(path) if is_world_readable(path) => refuse(
            "is a file that everybody on this machine can read or write".into(),
            "a file that only its owner and group can read (chmod 0600)",
        ),
        Origin::SecretFile(_) | Origin::Environment(_) | Origin::Default => Ok(()),
    }
}

fn check_key_file(setting: &str, path: PathBuf) -> Result<(), Refusal> {
    if is_world_readable(&path) {
        return Err(Refusal {
            setting: setting.into(),
            origin: Origin::SecretFile(path),
            why: "is a file that everybody on this machine can read or write".into(),
            allowed: "a file that only its owner can read (chmod 0600)".into(),
        });
    }
    Ok(())
}

fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
