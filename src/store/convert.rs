//! From what a column holds to what it means; a value that cannot be is an error that names table and column.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;

use super::StoreError;

/// A word, an id or a code.
pub(super) fn word<T: FromStr>(column: &str, text: &str) -> Result<T, StoreError>
where
    T::Err: Display,
{
    text.parse().map_err(|error| StoreError::Corrupt(format!("{column}: {error}")))
}

/// A word, an id or a code that may be absent.
pub(super) fn optional_word<T: FromStr>(column: &str, text: Option<&str>) -> Result<Option<T>, StoreError>
where
    T::Err: Display,
{
    text.map(|text| word(column, text)).transpose()
}

/// A moment, kept as microseconds since 1970.
pub(super) fn moment(column: &str, micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|error| StoreError::Corrupt(format!("{column}: {error}")))
}

/// A moment that may be absent.
pub(super) fn optional_moment(column: &str, micros: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    micros.map(|micros| moment(column, micros)).transpose()
}

/// A JSON document.
pub(super) fn json<T: serde::de::DeserializeOwned>(column: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(format!("{column}: {error}")))
}

/// The text of a JSON document of ours; what we serialise has string keys and no floats, so it always has one.
pub(super) fn to_json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Another node wrote the same new row a moment ago: the transaction runs again and finds it.
pub(super) fn again_if_taken(error: diesel::result::Error, what: &str) -> StoreError {
    use diesel::result::{DatabaseErrorKind, Error};
    if matches!(error, Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) {
        StoreError::Transient(what.to_owned())
    } else {
        StoreError::from(error)
    }
}
