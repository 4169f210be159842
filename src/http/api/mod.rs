//! The REST API under `/v1`: one file a resource, one table of routes.

pub mod fields;
