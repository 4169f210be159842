//! `makegood token`: API tokens: made and told once, listed, given a new text, revoked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use rand::TryRngCore;
use rand::rngs::OsRng;
use serde_json::{Value, json};

use super::open::{on_desk, refused};
use super::{Failure, Global, print};
use crate::app::App;
use crate::domain::access::{Principal, Scope};
use crate::domain::id::TokenId;
use crate::services::tokens::{self, NewToken, TOKEN_PREFIX, TokenView};
use crate::services::{Code, Context, Refusal};

/// Makes, lists, rotates and revokes tokens for the API
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
    /// Lists every token: its beginning, whose it is, what it is for, when it was used last, when it ends
    #[command(after_help = "Examples:\n  makegood token list\n  makegood token list --json")]
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Gives a token a new text and prints it, once, alone on the last line; the one before works for a while longer
    #[command(
        after_help = "Examples:\n  makegood token rotate --name shop\n  makegood token rotate --name audit --overlap 7d"
    )]
    Rotate {
        /// What it is called
        #[arg(long)]
        name: String,
        /// How long the text before works: a number of hours or days such as 24h or 7d, or 0 for not at all
        #[arg(long, value_name = "SPAN", value_parser = overlap, default_value = "24h")]
        overlap: SignedDuration,
    },
    /// Ends a token at once, with the text before its last rotation
    #[command(after_help = "Examples:\n  makegood token revoke --name audit\n  makegood token revoke --name shop")]
    Revoke {
        /// What it is called
        #[arg(long)]
        name: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expiry {
    After(SignedDuration),
    At(Timestamp),
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self.command {
            Command::Create { name, scopes, owner, expires } => create(global, name.trim(), scopes, owner, expires),
            Command::List { json } => list(global, json),
            Command::Rotate { name, overlap } => rotate(global, &name, overlap),
            Command::Revoke { name } => revoke(global, &name),
        }
    }
}

fn create(
    global: &Global,
    name: &str,
    scopes: Vec<Scope>,
    owner: Option<String>,
    expires: Option<Expiry>,
) -> Result<(), Failure> {
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
        let (name, scopes) = (name.to_owned(), scopes.into_iter().collect());
        let new = NewToken { name, scopes, owner, expires_at, text };
        tokens::create_token(&app.desk, &context, new).await.map_err(|refusal| refused(&app, &refusal))
    })?;
    print::text(&told)
}

fn list(global: &Global, as_json: bool) -> Result<(), Failure> {
    let (all, now) = on_desk(global, async |app| {
        let context = app.context(Principal::Shell);
        let all = tokens::all_tokens(&app.desk, &context).await.map_err(|refusal| refused(&app, &refusal))?;
        Ok((all, context.now))
    })?;
    if as_json {
        print::json(&all.iter().map(|view| as_value(view, now)).collect::<Vec<_>>())
    } else if all.is_empty() {
        print::text(
            "There are no tokens yet. Make one with: makegood token create --name shop --scope refunds:create\n",
        )
    } else {
        print::text(&as_text(&all, now))
    }
}

fn state(view: &TokenView, now: Timestamp) -> &'static str {
    let token = &view.token;
    match (token.revoked_at, token.expires_at) {
        (Some(_), _) => "revoked",
        (None, Some(end)) if end <= now => "ended",
        (None, _) => "works",
    }
}

fn as_value(view: &TokenView, now: Timestamp) -> Value {
    let token = &view.token;
    json!({
        "token_id": token.token_id, "name": token.name, "prefix": token.prefix, "owner": view.owner_name,
        "scopes": token.scopes, "state": state(view, now), "created_at": token.created_at,
        "expires_at": token.expires_at, "revoked_at": token.revoked_at, "last_used_at": token.last_used_at,
        "rotated_at": token.rotated_at, "previous_until": token.previous.as_ref().map(|(_, until)| until),
    })
}

fn as_text(all: &[TokenView], now: Timestamp) -> String {
    let names = all.iter().map(|view| view.token.name.chars().count()).max().unwrap_or(0);
    let line = |view: &TokenView| {
        let token = &view.token;
        let moment = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), |at| format!("{at:.0}"));
        let scopes = token.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",");
        format!(
            "{:names$}  {:11}  {:7}  used {:20}  ends {:20}  {}  {scopes}\n",
            token.name,
            token.prefix,
            state(view, now),
            moment(token.last_used_at),
            moment(token.expires_at),
            view.owner_name.as_deref().unwrap_or("-"),
        )
    };
    all.iter().map(line).collect()
}

fn rotate(global: &Global, name: &str, overlap: SignedDuration) -> Result<(), Failure> {
    let text = text()?;
    let new = text.clone();
    let until = on_desk(global, async |app| {
        let context = app.context(Principal::Shell);
        let token_id = find(&app, &context, name).await?;
        let done = tokens::rotate_token(&app.desk, &context, &token_id, &new, overlap).await;
        done.map_err(|refusal| ended(&app, name, &refusal))?;
        Ok(context.now.checked_add(overlap).unwrap_or(context.now))
    })?;
    let before = if overlap.is_zero() {
        "The one before does not work any more.".to_owned()
    } else {
        format!("The one before works until {until:.0}.")
    };
    print::text(&format!("The token {name} has a new text. {before} It is shown this once:\n{text}\n"))
}

fn revoke(global: &Global, name: &str) -> Result<(), Failure> {
    on_desk(global, async |app| {
        let context = app.context(Principal::Shell);
        let token_id = find(&app, &context, name).await?;
        let done = tokens::revoke_token(&app.desk, &context, &token_id).await;
        done.map(|_| ()).map_err(|refusal| ended(&app, name, &refusal))
    })?;
    print::text(&format!("The token {name} is revoked; a desk that runs refuses it within a second.\n"))
}

/// The token of this name.
async fn find(app: &App, context: &Context, name: &str) -> Result<TokenId, Failure> {
    let found = tokens::find_token_by_name(&app.desk, context, name).await;
    found.map_err(|refusal| {
        if refusal.code == Code::Body {
            Failure::failed(format!("There is no token {name:?}; makegood token list names them."))
        } else {
            refused(app, &refusal)
        }
    })
}

fn ended(app: &App, name: &str, refusal: &Refusal) -> Failure {
    if refusal.code == Code::State {
        Failure::failed(format!("The token {name} was revoked or has ended; make another one."))
    } else {
        refused(app, refusal)
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

fn overlap(text: &str) -> Result<SignedDuration, String> {
    let hours = match (text.strip_suffix('h'), text.strip_suffix('d')) {
        _ if text == "0" => Some(0),
        (Some(hours), _) => hours.parse::<u16>().ok().map(i64::from),
        (_, Some(days)) => days.parse::<u16>().ok().map(|days| 24 * i64::from(days)),
        (None, None) => None,
    };
    let allowed = "use a number of hours or days such as 24h or 7d, or 0; at most 30d";
    hours.filter(|hours| *hours <= 720).map(SignedDuration::from_hours).ok_or_else(|| allowed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlap_is_hours_or_days_and_a_month_at_most() {
        for (text, hours) in [("0", 0), ("1h", 1), ("24h", 24), ("7d", 168), ("30d", 720)] {
            assert_eq!(overlap(text), Ok(SignedDuration::from_hours(hours)), "{text}");
        }
        for wrong in ["", "h", "24", "31d", "-1h", "1w", "99999d"] {
            assert!(overlap(wrong).is_err(), "{wrong}");
        }
    }

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
