//! Orders by the hundred, for imports: what is known of many in one query a table, and what is new in one statement a
//! table.

use std::collections::HashMap;

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{again_if_taken, word};
use super::customers::email_key;
use super::orders::{LineRecord, OrderRecord, OrderRow, PaymentRecord, PaymentRow};
use super::schema::{customer_profiles, customers, order_lines, orders, payments};
use super::{Conn, StoreError, Tx};
use crate::domain::id::CustomerId;
use crate::domain::order::{Customer, Line};

/// Rows of one statement: with their columns below the number of values that either engine takes.
const ROWS_MAX: usize = 500;

/// A new order with all that belongs to it.
#[derive(Clone, Debug)]
pub struct NewOrder<'a> {
    /// Its own row.
    pub order: OrderRow,
    /// Its lines.
    pub lines: &'a [Line],
    /// Its payments.
    pub payments: Vec<PaymentRow>,
}

/// Those of these orders that exist, by id.
pub fn find_orders(conn: &mut Conn, order_ids: &[&str]) -> Result<HashMap<String, OrderRow>, StoreError> {
    let mut found = HashMap::new();
    for ids in order_ids.chunks(ROWS_MAX) {
        let rows: Vec<OrderRecord> = orders::table.filter(orders::order_id.eq_any(ids.iter().copied())).load(conn)?;
        for row in rows {
            let row = row.into_row()?;
            found.insert(row.order_id.clone(), row);
        }
    }
    Ok(found)
}

/// Those of these processor payments of one account that belong to an order already: order and payment, by the
/// processor's id.
pub fn find_transactions(
    conn: &mut Conn,
    provider_account: &str,
    transaction_ids: &[&str],
) -> Result<HashMap<String, (String, String)>, StoreError> {
    let mut found = HashMap::new();
    for ids in transaction_ids.chunks(ROWS_MAX) {
        let rows: Vec<(String, String, String)> = payments::table
            .filter(payments::provider_account.eq(provider_account))
            .filter(payments::connector_transaction_id.eq_any(ids.iter().copied()))
            .select((payments::connector_transaction_id, payments::order_id, payments::payment_id))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(transaction, order, payment)| (transaction, (order, payment))));
    }
    Ok(found)
}

/// The customers behind these addresses, by [`email_key`].
pub fn find_customers(
    conn: &mut Conn,
    email_keys: &[String],
) -> Result<HashMap<String, (CustomerId, Customer)>, StoreError> {
    use customer_profiles::dsl;
    let mut found = HashMap::new();
    for keys in email_keys.chunks(ROWS_MAX) {
        let rows: Vec<(String, String, String, String, String)> = dsl::customer_profiles
            .filter(dsl::email_key.eq_any(keys))
            .select((dsl::email_key, dsl::customer_id, dsl::email, dsl::name, dsl::locale))
            .load(conn)?;
        for (key, id, email, name, locale) in rows {
            let id: CustomerId = word("customer_profiles.customer_id", &id)?;
            found.insert(key, (id, Customer { email, name, locale }));
        }
    }
    Ok(found)
}

/// Writes customers that are new.
pub fn insert_customers(tx: &mut Tx<'_>, new: &[(CustomerId, &Customer)], now: Timestamp) -> Result<(), StoreError> {
    let created_at = now.as_microsecond();
    for some in new.chunks(ROWS_MAX) {
        let rows: Vec<_> = some
            .iter()
            .map(|(id, _)| {
                (
                    customers::customer_id.eq(id.to_string()),
                    customers::blocked.eq(false),
                    customers::created_at.eq(created_at),
                )
            })
            .collect();
        match &mut **tx {
            Conn::Sqlite(conn) => diesel::insert_into(customers::table).values(&rows).execute(conn)?,
            Conn::Postgres(conn) => diesel::insert_into(customers::table).values(&rows).execute(conn)?,
        };
        let rows: Vec<_> = some
            .iter()
            .map(|(id, customer)| {
                (
                    customer_profiles::customer_id.eq(id.to_string()),
                    customer_profiles::email_key.eq(email_key(&customer.email)),
                    customer_profiles::email.eq(&customer.email),
                    customer_profiles::name.eq(&customer.name),
                    customer_profiles::locale.eq(&customer.locale),
                )
            })
            .collect();
        match &mut **tx {
            Conn::Sqlite(conn) => diesel::insert_into(customer_profiles::table).values(&rows).execute(conn),
            Conn::Postgres(conn) => diesel::insert_into(customer_profiles::table).values(&rows).execute(conn),
        }
        .map_err(|error| again_if_taken(error, "two imports of the same at once"))?;
    }
    Ok(())
}

/// Writes orders that are new, with their lines and payments.
pub fn insert_orders(tx: &mut Tx<'_>, new: &[NewOrder<'_>]) -> Result<(), StoreError> {
    let rows: Vec<OrderRecord> = new.iter().map(|new| OrderRecord::from_row(&new.order)).collect();
    for rows in rows.chunks(ROWS_MAX) {
        match &mut **tx {
            Conn::Sqlite(conn) => diesel::insert_into(orders::table).values(rows).execute(conn),
            Conn::Postgres(conn) => diesel::insert_into(orders::table).values(rows).execute(conn),
        }
        .map_err(|error| again_if_taken(error, "two imports of the same at once"))?;
    }
    let rows: Vec<LineRecord> = new
        .iter()
        .flat_map(|new| {
            (0..).zip(new.lines).map(|(position, line)| LineRecord::new(&new.order.order_id, line, position))
        })
        .collect();
    for rows in rows.chunks(ROWS_MAX) {
        match &mut **tx {
            Conn::Sqlite(conn) => diesel::insert_into(order_lines::table).values(rows).execute(conn)?,
            Conn::Postgres(conn) => diesel::insert_into(order_lines::table).values(rows).execute(conn)?,
        };
    }
    let rows: Vec<PaymentRecord> = new
        .iter()
        .flat_map(|new| (0..).zip(&new.payments).map(|(position, payment)| PaymentRecord::from_row(payment, position)))
        .collect();
    for rows in rows.chunks(ROWS_MAX) {
        match &mut **tx {
            Conn::Sqlite(conn) => diesel::insert_into(payments::table).values(rows).execute(conn),
            Conn::Postgres(conn) => diesel::insert_into(payments::table).values(rows).execute(conn),
        }
        .map_err(|error| again_if_taken(error, "two imports of the same at once"))?;
    }
    Ok(())
}
