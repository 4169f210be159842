//! The pages in a real Chromium over a running desk.

mod browser;
mod customer;
