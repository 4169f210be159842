//! Makegood, the refund desk: requests, policy, dual control, processors, and books that close to the cent.
//!
//! # The map of the house
//!
//! | room | what it is | knows |
//! |---|---|---|
//! | [`domain`] | what is true: money, states, policy, ledger, access; pure | nobody |
//! | [`store`] | what is remembered, on SQLite and PostgreSQL; the only room that knows SQL | `domain` |
//! | [`services`] | what the desk does, one file a use case: permission first, then one transaction | the rooms above, `providers`, `mail`, `l10n` |
//! | [`providers`] | the processors, behind one trait; the simulator is one of them | `domain` |
//! | [`mail`] | messages out | `domain`, `l10n` |
//! | [`l10n`] | languages, numbers, dates | `domain` |
//! | [`http`] | how the world comes in: the API, pages, webhooks | `services`, `app` |
//! | `workers` | what happens without being asked | `services`, `providers`, `app` |
//! | [`cli`] | one file a command | everything that a command starts |
//! | [`config`], [`telemetry`], [`app`] | settings, logs and metrics, and the place where all is put together | |
//!
//! # The ways through the house
//!
//! *A refund asked for*: `http::api` parses into `domain` types, a service opens one transaction with the policy's
//! decision, the refund, its transition, ledger entry, audit record and outbox rows, and 202 goes back.
//!
//! *Money sent*: a worker leases an outbox row, calls the processor with no transaction open under the stored key, and
//! hands the outcome to `services::record_outcome`.
//!
//! *News from the processor*: answer, webhook and poll all end in `services::record_outcome`; the first fact wins.
//!
//! Each way runs in one direction, through each room once. Tests (`tests/suite/laws`) read the sources and fail where an
//! arrow points the wrong way.

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
