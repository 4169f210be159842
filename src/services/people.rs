//! People at the desk and API tokens: made at the shell, recognised at the edge.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use super::sign_in::hash_password;
use crate::domain::access::{Actor, Permission, Role, Scope};
use crate::domain::id::{TokenId, UserId};
use crate::store::people::{self, TokenRow, UserRow};

/// What every token starts with, so that scanners for leaked secrets recognise it.
pub const TOKEN_PREFIX: &str = "mg_";

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
    /// Their first password.
    pub password: String,
}

/// Adds a person; `409` where the address is taken.
pub async fn add_user(desk: &Arc<Desk>, context: &Context, new: NewUser) -> Result<UserId, Refusal> {
    context.require(Permission::Operate)?;
    let password = new.password;
    let password_hash = tokio::task::spawn_blocking(move || hash_password(&password))
        .await
        .map_err(|error| Refusal::new(Code::Internal).because(error))??;
    let mint = context.mint();
    let context = context.clone();
    let user = UserRow {
        user_id: UserId::from_ulid(mint.clone().next_ulid()),
        email: new.email,
        name: new.name,
        locale: new.locale,
        password_hash,
        active: true,
        roles: new.roles,
    };
    desk.db
        .write(move |tx| {
            let mut mint = mint.clone();
            mint.next_ulid();
            if !people::insert_user(tx, &user, context.now)? {
                return Err(Refusal::field(Code::State, "email", "field-email-taken"));
            }
            let cause =
                Cause { context: &context, actor: context.actor.principal.clone(), reason: "added", note: None };
            let roles: Vec<_> = user.roles.iter().map(|role| role.as_str()).collect();
            let after = serde_json::json!({ "roles": roles }).to_string();
            moves::audit(tx, &mut mint, &cause, "user.add", &format!("user:{}", user.user_id), None, Some(after))?;
            Ok(user.user_id.clone())
        })
        .await
}

/// A token to make.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is called; unique.
    pub name: String,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// The address of the person whose token it is; none makes it a principal of its own.
    pub owner: Option<String>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Its text, random, made at the edge; only its digest is stored.
    pub text: String,
}

/// Makes a token; `409` where the name is taken.
pub async fn create_token(desk: &Arc<Desk>, context: &Context, new: NewToken) -> Result<TokenId, Refusal> {
    context.require(Permission::Operate)?;
    let mint = context.mint();
    let context = context.clone();
    desk.db
        .write(move |tx| {
            let mut mint = mint.clone();
            let owner = match &new.owner {
                None => None,
                Some(email) => {
                    let user = people::find_user_by_email(tx, email)?;
                    Some(user.ok_or_else(|| Refusal::field(Code::Body, "owner", "field-owner-unknown"))?.user_id)
                }
            };
            let token = TokenRow {
                token_id: TokenId::from_ulid(mint.next_ulid()),
                name: new.name.clone(),
                token_hash: digest(&new.text),
                owner,
                scopes: new.scopes.clone(),
                created_by: context.actor.principal.to_string(),
                expires_at: new.expires_at,
                revoked_at: None,
            };
            if !people::insert_token(tx, &token, context.now)? {
                return Err(Refusal::field(Code::State, "name", "field-name-taken"));
            }
            let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
            let after = serde_json::json!({ "scopes": scopes }).to_string();
            let cause =
                Cause { context: &context, actor: context.actor.principal.clone(), reason: "created", note: None };
            moves::audit(
                tx,
                &mut mint,
                &cause,
                "token.create",
                &format!("token:{}", token.token_id),
                None,
                Some(after),
            )?;
            Ok(token.token_id)
        })
        .await
}

/// A token as the edge recognises it.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// Who acts by it.
    pub actor: Actor,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// The token whose text has this SHA-256, in hex; nothing where there is none, or its owner was suspended.
pub async fn recognise(desk: &Desk, digest: String) -> Result<Option<Recognised>, Refusal> {
    desk.db
        .read(move |conn| {
            let Some(token) = people::find_token(conn, &digest)? else { return Ok(None) };
            let owner = match &token.owner {
                None => None,
                Some(user_id) => match people::find_user(conn, user_id)?.filter(|user| user.active) {
                    Some(user) => Some((user.user_id, user.roles)),
                    None => return Ok(None),
                },
            };
            let actor = Actor::token(token.token_id, &token.name, &token.scopes, owner);
            Ok(Some(Recognised { actor, expires_at: token.expires_at, revoked_at: token.revoked_at }))
        })
        .await
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
