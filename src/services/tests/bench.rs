//! A desk on a throw-away file, with a processor that is never called: what it would say is told by the test.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use ulid::Ulid;

use crate::blobs::{self, Blobs};
use crate::domain::access::Principal;
use crate::domain::calendar::Timelines;
use crate::domain::evidence;
use crate::domain::id::RefundId;
use crate::domain::order::{Customer, Line, Order, Payment, PaymentStatus, Rail};
use crate::domain::provider::{ErrorInfo, ProviderRefund, UnifiedStatus};
use crate::domain::refund::{Reason, State};
use crate::domain::risk::Limits;
use crate::domain::secret::{Secret, SecretKey};
use crate::providers::{ProviderConfig, Registry};
use crate::services::desk::Keys;
use crate::services::record_outcome::{Fact, Source, record_outcome};
use crate::services::request_refund::{Asked, RequestRefund, request_refund};
use crate::services::{Context, Desk, Refusal, first_start, push_order, read_refunds, seal_audit, submit_refund};
use crate::store::outbox::End;
use crate::store::{Db, Location, StoreError};

/// A room for evidence that nothing is drawn in.
fn blobs(folder: &Path) -> Blobs {
    Blobs::open(blobs::Settings {
        url: None,
        folder: folder.join("evidence"),
        bucket: blobs::Bucket::default(),
        keys: blobs::KeySource::Kept(folder.join("evidence-keys")),
        derived_key: SecretKey::from_bytes([7; 32]),
        scanner: None,
        program: "/bin/false".into(),
        limits: evidence::Limits::default(),
    })
    .unwrap()
}

pub(super) struct Bench {
    pub(super) desk: Arc<Desk>,
    _folder: tempfile::TempDir,
}

impl Bench {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&Location::File(folder.path().join("desk.db"))).unwrap();
        db.migrate().await.unwrap();
        let simulator = ProviderConfig {
            api_base: Some("http://127.0.0.1:9".to_owned()),
            secret_key: Some(Secret::new("key")),
            webhook_secret: Some(Secret::new("whsec_c2VjcmV0LXNlY3JldA==")),
            ..ProviderConfig::new("simulator", "simulator")
        };
        let providers = Arc::new(Registry::from(&[simulator]).unwrap());
        let keys = Keys::derive(&[7; 32]);
        let blobs = Arc::new(blobs(folder.path()));
        let desk =
            Desk::new(db, providers, blobs, Limits::default(), Timelines::default(), keys, "http://desk.example");
        let bench = Self { desk: Arc::new(desk), _folder: folder };
        first_start::ensure_policy(&bench.desk, &bench.context()).await.unwrap();
        bench
    }

    pub(super) fn context(&self) -> Context {
        self.context_at(Timestamp::from_microsecond(Timestamp::now().as_microsecond()).unwrap())
    }

    pub(super) fn context_at(&self, now: Timestamp) -> Context {
        let seed = Ulid::from_parts(u64::try_from(now.as_millisecond()).unwrap(), rand::random());
        Context::internal(Principal::Shell, now, now, seed)
    }

    /// Pushes an order of 90.00 and asks for 25.00 of it, which the policy approves.
    pub(super) async fn refund(&self, order_id: &str) -> RefundId {
        self.request(order_id, Reason::PricingError).await
    }

    /// The same for another reason.
    pub(super) async fn request(&self, order_id: &str, reason: Reason) -> RefundId {
        push_order::push_order(&self.desk, &self.context(), order(order_id)).await.unwrap();
        let command = RequestRefund {
            order_id: order_id.to_owned(),
            amount_minor: Some(2_500),
            currency: None,
            reason,
            lines: Vec::new(),
            note: Some("too dear".to_owned()),
            evidence: Vec::new(),
            metadata: std::collections::BTreeMap::new(),
            expected_remaining_minor: None,
            key: None,
        };
        match request_refund(&self.desk, &self.context(), command).await.unwrap() {
            Asked::Created { refund_id, .. } => refund_id,
            Asked::Replayed(_) => unreachable!("no key was given"),
        }
    }

    /// Sends everything that waits and lets the processor say this of it.
    pub(super) async fn settle(&self, status: UnifiedStatus) {
        for row in submit_refund::lease(&self.desk, "bench", &[]).await.unwrap() {
            let sendable = submit_refund::prepare(&self.desk, &self.context(), row).await.unwrap().unwrap();
            let shown = ProviderRefund {
                connector_refund_id: format!("sim_{}", sendable.order.reference),
                reference: Some(sendable.order.reference.clone()),
                connector_transaction_id: None,
                status,
                amount: None,
                error: (status == UnifiedStatus::Failed).then(|| ErrorInfo {
                    code: "declined".to_owned(),
                    message: "Declined.".to_owned(),
                    retryable: false,
                    processor_code: None,
                    processor_message: None,
                }),
                bank_reference: None,
            };
            let source = Source { account: sendable.account.clone(), call: Some(("refund", 3)) };
            let row = Some((sendable.row.clone(), End::Done));
            let reference = sendable.order.reference.as_str();
            record_outcome(&self.desk, &self.context(), reference, Fact::Shown(shown), source, row).await.unwrap();
        }
    }

    /// Refunds in several states, with their trail sealed: completed, failed, pending at the processor, approved.
    pub(super) async fn busy() -> (Self, Vec<RefundId>) {
        let bench = Self::new().await;
        let mut refunds = Vec::new();
        for (order_id, status) in [
            ("1001", Some(UnifiedStatus::Succeeded)),
            ("1002", Some(UnifiedStatus::Failed)),
            ("1003", Some(UnifiedStatus::Pending)),
            ("1004", None),
        ] {
            refunds.push(bench.refund(order_id).await);
            if let Some(status) = status {
                bench.settle(status).await;
            }
        }
        let states = [State::Completed, State::Failed, State::ProviderPending, State::Approved];
        for (refund_id, state) in refunds.iter().zip(states) {
            assert_eq!(bench.state(refund_id).await, state);
        }
        bench.seal().await;
        (bench, refunds)
    }

    pub(super) async fn state(&self, refund_id: &RefundId) -> State {
        read_refunds::read_refund(&self.desk, &self.context(), refund_id).await.unwrap().refund.state
    }

    pub(super) async fn seal(&self) -> Option<String> {
        match seal_audit::seal_batch(&self.desk, &self.context(), "bench", true).await.unwrap() {
            seal_audit::Sealed::Records { head, .. } => head,
            seal_audit::Sealed::NotOurs => None,
        }
    }

    /// Runs SQL that no code of the desk would run, with the guards of the schema out of the way.
    pub(super) async fn tamper(&self, sql: &str) {
        const GUARDED: [&str; 5] = ["ledger_entries", "audit_records", "transitions", "audit_seals", "audit_sealed"];
        let mut script = String::from("PRAGMA ignore_check_constraints = ON;");
        for table in GUARDED {
            for guard in ["update", "delete", "replace"] {
                script.push_str(&format!("DROP TRIGGER IF EXISTS {table}_refuse_{guard};"));
            }
        }
        script.push_str(sql);
        let done: Result<(), Refusal> =
            self.desk.db.write(move |tx| Ok(tx.execute_batch(&script).map_err(StoreError::from)?)).await;
        done.unwrap();
    }
}

/// An order of one line, captured as a whole.
pub(super) fn order(order_id: &str) -> Order {
    let now: Timestamp = Timestamp::now();
    Order {
        order_id: order_id.to_owned(),
        customer: Customer {
            email: format!("{order_id}@customer.example"),
            name: "Ana".to_owned(),
            locale: "en".to_owned(),
        },
        currency: "USD".parse().unwrap(),
        placed_at: Timestamp::from_second(now.as_second() / 86_400 * 86_400).unwrap(),
        lines: vec![Line {
            line_id: "1".to_owned(),
            description: "Kettle".to_owned(),
            quantity: 2,
            unit_amount_minor: 4_000,
            tax_minor: 1_600,
            discount_minor: 600,
        }],
        payments: vec![Payment {
            payment_id: "p1".to_owned(),
            provider_account: "simulator".to_owned(),
            connector_transaction_id: format!("sim_{order_id}"),
            rail: Rail::Card,
            status: PaymentStatus::Captured,
            captured_minor: 9_000,
            captured_at: None,
        }],
        external_reference: None,
        dispute_closed_at: None,
    }
}
