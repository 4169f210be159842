//! Printing: what holds and where it was said, with secrets masked; and the commented example file.

use std::fmt::Write as _;

use super::source::{Found, Said};
use super::table::{Secrecy, Setting, Shape, TABLE};
use super::{Config, DatabaseUrl, Refusal, account, table};
use crate::domain::secret::MASK;

/// One setting as it holds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Line {
    /// The setting's key.
    pub key: String,
    /// Its value, secrets masked; none where it is not set.
    pub value: Option<String>,
    /// Where it was said.
    pub origin: String,
}

/// Every setting and every account.
pub(super) fn lines(config: &Config, said: &Said) -> Result<Vec<Line>, Refusal> {
    let mut lines = Vec::new();
    for setting in TABLE {
        let Found { text, origin } = said.find(setting)?;
        let value = match text {
            Some(text) => Some(masked(setting, &text)),
            None => derived(setting, config),
        };
        lines.push(Line { key: setting.key.into(), value, origin: origin.to_string() });
    }
    for account in &config.providers {
        let origin = account::origin(said, account)?.to_string();
        lines.extend(account.shown().into_iter().map(|(key, value)| Line {
            key: format!("provider.{}.{key}", account.name()),
            value: Some(value),
            origin: origin.clone(),
        }));
    }
    Ok(lines)
}

/// The commented `makegood.toml`, in which every line is a comment and every value the default.
pub fn example() -> String {
    let mut text = String::from(
        "# Every setting of Makegood with its default. A variable of the environment beats this file.\n\
         # Secrets: \"env:NAME\", \"file:PATH\", or in clear outside live mode; in the environment also NAME_FILE.\n",
    );
    let mut section = "";
    for setting in TABLE {
        let key = match setting.key.split_once('.') {
            Some((name, key)) => {
                if name != section {
                    section = name;
                    let _ = writeln!(text, "\n[{name}]");
                }
                key
            }
            None => setting.key,
        };
        let value = as_toml(setting, setting.default.unwrap_or(setting.example));
        let _ = writeln!(text, "\n# {}\n# Allowed: {}. Variable: {}", setting.about, setting.allowed, setting.env);
        let _ = writeln!(text, "# {key} = {value}");
    }
    text.push_str(PROVIDERS_EXAMPLE);
    text
}

const PROVIDERS_EXAMPLE: &str = r#"
# Accounts at processors, one section each. The account simulator exists by itself, unless in live mode.
# [[provider]]
# account = "stripe-eu"
# connector = "stripe"
# secret_key = "env:STRIPE_EU_SECRET_KEY"
# webhook_secret = "file:/run/secrets/stripe-eu-webhook"
#
# [[provider]]
# account = "adyen-sg"
# connector = "adyen"
# api_base = "https://example-checkout-live.adyenpayments.com/checkout/v72"
# api_key = "env:ADYEN_SG_API_KEY"
# merchant_account = "ExampleSG"
# hmac_key = "env:ADYEN_SG_HMAC_KEY"
"#;

fn masked(setting: &Setting, text: &str) -> String {
    match setting.secrecy {
        Secrecy::Open => text.to_owned(),
        Secrecy::Whole => MASK.to_owned(),
        Secrecy::UrlPassword => without_password(text),
    }
}

/// The URL with a mask for its password; all of it masked where it cannot be taken apart.
fn without_password(text: &str) -> String {
    if !super::has_password(text) {
        return text.to_owned();
    }
    let Ok(mut url) = url::Url::parse(text) else { return MASK.to_owned() };
    if url.set_password(None).is_err() {
        return MASK.to_owned();
    }
    url.set_query(None);
    url.to_string().replacen('@', &format!(":{MASK}@"), 1)
}

/// What holds where nothing is said and the default depends on other settings.
fn derived(setting: &Setting, config: &Config) -> Option<String> {
    if setting.key == table::PUBLIC_URL.key {
        return Some(config.public_url.to_string());
    }
    match (&config.database, setting.key == table::DATABASE_URL.key) {
        (DatabaseUrl::Sqlite(path), true) => Some(format!("sqlite://{}", path.display())),
        (DatabaseUrl::Sqlite(_) | DatabaseUrl::Postgres(_), _) => None,
    }
}

fn as_toml(setting: &Setting, text: &str) -> String {
    match setting.shape {
        Shape::Number => text.to_owned(),
        Shape::Text | Shape::Switch => toml::Value::from(text).to_string(),
        Shape::List => {
            toml::Value::Array(text.split(',').filter(|item| !item.is_empty()).map(toml::Value::from).collect())
                .to_string()
        }
    }
}
