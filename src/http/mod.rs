//! How the world comes in over HTTP: the API, the webhooks, the pages, and what all of them share.
//!
//! `server` mounts everything behind one boundary; `auth` says who asks, `limits` how often they may, `body`, `json` and
//! `api::fields` read bodies, `problem` writes refusals, `headers` what every answer carries. A handler parses, calls one
//! use case of `services`, and shows what came of it; it decides nothing.

pub mod api;
pub mod auth;
pub mod body;
pub mod edge;
pub mod headers;
pub mod health;
pub mod json;
pub mod limits;
pub mod multipart;
pub mod opening;
pub mod pages;
pub mod problem;
pub mod server;
pub mod simulator;
mod trace;
pub mod webhooks;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
