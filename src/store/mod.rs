//! What is remembered: the only room that knows diesel and SQL, on SQLite and PostgreSQL alike.
//!
//! `db` is the way in; one file a table family follows. Functions take a connection or a transaction and never commit.

pub mod appeals;
pub mod attempts;
pub mod audit_list;
mod conn;
mod convert;
pub mod customers;
pub mod db;
pub mod decisions;
pub mod discards;
mod error;
pub mod evidence;
pub mod evidence_erasing;
pub mod evidence_keys;
pub mod evidence_looks;
pub mod idempotency;
pub mod inbox;
pub mod inbox_list;
pub mod leases;
pub mod ledger;
pub mod listing;
pub mod messages;
pub mod order_batch;
pub mod orders;
pub mod outbox;
pub mod outbox_list;
pub mod people;
pub mod policies;
mod postgres;
mod prepared;
pub mod queue;
pub mod refunds;
pub mod replies;
pub mod reviews;
mod schema;
mod schema_evidence;
mod schema_letters;
pub mod second_factors;
pub mod sessions;
pub mod simulator;
mod sqlite;
pub mod staff_links;
pub mod tokens;
pub mod trail;
pub mod views;

pub use conn::{Conn, Engine};
pub use db::{Db, Location, Tx};
pub use error::{Failure, StoreError};
