//! The services over a throw-away SQLite file.

mod bench;
mod checks;
mod decisions;
mod desk;
mod imports;
mod lists;
mod once;
mod rows;
