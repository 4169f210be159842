//! The pages over a real desk in a throw-away folder, as a browser without scripts meets them.

mod browser;
mod customer;
mod desk;
mod guard;
