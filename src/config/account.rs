//! Accounts at processors: the `[[provider]]` sections.
//!
//! Here names are checked and secrets followed; what a processor needs of them is judged by its own module in
//! `providers`, so that a new processor changes nothing here.

use std::collections::BTreeSet;

use super::source::{Found, Origin, Said, nearest};
use super::{Environment, Refusal, SecretUse, parse};
use crate::domain::secret::Secret;
use crate::providers::ProviderConfig;
use crate::providers::simulator;
use crate::providers::simulator::mode::Mode;

/// The account that exists without configuration, outside live mode.
const SIMULATOR: &str = "simulator";

/// `POST /webhooks/payments` is the simulator's address; an account of this name could not be told from it.
const RESERVED: &str = "payments";

/// Names stand in URLs, metrics and ledger accounts.
const NAME_CHARACTERS_MAX: usize = 40;

const KEYS: [&str; 9] = [
    "account",
    "connector",
    "api_base",
    "secret_key",
    "webhook_secret",
    "api_key",
    "merchant_account",
    "hmac_key",
    "mode",
];

/// One account at one processor.
#[derive(Clone, Debug)]
pub struct ProviderAccount {
    /// What its connector is made of.
    pub settings: ProviderConfig,
    /// The simulator's mode for this account, where it says one.
    pub mode: Option<Mode>,
}

impl ProviderAccount {
    /// The account's name.
    pub fn name(&self) -> &str {
        &self.settings.account
    }

    /// Whether it is an account at the simulator, which live mode refuses.
    pub fn is_simulated(&self) -> bool {
        self.settings.connector == simulator::CONNECTOR
    }

    /// Whether its processor lives in the process that serves: the simulator, where it has no address of its own.
    pub fn is_embedded(&self) -> bool {
        self.is_simulated() && self.settings.api_base.is_none()
    }

    /// Its settings as they may be shown, secrets masked; what is not set is left out.
    pub(super) fn shown(&self) -> Vec<(&'static str, String)> {
        let ProviderConfig {
            account: _,
            connector,
            api_base,
            secret_key,
            webhook_secret,
            api_key,
            merchant_account,
            hmac_key,
            call_deadline: _,
        } = &self.settings;
        let masked = |secret: &Option<Secret>| secret.as_ref().map(ToString::to_string);
        [
            ("connector", Some(connector.clone())),
            ("api_base", api_base.clone()),
            ("secret_key", masked(secret_key)),
            ("webhook_secret", masked(webhook_secret)),
            ("api_key", masked(api_key)),
            ("merchant_account", merchant_account.clone()),
            ("hmac_key", masked(hmac_key)),
            ("mode", self.mode.map(|mode| mode.to_string())),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
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
        if !names.insert(account.name().to_owned()) {
            return Err(Refusal {
                setting: format!("provider {}", account.name()),
                origin: said.file_origin(),
                why: "is there twice".into(),
                allowed: "one [[provider]] section an account".into(),
            });
        }
        accounts.push(account);
    }
    if environment == Environment::Test && !names.contains(SIMULATOR) {
        let settings = ProviderConfig::new(SIMULATOR, simulator::CONNECTOR);
        accounts.push(ProviderAccount { settings, mode: None });
    }
    Ok(accounts)
}

/// One `[[provider]]` section, whose name and connector are known.
struct Entry<'a> {
    said: &'a Said,
    table: &'a toml::Table,
    name: String,
    connector: String,
}

impl<'a> Entry<'a> {
    fn new(said: &'a Said, table: &'a toml::Table, environment: Environment) -> Result<Self, Refusal> {
        let word = |key: &str| table.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        let (name, connector) = (word("account"), word("connector"));
        if !is_name(&name) {
            return Err(Refusal {
                setting: "provider.account".into(),
                origin: said.file_origin(),
                why: if name.is_empty() { "is missing".into() } else { format!("is {name:?}") },
                allowed: "1 to 40 lower-case letters, digits, hyphens and underscores, other than payments".into(),
            });
        }
        let entry = Self { said, table, name, connector };
        if entry.connector.is_empty() {
            return Err(entry.refuse("connector", "is missing", "the processor's name, such as simulator"));
        }
        if entry.connector == simulator::CONNECTOR && environment == Environment::Live {
            return Err(entry.refuse("connector", "is simulator in live mode", "a real processor"));
        }
        entry.refuse_unknown_keys()?;
        Ok(entry)
    }

    fn refuse_unknown_keys(&self) -> Result<(), Refusal> {
        let Some(wrong) = self.table.keys().find(|key| !KEYS.contains(&key.as_str())) else { return Ok(()) };
        let why = match nearest(wrong, KEYS.into_iter()) {
            Some(near) => format!("is no setting of an account; did you mean {near}?"),
            None => "is no setting of an account".to_owned(),
        };
        Err(self.refuse(wrong, why, &format!("one of {}", KEYS.join(", "))))
    }

    fn account(self, secrets: &mut Vec<SecretUse>) -> Result<ProviderAccount, Refusal> {
        let settings = ProviderConfig {
            api_base: self.api_base()?,
            secret_key: self.secret("secret_key", secrets)?,
            webhook_secret: self.secret("webhook_secret", secrets)?,
            api_key: self.secret("api_key", secrets)?,
            merchant_account: self.text("merchant_account")?,
            hmac_key: self.secret("hmac_key", secrets)?,
            ..ProviderConfig::new(&self.name, &self.connector)
        };
        Ok(ProviderAccount { mode: self.mode()?, settings })
    }

    fn api_base(&self) -> Result<Option<String>, Refusal> {
        let Some(text) = self.text("api_base")? else { return Ok(None) };
        let refuse = |why| self.refuse("api_base", why, "an http or https URL without query");
        let url = parse::web_url(&text).map_err(refuse)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse(format!("is {text:?}, which goes on behind the path")));
        }
        Ok(Some(text))
    }

    fn mode(&self) -> Result<Option<Mode>, Refusal> {
        let Some(text) = self.text("mode")? else { return Ok(None) };
        if self.connector != simulator::CONNECTOR {
            return Err(self.refuse("mode", "is no setting of a real processor", "a mode at the simulator only"));
        }
        parse::simulator_mode(&text).map(Some).map_err(|why| self.refuse("mode", why, "a mode of the simulator"))
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
            Some(_) => Err(self.refuse(key, "is not a text in quotes", "a text, for secrets env:NAME or file:PATH")),
            None => Ok(None),
        }
    }

    fn refuse(&self, key: &str, why: impl Into<String>, allowed: &str) -> Refusal {
        Refusal {
            setting: format!("provider {}: {key}", self.name),
            origin: self.said.file_origin(),
            why: why.into(),
            allowed: allowed.to_owned(),
        }
    }
}

/// The origin of an account's line: the file, or nothing at all for the simulator that is there by itself.
pub(super) fn origin(said: &Said, account: &ProviderAccount) -> Result<Origin, Refusal> {
    let is_in_file = |entry: &&toml::Table| entry.get("account").and_then(toml::Value::as_str) == Some(account.name());
    let is_configured = said.provider_entries()?.iter().any(is_in_file);
    Ok(if is_configured { said.file_origin() } else { Origin::Default })
}

fn is_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    (1..=NAME_CHARACTERS_MAX).contains(&name.len()) && name != RESERVED && name.bytes().all(is_allowed)
}
