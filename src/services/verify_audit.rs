//! The audit trail proved untouched, or where it was touched: `makegood audit verify`. Source: SPEC section 14, QUALITY I6
//! and I9.

use std::sync::Arc;

use jiff::Timestamp;

use super::check_moves::CREATE;
use super::context::Context;
use super::desk::Desk;
use super::findings::Findings;
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::domain::audit::{Batch, Fault, GENESIS, Hash, Record, Verifier, text_digest};
use crate::domain::refund::Event;
use crate::store::trail::{AuditRow, SealRow, TransitionRow};
use crate::store::{Conn, trail};

/// Rows that are read at once.
const PAGE: i64 = 500;

/// Records are sealed oldest first, and transactions end within seconds. One that is this much older than the newest
/// sealed one and not sealed was not there when its time was sealed: it was inserted.
const SEALED_WITHIN_US: i64 = 60_000_000;

/// What was read of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    /// Records under seals that fit.
    pub records: u64,
    /// Seals that were read.
    pub seals: u64,
    /// The newest seal, to be noted elsewhere.
    pub head: Hash,
    /// Records that wait to be sealed: the newest ones.
    pub unsealed: u64,
    /// State changes that were paired with their records.
    pub transitions: u64,
    /// What is wrong.
    pub faults: Findings<TrailFault>,
}

/// Where the trail is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrailFault {
    /// A record that was edited.
    #[error("record {audit_id}: it was edited after it was written")]
    Edited {
        /// The record.
        audit_id: String,
    },
    /// A record that is not there any more.
    #[error("record {audit_id}, sealed by {seal_no}: it was removed")]
    Removed {
        /// The record.
        audit_id: String,
        /// The seal over it.
        seal_no: i64,
    },
    /// A seal that does not fit.
    #[error("seal {seal_no}: it does not fit: records or seals were removed, inserted, moved or replaced here")]
    SealBroken {
        /// The seal.
        seal_no: i64,
    },
    /// Seals that are not there any more.
    #[error("seal {seal_no}: the one before it is {before}, so seals were removed or inserted")]
    SealGap {
        /// The seal behind the gap.
        seal_no: i64,
        /// The seal before it; 0 where there is none.
        before: i64,
    },
    /// A record under a seal that does not exist.
    #[error("record {audit_id}: it is said to be sealed by {seal_no}, which does not exist")]
    NoSeal {
        /// The record.
        audit_id: String,
        /// The seal.
        seal_no: i64,
    },
    /// An old record that no seal covers.
    #[error("record {audit_id} ({action}): no seal covers it, though later records are sealed: it was inserted")]
    Inserted {
        /// The record.
        audit_id: String,
        /// What it says was done.
        action: String,
    },
    /// The head that was noted is no seal of this trail.
    #[error("the head {head} is no seal of this trail: its tail was cut off, or it was made anew")]
    HeadGone {
        /// The head that was noted.
        head: Hash,
    },
    /// A state change without its record, or with another's.
    #[error("state change {seq} of refund {refund_id}: {problem}")]
    Unpaired {
        /// The change's number.
        seq: i64,
        /// The refund.
        refund_id: String,
        /// What is wrong with its record.
        problem: &'static str,
    },
    /// A record of a state change that there is not.
    #[error("record {audit_id} ({action} of {subject}): the state change does not exist")]
    NoTransition {
        /// The record.
        audit_id: String,
        /// What it says was done.
        action: String,
        /// To what.
        subject: String,
    },
    /// A text that is not the one that was written.
    #[error("record {audit_id}: its text was edited after it was written")]
    NoteEdited {
        /// The record.
        audit_id: String,
    },
}

/// Reads the whole trail and says what is wrong; with a head that was noted earlier, also whether its tail was cut off.
pub async fn verify_audit(desk: &Arc<Desk>, context: &Context, since_head: Option<Hash>) -> Result<Trail, Refusal> {
    context.require(Permission::AuditRead)?;
    let key = desk.keys.audit;
    desk.db
        .read(move |conn| {
            let mut walk =
                Walk { verifier: Verifier::new(&key), since_head, newest_at: i64::MIN, faults: Findings::default() };
            walk.seals(conn)?;
            walk.sealed_by_nothing(conn)?;
            let unsealed = walk.unsealed(conn)?;
            let transitions = walk.transitions(conn)?;
            walk.actions(conn)?;
            Ok(Trail {
                records: walk.verifier.records(),
                seals: walk.verifier.batches(),
                head: walk.verifier.head(),
                unsealed,
                transitions,
                faults: walk.faults,
            })
        })
        .await
}

struct Walk<'a> {
    verifier: Verifier<'a>,
    since_head: Option<Hash>,
    /// When the newest sealed record was written, in microseconds.
    newest_at: i64,
    faults: Findings<TrailFault>,
}

impl Walk<'_> {
    /// Every seal in order with its records.
    fn seals(&mut self, conn: &mut Conn) -> Result<(), Refusal> {
        let mut before = 0;
        let mut head_found = self.since_head.is_none_or(|head| head == GENESIS);
        loop {
            let page = trail::seals_after(conn, before, PAGE)?;
            if page.is_empty() {
                break;
            }
            for seal in page {
                let follows = seal.seal_no.checked_sub(1) == Some(before);
                self.faults.expect(follows, || TrailFault::SealGap { seal_no: seal.seal_no, before });
                self.seal(conn, &seal)?;
                head_found |= self.since_head.is_some_and(|head| head.to_string() == seal.seal);
                before = seal.seal_no;
            }
        }
        if let Some(head) = self.since_head.filter(|_| !head_found) {
            self.faults.add(TrailFault::HeadGone { head });
        }
        Ok(())
    }

    fn seal(&mut self, conn: &mut Conn, seal: &SealRow) -> Result<(), Refusal> {
        let seal_no = seal.seal_no;
        let sealed = trail::sealed_by(conn, seal_no)?;
        let mut records = Vec::with_capacity(sealed.len());
        let mut blamed = false;
        for (audit_id, row) in sealed {
            match row {
                Some(row) => {
                    self.newest_at = self.newest_at.max(row.at);
                    let record = row.to_record();
                    if record.hash().to_string() != row.record_hash {
                        blamed = true;
                        self.faults.add(TrailFault::Edited { audit_id });
                    }
                    records.push((record, row.record_hash));
                }
                None => {
                    blamed = true;
                    self.faults.add(TrailFault::Removed { audit_id, seal_no });
                }
            }
        }
        let count = i64::try_from(records.len()).unwrap_or(i64::MAX);
        self.notes(conn, &records)?;
        let batch = Batch { records, seal: seal.seal.clone() };
        let fits = match self.verifier.check(&batch) {
            Ok(()) => count == seal.records,
            Err(Fault::Edited { .. } | Fault::SealBroken { .. }) => {
                // What follows is judged by the seal as it stands.
                let readable = self.verifier.skip(&batch).is_ok();
                blamed && readable
            }
        };
        self.faults.expect(fits, || TrailFault::SealBroken { seal_no });
        Ok(())
    }

    /// The texts that still stand beside these records; one that was erased says nothing.
    fn notes(&mut self, conn: &mut Conn, records: &[(Record, String)]) -> Result<(), Refusal> {
        let noted = records.iter().filter(|(record, _)| !record.text_digest.is_empty());
        let ids: Vec<String> = noted.map(|(record, _)| record.audit_id.clone()).collect();
        if ids.is_empty() {
            return Ok(());
        }
        for (audit_id, salt, body) in trail::audit_notes_of(conn, &ids)? {
            let digest = text_digest(salt.as_bytes(), &body).to_string();
            let fits = records.iter().any(|(record, _)| record.audit_id == audit_id && record.text_digest == digest);
            self.faults.expect(fits, || TrailFault::NoteEdited { audit_id });
        }
        Ok(())
    }

    fn sealed_by_nothing(&mut self, conn: &mut Conn) -> Result<(), Refusal> {
        for (audit_id, seal_no) in trail::sealed_by_nothing(conn, PAGE)? {
            self.faults.add(TrailFault::NoSeal { audit_id, seal_no });
        }
        Ok(())
    }

    /// Records that no seal covers: fine at the tail, and nowhere else. How many wait there.
    fn unsealed(&mut self, conn: &mut Conn) -> Result<u64, Refusal> {
        let covered_until = self.newest_at.saturating_sub(SEALED_WITHIN_US);
        let mut waiting = 0;
        let mut after = String::new();
        loop {
            let page = trail::unsealed_after(conn, &after, PAGE)?;
            let Some(newest) = page.last() else { return Ok(waiting) };
            after.clone_from(&newest.audit_id);
            for row in page {
                let untouched = row.to_record().hash().to_string() == row.record_hash;
                self.faults.expect(untouched, || TrailFault::Edited { audit_id: row.audit_id.clone() });
                if row.at < covered_until {
                    self.faults.add(TrailFault::Inserted { audit_id: row.audit_id, action: row.action });
                } else {
                    waiting += 1;
                }
            }
        }
    }

    /// Every state change with its record; how many there are.
    fn transitions(&mut self, conn: &mut Conn) -> Result<u64, Refusal> {
        let (mut count, mut after) = (0, 0);
        loop {
            let page = trail::transitions_with_audit(conn, after, PAGE)?;
            let Some((last, _)) = page.last() else { return Ok(count) };
            after = last.seq;
            for (transition, audit) in page {
                count += 1;
                if let Some(problem) = unpaired(&transition, audit.as_ref()) {
                    let refund_id = transition.refund_id.to_string();
                    self.faults.add(TrailFault::Unpaired { seq: transition.seq, refund_id, problem });
                }
            }
        }
    }

    /// Records of state changes that do not exist.
    fn actions(&mut self, conn: &mut Conn) -> Result<(), Refusal> {
        let events = Event::ALL.iter().map(|event| event.as_str()).chain([CREATE]);
        let actions: Vec<String> = events.map(action_of).collect();
        for (audit_id, action, subject) in trail::audit_without_transition(conn, &actions, PAGE)? {
            self.faults.add(TrailFault::NoTransition { audit_id, action, subject });
        }
        Ok(())
    }
}

/// What is wrong with a state change's record, if anything is.
fn unpaired(transition: &TransitionRow, audit: Option<&AuditRow>) -> Option<&'static str> {
    let Some(audit) = audit else { return Some("its audit record does not exist") };
    if audit.subject != format!("refund:{}", transition.refund_id) || audit.action != action_of(&transition.event) {
        return Some("its audit record is of another change");
    }
    if audit.actor != transition.actor || audit.correlation_id != transition.correlation_id {
        return Some("its audit record names another actor or conversation");
    }
    (Timestamp::from_microsecond(audit.at).ok() != Some(transition.at)).then_some("its audit record is of another time")
}

fn action_of(event: &str) -> String {
    format!("refund.{event}")
}
