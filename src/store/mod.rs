//! What is remembered: the only room that knows diesel and SQL, on SQLite and PostgreSQL alike.
//!
//! `db` is the way in; one file a table family follows. Functions take a connection or a transaction and never commit.

mod conn;
mod convert;
pub mod customers;
pub mod db;
mod error;
pub mod orders;
mod postgres;
mod schema;
mod sqlite;

pub use conn::{Conn, Engine};
pub use db::{Db, Location, Tx};
pub use error::{Failure, StoreError};
