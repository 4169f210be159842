//! People at the desk: added, invited, given roles, suspended and let in again.
//!
//! Nobody changes what they themselves may do, and the desk never loses its last administrator. The shell, which is
//! there anyway, is bound by the second rule only.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::passwords;
use super::refusal::{Code, Refusal};
use super::standing;
use crate::domain::access::{Permission, Principal, Role, permissions_of};
use crate::domain::id::UserId;
use crate::domain::preferences::Preferences;
use crate::domain::review::Claim;
use crate::store::people::{self, UserRow};
use crate::store::{Tx, reviews, second_factors, sessions, staff_links};

/// Characters of a name at most.
pub const NAME_LENGTH_MAX: usize = 100;

/// A person to add.
#[derive(Clone)]
pub struct NewUser {
    /// Where letters go; unique without case.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// Their language.
    pub locale: String,
    /// What they are.
    pub roles: BTreeSet<Role>,
    /// Their first password; empty where they choose it themselves, by a link.
    pub password: String,
}

/// Adds a person; `409` where the address is taken.
pub async fn add_user(desk: &Arc<Desk>, context: &Context, new: NewUser) -> Result<UserId, Refusal> {
    context.require(Permission::Operate)?;
    let password_hash = if new.password.is_empty() { String::new() } else { passwords::hash(&new.password).await? };
    let (mint, context) = (context.mint(), context.clone());
    let user = user_row(UserId::from_ulid(mint.clone().next_ulid()), new, password_hash, context.now);
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::Operate)?;
            let mut mint = mint.clone();
            mint.next_ulid();
            insert(tx, &user)?;
            let reason = if user.password_hash.is_empty() { "invited" } else { "added" };
            let change = Change { context: &context, user_id: &user.user_id, action: "user.add", reason };
            change.record(tx, &mut mint, None, Some(roles_json(&user.roles)))?;
            Ok(user.user_id.clone())
        })
        .await
}

pub(super) fn user_row(user_id: UserId, new: NewUser, password_hash: String, now: Timestamp) -> UserRow {
    UserRow {
        user_id,
        email: new.email,
        name: new.name,
        preferences: Preferences::of_reader(&new.locale),
        password_hash,
        active: true,
        roles: new.roles,
        version: 1,
        epoch: 1,
        created_at: now,
        signed_in_at: None,
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, user: &UserRow) -> Result<(), Refusal> {
    if people::insert_user(tx, user)? { Ok(()) } else { Err(Refusal::field(Code::State, "email", "field-email-taken")) }
}

/// A person as a page tells of them.
#[derive(Clone)]
pub struct PersonView {
    /// The person.
    pub user: UserRow,
    /// Whether they have a second factor.
    pub has_second_factor: bool,
}

/// A person in all that an administrator needs to know of them.
#[derive(Clone)]
pub struct PersonDetails {
    /// The person.
    pub view: PersonView,
    /// How many requests they hold now.
    pub holds: i64,
    /// Who can take these over: everybody else who may decide, by address.
    pub colleagues: Vec<UserRow>,
}

/// Everybody at the desk, by address.
pub async fn all_people(desk: &Desk, context: &Context) -> Result<Vec<PersonView>, Refusal> {
    context.require(Permission::AdminRead)?;
    desk.db
        .read(|conn| {
            let protected: BTreeSet<String> = second_factors::all_on(conn)?.into_iter().collect();
            let view = |user: UserRow| {
                let has_second_factor = protected.contains(user.user_id.as_str());
                PersonView { user, has_second_factor }
            };
            Ok(people::users(conn)?.into_iter().map(view).collect())
        })
        .await
}

/// One person.
pub async fn person(desk: &Desk, context: &Context, user_id: &UserId) -> Result<PersonDetails, Refusal> {
    context.require(Permission::AdminRead)?;
    let (user_id, now) = (user_id.clone(), context.system_now);
    desk.db
        .read(move |conn| {
            let mut colleagues = people::users(conn)?;
            let place = colleagues.iter().position(|user| user.user_id == user_id);
            let user = place.map(|place| colleagues.remove(place)).ok_or_else(|| Refusal::new(Code::PathNotFound))?;
            colleagues.retain(can_take_over);
            let has_second_factor = second_factors::is_on(conn, &user_id)?;
            let holds = reviews::count_held_by(conn, &Principal::User(user_id), now)?;
            Ok(PersonDetails { view: PersonView { user, has_second_factor }, holds, colleagues })
        })
        .await
}

/// Whether somebody can be given the requests that another holds.
fn can_take_over(user: &UserRow) -> bool {
    user.active && permissions_of(&user.roles).contains(&Permission::RefundDecide)
}

/// The person with this address, for the shell.
pub async fn find_by_email(desk: &Desk, context: &Context, email: &str) -> Result<UserRow, Refusal> {
    context.require(Permission::AdminRead)?;
    let email = email.to_owned();
    let found = desk.db.read(move |conn| Ok::<_, Refusal>(people::find_user_by_email(conn, &email)?)).await?;
    found.ok_or_else(|| Refusal::field(Code::Body, "email", "field-owner-unknown"))
}

/// Gives a person these roles and no others, from their next request on.
pub async fn change_roles(
    desk: &Arc<Desk>,
    context: &Context,
    user_id: &UserId,
    roles: BTreeSet<Role>,
    seen_version: i64,
) -> Result<(), Refusal> {
    if roles.is_empty() {
        return Err(Refusal::field(Code::Body, "roles", "field-roles-none"));
    }
    let asked = Asked { action: "user.roles", reason: "roles_changed", seen_version: Some(seen_version) };
    change(desk, context, user_id, asked, move |tx, user| {
        if !people::set_roles(tx, &user.user_id, &roles, user.version)? {
            return Err(Refusal::new(Code::Version));
        }
        Ok((Some(roles_json(&user.roles)), Some(roles_json(&roles))))
    })
    .await
}

/// What becomes of the requests that a person holds who is suspended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claims {
    /// Anybody can take them.
    PutBack,
    /// This colleague has them now.
    HandOver(UserId),
}

/// Keeps a person out: their sessions end, their links close, their tokens stop, from now on; what they hold goes to
/// somebody else.
pub async fn suspend(desk: &Arc<Desk>, context: &Context, user_id: &UserId, claims: Claims) -> Result<(), Refusal> {
    let asked = Asked { action: "user.suspend", reason: "suspended", seen_version: None };
    let (now, system_now) = (context.now, context.system_now);
    change(desk, context, user_id, asked, move |tx, user| {
        if !user.active || !people::set_active(tx, &user.user_id, false, user.version)? {
            return Err(Refusal::new(Code::State));
        }
        let holder = Principal::User(user.user_id.clone());
        let after = match &claims {
            Claims::PutBack => json!({ "claims_put_back": reviews::put_back(tx, &holder)? }),
            Claims::HandOver(colleague) => {
                let found = people::find_user(tx, colleague)?.filter(|found| found.user_id != user.user_id);
                let found = found.filter(can_take_over);
                let found = found.ok_or_else(|| Refusal::field(Code::Body, "colleague", "field-colleague"))?;
                let to = Principal::User(found.user_id);
                let claims = reviews::hand_over(tx, &holder, &Claim::starting(to.clone(), system_now))?;
                json!({ "claims_handed_over": claims, "to": to.to_string() })
            }
        };
        end_all(tx, &user.user_id, now)?;
        Ok((None, Some(after.to_string())))
    })
    .await
}

/// Lets a person in again; what was ended stays ended.
pub async fn reactivate(desk: &Arc<Desk>, context: &Context, user_id: &UserId) -> Result<(), Refusal> {
    let asked = Asked { action: "user.reactivate", reason: "reactivated", seen_version: None };
    change(desk, context, user_id, asked, |tx, user| {
        if user.active || !people::set_active(tx, &user.user_id, true, user.version)? {
            return Err(Refusal::new(Code::State));
        }
        Ok((None, None))
    })
    .await
}

/// Ends all sessions of a person, who may sign in again.
pub async fn sign_out_everywhere(desk: &Arc<Desk>, context: &Context, user_id: &UserId) -> Result<(), Refusal> {
    let asked = Asked { action: "user.sign_out", reason: "by_administrator", seen_version: None };
    let now = context.now;
    change(desk, context, user_id, asked, move |tx, user| {
        end_all(tx, &user.user_id, now)?;
        Ok((None, None))
    })
    .await
}

/// Takes a person's second factor away, because they lost it; their sessions end.
pub async fn reset_second_factor(desk: &Arc<Desk>, context: &Context, user_id: &UserId) -> Result<(), Refusal> {
    let asked = Asked { action: "user.second_factor_reset", reason: "by_administrator", seen_version: None };
    let now = context.now;
    change(desk, context, user_id, asked, move |tx, user| {
        if !second_factors::delete(tx, &user.user_id)? {
            return Err(Refusal::new(Code::State));
        }
        end_all(tx, &user.user_id, now)?;
        Ok((None, None))
    })
    .await
}

/// Sets a password that was made for somebody, at the shell; their sessions end.
pub async fn set_password(
    desk: &Arc<Desk>,
    context: &Context,
    user_id: &UserId,
    password: &str,
) -> Result<(), Refusal> {
    let hash = passwords::hash(password).await?;
    let asked = Asked { action: "user.password", reason: "by_administrator", seen_version: None };
    let now = context.now;
    change(desk, context, user_id, asked, move |tx, user| {
        people::set_password(tx, &user.user_id, &hash)?;
        end_all(tx, &user.user_id, now)?;
        Ok((None, None))
    })
    .await
}

/// Ends a person's sessions and closes their links.
pub(super) fn end_all(tx: &mut Tx<'_>, user_id: &UserId, now: Timestamp) -> Result<i64, Refusal> {
    use crate::domain::access::LinkPurpose;
    let epoch = people::begin_epoch(tx, user_id)?;
    sessions::delete_sessions_of(tx, &Principal::User(user_id.clone()).to_string(), None)?;
    for purpose in [LinkPurpose::Invitation, LinkPurpose::Password] {
        staff_links::close_all(tx, purpose, Some(user_id), now)?;
    }
    Ok(epoch)
}

/// What an administrator asks to change.
struct Asked {
    action: &'static str,
    reason: &'static str,
    seen_version: Option<i64>,
}

/// Before and after, for the trail.
type Told = (Option<String>, Option<String>);

/// Changes what somebody else may do, in one transaction with its audit record, if an administrator is left after it.
async fn change(
    desk: &Arc<Desk>,
    context: &Context,
    user_id: &UserId,
    asked: Asked,
    work: impl Fn(&mut Tx<'_>, &UserRow) -> Result<Told, Refusal> + Send + 'static,
) -> Result<(), Refusal> {
    context.require(Permission::Operate)?;
    if context.actor.principal == Principal::User(user_id.clone()) {
        return Err(Refusal::new(Code::DualControl));
    }
    let (mint, context, user_id) = (context.mint(), context.clone(), user_id.clone());
    desk.db
        .write(move |tx| {
            let everybody = people::lock_users(tx)?;
            let context = standing::confirm(tx, &context, Permission::Operate)?;
            let user = everybody.iter().find(|user| user.user_id == user_id);
            let user = user.ok_or_else(|| Refusal::new(Code::PathNotFound))?;
            if asked.seen_version.is_some_and(|seen| seen != user.version) {
                return Err(Refusal::new(Code::Version));
            }
            let was_administered = everybody.iter().any(administers);
            let (before, after) = work(tx, user)?;
            if was_administered && !people::users(tx)?.iter().any(administers) {
                return Err(Refusal::field(Code::State, "roles", "field-last-admin"));
            }
            let change = Change { context: &context, user_id: &user_id, action: asked.action, reason: asked.reason };
            change.record(tx, &mut mint.clone(), before, after)
        })
        .await
}

/// Whether a person can administer the desk today.
fn administers(user: &UserRow) -> bool {
    user.active && user.roles.contains(&Role::Admin) && !user.password_hash.is_empty()
}

pub(super) fn roles_json(roles: &BTreeSet<Role>) -> String {
    let roles: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
    json!({ "roles": roles }).to_string()
}

/// A change of a person, for the trail.
pub(super) struct Change<'a> {
    pub(super) context: &'a Context,
    pub(super) user_id: &'a UserId,
    pub(super) action: &'static str,
    pub(super) reason: &'static str,
}

impl Change<'_> {
    /// Writes the audit record.
    pub(super) fn record(
        &self,
        tx: &mut Tx<'_>,
        mint: &mut crate::domain::id::Mint,
        before: Option<String>,
        after: Option<String>,
    ) -> Result<(), Refusal> {
        let actor = self.context.actor.principal.clone();
        let cause = Cause { context: self.context, actor, reason: self.reason, note: None };
        moves::audit(tx, mint, &cause, self.action, &format!("user:{}", self.user_id), before, after)?;
        Ok(())
    }
}
