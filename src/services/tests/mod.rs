//! The services over a throw-away SQLite file.

mod bench;
mod checks;
mod decisions;
mod imports;
mod once;
mod rows;
