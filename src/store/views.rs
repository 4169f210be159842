//! Filtered lists that people keep under a name, for themselves or for everybody at the desk.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{moment, word};
use super::schema::saved_views;
use super::{Conn, StoreError, Tx};
use crate::domain::access::Principal;
use crate::domain::saved_view::{Address, Name};

/// A filtered list under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewRow {
    /// Its id.
    pub view_id: String,
    /// Who keeps it.
    pub owner: Principal,
    /// Whether everybody at the desk sees it.
    pub shared: bool,
    /// What it is called.
    pub name: Name,
    /// Where it leads.
    pub address: Address,
    /// When it was kept.
    pub created_at: Timestamp,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = saved_views)]
struct ViewRecord {
    view_id: String,
    owner: String,
    shared: bool,
    name: String,
    address: String,
    created_at: i64,
}

/// Keeps a view that is new.
pub fn insert(tx: &mut Tx<'_>, view: &ViewRow) -> Result<(), StoreError> {
    let record = ViewRecord {
        view_id: view.view_id.clone(),
        owner: view.owner.to_string(),
        shared: view.shared,
        name: view.name.to_string(),
        address: view.address.to_string(),
        created_at: view.created_at.as_microsecond(),
    };
    diesel::insert_into(saved_views::table).values(record).execute(&mut **tx)?;
    Ok(())
}

/// The view with this id, held against changes until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, view_id: &str) -> Result<Option<ViewRow>, StoreError> {
    let found: Option<ViewRecord> = match &mut **tx {
        // The writer is alone on SQLite.
        Conn::Sqlite(conn) => saved_views::table.find(view_id).first(conn).optional()?,
        Conn::Postgres(conn) => saved_views::table.find(view_id).for_no_key_update().first(conn).optional()?,
    };
    found.map(ViewRecord::into_row).transpose()
}

/// How many views somebody keeps.
pub fn count_of(conn: &mut Conn, owner: &Principal) -> Result<i64, StoreError> {
    Ok(saved_views::table.filter(saved_views::owner.eq(owner.to_string())).count().get_result(conn)?)
}

/// The views that somebody sees, by name: their own, and those for everybody.
pub fn seen_by(conn: &mut Conn, reader: &Principal, limit: i64) -> Result<Vec<ViewRow>, StoreError> {
    let found: Vec<ViewRecord> = saved_views::table
        .filter(saved_views::owner.eq(reader.to_string()).or(saved_views::shared.eq(true)))
        .order((saved_views::name, saved_views::view_id))
        .limit(limit)
        .load(conn)?;
    found.into_iter().map(ViewRecord::into_row).collect()
}

/// Writes what a view is called and who sees it.
pub fn update(tx: &mut Tx<'_>, view_id: &str, name: &Name, shared: bool) -> Result<(), StoreError> {
    diesel::update(saved_views::table.find(view_id))
        .set((saved_views::name.eq(name.as_str()), saved_views::shared.eq(shared)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Forgets a view.
pub fn delete(tx: &mut Tx<'_>, view_id: &str) -> Result<(), StoreError> {
    diesel::delete(saved_views::table.find(view_id)).execute(&mut **tx)?;
    Ok(())
}

impl ViewRecord {
    fn into_row(self) -> Result<ViewRow, StoreError> {
        Ok(ViewRow {
            owner: word("saved_views.owner", &self.owner)?,
            name: word("saved_views.name", &self.name)?,
            address: word("saved_views.address", &self.address)?,
            created_at: moment("saved_views.created_at", self.created_at)?,
            view_id: self.view_id,
            shared: self.shared,
        })
    }
}
