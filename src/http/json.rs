//! Strict JSON: bytes in, one value out, or a refusal that names the place.
//!
//! What two readers could understand differently is refused: repeated keys at any level, text after the end, a byte
//! order mark, NUL characters (which PostgreSQL cannot store), deep nesting. What the value means is read by
//! `api::fields`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::services::refusal::{Code, Refusal};

/// Objects and arrays within each other, at most. Source: SPEC section 5, limits.
pub const LEVELS_MAX: usize = 32;

/// Reads one JSON value that fills the whole input.
pub fn parse(bytes: &[u8]) -> Result<Value, Refusal> {
    if bytes.starts_with("\u{feff}".as_bytes()) {
        return Err(Refusal::field(Code::Body, "/", "json-byte-order-mark"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::field(Code::Body, "/", "json-not-utf8"))?;
    if text.trim_ascii().is_empty() {
        return Err(Refusal::field(Code::Body, "/", "json-empty"));
    }
    let mut fault = None;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict { level: 0, fault: &mut fault }.deserialize(&mut deserializer);
    match value.and_then(|value| deserializer.end().map(|()| value)) {
        Ok(value) => Ok(value),
        Err(error) => Err(refusal(fault, &error)),
    }
}

fn refusal(fault: Option<Fault>, error: &serde_json::Error) -> Refusal {
    match fault {
        Some(fault) => {
            let pointer = if fault.pointer.is_empty() { "/" } else { &fault.pointer };
            let levels = ("levels", LEVELS_MAX.to_string());
            Refusal::new(Code::Body).and_field(pointer, fault.message_id, &[levels])
        }
        None => {
            let place = [("line", error.line().to_string()), ("column", error.column().to_string())];
            Refusal::new(Code::Body).and_field("/", "json-syntax", &place)
        }
    }
}

/// What is wrong beyond syntax, and where; the pointer grows from the inside out while the error travels up.
struct Fault {
    pointer: String,
    message_id: &'static str,
}

impl Fault {
    fn within(&mut self, step: &str) {
        self.pointer.insert_str(0, &escape(step));
        self.pointer.insert(0, '/');
    }
}

/// A key as it stands in a JSON pointer (RFC 6901), cut to a length that is safe to send back.
pub fn escape(key: &str) -> Cow<'_, str> {
    const SHOWN_CHARACTERS_MAX: usize = 64;
    let long = key.chars().nth(SHOWN_CHARACTERS_MAX).is_some();
    if !long && !key.contains(['~', '/']) {
        return Cow::Borrowed(key);
    }
    let shown: String = key.chars().take(SHOWN_CHARACTERS_MAX).collect();
    Cow::Owned(shown.replace('~', "~0").replace('/', "~1"))
}

struct Strict<'f> {
    level: usize,
    fault: &'f mut Option<Fault>,
}

impl Strict<'_> {
    fn refuse<E: Error>(&mut self, message_id: &'static str) -> E {
        *self.fault = Some(Fault { pointer: String::new(), message_id });
        E::custom(message_id)
    }

    fn enter<E: Error>(&mut self) -> Result<usize, E> {
        let level = self.level + 1;
        if level > LEVELS_MAX { Err(self.refuse("json-too-deep")) } else { Ok(level) }
    }

    fn within(&mut self, step: &str) {
        if let Some(fault) = self.fault {
            fault.within(step);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(mut self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| self.refuse("json-syntax"))
    }

    fn visit_str<E: Error>(mut self, value: &str) -> Result<Value, E> {
        if value.contains('\0') { Err(self.refuse("json-nul")) } else { Ok(Value::String(value.to_owned())) }
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let level = self.enter()?;
        let mut list = Vec::new();
        loop {
            match items.next_element_seed(Strict { level, fault: self.fault }) {
                Ok(Some(item)) => list.push(item),
                Ok(None) => return Ok(Value::Array(list)),
                Err(error) => {
                    self.within(&list.len().to_string());
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Value, A::Error> {
        let level = self.enter()?;
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let fault = if key.contains('\0') {
                Some("json-nul")
            } else if object.contains_key(&key) {
                Some("field-repeated")
            } else {
                None
            };
            if let Some(message_id) = fault {
                let error = self.refuse(message_id);
                self.within(&key.replace('\0', ""));
                return Err(error);
            }
            match entries.next_value_seed(Strict { level, fault: self.fault }) {
                Ok(value) => object.insert(key, value),
                Err(error) => {
                    self.within(&key);
                    return Err(error);
                }
            };
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (String, &'static str) {
        let refusal = parse(text.as_bytes()).unwrap_err();
        assert_eq!(refusal.code, Code::Body, "{text}");
        let error = refusal.errors.into_iter().next().unwrap();
        (error.pointer, error.message_id)
    }

    #[test]
    fn nonsense_is_refused_at_its_place() {
        for (text, pointer, message_id) in [
            ("", "/", "json-empty"),
            (" \n\t", "/", "json-empty"),
            ("\u{feff}{}", "/", "json-byte-order-mark"),
            ("{", "/", "json-syntax"),
            ("{}x", "/", "json-syntax"),
            ("{} {}", "/", "json-syntax"),
            ("{\"a\":1,}", "/", "json-syntax"),
            ("{'a':1}", "/", "json-syntax"),
            ("{\"a\":01}", "/", "json-syntax"),
            ("{\"a\":1e999}", "/", "json-syntax"),
            ("{\"a\":NaN}", "/", "json-syntax"),
            ("{\"a\":\"\\ud800\"}", "/", "json-syntax"),
            ("{\"a\":\"\n\"}", "/", "json-syntax"),
            ("// no\n{}", "/", "json-syntax"),
            ("{\"a\":1,\"a\":1}", "/a", "field-repeated"),
            ("{\"a\":1,\"\\u0061\":2}", "/a", "field-repeated"),
            ("{\"a\":[{},{\"b\":{\"c/d\":1,\"c/d\":2}}]}", "/a/1/b/c~1d", "field-repeated"),
            ("{\"a\":{\"b\":\"x\\u0000y\"}}", "/a/b", "json-nul"),
            ("{\"a\":{\"b\\u0000\":1}}", "/a/b", "json-nul"),
        ] {
            assert_eq!(fault(text), (pointer.to_owned(), message_id), "{text}");
        }
        assert_eq!(parse(b"{\"a\":\"\xff\"}").unwrap_err().errors[0].message_id, "json-not-utf8");
    }

    #[test]
    fn thirty_two_levels_pass_and_one_more_does_not() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(nested(LEVELS_MAX).as_bytes()).is_ok());
        assert_eq!(fault(&nested(LEVELS_MAX + 1)).1, "json-too-deep");
        assert_eq!(fault(&nested(100_000)).1, "json-too-deep");
        let objects = format!("{}1{}", "{\"a\":".repeat(33), "}".repeat(33));
        assert_eq!(fault(&objects), ("/a".repeat(32), "json-too-deep"));
    }

    #[test]
    fn what_is_well_formed_is_kept_as_it_is() {
        let text = r#"{"a":[1,-1,18446744073709551615,1.5,true,null,"é\n"],"b":{}}"#;
        assert_eq!(parse(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }
}
