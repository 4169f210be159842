//! The services over a throw-away SQLite file.

mod bench;
mod checks;
mod decisions;
mod desk;
mod imports;
mod once;
mod rows;
