//! The suite: one binary for everything that is tested from outside.
//!
//! `harness` starts whole desks; `journeys` walks the brief's acceptance cases and the simulator's modes; `cases` takes the
//! failure cases one by one; `access` asks who may do what, and attacks it; `crash` kills the real program; `laws` reads
//! the sources and fails where the house is not built as planned.

#[cfg(test)]
mod access;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod journeys;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod newcomer;
#[cfg(test)]
mod pages;
