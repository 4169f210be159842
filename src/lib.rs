//! Makegood, the refund desk: customers ask for their money back, a deterministic policy decides most requests, people
//! decide the rest under dual control, and the money goes back through payment processors exactly once.
//!
//! This page is the map of the house.
//!
//! # The rooms
//!
//! | room | what it is | may know |
//! |---|---|---|
//! | [`domain`] | what is true: money, the state machine, the policy, the ledger, dual control; pure | nobody |
//! | [`store`] | what is remembered, on SQLite and PostgreSQL; the only room that knows diesel | `domain` |
//! | [`providers`] | the processors: one trait, a registry, one folder each | `domain` |
//! | [`blobs`] | the bytes of evidence: sealing, keeping, scanning, drawing | `domain` |
//! | [`mail`], [`l10n`] | letters out; texts, numbers and dates in every language | `domain` |
//! | [`services`] | what the desk does: one file a use case, one transaction each | the rooms above |
//! | [`app`] | the composition root: configuration in, a desk out | all of the above |
//! | [`http`] | how the world comes in: the API, the pages, webhooks | `app`, `services` |
//! | [`workers`] | what happens without being asked: sending, asking, applying, writing, sealing | `app`, `services` |
//! | [`cli`] | one file a command | everything |
//! | [`config`], [`telemetry`] | settings with their origin; logs, metrics, traces | |
//! | [`crash`] | where the program can be made to die, to prove that it may die anywhere; empty in a release | `domain` |
//!
//! A test reads the imports and fails on any other arrow (`tests/suite/laws`).
//!
//! # The ways through
//!
//! *A refund asked for.* `http/api` parses a body into domain types; [`services::request_refund`] opens one transaction
//! with the idempotency key, the locks (customer, order, payment), the facts, the policy's decision, the refund, the
//! payment's committed total, the ledger entry, the transition, the audit record, what has to leave, and the answer.
//!
//! *Money sent.* A worker leases a row of the outbox ([`services::submit_refund`]), calls the processor with no
//! transaction open under the stored key, and hands what came of it to [`services::record_outcome`].
//!
//! *News from a processor.* Answer, webhook ([`services::receive_webhook`]) and poll all end in
//! [`services::record_outcome`], the one place where a refund becomes completed or failed. The first fact wins.
//!
//! *A person decides.* [`services::decide_refund`] ends in the same move as the policy.
//!
//! *A word written.* A message and the letter that carries it are one commit ([`services::messages`]); an answer takes its
//! request out of waiting. A denial is final; who asks to look again makes a request of its own, which people decide
//! ([`services::appeal`]). What became of each letter stands beside it ([`services::letters`]).
//!
//! *Something shown.* A file is received sealed and looked at once in a process of its own ([`blobs`]), waits under its
//! giver's name ([`services::attach_evidence`]), and belongs to the request that names it from then on; approvals are bound
//! to it. The scanner is asked from the outbox ([`services::scan_evidence`]); people see pixels that we drew, and every
//! viewing is in the trail ([`services::read_evidence`]), so that the second person to approve sees what the first had
//! opened, and what has changed since ([`domain::comparison`]). When its time is over, or its customer asks for it, a
//! file's key is erased, and what is known of it stays ([`services::erase_evidence`]).
//!
//! *Something stopped.* What ran out of tries waits for a person ([`services::read_outbox`]): another try under the same key
//! ([`services::outbox_admin`]), or giving it up, for which two people have to say that no money moved ([`services::give_up`]).
//!
//! # What keeps it right
//!
//! - **More than was captured cannot leave.** `payments.committed_minor` moves by one conditional update
//!   ([`store::orders::commit_amount`]) with a CHECK behind it, on both engines.
//! - **A state change is whole.** `services::moves` writes the committed total, ledger, transition, audit record, refund
//!   and outbox rows of a move together.
//! - **Nothing is sent twice.** An attempt's key is stored before it is used, and a new one is made only after a definite
//!   failure. A time-out is [`domain::provider::Outcome::Unknown`], never a failure.
//! - **What is written once stays.** Ledger, audit records, transitions and seals refuse changes by trigger; the audit
//!   trail is chained under a key by [`services::seal_audit`].
//! - **One writer commits for many.** On SQLite, `store::sqlite` puts what waits into one durable commit.
//!
//! # Where to see it
//!
//! `tests/evidence/run` walks the acceptance cases against the real program, over HTTP and in a real browser, and keeps what
//! was seen: requests and answers, webhooks, books against the processor's, logs, metrics, traces, screens, letters, proofs.
//!
//! # Where to change what
//!
//! A new state or event: [`domain::refund::next`], whose snapshot prints every pair. A new guard or fact:
//! [`domain::risk`], [`domain::policy`], read in [`services::request_refund`]. A new call of the API: its route in
//! `http/api/routes`. A new screen: one file under `http/pages`, its template, its texts in `locales`. A new processor: one
//! folder under `providers` and its line in the registry. A new setting: the table in [`config`]. A new column: both
//! folders under `migrations`, and `store/schema`.

pub mod app;
pub mod blobs;
pub mod cli;
pub mod config;
pub mod crash;
pub mod domain;
pub mod http;
pub mod l10n;
pub mod mail;
pub mod providers;
pub mod services;
pub mod store;
pub mod telemetry;
pub mod workers;
