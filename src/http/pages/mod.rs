//! The pages: for customers, for people at the desk, and for whoever develops against it. Complete without scripts;
//! htmx makes them better.
//!
//! One file a screen: its handler, its template's struct, its form. What all screens share stands beside them: [`frame`]
//! (what every page knows), [`parts`] (what several show alike), [`faults`] (what is wrong with a form), [`assets`]
//! (styles, scripts, icons).

pub mod account;
pub mod assets;
pub mod csrf;
pub mod customer;
pub mod desk;
pub mod dev;
pub mod error;
pub mod faults;
pub mod frame;
pub mod parts;
pub mod posted;
pub mod reader;
pub mod session;
pub mod site;
pub mod visit;

#[cfg(test)]
mod sample;
