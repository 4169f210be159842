//! `makegood user add`: a person at the desk, with a password that is told once.

use clap::{Args, Subcommand};
use rand::TryRngCore;
use rand::rngs::OsRng;

use super::open::{on_desk, refused};
use super::{Failure, Global, print};
use crate::domain::access::{Principal, Role};
use crate::services::people::{self, NewUser};

/// Adds people to the desk
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Adds a person and prints a generated password, once, alone on the last line
    #[command(
        after_help = "Examples:\n  makegood user add --email ana@shop.example --role agent\n  makegood user add --email \
                      li@shop.example --role senior --role finance --locale ar"
    )]
    Add {
        /// The address that they sign in with
        #[arg(long)]
        email: String,
        /// What they are: agent, senior, finance, risk, auditor or admin; may stand several times
        #[arg(long = "role", value_name = "ROLE", required = true)]
        roles: Vec<Role>,
        /// What they are called; the address without its domain if not given
        #[arg(long)]
        name: Option<String>,
        /// Their language: en or ar
        #[arg(long, default_value = "en")]
        locale: String,
    },
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let Command::Add { email, roles, name, locale } = self.command;
        let email = email.trim().to_owned();
        let Some((local, domain)) = email.split_once('@').filter(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !email.contains(char::is_whitespace)
        }) else {
            return Err(Failure::usage(format!("{email:?} is no email address; use one such as name@{EXAMPLE}.")));
        };
        if locale.parse::<unic_langid::LanguageIdentifier>().is_err() {
            return Err(Failure::usage(format!("{locale:?} is no language tag; use one such as en or ar.")));
        }
        let name = name.unwrap_or_else(|| local.to_owned());
        let password = password()?;
        let new = NewUser {
            name,
            locale,
            roles: roles.into_iter().collect(),
            password: password.clone(),
            email: format!("{local}@{domain}"),
        };
        on_desk(global, async |app| {
            let context = app.context(Principal::Shell);
            people::add_user(&app.desk, &context, new).await.map_err(|refusal| refused(&app, &refusal))
        })?;
        print::text(&format!("Added {email}. Their password, shown this once:\n{password}\n"))
    }
}

const EXAMPLE: &str = "shop.example";

/// Letters and digits that are not taken for each other: 32 of them, so that each carries five whole bits.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// 100 bits, in groups that can be read aloud.
pub(super) fn password() -> Result<String, Failure> {
    let mut random = [0_u8; 20];
    OsRng
        .try_fill_bytes(&mut random)
        .map_err(|error| Failure::failed(format!("The system gives no random numbers: {error}.")))?;
    let letters = random.map(|byte| {
        let place = usize::from(byte) % ALPHABET.len();
        ALPHABET.get(place).copied().map_or('a', char::from)
    });
    Ok(letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_differ_and_can_be_read_aloud() {
        let (one, two) = (password().unwrap(), password().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), 23);
        assert!(one.bytes().all(|byte| byte == b'-' || ALPHABET.contains(&byte)), "{one}");
    }
}
