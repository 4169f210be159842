//! What is true: pure rules, without I/O, clock or randomness. Time, ids and facts are parameters.

pub mod access;
pub mod allocation;
pub mod audit;
pub mod calendar;
pub mod currency;
pub mod decision;
pub mod evidence;
pub mod flag;
pub mod id;
pub mod idempotency;
pub mod ledger;
pub mod message;
pub mod money;
pub mod order;
pub mod policy;
pub mod preferences;
pub mod provider;
pub mod refund;
pub mod review;
pub mod risk;
pub mod saved_view;
pub mod second_factor;
pub mod secret;
