//! The suite: one binary for everything that is tested from outside.
//!
//! `laws` reads the sources and fails where the house is not built as planned.

#[cfg(test)]
mod laws;
