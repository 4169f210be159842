//! API tokens: made at the shell or on a page, recognised at the edge, rotated, revoked.
//!
//! A token made on a page belongs to its maker and can do no more than they can today. One made at the shell has the scopes
//! that it was given; without an owner it is a principal of its own. Only its owner rotates a token: its new text is told
//! to whom it makes a principal.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use super::standing;
use crate::domain::access::{Actor, Permission, Principal, Scope};
use crate::domain::id::{TokenId, UserId};
use crate::store::people::UserRow;
use crate::store::{people, tokens};

pub use crate::store::tokens::TokenRow;

/// What every token starts with, so that scanners for leaked secrets recognise it.
pub const TOKEN_PREFIX: &str = "mg_";
/// Characters of a token that are kept to tell it by: eight that were random, of 43.
const SHOWN_LENGTH: usize = TOKEN_PREFIX.len() + 8;
/// Use is noted at most this often, so that calls of the API do not write rows.
const NOTE_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// Characters of a token's name at most.
pub const NAME_LENGTH_MAX: usize = 100;

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

/// Makes a token at the shell; `409` where the name is taken.
pub async fn create_token(desk: &Arc<Desk>, context: &Context, new: NewToken) -> Result<TokenId, Refusal> {
    context.require(Permission::Operate)?;
    let (mint, context) = (context.mint(), context.clone());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::Operate)?;
            let owner = match &new.owner {
                None => None,
                Some(email) => {
                    let user = people::find_user_by_email(tx, email)?;
                    Some(user.ok_or_else(|| Refusal::field(Code::Body, "owner", "field-owner-unknown"))?.user_id)
                }
            };
            insert(tx, &context, &mut mint.clone(), &new, owner)
        })
        .await
}

/// Makes a token on a page: it belongs to its maker, and has no scope beyond their permissions.
pub async fn create_own_token(desk: &Arc<Desk>, context: &Context, new: NewToken) -> Result<TokenId, Refusal> {
    context.require(Permission::Operate)?;
    let Principal::User(maker) = context.actor.principal.clone() else {
        return Err(Refusal::new(Code::Scope));
    };
    let (mint, context) = (context.mint(), context.clone());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::Operate)?;
            if new.scopes.iter().any(|scope| !context.actor.may_give(*scope)) {
                return Err(Refusal::new(Code::Scope));
            }
            insert(tx, &context, &mut mint.clone(), &new, Some(maker.clone()))
        })
        .await
}

fn insert(
    tx: &mut crate::store::Tx<'_>,
    context: &Context,
    mint: &mut crate::domain::id::Mint,
    new: &NewToken,
    owner: Option<UserId>,
) -> Result<TokenId, Refusal> {
    let token = TokenRow {
        token_id: TokenId::from_ulid(mint.next_ulid()),
        name: new.name.clone(),
        token_hash: digest(&new.text),
        prefix: shown(&new.text),
        owner,
        scopes: new.scopes.clone(),
        created_by: context.actor.principal.to_string(),
        created_at: context.now,
        expires_at: new.expires_at,
        revoked_at: None,
        last_used_at: None,
        rotated_at: None,
        previous: None,
    };
    if !tokens::insert(tx, &token)? {
        return Err(Refusal::field(Code::State, "name", "field-name-taken"));
    }
    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    let after = json!({ "scopes": scopes, "expires_at": token.expires_at }).to_string();
    let cause = Cause { context, actor: context.actor.principal.clone(), reason: "created", note: None };
    moves::audit(tx, mint, &cause, "token.create", &subject(&token.token_id), None, Some(after))?;
    Ok(token.token_id)
}

/// A token as a page tells of it.
#[derive(Clone, Debug)]
pub struct TokenView {
    /// The token.
    pub token: TokenRow,
    /// What its owner is called; nothing where it has none.
    pub owner_name: Option<String>,
}

/// Every token, by name.
pub async fn all_tokens(desk: &Desk, context: &Context) -> Result<Vec<TokenView>, Refusal> {
    context.require(Permission::AdminRead)?;
    desk.db
        .read(|conn| {
            let people = people::users(conn)?;
            let name = |id: &UserId| people.iter().find(|user| user.user_id == *id).map(|user| user.name.clone());
            let all = tokens::all(conn)?.into_iter();
            Ok(all.map(|token| TokenView { owner_name: token.owner.as_ref().and_then(name), token }).collect())
        })
        .await
}

/// One token.
pub async fn token(desk: &Desk, context: &Context, token_id: &TokenId) -> Result<TokenRow, Refusal> {
    context.require(Permission::AdminRead)?;
    let token_id = token_id.clone();
    let found = desk.db.read(move |conn| Ok::<_, Refusal>(tokens::find(conn, &token_id)?)).await?;
    found.ok_or_else(|| Refusal::new(Code::PathNotFound))
}

/// Gives a token a new text; the one before works for `overlap` more, so that whoever uses it has time to change.
pub async fn rotate_token(
    desk: &Arc<Desk>,
    context: &Context,
    token_id: &TokenId,
    text: &str,
    overlap: SignedDuration,
) -> Result<TokenRow, Refusal> {
    context.require(Permission::Operate)?;
    let (mint, context, token_id, text) = (context.mint(), context.clone(), token_id.clone(), text.to_owned());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::Operate)?;
            let token = tokens::find(tx, &token_id)?.ok_or_else(|| Refusal::new(Code::PathNotFound))?;
            if !may_rotate(&context.actor.principal, &token) {
                return Err(Refusal::new(Code::Scope));
            }
            if token.revoked_at.is_some() || token.expires_at.is_some_and(|end| end <= context.now) {
                return Err(Refusal::new(Code::State));
            }
            let until = context.now.checked_add(overlap).unwrap_or(context.now);
            if !tokens::rotate(tx, &token, &digest(&text), &shown(&text), until, context.now)? {
                return Err(Refusal::new(Code::Version));
            }
            let actor = context.actor.principal.clone();
            let cause = Cause { context: &context, actor, reason: "rotated", note: None };
            let after = json!({ "previous_until": until }).to_string();
            let mut mint = mint.clone();
            moves::audit(tx, &mut mint, &cause, "token.rotate", &subject(&token_id), None, Some(after))?;
            Ok(token)
        })
        .await
}

/// Whether this principal may be told a new text of the token: its owner, and the shell.
pub fn may_rotate(principal: &Principal, token: &TokenRow) -> bool {
    match (principal, &token.owner) {
        (Principal::Shell, _) => true,
        (Principal::User(user_id), Some(owner)) => user_id == owner,
        _ => false,
    }
}

/// Ends a token, with the text before its last rotation.
pub async fn revoke_token(desk: &Arc<Desk>, context: &Context, token_id: &TokenId) -> Result<TokenRow, Refusal> {
    context.require(Permission::Operate)?;
    let (mint, context, token_id) = (context.mint(), context.clone(), token_id.clone());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::Operate)?;
            let token = tokens::find(tx, &token_id)?.ok_or_else(|| Refusal::new(Code::PathNotFound))?;
            if !tokens::revoke(tx, &token_id, context.now)? {
                return Err(Refusal::new(Code::State));
            }
            let actor = context.actor.principal.clone();
            let cause = Cause { context: &context, actor, reason: "revoked", note: None };
            moves::audit(tx, &mut mint.clone(), &cause, "token.revoke", &subject(&token_id), None, None)?;
            Ok(token)
        })
        .await
}

/// The token of this name, for the shell.
pub async fn find_token_by_name(desk: &Desk, context: &Context, name: &str) -> Result<TokenId, Refusal> {
    context.require(Permission::AdminRead)?;
    let name = name.to_owned();
    let found = desk.db.read(move |conn| Ok::<_, Refusal>(tokens::find_by_name(conn, &name)?)).await?;
    found.map(|token| token.token_id).ok_or_else(|| Refusal::field(Code::Body, "name", "field-token-unknown"))
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

/// The token whose text has this SHA-256, in hex; nothing where there is none, or its owner was suspended. That it was
/// used is noted beside the call, which does not wait for it.
pub async fn recognise(desk: &Arc<Desk>, digest: String, now: Timestamp) -> Result<Option<Recognised>, Refusal> {
    let found = desk
        .db
        .read(move |conn| {
            let Some(token) = tokens::find_by_hash(conn, &digest)? else { return Ok(None) };
            let owner = match &token.owner {
                None => None,
                Some(user_id) => match people::find_user(conn, user_id)?.filter(|user| user.active) {
                    Some(user) => Some(user),
                    None => return Ok(None),
                },
            };
            let by_previous = token.token_hash != digest;
            Ok::<_, Refusal>(Some((token, owner, by_previous)))
        })
        .await?;
    let Some((token, owner, by_previous)) = found else { return Ok(None) };
    let works = token.revoked_at.is_none() && token.expires_at.is_none_or(|end| end > now);
    if works && token.last_used_at.is_none_or(|used| now.duration_since(used) >= NOTE_EVERY) {
        note_use(desk, &token, now);
    }
    let until = token.previous.as_ref().filter(|_| by_previous).map(|(_, until)| *until);
    let expires_at = token.expires_at.into_iter().chain(until).min();
    Ok(Some(Recognised { expires_at, revoked_at: token.revoked_at, actor: actor_by(token, owner) }))
}

fn note_use(desk: &Arc<Desk>, token: &TokenRow, now: Timestamp) {
    let (desk, token_id) = (Arc::clone(desk), token.token_id.clone());
    tokio::spawn(async move {
        let noted = desk.db.write(move |tx| tokens::note_use(tx, &token_id, now)).await;
        if let Err(error) = noted {
            tracing::debug!(%error, "that a token was used is not noted");
        }
    });
}

/// Who acts by a token.
pub(super) fn actor_by(token: TokenRow, owner: Option<UserRow>) -> Actor {
    let owned_by_maker = token.owner.as_ref().is_some_and(|owner| {
        token.created_by.parse::<Principal>().is_ok_and(|maker| maker == Principal::User(owner.clone()))
    });
    let owner = owner.map(|user| (user.user_id, user.roles));
    let actor = Actor::token(token.token_id, &token.name, &token.scopes, owner);
    if owned_by_maker { actor.bounded_by_roles() } else { actor }
}

fn subject(token_id: &TokenId) -> String {
    format!("token:{token_id}")
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN_LENGTH).collect()
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
