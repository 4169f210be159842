//! Orders as CSV: one row a line of an order, the rows of one order following each other.
//!
//! Rows become the body of a push, which is read and judged as such; a fault is told at the row and column that it came
//! from.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord};
use serde_json::{Map, Value};

use super::line_feeds::LineFeeds;
use super::{Fault, Item, Source};
use crate::domain::order::Order;
use crate::http::api::fields::Faults;
use crate::http::api::order_body;
use crate::services::refusal::{Code, FieldError, Refusal};

/// Columns that belong to the whole order and have to say the same in each of its rows.
const ORDER: [&str; 2] = ["currency", "placed_at"];
/// Columns of its customer; the same.
const CUSTOMER: [&str; 3] = ["email", "name", "locale"];
/// Columns of one line.
const LINE: [&str; 6] = ["line_id", "description", "quantity", "unit_amount_minor", "tax_minor", "discount_minor"];
/// Columns of a payment, which stands in every row, or in the rows that its own lines take.
const PAYMENT: [&str; 7] =
    ["payment_id", "provider_account", "connector_transaction_id", "rail", "status", "captured_minor", "captured_at"];
/// Columns that may be missing, or empty.
const OPTIONAL: [&str; 5] = ["name", "locale", "tax_minor", "discount_minor", "captured_at"];
/// Columns with whole numbers.
const NUMBERS: [&str; 5] = ["quantity", "unit_amount_minor", "tax_minor", "discount_minor", "captured_minor"];

const ORDER_ID: &str = "order_id";

/// The rows of a file, gathered into orders.
pub(super) struct Rows<R, W> {
    reader: Reader<LineFeeds<R>>,
    columns: StringRecord,
    in_words: W,
    /// The first row of the next order.
    ahead: Option<Row>,
    /// Digests of the ids of orders that are over, to find rows that come apart: eight bytes an order.
    over: HashSet<u64>,
    digests: RandomState,
}

struct Row {
    line: u64,
    cells: StringRecord,
    is_utf8: bool,
}

impl<R: Read, W: Fn(&Refusal) -> String> Rows<R, W> {
    /// Reads the names of the columns, then from a line on; faults are told by `in_words`.
    pub(super) fn open(file: R, from_line: u64, in_words: W) -> Result<Self, String> {
        let mut reader = ReaderBuilder::new().buffer_capacity(1 << 16).flexible(true).from_reader(LineFeeds::new(file));
        let columns = reader.headers().map_err(|error| error.to_string())?.clone();
        check(&columns)?;
        let (over, digests) = (HashSet::new(), RandomState::new());
        let mut rows = Self { reader, columns, in_words, ahead: None, over, digests };
        loop {
            rows.ahead = rows.next_row()?;
            if rows.ahead.as_ref().is_none_or(|row| row.line >= from_line) {
                return Ok(rows);
            }
        }
    }

    fn next_row(&mut self) -> Result<Option<Row>, String> {
        let mut bytes = ByteRecord::new();
        if !self.reader.read_byte_record(&mut bytes).map_err(|error| error.to_string())? {
            return Ok(None);
        }
        // The reader stands behind the row; what lies between is the row's own, and line breaks inside of quotes.
        let breaks = bytes.iter().flatten().filter(|byte| **byte == b'\n').count();
        let behind = u64::try_from(breaks).unwrap_or(0) + 1;
        let line = self.reader.position().line().saturating_sub(behind);
        Ok(Some(match StringRecord::from_byte_record(bytes) {
            Ok(cells) => Row { line, cells, is_utf8: true },
            Err(error) => {
                Row { line, cells: StringRecord::from_byte_record_lossy(error.into_byte_record()), is_utf8: false }
            }
        }))
    }

    fn cell<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        let place = self.columns.iter().position(|name| name == column);
        place.and_then(|place| row.cells.get(place)).unwrap_or_default()
    }

    /// The rows of the next order.
    fn next_rows(&mut self) -> Result<Vec<Row>, String> {
        let Some(first) = self.ahead.take() else { return Ok(Vec::new()) };
        let order_id = self.cell(&first, ORDER_ID).to_owned();
        let mut rows = vec![first];
        while let Some(row) = self.next_row()? {
            if self.cell(&row, ORDER_ID) != order_id {
                self.ahead = Some(row);
                break;
            }
            rows.push(row);
        }
        Ok(rows)
    }

    fn order(&mut self, rows: &[Row]) -> Result<Order, Vec<Fault>> {
        let first_line = rows.first().map_or(0, |row| row.line);
        let order_id = rows.first().map(|row| self.cell(row, ORDER_ID)).unwrap_or_default().to_owned();
        if let Some(row) = rows.iter().find(|row| row.cells.len() != self.columns.len()) {
            let (found, expected) = (row.cells.len(), self.columns.len());
            return Err(vec![(row.line, format!("This row has {found} cells and the first line {expected}."))]);
        }
        if let Some(row) = rows.iter().find(|row| !row.is_utf8) {
            let refusal = Refusal::field(Code::Body, "/", "json-not-utf8");
            return Err(vec![(row.line, (self.in_words)(&refusal))]);
        }
        if !self.over.insert(self.digests.hash_one(&order_id)) {
            let refusal = Refusal::field(Code::Body, ORDER_ID, "field-rows-apart");
            return Err(vec![(first_line, (self.in_words)(&refusal))]);
        }
        let order_id =
            order_body::order_id(&order_id).map_err(|refusal| vec![(first_line, (self.in_words)(&refusal))])?;
        let (body, payment_rows) = self.body(rows)?;
        Faults::collect(&body, |at| order_body::order(at, order_id))
            .map_err(|refusal| self.placed(refusal, rows, &payment_rows))
    }

    /// The body of a push, with the row that each payment was read from.
    fn body(&self, rows: &[Row]) -> Result<(Value, Vec<u64>), Vec<Fault>> {
        let Some(first) = rows.first() else { return Ok((Value::Null, Vec::new())) };
        for row in rows {
            let differs = |column: &&&str| self.cell(row, column) != self.cell(first, column);
            if let Some(column) = ORDER.iter().chain(&CUSTOMER).find(differs) {
                let refusal = Refusal::field(Code::Body, column, "field-rows-differ");
                return Err(vec![(row.line, (self.in_words)(&refusal))]);
            }
        }
        let mut payments: Vec<Value> = Vec::new();
        let mut payment_rows = Vec::new();
        for row in rows {
            let payment = self.object(row, &PAYMENT);
            if !payments.contains(&payment) {
                payments.push(payment);
                payment_rows.push(row.line);
            }
        }
        let mut body = match self.object(first, &ORDER) {
            Value::Object(members) => members,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
        };
        body.insert("customer".to_owned(), self.object(first, &CUSTOMER));
        body.insert("lines".to_owned(), rows.iter().map(|row| self.object(row, &LINE)).collect());
        body.insert("payments".to_owned(), Value::Array(payments));
        Ok((Value::Object(body), payment_rows))
    }

    /// Some cells of a row as an object; what is empty is left out.
    fn object(&self, row: &Row, columns: &[&str]) -> Value {
        let member = |column: &&str| {
            let text = self.cell(row, column);
            let number = NUMBERS.contains(column).then(|| text.parse::<i64>().ok()).flatten();
            let value = number.map_or_else(|| Value::String(text.to_owned()), Value::from);
            (!text.is_empty()).then(|| ((*column).to_owned(), value))
        };
        Value::Object(columns.iter().filter_map(member).collect())
    }

    /// Each fault at the line of its row, named by its column.
    fn placed(&self, refusal: Refusal, rows: &[Row], payment_rows: &[u64]) -> Vec<Fault> {
        let first = rows.first().map_or(0, |row| row.line);
        let Refusal { code, errors, .. } = refusal;
        let place = |error: FieldError| {
            let mut steps = error.pointer.trim_start_matches('/').split('/');
            let (part, index) = (steps.next(), steps.clone().next().and_then(|text| text.parse::<usize>().ok()));
            let row = match (part, index) {
                (Some("lines"), Some(index)) => rows.get(index).map(|row| row.line),
                (Some("payments"), Some(index)) => payment_rows.get(index).copied(),
                _ => None,
            };
            let column = error.pointer.rsplit('/').next().filter(|last| self.columns.iter().any(|name| name == *last));
            let pointer = column.unwrap_or_default().to_owned();
            let refusal = Refusal { errors: vec![FieldError { pointer, ..error }], ..Refusal::new(code) };
            (row.unwrap_or(first), (self.in_words)(&refusal))
        };
        errors.into_iter().map(place).collect()
    }
}

impl<R: Read, W: Fn(&Refusal) -> String> Iterator for Rows<R, W> {
    type Item = Result<Item, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let rows = match self.next_rows() {
            Ok(rows) => rows,
            Err(why) => return Some(Err(why)),
        };
        let line = rows.first()?.line;
        Some(Ok(Item { line, order: self.order(&rows) }))
    }
}

impl<R: Read + Send, W: Fn(&Refusal) -> String + Send> Source for Rows<R, W> {
    fn bytes_read(&self) -> u64 {
        self.reader.position().byte()
    }
}

/// Every column once, and none that nobody reads.
fn check(columns: &StringRecord) -> Result<(), String> {
    let known: Vec<&str> = [ORDER_ID].into_iter().chain(ORDER).chain(CUSTOMER).chain(LINE).chain(PAYMENT).collect();
    if let Some(wrong) = columns.iter().find(|name| !known.contains(name)) {
        return Err(format!("there is no column {wrong:?}; the columns are {}", known.join(", ")));
    }
    if let Some(twice) =
        columns.iter().enumerate().find(|(at, name)| columns.iter().take(*at).any(|other| other == *name))
    {
        return Err(format!("the column {} stands there twice", twice.1));
    }
    match known.iter().find(|name| !OPTIONAL.contains(name) && !columns.iter().any(|column| column == **name)) {
        Some(missing) => Err(format!("the column {missing} is missing")),
        None => Ok(()),
    }
}
