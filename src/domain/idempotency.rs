//! Idempotency keys and fingerprints: when two requests are the same request.
//!
//! A key is the caller's word for "the same"; the fingerprint is ours, over the path and the canonical body, so that
//! key order and white space do not matter and everything else does. Who a key belongs to and how long it is kept is
//! the business of `services`. Source: SPEC section 5.

use std::fmt;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The longest key that is taken, in characters.
pub const KEY_LENGTH_MAX: usize = 255;

/// A caller's idempotency key: 1 to 255 visible ASCII characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

/// The text is no idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key is 1 to 255 visible ASCII characters, without spaces")]
pub struct BadKey;

impl Key {
    /// Reads the header's value; the quoted form of the IETF draft (`"abc"`) names the same key as `abc`.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
        let visible = bare.bytes().all(|byte| byte.is_ascii_graphic());
        if bare.is_empty() || bare.len() > KEY_LENGTH_MAX || !visible {
            return Err(BadKey);
        }
        Ok(Self(bare.to_owned()))
    }

    /// The key as text, without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The payload has a number that is no integer of 64 bits; two spellings of it could not be told apart safely.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not an integer; numbers here are integers, without decimals or exponent")]
pub struct NotAnInteger(pub String);

/// SHA-256 over path and body, in lower-case hex: equal exactly where the payload is the same.
pub fn fingerprint(path: &str, body: &Value) -> Result<String, NotAnInteger> {
    let body = canonical(body)?;
    let mut hash = Sha256::new();
    for part in [path, body.as_str()] {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        hash.update(length.to_be_bytes());
        hash.update(part);
    }
    Ok(hex::encode(hash.finalize()))
}

/// The one way to write this JSON value: keys sorted by code point, no white space, integers only.
pub fn canonical(value: &Value) -> Result<String, NotAnInteger> {
    let mut text = String::new();
    write_canonical(value, &mut text)?;
    Ok(text)
}

fn write_canonical(value: &Value, out: &mut String) -> Result<(), NotAnInteger> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => out.push_str(&value.to_string()),
        Value::Number(number) if number.is_i64() || number.is_u64() => out.push_str(&number.to_string()),
        Value::Number(number) => return Err(NotAnInteger(number.to_string().chars().take(40).collect())),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_canonical(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write_canonical(member, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn f17_a_key_is_1_to_255_visible_characters() {
        for good in ["a", "7f2c-11", "!~", "order/1:refund", &"k".repeat(255), "a\"b"] {
            assert_eq!(Key::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "\"\"", " ", "a b", "a\tb", "a\n", "é", "ключ", "\u{7f}", "\0", &"k".repeat(256)] {
            assert_eq!(Key::parse(bad), Err(BadKey), "{bad:?}");
        }
    }

    #[test]
    fn f17_the_quoted_form_is_the_same_key() {
        assert_eq!(Key::parse("\"7f2c\""), Key::parse("7f2c"));
        assert!(Key::parse(&format!("\"{}\"", "k".repeat(255))).is_ok());
        assert_eq!(Key::parse("\"").unwrap().as_str(), "\"");
    }

    #[test]
    fn f11_key_order_and_white_space_do_not_matter() {
        let one = read(r#"{"amount_minor":10,"lines":[{"line_id":"1","quantity":2}],"note":"a\u0062"}"#);
        let other =
            read("{ \"note\" : \"ab\",\n\"lines\":[ {\"quantity\":2, \"line_id\":\"1\"} ], \"amount_minor\" : 10 }");
        assert_eq!(fingerprint("/v1/orders/1/refunds", &one), fingerprint("/v1/orders/1/refunds", &other));
        assert_eq!(
            canonical(&one).unwrap(),
            r#"{"amount_minor":10,"lines":[{"line_id":"1","quantity":2}],"note":"ab"}"#
        );
    }

    #[test]
    fn f11_everything_else_matters() {
        let mut seen = std::collections::BTreeSet::new();
        let bodies = [
            json!({"amount_minor": 10}),
            json!({"amount_minor": 11}),
            json!({"amount_minor": "10"}),
            json!({"amount_minor": 10, "note": null}),
            json!({"amount_minor": [10]}),
            json!([{"amount_minor": 10}]),
            json!([1, 2]),
            json!([2, 1]),
            json!([[1], 2]),
            json!(null),
            json!(""),
        ];
        for body in &bodies {
            assert!(seen.insert(fingerprint("/a", body).unwrap()), "{body}");
        }
        assert!(seen.insert(fingerprint("/b", &bodies[0]).unwrap()));
        // The border between path and body cannot be moved.
        assert_ne!(fingerprint("/a1", &json!(2)), fingerprint("/a", &json!(12)));
    }

    #[test]
    fn f11_ten_and_ten_point_zero_are_not_compared_but_refused() {
        for text in ["10.0", "10.5", "1e3", "-0.0", "[1,{\"a\":1.5}]", "18446744073709551616"] {
            assert!(fingerprint("/a", &read(text)).is_err(), "{text}");
        }
        for text in ["0", "-1", "9223372036854775807", "18446744073709551615", "-9223372036854775808"] {
            assert_eq!(canonical(&read(text)).unwrap(), text);
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(".{0,6}", inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_canonical_form_reads_back_as_the_same_value(value in any_json()) {
            prop_assert_eq!(read(&canonical(&value).unwrap()), value);
        }

        #[test]
        fn pretty_printing_keeps_the_fingerprint(value in any_json()) {
            let pretty = read(&serde_json::to_string_pretty(&value).unwrap());
            prop_assert_eq!(fingerprint("/a", &pretty), fingerprint("/a", &value));
        }
    }
}
