//! The session behind the cookie: where its rows are kept, and who it says is signed in.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

use actix_session::config::{BrowserSession, CookieContentSecurity, TtlExtensionPolicy};
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_session::{Session, SessionMiddleware};
use actix_web::cookie::SameSite;
use actix_web::cookie::time::Duration;

use super::csrf;
use super::site::Site;
use crate::app::Clock;
use crate::domain::access::Principal;
use crate::domain::id::UserId;
use crate::services::refusal::Refusal;
use crate::services::{Desk, sessions};

/// Name of the cookie.
const COOKIE: &str = "makegood_session";
/// Words in the session's key: together 288 random bits.
const KEY_WORDS: usize = 2;

const PRINCIPAL: &str = "principal";
const WORD: &str = "word";
/// The epoch of the person's sessions that this one belongs to.
const EPOCH: &str = "epoch";
/// Where it was begun, coarsely.
const NETWORK: &str = "network";
/// In which browser it was begun.
const BROWSER: &str = "browser";
/// Who gave the right password and owes a code, and since when.
const HALF: &str = "half";
const HALF_SINCE: &str = "half_since";
const NEXT: &str = "next";

/// Sessions as rows of our database.
#[derive(Clone)]
pub struct Rows {
    desk: Arc<Desk>,
}

type State = HashMap<String, String>;

/// The middleware that opens and closes sessions around each request.
pub fn middleware(site: &Site, secure: bool) -> SessionMiddleware<Rows> {
    SessionMiddleware::builder(Rows { desk: Arc::clone(&site.desk) }, site.keys.session.clone())
        .cookie_name(COOKIE.to_owned())
        .cookie_content_security(CookieContentSecurity::Private)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_secure(secure)
        .cookie_path("/".to_owned())
        .session_lifecycle(BrowserSession::default().state_ttl_extension_policy(TtlExtensionPolicy::OnEveryRequest))
        .build()
}

/// Signs somebody in: a new key, nothing of the old session left, a new word for forms.
pub fn sign_in(session: &Session, principal: &Principal) -> Result<(), Refusal> {
    session.clear();
    session.renew();
    put(session, PRINCIPAL, &principal.to_string())?;
    put(session, WORD, &csrf::random_word())
}

/// Where and in what a session is begun, as its owner is told of it later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Begun {
    /// The network that the address lies in.
    pub network: String,
    /// The browser and its system, in their own names.
    pub browser: String,
}

/// Where the session of a row was begun, and whether it is the one that asks.
pub fn read_row(state: &str, asking: &Session) -> (Begun, bool) {
    let state: State = serde_json::from_str(state).unwrap_or_default();
    let text =
        |key: &str| -> String { state.get(key).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default() };
    let is_own = !text(WORD).is_empty() && text(WORD) == word(asking);
    (Begun { network: text(NETWORK), browser: text(BROWSER) }, is_own)
}

/// Signs a person of the desk in, in this epoch of their sessions.
pub fn sign_in_person(session: &Session, user_id: &UserId, epoch: i64, begun: &Begun) -> Result<(), Refusal> {
    sign_in(session, &Principal::User(user_id.clone()))?;
    put(session, EPOCH, &epoch.to_string())?;
    put(session, NETWORK, &begun.network)?;
    put(session, BROWSER, &begun.browser)
}

/// Goes on in a new epoch, under a new key, where all sessions of the person were ended but this one.
pub fn go_on(session: &Session, epoch: i64) -> Result<(), Refusal> {
    session.renew();
    put(session, EPOCH, &epoch.to_string())
}

/// The epoch that the session belongs to.
pub fn epoch(session: &Session) -> Option<i64> {
    get(session, EPOCH)?.parse().ok()
}

/// Somebody whose password was right and who owes a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Half {
    /// Who.
    pub user_id: UserId,
    /// The epoch in which the password was right.
    pub epoch: i64,
    /// When it was given, in seconds of real time.
    pub since_s: i64,
    /// Where they want to go.
    pub next: String,
}

/// Keeps who gave the right password, signed in as nobody: a new key, nothing of the old session left.
pub fn begin_second_step(session: &Session, half: &Half) -> Result<(), Refusal> {
    session.clear();
    session.renew();
    put(session, HALF, half.user_id.as_str())?;
    put(session, EPOCH, &half.epoch.to_string())?;
    put(session, HALF_SINCE, &half.since_s.to_string())?;
    put(session, NEXT, &half.next)?;
    put(session, WORD, &csrf::random_word())
}

/// Who gave the right password and owes a code.
pub fn second_step(session: &Session) -> Option<Half> {
    Some(Half {
        user_id: UserId::parse(&get(session, HALF)?).ok()?,
        epoch: epoch(session)?,
        since_s: get(session, HALF_SINCE)?.parse().ok()?,
        next: get(session, NEXT)?,
    })
}

/// Signs out: the row is gone, everywhere.
pub fn sign_out(session: &Session) {
    session.purge();
}

/// Who is signed in.
pub fn principal(session: &Session) -> Option<Principal> {
    get(session, PRINCIPAL).and_then(|text| Principal::from_str(&text).ok())
}

/// The session's own random word; empty where nobody is signed in.
pub fn word(session: &Session) -> String {
    get(session, WORD).unwrap_or_default()
}

/// A text that the session holds.
pub fn get(session: &Session, key: &str) -> Option<String> {
    session.get::<String>(key).ok().flatten()
}

/// Makes the session hold a text.
pub fn put(session: &Session, key: &str, value: &str) -> Result<(), Refusal> {
    session.insert(key, value).map_err(|error| {
        Refusal::new(crate::services::refusal::Code::Internal).because(format!("a session cannot hold {key}: {error}"))
    })
}

impl SessionStore for Rows {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        let found = sessions::load(&self.desk, key.as_ref(), Clock::system()).await;
        let text = found.map_err(|refusal| LoadError::Other(refusal.into()))?;
        text.map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| LoadError::Deserialization(error.into()))
    }

    async fn save(&self, state: State, _ttl: &Duration) -> Result<SessionKey, SaveError> {
        let key: String = std::iter::repeat_with(csrf::random_word).take(KEY_WORDS).collect();
        let text = serde_json::to_string(&state).map_err(|error| SaveError::Serialization(error.into()))?;
        let begun = sessions::begin(&self.desk, &key, principal_of(&state), text, Clock::system()).await;
        begun.map_err(|refusal| SaveError::Other(refusal.into()))?;
        SessionKey::try_from(key).map_err(|error| SaveError::Other(anyhow::Error::new(error)))
    }

    async fn update(&self, key: SessionKey, state: State, ttl: &Duration) -> Result<SessionKey, UpdateError> {
        let text = serde_json::to_string(&state).map_err(|error| UpdateError::Serialization(error.into()))?;
        let kept = sessions::keep(&self.desk, key.as_ref(), principal_of(&state), text, Clock::system()).await;
        if kept.map_err(|refusal| UpdateError::Other(refusal.into()))? {
            return Ok(key);
        }
        // It was ended while this request ran: what the request put into it goes into nobody's session.
        match self.save(State::new(), ttl).await {
            Ok(key) => Ok(key),
            Err(SaveError::Serialization(error)) => Err(UpdateError::Serialization(error)),
            Err(SaveError::Other(error)) => Err(UpdateError::Other(error)),
        }
    }

    async fn update_ttl(&self, key: &SessionKey, _ttl: &Duration) -> Result<(), anyhow::Error> {
        Ok(sessions::touch(&self.desk, key.as_ref(), Clock::system()).await?)
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        Ok(sessions::end(&self.desk, key.as_ref()).await?)
    }
}

/// The principal as the row's own column holds it, so that all sessions of somebody can be found.
fn principal_of(state: &State) -> Option<String> {
    state.get(PRINCIPAL).and_then(|json| serde_json::from_str(json).ok())
}
