//! What is remembered: the only room that knows diesel and SQL, on SQLite and PostgreSQL alike.
//!
//! `db` is the way in; one file a table family follows. Functions take a connection or a transaction and never commit.

pub mod attempts;
mod conn;
mod convert;
pub mod customers;
pub mod db;
pub mod decisions;
mod error;
pub mod evidence;
pub mod idempotency;
pub mod inbox;
pub mod leases;
pub mod ledger;
pub mod listing;
pub mod messages;
pub mod order_batch;
pub mod orders;
pub mod outbox;
pub mod people;
pub mod policies;
mod postgres;
mod prepared;
pub mod queue;
pub mod refunds;
pub mod reviews;
mod schema;
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
