//! The services over a throw-away SQLite file.

mod bench;
mod checks;
mod imports;
mod once;
mod rows;
