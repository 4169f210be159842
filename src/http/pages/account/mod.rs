//! Signing in and out, and what a reader chooses for themselves.

pub mod login;
pub mod preferences;
