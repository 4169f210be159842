//! `makegood token create`: an API token, told once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use rand::TryRngCore;
use rand::rngs::OsRng;

use super::open::{on_desk, refused};
use super::{Failure, Global, print};
use crate::domain::access::{Principal, Scope};
use crate::services::tokens::{self, NewToken, TOKEN_PREFIX};

/// Makes tokens for the API
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes a token and prints it, once, alone on the last line
    #[command(
        after_help = "Examples:\n  makegood token create --name shop --scope orders:write --scope refunds:create\n  \
                      makegood token create --name audit --scope audit:read --owner ana@shop.example --expires 90d"
    )]
    Create {
        /// What it is called; unique
        #[arg(long)]
        name: String,
        /// What it may be used for, such as refunds:create; may stand several times
        #[arg(long = "scope", value_name = "SCOPE", required = true)]
        scopes: Vec<Scope>,
        /// The address of the person whose token it is; without one it stands for itself
        #[arg(long, value_name = "EMAIL")]
        owner: Option<String>,
        /// When it ends: a number of days such as 90d, or a time such as 2027-01-01T00:00:00Z
        #[arg(long, value_name = "WHEN", value_parser = expiry)]
        expires: Option<Expiry>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expiry {
    After(SignedDuration),
    At(Timestamp),
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let Command::Create { name, scopes, owner, expires } = self.command;
        let name = name.trim().to_owned();
        if name.is_empty() || name.chars().any(char::is_control) {
            return Err(Failure::usage("A token needs a name of one line."));
        }
        let text = text()?;
        let told = format!("Made the token {name}. It is shown this once:\n{text}\n");
        on_desk(global, async |app| {
            let context = app.context(Principal::Shell);
            let expires_at = match expires {
                None => None,
                Some(Expiry::At(moment)) => Some(moment),
                Some(Expiry::After(span)) => context.now.checked_add(span).ok(),
            };
            if expires_at.is_some_and(|moment| moment <= context.now) {
                return Err(Failure::usage("The token would have ended already."));
            }
            let new = NewToken { name, scopes: scopes.into_iter().collect(), owner, expires_at, text };
            tokens::create_token(&app.desk, &context, new).await.map_err(|refusal| refused(&app, &refusal))
        })?;
        print::text(&told)
    }
}

/// 256 bits behind the prefix that scanners for leaked secrets look for.
pub(super) fn text() -> Result<String, Failure> {
    let mut random = [0_u8; 32];
    OsRng
        .try_fill_bytes(&mut random)
        .map_err(|error| Failure::failed(format!("The system gives no random numbers: {error}.")))?;
    Ok(format!("{TOKEN_PREFIX}{}", URL_SAFE_NO_PAD.encode(random)))
}

fn expiry(text: &str) -> Result<Expiry, String> {
    if let Some(days) = text.strip_suffix('d').and_then(|days| days.parse::<u16>().ok()).filter(|days| *days > 0) {
        return Ok(Expiry::After(SignedDuration::from_hours(24 * i64::from(days))));
    }
    text.parse()
        .map(Expiry::At)
        .map_err(|_| "use a number of days such as 90d, or a time such as 2027-01-01T00:00:00Z".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_days_or_a_moment() {
        assert_eq!(expiry("90d"), Ok(Expiry::After(SignedDuration::from_hours(2160))));
        assert_eq!(expiry("2027-01-01T00:00:00Z"), Ok(Expiry::At("2027-01-01T00:00:00Z".parse().unwrap())));
        for wrong in ["", "d", "0d", "-1d", "90", "1y", "2027-01-01"] {
            assert!(expiry(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn tokens_differ_and_are_recognised() {
        let (one, two) = (text().unwrap(), text().unwrap());
        assert_ne!(one, two);
        assert!(one.starts_with("mg_") && one.len() == 46, "{one}");
    }
}
