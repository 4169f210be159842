//! The harness: a whole desk in this process, the people who use it, and what is looked at afterwards.
//!
//! A test starts a [`TestApp`], pushes orders, asks for refunds over real HTTP, waits for states and ends with
//! [`TestApp::finish`], which fails where work was left behind or an invariant of QUALITY 1 does not hold. Every desk has
//! a database of its own, on the engine that `MAKEGOOD_TEST_ENGINE` names, and is thrown away with it.
//!
//! ```ignore
//! let app = TestApp::start().await;
//! let order = app.order("1042").captured(10_000, "USD").push().await;
//! let refund = app.shop.ask(&order).amount(3_000).accepted().await;
//! app.until(&refund, "completed").await;
//! app.finish().await;
//! ```

mod answer;
mod app;
mod book;
mod bucket;
mod caller;
mod database;
mod evidence;
pub(crate) mod files;
mod invariants;
mod mails;
mod node;
mod orders;
mod people;
mod policies;
mod post;
mod quiet;
mod refunds;
mod rows;
mod scanner;
mod statements;
mod story;
mod uploads;
mod visitor;
mod webhooks;
mod window;
mod witness;
mod worker;

pub(crate) use answer::Answer;
pub(crate) use app::{TestApp, client};
pub(crate) use bucket::Bucket;
pub(crate) use caller::Caller;
pub(crate) use database::{Database, Engine};
pub(crate) use mails::Letters;
pub(crate) use orders::{Order, OrderBuilder};
pub(crate) use post::PostOffice;
pub(crate) use quiet::eventually;
pub(crate) use refunds::Refund;
pub(crate) use scanner::{Mood, Scanner};
pub(crate) use statements::Statements;
pub(crate) use uploads::Form;
pub(crate) use visitor::Visitor;
pub(crate) use webhooks::Webhook;
pub(crate) use window::Window;
pub(crate) use witness::Witness;
pub(crate) use worker::{Shown, Worker, email_of, password_of};
