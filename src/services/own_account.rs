//! What somebody at the desk does with their own account: their choices, their password, their sessions.

use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::desk::Desk;
use super::passwords;
use super::people::{Change, end_all};
use super::refusal::{Code, Refusal};
use super::sessions::is_standing;
use crate::domain::access::Principal;
use crate::domain::id::UserId;
use crate::domain::preferences::Preferences;
use crate::store::people;
use crate::store::sessions::{self, SessionRow};

/// Characters of a digest by which a session is named in a form.
const NAME_LENGTH: usize = 16;

/// Writes what somebody is called and chose for themselves.
pub async fn choose(desk: &Arc<Desk>, context: &Context, name: &str, preferences: Preferences) -> Result<(), Refusal> {
    let user_id = own_id(context)?;
    let name = name.to_owned();
    desk.db.write(move |tx| Ok::<_, Refusal>(people::set_preferences(tx, &user_id, &name, &preferences)?)).await
}

/// Changes somebody's password, after they gave the one that they had; every session ends, and the number of the epoch
/// is told in which theirs goes on.
pub async fn change_password(
    desk: &Arc<Desk>,
    context: &Context,
    had_hash: &str,
    password: &str,
) -> Result<i64, Refusal> {
    let user_id = own_id(context)?;
    let hash = passwords::hash(password).await?;
    let (mint, context, had_hash) = (context.mint(), context.clone(), had_hash.to_owned());
    desk.db
        .write(move |tx| {
            let user = people::find_user(tx, &user_id)?.filter(|user| user.active);
            // Between the check and now somebody may have changed it.
            if user.is_none_or(|user| user.password_hash != had_hash) {
                return Err(Refusal::new(Code::Version));
            }
            people::set_password(tx, &user_id, &hash)?;
            let epoch = end_all(tx, &user_id, context.now)?;
            let change = Change { context: &context, user_id: &user_id, action: "user.password", reason: "changed" };
            change.record(tx, &mut mint.clone(), None, None)?;
            Ok(epoch)
        })
        .await
}

/// A session of somebody, as they are shown it.
#[derive(Clone, Debug)]
pub struct SessionView {
    /// By which it is named in a form.
    pub name: String,
    /// What it holds.
    pub state: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was used last, to the minute.
    pub seen_at: Timestamp,
}

/// The sessions of somebody that stand, used last first. `now` is real time.
pub async fn sessions_of(desk: &Desk, context: &Context, now: Timestamp) -> Result<Vec<SessionView>, Refusal> {
    let principal = Principal::User(own_id(context)?).to_string();
    let found = desk.db.read(move |conn| Ok::<_, Refusal>(sessions::sessions_of(conn, &principal)?)).await?;
    let standing = found.into_iter().filter(|session| is_standing(session, now));
    Ok(standing.map(view).collect())
}

fn view(session: SessionRow) -> SessionView {
    let moment = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    SessionView {
        name: name_of(&session.session_hash),
        created_at: moment(session.created_at),
        seen_at: moment(session.seen_at),
        state: session.state,
    }
}

/// Ends one of somebody's own sessions, by its name; `404` where they have none of it.
pub async fn end_session(desk: &Arc<Desk>, context: &Context, name: &str) -> Result<(), Refusal> {
    let user_id = own_id(context)?;
    let (mint, context, name) = (context.mint(), context.clone(), name.to_owned());
    desk.db
        .write(move |tx| {
            let own = sessions::sessions_of(tx, &Principal::User(user_id.clone()).to_string())?;
            let found = own.iter().find(|session| name_of(&session.session_hash) == name);
            let session = found.ok_or_else(|| Refusal::new(Code::PathNotFound))?;
            sessions::delete_session(tx, &session.session_hash)?;
            let change =
                Change { context: &context, user_id: &user_id, action: "user.sign_out", reason: "one_session" };
            change.record(tx, &mut mint.clone(), None, None)
        })
        .await
}

/// Ends all of somebody's own sessions; the number of the epoch is told in which the one that asks goes on.
pub async fn end_other_sessions(desk: &Arc<Desk>, context: &Context) -> Result<i64, Refusal> {
    let user_id = own_id(context)?;
    let (mint, context) = (context.mint(), context.clone());
    desk.db
        .write(move |tx| {
            let epoch = end_all(tx, &user_id, context.now)?;
            let change =
                Change { context: &context, user_id: &user_id, action: "user.sign_out", reason: "all_sessions" };
            change.record(tx, &mut mint.clone(), None, None)?;
            Ok(epoch)
        })
        .await
}

fn name_of(session_hash: &str) -> String {
    session_hash.chars().take(NAME_LENGTH).collect()
}

pub(super) fn own_id(context: &Context) -> Result<UserId, Refusal> {
    match &context.actor.principal {
        Principal::User(user_id) => Ok(user_id.clone()),
        Principal::Token(_)
        | Principal::Customer(_)
        | Principal::Policy(_)
        | Principal::System
        | Principal::Provider(_)
        | Principal::Shell => Err(Refusal::new(Code::Authentication)),
    }
}
