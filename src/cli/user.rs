//! `makegood user`: people at the desk: added with a password that is told once, listed, suspended, let in again, and helped
//! who lost their password or second factor.

use clap::{Args, Subcommand};
use rand::TryRngCore;
use rand::rngs::OsRng;
use serde_json::{Value, json};

use super::open::{on_desk, refused};
use super::{Failure, Global, print};
use crate::app::App;
use crate::domain::access::{Principal, Role};
use crate::services::people::{self, Claims, NewUser, PersonView};
use crate::services::sign_in::UserRow;
use crate::services::{Code, Context};

/// Adds, lists and suspends people, and helps them in again
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
    /// Lists everybody: roles, whether they may sign in, whether they have a second factor, when they signed in last
    #[command(after_help = "Examples:\n  makegood user list\n  makegood user list --json")]
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Keeps a person out: their sessions end and their tokens stop, at once
    #[command(
        after_help = "Examples:\n  makegood user suspend --email li@shop.example --hand-over-to ana@shop.example\n  \
                      makegood user suspend --email ana@shop.example"
    )]
    Suspend {
        /// The address that they sign in with
        #[arg(long)]
        email: String,
        /// Who gets the requests that they are working on; without it they go back to the queue
        #[arg(long, value_name = "EMAIL")]
        hand_over_to: Option<String>,
    },
    /// Lets a person in again who was suspended
    #[command(
        after_help = "Examples:\n  makegood user reactivate --email ana@shop.example\n  makegood user reactivate --email \
                      li@shop.example"
    )]
    Reactivate {
        /// The address that they sign in with
        #[arg(long)]
        email: String,
    },
    /// Gives a person a new password and prints it, once, alone on the last line; their sessions end
    #[command(after_help = "Examples:\n  makegood user reset-password --email ana@shop.example\n  makegood user \
                      reset-password --email li@shop.example")]
    ResetPassword {
        /// The address that they sign in with
        #[arg(long)]
        email: String,
    },
    /// Takes the second factor of a person away who lost it; their sessions end
    #[command(
        name = "reset-2fa",
        after_help = "Examples:\n  makegood user reset-2fa --email ana@shop.example\n  makegood user reset-2fa --email \
                      li@shop.example"
    )]
    ResetSecondFactor {
        /// The address that they sign in with
        #[arg(long)]
        email: String,
    },
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self.command {
            Command::Add { email, roles, name, locale } => add(global, &email, roles, name, locale),
            Command::List { json } => list(global, json),
            Command::Suspend { email, hand_over_to } => suspend(global, &email, hand_over_to.as_deref()),
            Command::Reactivate { email } => reactivate(global, &email),
            Command::ResetPassword { email } => reset_password(global, &email),
            Command::ResetSecondFactor { email } => reset_second_factor(global, &email),
        }
    }
}

fn add(global: &Global, email: &str, roles: Vec<Role>, name: Option<String>, locale: String) -> Result<(), Failure> {
    let email = email.trim();
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

fn list(global: &Global, as_json: bool) -> Result<(), Failure> {
    let everybody = on_desk(global, async |app| {
        let context = app.context(Principal::Shell);
        people::all_people(&app.desk, &context).await.map_err(|refusal| refused(&app, &refusal))
    })?;
    if as_json {
        print::json(&everybody.iter().map(as_value).collect::<Vec<_>>())
    } else if everybody.is_empty() {
        print::text(&format!(
            "Nobody works here yet. Add somebody with: makegood user add --email name@{EXAMPLE} --role admin\n"
        ))
    } else {
        print::text(&as_text(&everybody))
    }
}

fn state(user: &UserRow) -> &'static str {
    match (user.active, user.password_hash.is_empty()) {
        (false, _) => "suspended",
        (true, true) => "invited",
        (true, false) => "active",
    }
}

fn as_value(person: &PersonView) -> Value {
    let user = &person.user;
    json!({
        "user_id": user.user_id, "email": user.email, "name": user.name, "roles": user.roles, "state": state(user),
        "second_factor": person.has_second_factor, "created_at": user.created_at, "signed_in_at": user.signed_in_at,
    })
}

fn as_text(everybody: &[PersonView]) -> String {
    let roles = |person: &PersonView| person.user.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(",");
    let width = |column: &dyn Fn(&PersonView) -> usize| everybody.iter().map(column).max().unwrap_or(0);
    let emails = width(&|person| person.user.email.chars().count());
    let given = width(&|person| roles(person).chars().count());
    let line = |person: &PersonView| {
        let factor = if person.has_second_factor { "2fa" } else { "-" };
        let last = person.user.signed_in_at.map_or_else(|| "never".to_owned(), |at| format!("{at:.0}"));
        let (email, state) = (&person.user.email, state(&person.user));
        format!("{email:emails$}  {:given$}  {state:9}  {factor:3}  {last}\n", roles(person))
    };
    everybody.iter().map(line).collect()
}

fn suspend(global: &Global, email: &str, hand_over_to: Option<&str>) -> Result<(), Failure> {
    on_desk(global, async |app| {
        let context = app.context(Principal::Shell);
        let user = find(&app, &context, email).await?;
        let claims = match hand_over_to {
            None => Claims::PutBack,
            Some(colleague) => Claims::HandOver(find(&app, &context, colleague).await?.user_id),
        };
        let done = people::suspend(&app.desk, &context, &user.user_id, claims).await;
        done.map_err(|refusal| {
            if refusal.code == Code::State && refusal.errors.is_empty() {
                Failure::failed(format!("{email} is suspended already."))
            } else {
                refused(&app, &refusal)
            }
        })
    })?;
    print::text(&format!("{email} is suspended: signed out everywhere, and their tokens stopped.\n"))
}

fn reactivate(global: &Global, email: &str) -> Result<(), Failure> {
    on_desk(global, async |app| {
        let context = app.context(Principal::Shell);
        let user = find(&app, &context, email).await?;
        let done = people::reactivate(&app.desk, &context, &user.user_id).await;
        done.map_err(|refusal| {
            if refusal.code == Code::State {
                Failure::failed(format!("{email} is not suspended."))
            } else {
                refused(&app, &refusal)
            }
        })
    })?;
    print::text(&format!("{email} may sign in again.\n"))
}

fn reset_password(global: &Global, email: &str) -> Result<(), Failure> {
    let password = password()?;
    let new = password.clone();
    on_desk(global, async |app| {
        let context = app.context(Principal::Shell);
        let user = find(&app, &context, email).await?;
        let done = people::set_password(&app.desk, &context, &user.user_id, &new).await;
        done.map_err(|refusal| refused(&app, &refusal))
    })?;
    print::text(&format!("{email} is signed out everywhere. Their new password, shown this once:\n{password}\n"))
}

fn reset_second_factor(global: &Global, email: &str) -> Result<(), Failure> {
    let told = on_desk(global, async |app| {
        let context = app.context(Principal::Shell);
        let user = find(&app, &context, email).await?;
        match people::reset_second_factor(&app.desk, &context, &user.user_id).await {
            Ok(()) => Ok(format!("{email} has no second factor any more, and is signed out everywhere.\n")),
            Err(refusal) if refusal.code == Code::State => Ok(format!("{email} has no second factor.\n")),
            Err(refusal) => Err(refused(&app, &refusal)),
        }
    })?;
    print::text(&told)
}

/// The person with this address.
async fn find(app: &App, context: &Context, email: &str) -> Result<UserRow, Failure> {
    let found = people::find_by_email(&app.desk, context, email.trim()).await;
    found.map_err(|refusal| {
        if refusal.code == Code::Body {
            Failure::failed(format!("Nobody at the desk has the address {email}; makegood user list names everybody."))
        } else {
            refused(app, &refusal)
        }
    })
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
