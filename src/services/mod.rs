//! What the desk does: one file a use case. Each checks the permission first, then opens the one transaction that holds
//! the effect, its transition, its audit record, its ledger entries and what has to leave the house.
//!
//! Nothing here awaits the network inside a transaction, reads a clock or mints an id on its own.

pub mod appeal;
pub mod attach_evidence;
mod cancel_refund;
pub mod change_flag;
pub mod check_books;
pub mod check_moves;
pub mod claims;
pub mod context;
pub mod count_decisions;
pub mod decide_refund;
pub mod desk;
pub mod drafts;
pub mod erase_evidence;
pub mod export_audit;
pub mod export_ledger;
pub mod export_refunds;
mod facts;
pub mod findings;
pub mod first_start;
pub mod follow_refund;
pub mod give_up;
pub mod housekeeping;
pub mod import_orders;
pub mod letters;
pub mod links;
mod locks;
pub mod messages;
pub mod move_refund;
mod moves;
mod names;
pub mod outbox_admin;
pub mod own_account;
pub mod passwords;
pub mod people;
pub mod poll_refund;
pub mod push_order;
pub mod read_audit;
pub mod read_case;
pub mod read_clock;
pub mod read_desk;
pub mod read_evidence;
pub mod read_flags;
pub mod read_list;
pub mod read_orders;
pub mod read_outbox;
pub mod read_queue;
pub mod read_refunds;
pub mod readiness;
pub mod receive_webhook;
pub mod record_outcome;
mod refund_lines;
pub mod refusal;
pub mod rekey_evidence;
pub mod replay_policy;
pub mod replies;
pub mod request_refund;
mod retry_refund;
pub mod saved_views;
pub mod scan_evidence;
pub mod seal_audit;
mod sealed;
pub mod search;
pub mod second_factor;
pub mod send_letter;
pub mod sessions;
pub mod set_up;
pub mod settle_decisions;
pub mod sign_in;
pub mod staff_links;
mod standing;
pub mod submit_refund;
pub mod tidy_evidence;
pub mod tokens;
pub mod unanswered;
pub mod verify_audit;
pub mod watch_queue;
pub mod who;
pub mod work_trace;

pub use context::Context;
pub use desk::Desk;
pub use refusal::{Code, FieldError, Refusal};

/// An attempt with what is known of its calls.
pub use crate::store::attempts::AttemptRow;
pub use crate::store::idempotency::{KeyScope, StoredAnswer};
/// A leased row of the outbox and what a lease ends in, as workers hold them between leasing and recording.
pub use crate::store::outbox::{End, OutboxRow};

#[cfg(test)]
mod tests;
