//! The pages in a real Chromium over a running desk.

mod access;
mod browser;
mod customer;
mod keyboard;
mod pictures;
mod upload;
mod walk;
mod walk_admin;
