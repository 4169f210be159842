//! Schemas of what stands as text in JSON: closed lists of words, currencies, moments, ids.

use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr, Schema, SchemaFormat};

use crate::domain::evidence::Scan;
use crate::domain::order::{PaymentStatus, Rail, RefundStatus};
use crate::domain::refund::{Closure, Qualifier, Reason, State};

/// ISO 4217.
pub fn currency() -> RefOr<Schema> {
    text().pattern(Some("^[A-Z]{3}$")).into()
}

/// RFC 3339.
pub fn moment() -> RefOr<Schema> {
    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).into()
}

/// RFC 3339 or null.
pub fn optional_moment() -> RefOr<Schema> {
    optional(text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))))
}

/// How the payer paid.
pub fn rail() -> RefOr<Schema> {
    words(Rail::ALL.iter().map(|word| word.as_str())).into()
}

/// Where a payment stands.
pub fn payment_status() -> RefOr<Schema> {
    words(PaymentStatus::ALL.iter().map(|word| word.as_str())).into()
}

/// How much of an order was given back.
pub fn refund_status() -> RefOr<Schema> {
    words(RefundStatus::ALL.iter().map(|word| word.as_str())).into()
}

/// Why the money is asked back.
pub fn reason() -> RefOr<Schema> {
    words(Reason::ALL.iter().map(|word| word.as_str())).into()
}

/// Where a refund stands.
pub fn state() -> RefOr<Schema> {
    words(State::ALL.iter().map(|word| word.as_str())).into()
}

/// What is special now, or null.
pub fn optional_qualifier() -> RefOr<Schema> {
    optional(words(Qualifier::ALL.iter().map(|word| word.as_str())))
}

/// Why it ended, or null.
pub fn optional_closure() -> RefOr<Schema> {
    optional(words(Closure::ALL.iter().map(|word| word.as_str())))
}

/// The two decisions.
pub fn decision() -> RefOr<Schema> {
    words(["approve", "deny"].into_iter()).into()
}

/// The id of a refund.
pub fn refund_id() -> RefOr<Schema> {
    text().pattern(Some("^rf_[0-9A-HJKMNP-TV-Z]{26}$")).into()
}

/// The kinds of evidence.
pub fn evidence_kind() -> RefOr<Schema> {
    words(["image", "document"].into_iter()).into()
}

/// What the virus scanner says.
pub fn scan() -> RefOr<Schema> {
    words(Scan::ALL.iter().map(|word| word.as_str())).into()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))
}

fn optional(builder: ObjectBuilder) -> RefOr<Schema> {
    builder.schema_type(SchemaType::from_iter([Type::String, Type::Null])).into()
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> ObjectBuilder {
    text().enum_values(Some(words.collect::<Vec<_>>()))
}
