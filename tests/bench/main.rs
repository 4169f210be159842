//! Measurements: what the desk does per second, and how long each answer takes, printed as a table.

fn main() {}
