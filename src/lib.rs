//! Makegood, the refund desk. The map of the house.

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod http;
pub mod l10n;
pub mod mail;
pub mod providers;
pub mod services;
pub mod store;
pub mod telemetry;
