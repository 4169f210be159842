//! The pages in a real Chromium over a running desk.

mod access;
mod browser;
mod customer;
mod keyboard;
mod pictures;
mod queue;
mod tour;
mod two_people;
mod upload;
mod viewer;
mod walk;
mod walk_admin;
