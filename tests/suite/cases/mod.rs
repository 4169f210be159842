//! Failure cases that real systems got wrong, by their numbers; one file a section. Tests are named after their case.

mod claims;
mod creation;
mod desk_lists;
mod evidence;
mod evidence_erased;
mod evidence_kept;
mod evidence_scanned;
mod evidence_viewed;
mod http_answers;
mod http_nonsense;
mod idempotency;
mod ledger;
mod letters;
mod lists;
mod money;
mod operation;
mod people;
mod races;
mod review;
mod statements;
mod typed_amounts;
mod webhook_forgery;
mod webhook_order;
mod webhooks;
