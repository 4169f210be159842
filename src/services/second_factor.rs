//! The second factor of people at the desk: begun, confirmed by a code, asked for at sign-in, turned off, renewed.
//!
//! The secret stands sealed in its row. A code counts once: the last step that was used is noted under lock, so that the
//! same code does not open a second session, at whichever node.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::context::Context;
use super::desk::{Desk, keyed_digest};
use super::own_account::own_id;
use super::people::{Change, end_all};
use super::refusal::{Code, Refusal};
use super::sealed;
use super::sign_in::Proof;
use crate::domain::id::UserId;
use crate::domain::second_factor::{SharedSecret, WRONG_CODES_MAX, is_six_digits, typed_code};
use crate::store::Tx;
use crate::store::second_factors::{self, SecondFactorRow};

/// A secret that was begun and not confirmed by then is forgotten.
const PENDING_MAX: SignedDuration = SignedDuration::from_hours(1);

/// How somebody's second factor stands.
#[derive(Clone, Default)]
pub struct Standing {
    /// Since when it is on.
    pub on_since: Option<Timestamp>,
    /// Recovery codes that are left.
    pub codes_left: i64,
    /// The secret that was begun and is to be confirmed.
    pub pending: Option<SharedSecret>,
}

/// How the actor's own second factor stands.
pub async fn standing(desk: &Arc<Desk>, context: &Context) -> Result<Standing, Refusal> {
    let user_id = own_id(context)?;
    let (desk_, now) = (Arc::clone(desk), context.now);
    desk.db
        .read(move |conn| {
            let Some(row) = second_factors::find(conn, &user_id)? else { return Ok(Standing::default()) };
            let codes_left = second_factors::codes_left(conn, &user_id)?;
            let pending = pending(&row, now).map(|sealed| open(&desk_, &user_id, sealed)).transpose()?;
            Ok(Standing { on_since: row.confirmed_at, codes_left, pending })
        })
        .await
}

fn pending(row: &SecondFactorRow, now: Timestamp) -> Option<&str> {
    let fresh = |at: Timestamp| now.duration_since(at) < PENDING_MAX;
    row.pending.as_ref().filter(|(_, at)| fresh(*at)).map(|(sealed, _)| sealed.as_str())
}

/// Begins a second factor with this secret, random and made at the edge; it counts for nothing until it is confirmed.
pub async fn begin(desk: &Arc<Desk>, context: &Context, secret: &SharedSecret) -> Result<(), Refusal> {
    let user_id = own_id(context)?;
    let sealed = sealed::seal(&desk.keys.second_factor, user_id.as_str(), secret.reveal())?;
    let now = context.now;
    desk.db
        .write(move |tx| {
            let row = second_factors::lock(tx, &user_id)?.unwrap_or_default();
            let row = SecondFactorRow { pending: Some((sealed.clone(), now)), ..row };
            Ok::<_, Refusal>(second_factors::put(tx, &user_id, &row)?)
        })
        .await
}

/// What confirms a change of the second factor, beside the password, which was checked.
#[derive(Clone, Debug)]
pub struct Given {
    /// A code of the secret that is on now; nothing where none is.
    pub current: Option<String>,
    /// Recovery codes, random and made at the edge; only their digests are stored.
    pub recovery_codes: Vec<String>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Done; sessions go on in this epoch only.
    Done(i64),
    /// The code of the new secret is wrong.
    WrongNew,
    /// The code of the secret that is on is wrong.
    WrongCurrent,
    /// Nothing was begun, or too long ago.
    NothingBegun,
}

/// Turns on the second factor that was begun, with a code of it, and where one is on already with a code of that too.
pub async fn confirm(desk: &Arc<Desk>, context: &Context, code: &str, given: Given) -> Result<Changed, Refusal> {
    let user_id = own_id(context)?;
    let (desk_, mint, context, code) = (Arc::clone(desk), context.mint(), context.clone(), typed_code(code));
    desk.db
        .write(move |tx| {
            let row = second_factors::lock(tx, &user_id)?.unwrap_or_default();
            let Some(sealed) = pending(&row, context.now) else { return Ok(Changed::NothingBegun) };
            let sealed = sealed.to_owned();
            let Some(step) = open(&desk_, &user_id, &sealed)?.step_of(&code, second(&context), 0) else {
                return Ok(Changed::WrongNew);
            };
            if row.sealed_secret.is_some() && !given.proves(&desk_, tx, &context, &user_id)? {
                return Ok(Changed::WrongCurrent);
            }
            let row = SecondFactorRow {
                sealed_secret: Some(sealed),
                pending: None,
                confirmed_at: Some(context.now),
                last_step: step,
                wrong_codes: 0,
            };
            second_factors::put(tx, &user_id, &row)?;
            second_factors::replace_codes(tx, &user_id, &digests(&desk_, &given.recovery_codes))?;
            let epoch = end_all(tx, &user_id, context.now)?;
            let change =
                Change { context: &context, user_id: &user_id, action: "user.second_factor", reason: "turned_on" };
            change.record(tx, &mut mint.clone(), None, None)?;
            Ok::<_, Refusal>(Changed::Done(epoch))
        })
        .await
}

/// Turns the second factor off.
pub async fn turn_off(desk: &Arc<Desk>, context: &Context, given: Given) -> Result<Changed, Refusal> {
    alter(desk, context, given, "turned_off", |_, tx, user_id, _| Ok(second_factors::delete(tx, user_id).map(|_| ())?))
        .await
}

/// Puts new recovery codes in the place of the ones before.
pub async fn renew_codes(desk: &Arc<Desk>, context: &Context, given: Given) -> Result<Changed, Refusal> {
    alter(desk, context, given, "codes_renewed", |desk, tx, user_id, given| {
        Ok(second_factors::replace_codes(tx, user_id, &digests(desk, &given.recovery_codes))?)
    })
    .await
}

async fn alter(
    desk: &Arc<Desk>,
    context: &Context,
    given: Given,
    reason: &'static str,
    work: fn(&Desk, &mut Tx<'_>, &UserId, &Given) -> Result<(), Refusal>,
) -> Result<Changed, Refusal> {
    let user_id = own_id(context)?;
    let (desk_, mint, context) = (Arc::clone(desk), context.mint(), context.clone());
    desk.db
        .write(move |tx| {
            let on = second_factors::lock(tx, &user_id)?.is_some_and(|row| row.sealed_secret.is_some());
            if !on {
                return Ok(Changed::NothingBegun);
            }
            if !given.proves(&desk_, tx, &context, &user_id)? {
                return Ok(Changed::WrongCurrent);
            }
            work(&desk_, tx, &user_id, &given)?;
            let epoch = end_all(tx, &user_id, context.now)?;
            let change = Change { context: &context, user_id: &user_id, action: "user.second_factor", reason };
            change.record(tx, &mut mint.clone(), None, None)?;
            Ok::<_, Refusal>(Changed::Done(epoch))
        })
        .await
}

impl Given {
    fn proves(&self, desk: &Desk, tx: &mut Tx<'_>, context: &Context, user_id: &UserId) -> Result<bool, Refusal> {
        let code = typed_code(self.current.as_deref().unwrap_or_default());
        Ok(check(desk, tx, context, user_id, &code)?.is_some())
    }
}

/// Checks the code of somebody whose password was right: a code of their app, or a recovery code, each good once.
pub async fn prove(
    desk: &Arc<Desk>,
    context: &Context,
    user_id: &UserId,
    code: &str,
) -> Result<Option<Proof>, Refusal> {
    let (desk_, context, user_id) = (Arc::clone(desk), context.clone(), user_id.clone());
    let code = typed_code(code);
    desk.db.write(move |tx| check(&desk_, tx, &context, &user_id, &code)).await
}

/// Checks a code, uses it up where it is right, and counts it where it is wrong.
fn check(
    desk: &Desk,
    tx: &mut Tx<'_>,
    context: &Context,
    user_id: &UserId,
    code: &str,
) -> Result<Option<Proof>, Refusal> {
    let Some(row) = second_factors::lock(tx, user_id)? else { return Ok(None) };
    let Some(sealed) = row.sealed_secret.clone() else { return Ok(None) };
    if !is_six_digits(code) {
        let is_right = second_factors::use_code(tx, user_id, &digest(desk, code), context.now)?;
        if is_right {
            second_factors::put(tx, user_id, &SecondFactorRow { wrong_codes: 0, ..row })?;
        }
        return Ok(is_right.then_some(Proof::RecoveryCode));
    }
    let allowed = row.wrong_codes < WRONG_CODES_MAX;
    let step = if allowed { open(desk, user_id, &sealed)?.step_of(code, second(context), row.last_step) } else { None };
    let row = match step {
        Some(last_step) => SecondFactorRow { last_step, wrong_codes: 0, ..row },
        None => SecondFactorRow { wrong_codes: row.wrong_codes.saturating_add(1), ..row },
    };
    second_factors::put(tx, user_id, &row)?;
    Ok(step.map(|_| Proof::Code))
}

/// Telephones know real time, whatever the desk's business time is.
fn second(context: &Context) -> u64 {
    u64::try_from(context.system_now.as_second()).unwrap_or(0)
}

fn open(desk: &Desk, user_id: &UserId, sealed: &str) -> Result<SharedSecret, Refusal> {
    let bytes = sealed::open(&desk.keys.second_factor, user_id.as_str(), sealed)?;
    let secret = SharedSecret::from_slice(&bytes);
    secret.ok_or_else(|| Refusal::new(Code::Internal).because("a second factor of another length"))
}

fn digests(desk: &Desk, codes: &[String]) -> Vec<String> {
    codes.iter().map(|code| digest(desk, &typed_code(code))).collect()
}

/// A recovery code has 100 random bits, so a fast digest is enough; the key keeps a copy of the database from being tried.
fn digest(desk: &Desk, code: &str) -> String {
    hex::encode(Sha256::digest(keyed_digest(&desk.keys.second_factor, code.as_bytes())))
}
