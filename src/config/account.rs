//! Accounts at processors: the `[[provider]]` sections.
//!
//! Several accounts per processor. Which secrets a connector needs is one table here; what it does with them is its
//! own business in `providers`.

use std::collections::BTreeSet;
use std::fmt;

use url::Url;

use super::source::{Found, Origin, Said, nearest};
use super::{Environment, Refusal, SecretUse, parse};
use crate::domain::secret::Secret;

/// The account that exists without configuration, outside live mode.
const SIMULATOR: &str = "simulator";

/// `POST /webhooks/payments` is the simulator's address; an account of this name could not be told from it.
const RESERVED: &str = "payments";

/// Names stand in URLs, metrics and ledger accounts.
const NAME_CHARACTERS_MAX: usize = 40;

/// The words that `mode` and `chances` take. Source: SPEC section 7.
pub(super) const SIMULATOR_MODES: &[&str] = &[
    "succeeded",
    "failed",
    "pending_then_succeeded",
    "pending_then_failed",
    "timeout_done",
    "timeout_lost",
    "http_500",
    "slow",
    "late_reversal",
    "duplicate_webhook",
    "out_of_order_webhook",
    "bad_signature",
    "rate_limited",
];

/// One account at one processor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderAccount {
    /// Its name: lower case, digits and hyphens.
    pub account: String,
    /// The processor.
    pub connector: Connector,
    /// What precedes the resource in every call; none means the processor's own address.
    pub api_base: Option<Url>,
    /// Key for calls (Stripe, simulator).
    pub secret_key: Option<Secret>,
    /// Key of incoming webhooks (Stripe, simulator).
    pub webhook_secret: Option<Secret>,
    /// Key for calls (Adyen).
    pub api_key: Option<Secret>,
    /// Our name at Adyen.
    pub merchant_account: Option<String>,
    /// Key of incoming webhooks in hexadecimal (Adyen).
    pub hmac_key: Option<Secret>,
    /// The simulator's mode for this account.
    pub mode: Option<String>,
}

/// The processors that accounts may be at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connector {
    /// The simulated processor.
    Simulator,
    /// Stripe.
    Stripe,
    /// Adyen.
    Adyen,
}

impl Connector {
    const ALL: [Self; 3] = [Self::Simulator, Self::Stripe, Self::Adyen];

    /// The word in configuration and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Simulator => "simulator",
            Self::Stripe => "stripe",
            Self::Adyen => "adyen",
        }
    }

    fn required_keys(self) -> &'static [&'static str] {
        match self {
            Self::Simulator => &[],
            Self::Stripe => &["secret_key", "webhook_secret"],
            Self::Adyen => &["api_base", "api_key", "merchant_account", "hmac_key"],
        }
    }

    fn optional_keys(self) -> &'static [&'static str] {
        match self {
            Self::Simulator => &["api_base", "secret_key", "webhook_secret", "mode"],
            Self::Stripe => &["api_base"],
            Self::Adyen => &[],
        }
    }
}

impl fmt::Display for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads all accounts and adds the simulator's, unless in live mode or configured.
pub(super) fn read(
    said: &Said,
    environment: Environment,
    secrets: &mut Vec<SecretUse>,
) -> Result<Vec<ProviderAccount>, Refusal> {
    let mut accounts = Vec::new();
    let mut names = BTreeSet::new();
    for entry in said.provider_entries()? {
        let account = Entry::new(said, entry, environment)?.account(secrets)?;
        if !names.insert(account.account.clone()) {
            return Err(Refusal {
                setting: format!("provider {}", account.account),
                origin: said.file_origin(),
                why: "is there twice".into(),
                allowed: "one [[provider]] section an account".into(),
            });
        }
        accounts.push(account);
    }
    if environment == Environment::Test && !names.contains(SIMULATOR) {
        accounts.push(ProviderAccount {
            account: SIMULATOR.into(),
            connector: Connector::Simulator,
            api_base: None,
            secret_key: None,
            webhook_secret: None,
            api_key: None,
            merchant_account: None,
            hmac_key: None,
            mode: None,
        });
    }
    Ok(accounts)
}

/// One `[[provider]]` section, whose name and connector are known.
struct Entry<'a> {
    said: &'a Said,
    table: &'a toml::Table,
    name: String,
    connector: Connector,
}

impl<'a> Entry<'a> {
    fn new(said: &'a Said, table: &'a toml::Table, environment: Environment) -> Result<Self, Refusal> {
        let refuse = |setting: String, why: String, allowed: &str| Refusal {
            setting,
            origin: said.file_origin(),
            why,
            allowed: allowed.to_owned(),
        };
        let name = match table.get("account").and_then(toml::Value::as_str) {
            Some(name) if is_name(name) => name.to_owned(),
            other => {
                let why = other.map_or_else(|| "is missing".to_owned(), |name| format!("is {name:?}"));
                return Err(refuse(
                    "provider.account".into(),
                    why,
                    "a name of lower-case letters, digits and hyphens, other than payments",
                ));
            }
        };
        let setting = || format!("provider {name}: connector");
        let word = table.get("connector").and_then(toml::Value::as_str).unwrap_or_default();
        let Some(connector) = Connector::ALL.into_iter().find(|connector| connector.as_str() == word) else {
            return Err(refuse(setting(), format!("is {word:?}"), "simulator, stripe or adyen"));
        };
        if connector == Connector::Simulator && environment == Environment::Live {
            return Err(refuse(setting(), "is simulator in live mode".into(), "stripe or adyen"));
        }
        let entry = Self { said, table, name, connector };
        entry.refuse_unknown_keys()?;
        Ok(entry)
    }

    fn refuse_unknown_keys(&self) -> Result<(), Refusal> {
        let known = || {
            ["account", "connector"]
                .into_iter()
                .chain(self.connector.required_keys().iter().copied())
                .chain(self.connector.optional_keys().iter().copied())
        };
        let Some(wrong) = self.table.keys().find(|key| !known().any(|name| name == *key)) else { return Ok(()) };
        let why = match nearest(wrong, known()) {
            Some(near) => format!("is no setting of a {} account; did you mean {near}?", self.connector),
            None => format!("is no setting of a {} account", self.connector),
        };
        Err(self.refuse(wrong, self.said.file_origin(), why, &known().collect::<Vec<_>>().join(", ")))
    }

    fn account(self, secrets: &mut Vec<SecretUse>) -> Result<ProviderAccount, Refusal> {
        let api_base = self.text("api_base")?.map(|text| self.api_base(&text)).transpose()?;
        let mode = self.text("mode")?;
        if let Some(mode) = &mode {
            parse::simulator_mode(mode)
                .map_err(|why| self.refuse("mode", self.said.file_origin(), why, "a mode of the simulator"))?;
        }
        let hmac_key = self.secret("hmac_key", secrets)?;
        if hmac_key.as_ref().is_some_and(|key| hex::decode(key.reveal()).is_err()) {
            let why = "is not hexadecimal".into();
            return Err(self.refuse("hmac_key", self.said.file_origin(), why, "the key as Adyen shows it"));
        }
        Ok(ProviderAccount {
            api_base,
            secret_key: self.secret("secret_key", secrets)?,
            webhook_secret: self.secret("webhook_secret", secrets)?,
            api_key: self.secret("api_key", secrets)?,
            merchant_account: self.text("merchant_account")?,
            hmac_key,
            mode,
            account: self.name,
            connector: self.connector,
        })
    }

    /// Calls that carry keys go over TLS, or to this machine.
    fn api_base(&self, text: &str) -> Result<Url, Refusal> {
        let refuse = |why| {
            let allowed = "an https URL, or an http URL of this machine or outside live mode";
            self.refuse("api_base", self.said.file_origin(), why, allowed)
        };
        let url = parse::web_url(text).map_err(refuse)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse(format!("is {text:?}, which goes on behind the path")));
        }
        Ok(url)
    }

    fn secret(&self, key: &str, secrets: &mut Vec<SecretUse>) -> Result<Option<Secret>, Refusal> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        let setting = format!("provider {}: {key}", self.name);
        let Found { text, origin } = self.said.follow(&setting, &text)?;
        secrets.push(SecretUse { setting, origin });
        Ok(text.map(|text| Secret::new(text.as_str())))
    }

    fn text(&self, key: &str) -> Result<Option<String>, Refusal> {
        match self.table.get(key) {
            Some(toml::Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
            Some(_) => {
                let why = "is not a text in quotes".into();
                Err(self.refuse(key, self.said.file_origin(), why, "a text"))
            }
            None if self.connector.required_keys().contains(&key) => {
                let why = format!("is missing, and {} needs it", self.connector);
                Err(self.refuse(key, self.said.file_origin(), why, "a text, for secrets env:NAME or file:PATH"))
            }
            None => Ok(None),
        }
    }

    fn refuse(&self, key: &str, origin: Origin, why: String, allowed: &str) -> Refusal {
        Refusal { setting: format!("provider {}: {key}", self.name), origin, why, allowed: allowed.to_owned() }
    }
}

fn is_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.len() <= NAME_CHARACTERS_MAX
        && name != RESERVED
        && name.bytes().next().is_some_and(is_letter)
        && name.bytes().next_back().is_some_and(is_letter)
        && name.bytes().all(|byte| is_letter(byte) || byte == b'-')
}
