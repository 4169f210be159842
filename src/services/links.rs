//! Links that open an order without an account: mailed ones that sign a customer in once, and signed ones that a shop
//! hands out. Only digests are stored, and what waits to be mailed is sealed; a GET changes nothing, so a mail scanner
//! cannot use a link up.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::read_orders::find_for_customer;
use super::refusal::{Code, Refusal};
use super::sealed;
use crate::domain::access::Permission;
use crate::domain::id::{CustomerId, OutboxId};
use crate::domain::message::MessageKind;
use crate::store::orders;
use crate::store::outbox::{self, NewWork, Work};
use crate::store::sessions::{self, LinkRow};

/// How long a mailed link works.
const SIGN_IN_MINUTES: i64 = 15;

/// How long a shop's link works.
const SHOP_DAYS: i64 = 30;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// Whom it signs in.
    pub customer_id: CustomerId,
    /// The order that it opens.
    pub order_id: String,
}

/// A link that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The whole address.
    pub url: String,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// Mails a customer a link to their order, if order and address belong together; the caller learns nothing either way.
/// `secret` is the link's random text, made at the edge.
pub async fn mail_link(
    desk: &Arc<Desk>,
    context: &Context,
    order_id: &str,
    email: &str,
    secret: &str,
) -> Result<(), Refusal> {
    let mint = context.mint();
    let url = address(desk, secret);
    {
        let (desk_, context, order_id, email, secret) =
            (Arc::clone(desk), context.clone(), order_id.to_owned(), email.to_owned(), secret.to_owned());
        desk.db
            .write(move |tx| {
                let Some((order, customer_id)) = find_for_customer(tx, &order_id, &email)? else { return Ok(()) };
                let until = later(context.now, SignedDuration::from_mins(SIGN_IN_MINUTES));
                insert(tx, &secret, "sign_in", &customer_id, &order.order_id, until, context.now)?;
                let outbox_id = OutboxId::from_ulid(mint.clone().next_ulid()).to_string();
                let sealed_url = sealed::seal(&desk_.keys.links, &outbox_id, url.as_bytes())?;
                let work = NewWork {
                    dedupe_key: format!("mail:{outbox_id}"),
                    outbox_id,
                    work: Work::Mail,
                    refund_id: None,
                    account: None,
                    payload: json!({
                        "kind": MessageKind::SignInLink,
                        "customer_id": customer_id,
                        "order_id": order.order_id,
                        "sealed_url": sealed_url,
                        "until": until,
                    })
                    .to_string(),
                    due_at: context.system_now.as_microsecond(),
                };
                outbox::enqueue(tx, work)?;
                Ok::<_, Refusal>(())
            })
            .await?;
    }
    desk.bells.mail.notify_one();
    Ok(())
}

/// Makes the link that a shop gives its customer.
pub async fn shop_link(desk: &Arc<Desk>, context: &Context, order_id: &str, secret: &str) -> Result<Made, Refusal> {
    context.require(Permission::OrderWrite)?;
    let mint = context.mint();
    let expires_at = later(context.now, SignedDuration::from_hours(24 * SHOP_DAYS));
    let (context, order_id, secret_) = (context.clone(), order_id.to_owned(), secret.to_owned());
    desk.db
        .write(move |tx| {
            let order = orders::find(tx, &order_id)?.ok_or_else(|| Refusal::new(Code::OrderNotFound))?;
            insert(tx, &secret_, "shop", &order.customer_id, &order.order_id, expires_at, context.now)?;
            let cause =
                Cause { context: &context, actor: context.actor.principal.clone(), reason: "shop_link", note: None };
            moves::audit(tx, &mut mint.clone(), &cause, "order.link", &format!("order:{order_id}"), None, None)?;
            Ok::<_, Refusal>(())
        })
        .await?;
    Ok(Made { url: address(desk, secret), expires_at })
}

/// Where a link leads, without using it up; nothing where it is unknown, over or used.
pub async fn look_at_link(desk: &Arc<Desk>, context: &Context, secret: &str) -> Result<Option<Door>, Refusal> {
    let (now, digest) = (context.now, digest(secret));
    desk.db.read(move |conn| Ok(sessions::find_link(conn, &digest)?.and_then(|link| door(link, now)))).await
}

/// Opens a link: a mailed one works once, a shop's until it ends.
pub async fn open_link(desk: &Arc<Desk>, context: &Context, secret: &str) -> Result<Option<Door>, Refusal> {
    let (now, digest) = (context.now, digest(secret));
    desk.db
        .write(move |tx| {
            let Some(link) = sessions::find_link(tx, &digest)? else { return Ok(None) };
            let once = link.purpose == "sign_in";
            let Some(door) = door(link, now) else { return Ok(None) };
            if once && !sessions::use_link(tx, &digest, now)? {
                return Ok(None);
            }
            Ok::<_, Refusal>(Some(door))
        })
        .await
}

fn insert(
    tx: &mut crate::store::Tx<'_>,
    secret: &str,
    purpose: &str,
    customer_id: &CustomerId,
    order_id: &str,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), Refusal> {
    let link = LinkRow {
        link_hash: digest(secret),
        purpose: purpose.to_owned(),
        customer_id: Some(customer_id.clone()),
        order_id: Some(order_id.to_owned()),
        expires_at,
        used_at: None,
    };
    sessions::insert_link(tx, &link, now)?;
    Ok(())
}

fn door(link: LinkRow, now: Timestamp) -> Option<Door> {
    let works = link.used_at.is_none() && link.expires_at > now;
    match (link.customer_id, link.order_id) {
        (Some(customer_id), Some(order_id)) if works => Some(Door { customer_id, order_id }),
        _ => None,
    }
}

fn address(desk: &Desk, secret: &str) -> String {
    format!("{}/refunds/verify/{secret}", desk.public_url)
}

fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}
