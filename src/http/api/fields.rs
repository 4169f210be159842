//! Reading a JSON value into a type that cannot be wrong, with every fault named at its place.
//!
//! [`Faults`] collects what is wrong so that one answer names all of it; [`At`] is a value with the place where it stands.

use std::cell::RefCell;
use std::fmt::{self, Display};
use std::str::FromStr;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::http::json::escape;
use crate::services::refusal::{Code, FieldError, Refusal};

/// The largest amount in minor units: below 2^53, so that it is exact in every client's JSON.
pub const AMOUNT_MINOR_MAX: i64 = 999_999_999_999_999;

/// Faults named in one answer, at most; more help nobody.
const FAULTS_MAX: usize = 50;

/// Everything that is wrong with one body.
#[derive(Debug, Default)]
pub struct Faults(RefCell<Vec<FieldError>>);

impl Faults {
    /// Reads a whole body with `read`: the value, or a refusal that names every fault.
    pub fn collect<T>(body: &Value, read: impl FnOnce(At<'_>) -> Option<T>) -> Result<T, Refusal> {
        let faults = Faults::default();
        let value = read(At { value: body, path: Path::Root, faults: &faults });
        faults.finish(value)
    }

    /// The value where nothing is wrong. The code is that of all faults where they agree, else that of a wrong body.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Refusal> {
        let errors = self.0.into_inner();
        match (errors.first().map(|error| error.code), value) {
            (None, Some(value)) => Ok(value),
            (None, None) => Err(Refusal::new(Code::Body)),
            (Some(first), _) => {
                let code = if errors.iter().all(|error| error.code == first) { first } else { Code::Body };
                Err(Refusal { errors, ..Refusal::new(code) })
            }
        }
    }

    /// Records a fault.
    pub fn add(&self, pointer: String, code: Code, message_id: &'static str, args: &[(&'static str, String)]) {
        let mut errors = self.0.borrow_mut();
        if errors.len() < FAULTS_MAX {
            errors.push(FieldError { pointer, code, message_id, args: args.iter().cloned().collect() });
        }
    }
}

/// Where a value stands, as a chain to the root; becomes text only when a fault is told.
#[derive(Clone, Copy, Debug)]
enum Path<'a> {
    Root,
    Field(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Field(parent, name) => write!(f, "{parent}/{}", escape(name)),
            Path::Item(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// A value at its place.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    value: &'a Value,
    path: Path<'a>,
    faults: &'a Faults,
}

impl<'a> At<'a> {
    /// Records a fault here; `None`, so that it can end a chain.
    pub fn refuse<T>(&self, code: Code, message_id: &'static str, args: &[(&'static str, String)]) -> Option<T> {
        let pointer = self.path.to_string();
        self.faults.add(if pointer.is_empty() { "/".to_owned() } else { pointer }, code, message_id, args);
        None
    }

    /// The object here; members beside those allowed are faults, each named.
    pub fn object(&self, allowed: &'static [&'static str]) -> Option<Object<'a>> {
        let Value::Object(members) = self.value else { return self.refuse(Code::Body, "field-not-an-object", &[]) };
        let object = Object { members, path: self.path, faults: self.faults };
        for name in members.keys().filter(|name| !allowed.contains(&name.as_str())) {
            let unknown = At { value: self.value, path: Path::Field(&self.path, name), faults: self.faults };
            let _: Option<()> = unknown.refuse(Code::Body, "field-unknown-here", &[("allowed", allowed.join(", "))]);
        }
        Some(object)
    }

    /// The object here, whatever its members are called.
    pub fn map(&self, code: Code) -> Option<Object<'a>> {
        match self.value {
            Value::Object(members) => Some(Object { members, path: self.path, faults: self.faults }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                self.refuse(code, "field-not-an-object", &[])
            }
        }
    }

    /// The items of the array here, each read with `read`; `None` where any of them is wrong.
    pub fn items<T>(&self, most: usize, code: Code, mut read: impl FnMut(At<'_>) -> Option<T>) -> Option<Vec<T>> {
        let Value::Array(items) = self.value else { return self.refuse(code, "field-not-a-list", &[]) };
        if items.len() > most {
            return self.refuse(code, "field-too-many", &[("max", most.to_string())]);
        }
        let read_items: Vec<Option<T>> = items
            .iter()
            .enumerate()
            .map(|(index, value)| read(At { value, path: Path::Item(&self.path, index), faults: self.faults }))
            .collect();
        read_items.into_iter().collect()
    }

    /// The integer here; neither a decimal nor a text with digits is one.
    pub fn integer(&self, code_too_large: Code) -> Option<i64> {
        match self.value {
            Value::Number(number) => match number.as_i64() {
                Some(integer) => Some(integer),
                // Whole numbers beyond 64 bits arrive as unsigned or as floating point.
                None if number.is_u64() || number.as_f64().is_some_and(|float| float.abs() >= 9.2e18) => {
                    self.refuse(code_too_large, "field-too-large", &[("most", AMOUNT_MINOR_MAX.to_string())])
                }
                None => self.refuse(Code::Body, "field-not-a-whole-number", &[]),
            },
            Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                self.refuse(Code::Body, "field-not-a-whole-number", &[])
            }
        }
    }

    /// The integer here, between two bounds, both inside.
    pub fn integer_between(&self, least: i64, most: i64, code: Code) -> Option<i64> {
        let integer = self.integer(code)?;
        if integer < least {
            self.refuse(code, "field-too-small", &[("least", least.to_string())])
        } else if integer > most {
            self.refuse(code, "field-too-large", &[("most", most.to_string())])
        } else {
            Some(integer)
        }
    }

    /// The text here, as it is.
    pub fn text(&self, code: Code) -> Option<&'a str> {
        match self.value {
            Value::String(text) => Some(text),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                self.refuse(code, "field-not-text", &[])
            }
        }
    }

    /// A text of one line: not empty, not too long, no control characters, no space at either end.
    pub fn line(&self, most: usize, code: Code) -> Option<&'a str> {
        let text = self.text(code)?;
        if text.is_empty() {
            self.refuse(code, "field-empty", &[])
        } else if text.trim() != text || text.chars().any(char::is_control) {
            self.refuse(code, "field-control-characters", &[])
        } else {
            self.no_longer_than(text, most, code)
        }
    }

    /// A text of several lines: not too long, no control characters beside line breaks and tabs.
    pub fn prose(&self, most: usize, code: Code) -> Option<&'a str> {
        let text = self.text(code)?;
        if text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\r' | '\t')) {
            self.refuse(code, "field-control-characters", &[])
        } else {
            self.no_longer_than(text, most, code)
        }
    }

    fn no_longer_than(&self, text: &'a str, most: usize, code: Code) -> Option<&'a str> {
        if text.chars().nth(most).is_some() {
            self.refuse(code, "field-too-long", &[("max", most.to_string())])
        } else {
            Some(text)
        }
    }

    /// One of a closed list of words.
    pub fn word<T: FromStr + Copy + Display>(&self, all: &'static [T], code: Code) -> Option<T> {
        let text = self.text(code)?;
        text.parse().ok().or_else(|| {
            let allowed: Vec<String> = all.iter().map(ToString::to_string).collect();
            self.refuse(code, "field-not-allowed-word", &[("allowed", allowed.join(", "))])
        })
    }

    /// A moment in RFC 3339, with its offset.
    pub fn moment(&self) -> Option<Timestamp> {
        let text = self.text(Code::Body)?;
        text.parse().ok().or_else(|| self.refuse(Code::Body, "field-not-a-time", &[]))
    }
}

/// An object whose members are read one by one.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    members: &'a Map<String, Value>,
    path: Path<'a>,
    faults: &'a Faults,
}

impl Object<'_> {
    /// Reads a member that has to be there. Null is not there.
    pub fn required<T>(&self, name: &str, code: Code, read: impl FnOnce(At<'_>) -> Option<T>) -> Option<T> {
        match self.members.get(name).filter(|value| !value.is_null()) {
            Some(value) => read(At { value, path: Path::Field(&self.path, name), faults: self.faults }),
            None => At { value: &Value::Null, path: Path::Field(&self.path, name), faults: self.faults }.refuse(
                code,
                "field-required",
                &[],
            ),
        }
    }

    /// Reads a member that may be missing or null: `Some(None)` then, `None` where it is wrong.
    pub fn optional<T>(&self, name: &str, read: impl FnOnce(At<'_>) -> Option<T>) -> Option<Option<T>> {
        match self.members.get(name).filter(|value| !value.is_null()) {
            Some(value) => read(At { value, path: Path::Field(&self.path, name), faults: self.faults }).map(Some),
            None => Some(None),
        }
    }

    /// Reads a member that may be missing but not null, because its absence means "everything".
    pub fn stated<T>(&self, name: &str, read: impl FnOnce(At<'_>) -> Option<T>) -> Option<Option<T>> {
        match self.members.get(name) {
            Some(value) => read(At { value, path: Path::Field(&self.path, name), faults: self.faults }).map(Some),
            None => Some(None),
        }
    }

    /// Reads all members, whatever their names.
    pub fn each<T>(&self, mut read: impl FnMut(&str, At<'_>) -> Option<T>) -> Option<Vec<T>> {
        let read_members: Vec<Option<T>> = self
            .members
            .iter()
            .map(|(name, value)| read(name, At { value, path: Path::Field(&self.path, name), faults: self.faults }))
            .collect();
        read_members.into_iter().collect()
    }

    /// How many members there are.
    pub fn count(&self) -> usize {
        self.members.len()
    }
}
