//! Letters from their words to the folder and to a server that breaks.

mod composing;
mod keeping;
mod sending;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::date;

use super::*;
use crate::domain::calendar::{Basis, Expected};
use crate::domain::id::{OutboxId, RefundId};
use crate::domain::money::Money;
use crate::domain::order::Rail;
use crate::l10n::{L10n, Locale};

fn l10n() -> Arc<L10n> {
    Arc::new(L10n::embedded().unwrap())
}

fn sender() -> Sender {
    Sender {
        from: "Refunds <refunds@shop.example>".parse().unwrap(),
        reply_to: Some("help@shop.example".parse().unwrap()),
        host: "desk.shop.example".to_owned(),
    }
}

fn about() -> About {
    About {
        refund_id: RefundId::from_ulid(ulid::Ulid::from_parts(1_700_000_000_000, 7)),
        order_id: "1042".to_owned(),
        amount: Money::new(4500, "USD".parse().unwrap()),
        rail: Rail::Card,
        status_url: "https://desk.shop.example/refunds/r/abc?x=1&y=2".to_owned(),
    }
}

fn expected() -> Expected {
    Expected { from: date(2026, 11, 27), to: date(2026, 12, 4), basis: Basis::BusinessDays }
}

fn letter(locale: Locale, content: Content) -> Letter {
    Letter {
        id: OutboxId::from_ulid(ulid::Ulid::from_parts(1_700_000_000_000, 42)),
        written_at: "2026-11-20T21:50:45Z".parse::<Timestamp>().unwrap(),
        to: "sam@customer.example".to_owned(),
        name: Some("Sam".to_owned()),
        locale,
        content,
    }
}

/// One letter of each kind.
fn contents() -> Vec<Content> {
    vec![
        Content::Received(about()),
        Content::Approved(about()),
        Content::Denied {
            about: about(),
            reason_id: Some("refund.denied.cooling_off".to_owned()),
            look_again_until: Some("2026-12-20T21:50:45Z".parse().unwrap()),
            is_final: false,
        },
        Content::Delayed(about()),
        Content::Submitted { about: about(), expected: expected() },
        Content::Completed { about: about(), expected: Some(expected()), reference: Some("74537001".to_owned()) },
        Content::Failed(about()),
        Content::SignInLink {
            order_id: "1042".to_owned(),
            url: "https://desk.shop.example/refunds/verify/t0k3n".to_owned(),
            until: "2026-11-20T22:05:45Z".parse().unwrap(),
        },
        Content::AgentMessage {
            about: about(),
            text: "Which box was it?\n\nA photo helps.".to_owned(),
            answerable: true,
        },
        staff_link(true),
        staff_link(false),
    ]
}

fn staff_link(invitation: bool) -> Content {
    let url = "https://desk.shop.example/welcome?token=t0k3n".to_owned();
    Content::StaffLink { invitation, url, until: "2026-11-24T22:05:45Z".parse().unwrap() }
}
