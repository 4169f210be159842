//! Customers, and the erasable rows that say who they are.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{again_if_taken, word};
use super::schema::{customer_profiles, customers};
use super::{Conn, StoreError, Tx};
use crate::domain::id::CustomerId;
use crate::domain::order::Customer;

/// The form in which addresses are compared: without case and outer blanks.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The customer behind an address, if there is one.
pub fn find_by_email(conn: &mut Conn, email: &str) -> Result<Option<CustomerId>, StoreError> {
    let found: Option<String> = customer_profiles::table
        .filter(customer_profiles::email_key.eq(email_key(email)))
        .select(customer_profiles::customer_id)
        .first(conn)
        .optional()?;
    found.map(|id| word("customer_profiles.customer_id", &id)).transpose()
}

/// Who the customer is, unless erased.
pub fn profile(conn: &mut Conn, customer_id: &CustomerId) -> Result<Option<Customer>, StoreError> {
    use customer_profiles::dsl;
    let found: Option<(String, String, String)> = dsl::customer_profiles
        .find(customer_id.as_str())
        .select((dsl::email, dsl::name, dsl::locale))
        .first(conn)
        .optional()?;
    Ok(found.map(|(email, name, locale)| Customer { email, name, locale }))
}

/// The names of these customers, of those who have one and were not erased.
pub fn names(conn: &mut Conn, customer_ids: &[CustomerId]) -> Result<Vec<(CustomerId, String)>, StoreError> {
    use customer_profiles::dsl;
    if customer_ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(String, String)> = dsl::customer_profiles
        .filter(dsl::customer_id.eq_any(customer_ids.iter().map(CustomerId::as_str)))
        .select((dsl::customer_id, dsl::name))
        .load(conn)?;
    found.into_iter().map(|(id, name)| Ok((word("customer_profiles.customer_id", &id)?, name))).collect()
}

/// Locks the customer until the transaction ends, so that requests made at the same moment count each other; whether
/// they are blocked. Rows elsewhere may refer to the customer meanwhile: a stronger lock would make a deadlock of every
/// refund that moves, payment first, while another is asked for.
pub fn lock(tx: &mut Tx<'_>, customer_id: &CustomerId) -> Result<bool, StoreError> {
    let query = customers::table.find(customer_id.as_str()).select(customers::blocked);
    let blocked: bool = match &mut **tx {
        // The writer is alone on SQLite.
        Conn::Sqlite(conn) => query.first(conn)?,
        Conn::Postgres(conn) => {
            customers::table.find(customer_id.as_str()).for_no_key_update().select(customers::blocked).first(conn)?
        }
    };
    Ok(blocked)
}

/// The customer with this address, made with `new_id` where there is none; name and language follow what was told last.
pub fn upsert(
    tx: &mut Tx<'_>,
    customer: &Customer,
    new_id: &CustomerId,
    now: Timestamp,
) -> Result<CustomerId, StoreError> {
    use customer_profiles::dsl;
    let key = email_key(&customer.email);
    let found: Option<(String, String, String, String)> = dsl::customer_profiles
        .filter(dsl::email_key.eq(&key))
        .select((dsl::customer_id, dsl::email, dsl::name, dsl::locale))
        .first(&mut **tx)
        .optional()?;
    let Some((id, email, name, locale)) = found else {
        return insert(tx, customer, &key, new_id, now);
    };
    if (&email, &name, &locale) != (&customer.email, &customer.name, &customer.locale) {
        diesel::update(dsl::customer_profiles.find(&id))
            .set((dsl::email.eq(&customer.email), dsl::name.eq(&customer.name), dsl::locale.eq(&customer.locale)))
            .execute(&mut **tx)?;
    }
    word("customer_profiles.customer_id", &id)
}

fn insert(
    tx: &mut Tx<'_>,
    customer: &Customer,
    key: &str,
    new_id: &CustomerId,
    now: Timestamp,
) -> Result<CustomerId, StoreError> {
    diesel::insert_into(customers::table)
        .values((
            customers::customer_id.eq(new_id.as_str()),
            customers::blocked.eq(false),
            customers::created_at.eq(now.as_microsecond()),
        ))
        .execute(&mut **tx)?;
    let profile = (
        customer_profiles::customer_id.eq(new_id.as_str()),
        customer_profiles::email_key.eq(key),
        customer_profiles::email.eq(&customer.email),
        customer_profiles::name.eq(&customer.name),
        customer_profiles::locale.eq(&customer.locale),
    );
    diesel::insert_into(customer_profiles::table)
        .values(profile)
        .execute(&mut **tx)
        .map_err(|error| again_if_taken(error, "two orders of one new customer at once"))?;
    Ok(new_id.clone())
}
