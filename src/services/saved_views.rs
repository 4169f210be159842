//! Filtered lists that people keep under a name: for themselves, or for everybody at the desk. Source: UX section 1a.
//!
//! Whoever reads refunds keeps views for themselves; who works on anything here gives them to everybody, too. A view is
//! changed by who keeps it, and by whoever runs the desk. An address narrows
//! a list and opens nothing: who follows it sees what they may see anyway.

use std::sync::Arc;

use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use super::{names, standing};
use crate::domain::access::Permission;
use crate::domain::id::Mint;
use crate::domain::saved_view::{Address, Name, VIEWS_MAX};
use crate::store::{Tx, views};

pub use crate::store::views::ViewRow;

/// Views that are shown at most.
const SHOWN_MAX: i64 = 200;

/// What came of keeping a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is kept.
    Yes,
    /// They keep as many as one person may.
    TooMany,
}

/// What becomes of a view.
#[derive(Clone, Debug)]
pub enum Change {
    /// It is called this, and is for everybody or for its owner alone.
    Write {
        /// The name.
        name: Name,
        /// Whether it is for everybody.
        shared: bool,
    },
    /// It is forgotten.
    Forget,
}

/// A view as it is shown to somebody.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The view.
    pub view: ViewRow,
    /// Who keeps it, by name, where that is somebody else.
    pub owner: Option<String>,
    /// Whether the reader may change it.
    pub may_change: bool,
}

/// Whether somebody may give views to everybody: who only reads changes nothing that others see.
pub fn may_share(context: &Context) -> bool {
    const WORK: [Permission; 4] =
        [Permission::RefundDecide, Permission::FinanceWrite, Permission::PolicyWrite, Permission::Operate];
    WORK.iter().any(|permission| context.actor.may(*permission))
}

/// Keeps a view.
pub async fn keep(
    desk: &Arc<Desk>,
    context: &Context,
    name: Name,
    address: Address,
    shared: bool,
) -> Result<Kept, Refusal> {
    context.require(Permission::RefundRead)?;
    let mint = context.mint();
    let context = context.clone();
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::RefundRead)?;
            sharing(&context, shared)?;
            let owner = context.actor.principal.clone();
            if views::count_of(tx, &owner)? >= VIEWS_MAX {
                return Ok(Kept::TooMany);
            }
            let mut mint = mint.clone();
            let view = ViewRow {
                view_id: mint.next_ulid().to_string(),
                owner,
                shared,
                name: name.clone(),
                address: address.clone(),
                created_at: context.now,
            };
            views::insert(tx, &view)?;
            let after = json!({"address": address.as_str(), "shared": shared}).to_string();
            let subject = format!("view:{}", view.view_id);
            moves::audit(tx, &mut mint, &cause(&context, "kept"), "view.keep", &subject, None, Some(after))?;
            Ok::<_, Refusal>(Kept::Yes)
        })
        .await
}

/// Renames a view, says who sees it, or forgets it; `404` where it is another's and they do not run the desk.
pub async fn change(desk: &Arc<Desk>, context: &Context, view_id: &str, change: Change) -> Result<(), Refusal> {
    context.require(Permission::RefundRead)?;
    let mint = context.mint();
    let (context, view_id) = (context.clone(), view_id.to_owned());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::RefundRead)?;
            let view = views::lock(tx, &view_id)?.filter(|view| view.is_changed_by(&context));
            let view = view.ok_or_else(|| Refusal::new(Code::PathNotFound))?;
            carry_out(tx, &context, &mut mint.clone(), &view, &change)
        })
        .await
}

fn carry_out(
    tx: &mut Tx<'_>,
    context: &Context,
    mint: &mut Mint,
    view: &ViewRow,
    change: &Change,
) -> Result<(), Refusal> {
    let subject = format!("view:{}", view.view_id);
    let before = json!({"address": view.address.as_str(), "shared": view.shared}).to_string();
    match change {
        Change::Write { name, shared } => {
            sharing(context, *shared)?;
            views::update(tx, &view.view_id, name, *shared)?;
            let after = json!({"address": view.address.as_str(), "shared": shared}).to_string();
            moves::audit(tx, mint, &cause(context, "changed"), "view.change", &subject, Some(before), Some(after))?;
        }
        Change::Forget => {
            views::delete(tx, &view.view_id)?;
            moves::audit(tx, mint, &cause(context, "forgotten"), "view.forget", &subject, Some(before), None)?;
        }
    }
    Ok(())
}

/// The views that somebody sees, by name.
pub async fn read(desk: &Arc<Desk>, context: &Context) -> Result<Vec<Shown>, Refusal> {
    context.require(Permission::RefundRead)?;
    let context = context.clone();
    desk.db
        .read(move |conn| {
            let found = views::seen_by(conn, &context.actor.principal, SHOWN_MAX)?;
            let names = names::of(conn, found.iter().map(|view| &view.owner))?;
            let shown = found.into_iter().map(|view| {
                let is_own = view.owner == context.actor.principal;
                let owner = (!is_own).then(|| names.of(&view.owner));
                Shown { may_change: view.is_changed_by(&context), owner, view }
            });
            Ok::<_, Refusal>(shown.collect())
        })
        .await
}

fn sharing(context: &Context, shared: bool) -> Result<(), Refusal> {
    if !shared || may_share(context) { Ok(()) } else { Err(Refusal::new(Code::Scope)) }
}

impl ViewRow {
    fn is_changed_by(&self, context: &Context) -> bool {
        self.owner == context.actor.principal || (self.shared && context.actor.may(Permission::Operate))
    }
}

fn cause<'a>(context: &'a Context, reason: &'a str) -> Cause<'a> {
    Cause { context, actor: context.actor.principal.clone(), reason, note: None }
}
