use std::fmt::Write as _;

use super::*;

/// Codes and message ids instead of sentences.
fn in_words(refusal: &Refusal) -> String {
    let faults = refusal.errors.iter().map(|error| format!("{} {}", error.pointer, error.message_id));
    faults.collect::<Vec<_>>().join(", ")
}

/// The id of each order with its number of lines, or its faults.
fn outcome(items: impl Iterator<Item = Result<Item, String>>) -> Vec<(u64, String)> {
    let mut outcomes = Vec::new();
    for item in items {
        let Item { line, order } = item.unwrap();
        match order {
            Ok(order) => outcomes.push((line, format!("{}: {}", order.order_id, order.lines.len()))),
            Err(faults) => outcomes.extend(faults),
        }
    }
    outcomes
}

fn json_lines(text: &[u8], from_line: u64) -> Vec<(u64, String)> {
    outcome(json_lines::Lines::open(text, from_line, in_words))
}

fn csv(text: &[u8], from_line: u64) -> Vec<(u64, String)> {
    outcome(spreadsheet::Rows::open(text, from_line, in_words).unwrap())
}

fn json_line(order_id: &str) -> String {
    let mut order = crate::http::api::orders::example();
    order["order_id"] = json!(order_id);
    order.to_string()
}

#[test]
fn json_lines_are_orders_and_wrong_ones_stop_nobody() {
    let mut text = String::from("\u{feff}");
    writeln!(text, "{}\n", json_line("a")).unwrap();
    writeln!(text, "{{\"order_id\":").unwrap();
    writeln!(text, "{}\r", json_line("b")).unwrap();
    writeln!(text, "{}", json_line("c").replace("USD", "usd")).unwrap();
    writeln!(text, "{}", json_line(" ")).unwrap();
    writeln!(text, "{}", json_line("d").replace("order_id", "id")).unwrap();
    writeln!(text, "[]").unwrap();
    writeln!(text, "{}", "x".repeat(2 << 20)).unwrap();
    write!(text, "{}", json_line("e")).unwrap();
    let faults = |line: u64, text: &str| (line, text.to_owned());
    let expected = [
        faults(1, "a: 1"),
        faults(3, "/ json-syntax"),
        faults(4, "b: 1"),
        faults(5, "/currency field-currency-unknown"),
        faults(6, "order_id field-not-an-id"),
        faults(7, "/order_id field-required"),
        faults(8, "/ field-not-an-object"),
        faults(9, "This line is longer than 1048576 bytes."),
        faults(10, "e: 1"),
    ];
    assert_eq!(json_lines(text.as_bytes(), 1), expected);
    assert_eq!(json_lines(text.as_bytes(), 9), expected[7..]);
    assert_eq!(json_lines(b"\xff\n", 1), [faults(1, "/ json-not-utf8")]);
}

const COLUMNS: &str = "order_id,email,name,locale,currency,placed_at,line_id,description,quantity,unit_amount_minor,\
                       tax_minor,discount_minor,payment_id,provider_account,connector_transaction_id,rail,status,\
                       captured_minor,captured_at";

fn row(order_id: &str, line_id: &str) -> String {
    format!(
        "{order_id},ana@customer.example,\"Ana, A.\",en,USD,2026-11-20T21:50:45Z,{line_id},Kettle,2,4000,,600,p1,\
         simulator,sim_{order_id},card,captured,9000,"
    )
}

#[test]
fn rows_are_gathered_into_orders() {
    let text = format!("\u{feff}{COLUMNS}\r\n{}\r\n{}\r\n\r\n{}\r\n", row("a", "1"), row("a", "2"), row("b", "1"));
    let quoted = format!("{COLUMNS}\n{}\n{}", row("a", "1").replace("Kettle", "\"Ket\r\ntle\""), row("b", "1"));
    let broken = "description field-control-characters".to_owned();
    assert_eq!(csv(quoted.as_bytes(), 1), [(2, broken), (4, "b: 1".to_owned())]);
    let mut rows = spreadsheet::Rows::open(text.as_bytes(), 1, in_words).unwrap();
    let order = rows.next().unwrap().unwrap().order.unwrap();
    assert_eq!((order.customer.name.as_str(), order.lines[1].tax_minor), ("Ana, A.", 0));
    assert_eq!((order.payments.len(), order.payments[0].captured_at), (1, None));
    assert_eq!(csv(text.as_bytes(), 1), [(2, "a: 2".to_owned()), (5, "b: 1".to_owned())]);
    assert_eq!(csv(text.as_bytes(), 3)[1..], [(5, "b: 1".to_owned())]);
    assert_eq!(csv(text.as_bytes(), 5), [(5, "b: 1".to_owned())]);
}

#[test]
fn faults_of_rows_are_told_where_they_stand() {
    let good = row("a", "1");
    for (second, line, fault) in [
        (row("a", "2").replace(",2,4000", ",two,4000"), 3, "quantity field-not-a-whole-number"),
        (row("a", "2").replace(",2,4000", ",2,-1"), 3, "unit_amount_minor field-too-small"),
        (row("a", "2").replace("USD", "EUR"), 3, "currency field-rows-differ"),
        (row("a", "2").replace("ana@", "bob@"), 3, "email field-rows-differ"),
        (row("a", "2").replace(",p1,", ",p2,").replace(",card,", ",cash,"), 3, "rail field-not-allowed-word"),
        (row("a", "1"), 2, " field-repeated"),
        (format!("{},more", row("a", "2")), 3, "This row has 20 cells and the first line 19."),
    ] {
        let text = format!("{COLUMNS}\n{good}\n{second}\n{}\n", row("b", "1"));
        assert_eq!(csv(text.as_bytes(), 1), [(line, fault.to_owned()), (4, "b: 1".to_owned())], "{second}");
    }
    let apart = format!("{COLUMNS}\n{good}\n{}\n{}\n", row("b", "1"), row("a", "2"));
    assert_eq!(csv(apart.as_bytes(), 1)[2], (4, "order_id field-rows-apart".to_owned()));
    let mut latin = format!("{COLUMNS}\n{good}\n").into_bytes();
    let place = latin.iter().rposition(|byte| *byte == b'K').unwrap();
    latin[place] = 0xe9;
    assert_eq!(csv(&latin, 1), [(2, "/ json-not-utf8".to_owned())]);
}

#[test]
fn a_file_of_other_columns_is_refused_whole() {
    let refusal = |columns: &str| spreadsheet::Rows::open(columns.as_bytes(), 1, in_words).err().unwrap_or_default();
    assert!(refusal(&COLUMNS.replace("tax_minor", "vat")).starts_with("there is no column \"vat\"; the columns are"));
    assert_eq!(refusal(&COLUMNS.replace("quantity,", "")), "the column quantity is missing");
    assert_eq!(refusal(&format!("{COLUMNS},email")), "the column email stands there twice");
    assert_eq!(refusal(&COLUMNS.replace(",tax_minor", "").replace("name,", "")), "");
}
