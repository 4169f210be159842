//! The registry: which accounts there are, and which module speaks to which processor.
//!
//! Adding a processor means one new module and its line in [`CONNECTORS`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::config::{BadProvider, ProviderConfig};
use super::{Provider, simulator};

/// Makes an account's connector of its configuration.
type Build = fn(&ProviderConfig) -> Result<Arc<dyn Provider>, BadProvider>;

/// The processors that the desk can speak to.
const CONNECTORS: &[(&str, Build)] = &[(simulator::CONNECTOR, simulator::connector::build)];

/// Longest name of an account, so that it fits into paths and ledger accounts.
const NAME_CHARS_MAX: usize = 40;

/// The configured accounts by name.
#[derive(Clone, Default)]
pub struct Registry {
    accounts: BTreeMap<String, Arc<dyn Provider>>,
}

impl Registry {
    /// Builds every account, or says which one is wrong and why.
    pub fn from(configs: &[ProviderConfig]) -> Result<Self, BadProvider> {
        let mut registry = Self::default();
        for config in configs {
            if !is_name(&config.account) {
                return Err(BadProvider::Name(config.account.clone()));
            }
            registry.add(build(config)?)?;
        }
        Ok(registry)
    }

    /// Adds an account that was built elsewhere.
    pub fn add(&mut self, provider: Arc<dyn Provider>) -> Result<(), BadProvider> {
        let account = provider.account().to_owned();
        match self.accounts.insert(account.clone(), provider) {
            None => Ok(()),
            Some(_) => Err(BadProvider::Twice(account)),
        }
    }

    /// The account of this name.
    pub fn get(&self, account: &str) -> Option<&Arc<dyn Provider>> {
        self.accounts.get(account)
    }

    /// All accounts, by name.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Provider>> {
        self.accounts.values()
    }

    /// The accounts at one processor, by name; a webhook that names no account is for the one whose secret signed it.
    pub fn of_connector<'a>(&'a self, connector: &'a str) -> impl Iterator<Item = &'a Arc<dyn Provider>> {
        self.all().filter(move |provider| provider.connector() == connector)
    }
}

fn build(config: &ProviderConfig) -> Result<Arc<dyn Provider>, BadProvider> {
    match CONNECTORS.iter().find(|(name, _)| *name == config.connector) {
        Some((_, build)) => build(config),
        None => Err(BadProvider::UnknownConnector {
            account: config.account.clone(),
            connector: config.connector.clone(),
            known: CONNECTORS.iter().map(|(name, _)| *name).collect(),
        }),
    }
}

fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    !text.is_empty() && text.len() <= NAME_CHARS_MAX && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use crate::domain::secret::Secret;

    use super::*;

    fn simulator(account: &str) -> ProviderConfig {
        ProviderConfig {
            api_base: Some("http://127.0.0.1:9".to_owned()),
            secret_key: Some(Secret::new("key".to_owned())),
            webhook_secret: Some(Secret::new("whsec_c2VjcmV0LXNlY3JldA==".to_owned())),
            ..ProviderConfig::new(account, "simulator")
        }
    }

    fn refusal(configs: &[ProviderConfig]) -> String {
        Registry::from(configs).err().map(|bad| bad.to_string()).unwrap_or_default()
    }

    #[test]
    fn accounts_are_found_by_name_and_by_processor() {
        let registry = Registry::from(&[simulator("simulator"), simulator("sim-two")]).unwrap();
        assert_eq!(registry.get("sim-two").map(|provider| provider.account()), Some("sim-two"));
        assert!(registry.get("stripe-eu").is_none());
        assert_eq!(registry.of_connector("simulator").count(), 2);
        assert_eq!(registry.of_connector("adyen").count(), 0);
    }

    #[test]
    fn what_is_wrong_is_said_in_a_sentence() {
        let twice = [simulator("a"), simulator("a")];
        assert_eq!(refusal(&twice), r#"provider "a" is configured twice; give each account a name of its own"#);
        assert_eq!(
            refusal(&[ProviderConfig::new("a", "paypal")]),
            r#"provider "a": there is no connector "paypal"; use one of simulator"#
        );
        assert!(refusal(&[simulator("../etc")]).contains("lower-case letters"));
        assert!(refusal(&[simulator("")]).contains("lower-case letters"));
        let keyless = ProviderConfig { secret_key: None, ..simulator("a") };
        assert!(refusal(&[keyless]).starts_with(r#"provider "a": secret_key is missing"#));
        let baseless = ProviderConfig { api_base: Some("ftp://x".to_owned()), ..simulator("a") };
        assert!(refusal(&[baseless]).starts_with(r#"provider "a": api_base"#));
        let broken = ProviderConfig { webhook_secret: Some(Secret::new("whsec_?".to_owned())), ..simulator("a") };
        assert!(refusal(&[broken]).starts_with(r#"provider "a": webhook_secret"#));
    }
}
