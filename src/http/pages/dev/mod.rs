//! Outside live mode: what would have been mailed.

pub mod mail;
