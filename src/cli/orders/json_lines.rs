//! Orders as JSON lines: the body of a push plus `order_id`, one order a line.

use std::io::{BufRead, BufReader, Read};

use serde_json::Value;

use super::{Item, Source};
use crate::domain::order::Order;
use crate::http::api::fields::Faults;
use crate::http::api::order_body;
use crate::http::json;
use crate::services::refusal::{Code, Refusal};

/// The longest line: four times the longest body that a push may have.
const LINE_BYTES_MAX: u64 = 1 << 20;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The lines of a file.
pub(super) struct Lines<R, W> {
    reader: BufReader<R>,
    in_words: W,
    from_line: u64,
    line: u64,
    position: u64,
}

impl<R: Read, W: Fn(&Refusal) -> String> Lines<R, W> {
    /// Reads from a line on; faults are told by `in_words`.
    pub(super) fn open(file: R, from_line: u64, in_words: W) -> Self {
        Self { reader: BufReader::with_capacity(1 << 18, file), in_words, from_line, line: 0, position: 0 }
    }

    /// The next line with an order on it; its bytes, or nothing where it is too long.
    fn next_line(&mut self) -> std::io::Result<Option<Option<Vec<u8>>>> {
        loop {
            let mut bytes = Vec::new();
            let read = self.reader.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes)?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            self.position += u64::try_from(read).unwrap_or(0);
            if !bytes.ends_with(b"\n") && u64::try_from(read).is_ok_and(|read| read == LINE_BYTES_MAX) {
                self.position += u64::try_from(self.reader.skip_until(b'\n')?).unwrap_or(0);
                if self.line >= self.from_line {
                    return Ok(Some(None));
                }
                continue;
            }
            if self.line == 1 && bytes.starts_with(BYTE_ORDER_MARK) {
                bytes.drain(..BYTE_ORDER_MARK.len());
            }
            if self.line >= self.from_line && !bytes.trim_ascii().is_empty() {
                return Ok(Some(Some(bytes)));
            }
        }
    }
}

impl<R: Read, W: Fn(&Refusal) -> String> Iterator for Lines<R, W> {
    type Item = Result<Item, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = match self.next_line() {
            Ok(None) => return None,
            Ok(Some(bytes)) => bytes,
            Err(error) => return Some(Err(error.to_string())),
        };
        let line = self.line;
        let order = match bytes {
            Some(bytes) => order(&bytes).map_err(|refusal| vec![(line, (self.in_words)(&refusal))]),
            None => Err(vec![(line, format!("This line is longer than {LINE_BYTES_MAX} bytes."))]),
        };
        Some(Ok(Item { line, order }))
    }
}

impl<R: Read + Send, W: Fn(&Refusal) -> String + Send> Source for Lines<R, W> {
    fn bytes_read(&self) -> u64 {
        self.position
    }
}

fn order(bytes: &[u8]) -> Result<Order, Refusal> {
    let mut body = json::parse(bytes.trim_ascii())?;
    let order_id = match &mut body {
        Value::Object(members) => members.remove("order_id"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            return Err(Refusal::field(Code::Body, "/", "field-not-an-object"));
        }
    };
    let order_id = match order_id {
        Some(Value::String(text)) => order_body::order_id(&text)?,
        None | Some(Value::Null) => return Err(Refusal::field(Code::Body, "/order_id", "field-required")),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            return Err(Refusal::field(Code::Body, "/order_id", "field-not-text"));
        }
    };
    Faults::collect(&body, |at| order_body::order(at, order_id))
}
