//! The desk: refunds, newest first, and the story of one.

pub mod list;
pub mod refund;
