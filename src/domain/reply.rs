//! Canned replies: texts with slots that real values are put into. A slot is written `{ $order }` or `{order}`.
//!
//! Pure. Who may write them and where they are kept is the business of `services::replies`; what a slot says in which
//! language, of the page that fills it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::refund::{UnknownWord, words};

/// Characters of a reply's name at most: it stands in a list to choose from.
pub const NAME_LENGTH_MAX: usize = 80;

/// Characters of a reply's text at most: texts in every language together still fit into one form.
pub const TEXT_LENGTH_MAX: usize = 1_200;

words! {
    /// What can be put into a reply. All of them are known of every refund at any time.
    Slot {
        /// The customer's name.
        Customer = "customer",
        /// The order's number.
        Order = "order",
        /// How much is asked for.
        Amount = "amount",
        /// Why, in the customer's words.
        Reason = "reason",
        /// The day on which it was asked for.
        Asked = "asked",
        /// The refund's id.
        Refund = "refund",
        /// The address of the refund's page.
        Page = "page",
    }
}

/// Why a text is no reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadReply {
    /// A slot that there is not; what stands between its braces.
    #[error("there is no slot {0:?}")]
    UnknownSlot(String),
    /// A brace that no other closes.
    #[error("a slot is opened and not closed")]
    Unclosed,
}

/// The text with its slots filled.
pub fn fill(text: &str, value: impl Fn(Slot) -> String) -> Result<String, BadReply> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (inside, following) = after.split_once('}').ok_or(BadReply::Unclosed)?;
        filled.push_str(&value(slot(inside)?));
        rest = following;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Whether the text can be filled.
pub fn check(text: &str) -> Result<(), BadReply> {
    fill(text, |_| String::new()).map(|_| ())
}

fn slot(inside: &str) -> Result<Slot, BadReply> {
    let name = inside.trim();
    name.strip_prefix('$').unwrap_or(name).parse().map_err(|_| BadReply::UnknownSlot(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_filled_however_they_are_spaced() {
        let filled = fill("{order}: { $amount }, {  $order }.", |slot| slot.as_str().to_uppercase());
        assert_eq!(filled.unwrap(), "ORDER: AMOUNT, ORDER.");
        assert_eq!(fill("No slot }", |_| String::new()).unwrap(), "No slot }");
    }

    #[test]
    fn what_is_no_slot_is_named() {
        assert_eq!(check("{ $ordre }"), Err(BadReply::UnknownSlot("$ordre".to_owned())));
        assert_eq!(check("{}"), Err(BadReply::UnknownSlot(String::new())));
        assert_eq!(check("{ $order { $amount }"), Err(BadReply::UnknownSlot("$order { $amount".to_owned())));
        assert_eq!(check("{ $order"), Err(BadReply::Unclosed));
    }

    #[test]
    fn a_value_is_never_read_as_a_slot() {
        assert_eq!(fill("{customer}", |_| "{ $secret }".to_owned()).unwrap(), "{ $secret }");
    }
}
