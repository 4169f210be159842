//! What the configuration says about one account, before its connector has judged it.

use std::time::Duration;

use crate::domain::secret::Secret;

/// One `[[provider]]` of `makegood.toml`, with its secrets already resolved. Source: SPEC section 7.
#[derive(Clone, Debug)]
pub struct ProviderConfig {
    /// The account's name: `stripe-eu`.
    pub account: String,
    /// The processor's name: `simulator`, `stripe`, `adyen`.
    pub connector: String,
    /// Where the processor's API is; nothing for the processor's own.
    pub api_base: Option<String>,
    /// The key that calls carry (Stripe, simulator).
    pub secret_key: Option<Secret>,
    /// The key that webhooks are signed with (Stripe, simulator).
    pub webhook_secret: Option<Secret>,
    /// The key that calls carry (Adyen).
    pub api_key: Option<Secret>,
    /// The merchant account (Adyen).
    pub merchant_account: Option<String>,
    /// The key that webhook items are signed with, in hex (Adyen).
    pub hmac_key: Option<Secret>,
    /// Ends calls sooner than the connector's own deadline does; for tests of what never answers.
    pub call_deadline: Option<Duration>,
}

impl ProviderConfig {
    /// An account with nothing set but its names.
    pub fn new(account: &str, connector: &str) -> Self {
        Self {
            account: account.to_owned(),
            connector: connector.to_owned(),
            api_base: None,
            secret_key: None,
            webhook_secret: None,
            api_key: None,
            merchant_account: None,
            hmac_key: None,
            call_deadline: None,
        }
    }

    /// The refusal of a setting of this account.
    pub(super) fn refuse(&self, setting: &'static str, why: impl Into<String>) -> BadProvider {
        BadProvider::Setting { account: self.account.clone(), setting, why: why.into() }
    }
}

/// Why an account cannot be used as configured; each a sentence for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadProvider {
    /// Nobody speaks to such a processor.
    #[error("provider {account:?}: there is no connector {connector:?}; use one of {}", known.join(", "))]
    UnknownConnector {
        /// The account.
        account: String,
        /// What was asked for.
        connector: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// Two accounts have one name.
    #[error("provider {0:?} is configured twice; give each account a name of its own")]
    Twice(String),
    /// The name cannot stand in a path or in a ledger account.
    #[error("provider {0:?}: a name has 1 to 40 lower-case letters, digits, dashes and underscores")]
    Name(String),
    /// A setting is missing or wrong.
    #[error("provider {account:?}: {setting} {why}")]
    Setting {
        /// The account.
        account: String,
        /// The setting's name in `makegood.toml`.
        setting: &'static str,
        /// What is wrong and what is allowed.
        why: String,
    },
}
