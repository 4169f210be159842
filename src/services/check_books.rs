//! The books proved right, or where they are not: `makegood ledger check`. Source: SPEC section 8, QUALITY I1 and I5.
//!
//! Everything is read on one snapshot, in pages, beside a desk that goes on working.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::desk::Desk;
use super::findings::Findings;
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::domain::calendar::utc_date;
use crate::domain::id::RefundId;
use crate::domain::ledger::{EntryKind, REFUNDS_PENDING, posting};
use crate::domain::refund::{Refund, State};
use crate::store::ledger::{EntryRow, SideRow};
use crate::store::orders::PaymentRow;
use crate::store::{Conn, ledger, orders, refunds};

/// Rows that are read at once.
const PAGE: i64 = 500;

/// What the books come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// Entries that were read.
    pub entries: u64,
    /// Refunds that were read.
    pub refunds: u64,
    /// Payments that were read.
    pub payments: u64,
    /// Balance by currency and account, debits less credits, in minor units.
    pub balances: BTreeMap<(String, String), i128>,
    /// What is wrong.
    pub faults: Findings<BookFault>,
}

/// Where the books are wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookFault {
    /// An entry without two sides of one amount.
    #[error("entry {entry_id}: its two sides are not one amount in one currency")]
    Unbalanced {
        /// The entry.
        entry_id: String,
    },
    /// A currency in which debits and credits differ.
    #[error("{currency}: debits and credits differ by {difference_minor}")]
    CurrencyUnbalanced {
        /// The currency.
        currency: String,
        /// Debits less credits, in minor units.
        difference_minor: i128,
    },
    /// The pending liability is not what is pending.
    #[error(
        "{currency}: {REFUNDS_PENDING} is {balance_minor}, and the refunds that are pending sum to {pending_minor}"
    )]
    Pending {
        /// The currency.
        currency: String,
        /// The account's balance as a liability, in minor units.
        balance_minor: i128,
        /// The sum of refunds in approved, submitting and provider_pending, in minor units.
        pending_minor: i128,
    },
    /// A payment whose committed total is not the sum of its refunds.
    #[error(
        "payment {payment_id} of order {order_id}: {committed_minor} is committed, and the refunds that count sum to \
         {counted_minor}"
    )]
    Committed {
        /// The order.
        order_id: String,
        /// The payment.
        payment_id: String,
        /// What the payment says, in minor units.
        committed_minor: i64,
        /// What its refunds say, in minor units.
        counted_minor: i128,
    },
    /// A payment of which more was given than captured and declared, or less declared than is missing.
    #[error(
        "payment {payment_id} of order {order_id}: the declared shortfall is {declared_minor}, and what is committed \
         exceeds what was captured by {actual_minor}"
    )]
    Shortfall {
        /// The order.
        order_id: String,
        /// The payment.
        payment_id: String,
        /// What is declared, in minor units.
        declared_minor: i64,
        /// What it is, in minor units.
        actual_minor: i64,
    },
    /// A refund whose entries do not lead to its state.
    #[error("refund {refund_id}: its entries ({kinds}) do not lead to {state}")]
    Entries {
        /// The refund.
        refund_id: RefundId,
        /// Its state.
        state: State,
        /// The kinds of its entries, in order.
        kinds: String,
    },
    /// An entry that is not the refund's: another amount, currency or account.
    #[error("entry {entry_id}: it is not of the amount, currency and accounts of refund {refund_id}")]
    Foreign {
        /// The entry.
        entry_id: String,
        /// The refund.
        refund_id: RefundId,
    },
    /// An entry that names a refund which does not exist.
    #[error("entry {entry_id}: there is no refund {refund_id}")]
    NoRefund {
        /// The entry.
        entry_id: String,
        /// The refund that it names.
        refund_id: String,
    },
    /// A refund that names an entry which is none of its own.
    #[error("refund {refund_id}: its last entry {entry_id} is none of its entries")]
    LastEntry {
        /// The refund.
        refund_id: RefundId,
        /// The entry that it names; empty where it names none.
        entry_id: String,
    },
    /// An entry in another month than it was posted in.
    #[error("entry {entry_id}: it stands in period {period}, and was posted in {posted_in}")]
    Period {
        /// The entry.
        entry_id: String,
        /// The period that it stands in.
        period: String,
        /// The month in which it was posted.
        posted_in: String,
    },
}

/// Reads all books and says what they come to and what is wrong.
pub async fn check_books(desk: &Arc<Desk>, context: &Context) -> Result<Books, Refusal> {
    context.require(Permission::FinanceRead)?;
    desk.db.read(books).await
}

fn books(conn: &mut Conn) -> Result<Books, Refusal> {
    let mut books = Books::default();
    books.read_entries(conn)?;
    let pending = books.read_refunds(conn)?;
    books.read_payments(conn)?;
    books.compare_pending(&pending);
    Ok(books)
}

impl Books {
    /// Every side of every entry, as the view shows them.
    fn read_entries(&mut self, conn: &mut Conn) -> Result<(), Refusal> {
        let mut after = String::new();
        loop {
            let sides = ledger::sides_after(conn, &after, PAGE)?;
            let Some(last) = sides.last() else { break };
            after.clone_from(&last.entry_id);
            for entry in sides.chunk_by(|one, other| one.entry_id == other.entry_id) {
                self.entry(entry);
            }
        }
        for (entry_id, refund_id) in ledger::entries_without_refund(conn, PAGE)? {
            self.faults.add(BookFault::NoRefund { entry_id, refund_id: refund_id.unwrap_or_default() });
        }
        let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
        for ((currency, _), balance) in &self.balances {
            *sums.entry(currency).or_default() += balance;
        }
        for (currency, difference_minor) in sums {
            self.faults.expect(difference_minor == 0, || BookFault::CurrencyUnbalanced {
                currency: currency.to_owned(),
                difference_minor,
            });
        }
        Ok(())
    }

    /// Both sides of one entry.
    fn entry(&mut self, sides: &[SideRow]) {
        self.entries += 1;
        for side in sides {
            let balance = self.balances.entry((side.currency.clone(), side.account.clone())).or_default();
            *balance += i128::from(side.debit_minor) - i128::from(side.credit_minor);
        }
        let Some(first) = sides.first() else { return };
        self.faults.expect(is_balanced(sides), || BookFault::Unbalanced { entry_id: first.entry_id.clone() });
        let posted_in = Timestamp::from_microsecond(first.posted_at).map(month).unwrap_or_default();
        self.faults.expect(first.period == posted_in, || BookFault::Period {
            entry_id: first.entry_id.clone(),
            period: first.period.clone(),
            posted_in,
        });
    }

    /// Every refund with its entries; what is pending, by currency.
    fn read_refunds(&mut self, conn: &mut Conn) -> Result<BTreeMap<String, i128>, Refusal> {
        let mut pending: BTreeMap<String, i128> = BTreeMap::new();
        let mut after = String::new();
        loop {
            let page = refunds::after(conn, &after, PAGE)?;
            let Some(last) = page.last() else { return Ok(pending) };
            after = last.refund_id.to_string();
            let ids: Vec<RefundId> = page.iter().map(|refund| refund.refund_id.clone()).collect();
            let mut entries: BTreeMap<RefundId, Vec<EntryRow>> = BTreeMap::new();
            for entry in ledger::of_refunds(conn, &ids)? {
                if let Some(refund_id) = entry.refund_id.clone() {
                    entries.entry(refund_id).or_default().push(entry);
                }
            }
            for refund in &page {
                if refund.state.is_pending_liability() {
                    *pending.entry(refund.amount.currency.to_string()).or_default() += i128::from(refund.amount.minor);
                }
                self.refund(refund, entries.get(&refund.refund_id).map_or(&[], Vec::as_slice));
            }
        }
    }

    fn refund(&mut self, refund: &Refund, entries: &[EntryRow]) {
        self.refunds += 1;
        for entry in entries {
            let expected = posting(entry.posting.kind, refund.amount, &refund.provider_account);
            let fits = expected.is_none_or(|expected| expected == entry.posting);
            self.faults.expect(fits, || BookFault::Foreign {
                entry_id: entry.entry_id.to_string(),
                refund_id: refund.refund_id.clone(),
            });
        }
        self.faults.expect(leads_to(refund.state, entries), || {
            let kinds: Vec<&str> = entries.iter().map(|entry| entry.posting.kind.as_str()).collect();
            let kinds = if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") };
            BookFault::Entries { refund_id: refund.refund_id.clone(), state: refund.state, kinds }
        });
        let named = refund.ledger_entry_id.as_ref();
        let is_own = match named {
            Some(named) => entries.iter().any(|entry| entry.entry_id == *named),
            None => entries.is_empty(),
        };
        self.faults.expect(is_own, || BookFault::LastEntry {
            refund_id: refund.refund_id.clone(),
            entry_id: named.map(ToString::to_string).unwrap_or_default(),
        });
    }

    /// Every payment with the refunds of its order.
    fn read_payments(&mut self, conn: &mut Conn) -> Result<(), Refusal> {
        let (mut order_id, mut payment_id) = (String::new(), String::new());
        loop {
            let page = orders::payments_after(conn, &order_id, &payment_id, PAGE)?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            order_id.clone_from(&last.order_id);
            payment_id.clone_from(&last.payment_id);
            let mut order_ids: Vec<&str> = page.iter().map(|(payment, _)| payment.order_id.as_str()).collect();
            order_ids.dedup();
            let mut counted: BTreeMap<(String, String), i128> = BTreeMap::new();
            for refund in refunds::of_orders(conn, &order_ids)? {
                if refund.state.counts_against_remaining() {
                    let sum = counted.entry((refund.order_id, refund.payment_id)).or_default();
                    *sum += i128::from(refund.amount.minor);
                }
            }
            for (payment, declared_minor) in &page {
                let key = (payment.order_id.clone(), payment.payment_id.clone());
                self.payment(payment, *declared_minor, counted.get(&key).copied().unwrap_or_default());
            }
        }
    }

    fn payment(&mut self, payment: &PaymentRow, declared_minor: i64, counted_minor: i128) {
        self.payments += 1;
        let usage = payment.usage;
        self.faults.expect(i128::from(usage.committed_minor) == counted_minor, || BookFault::Committed {
            order_id: payment.order_id.clone(),
            payment_id: payment.payment_id.clone(),
            committed_minor: usage.committed_minor,
            counted_minor,
        });
        self.faults.expect(usage.shortfall_minor() == declared_minor, || BookFault::Shortfall {
            order_id: payment.order_id.clone(),
            payment_id: payment.payment_id.clone(),
            declared_minor,
            actual_minor: usage.shortfall_minor(),
        });
    }

    /// The liability is what is pending: SPEC's equation that must always hold.
    fn compare_pending(&mut self, pending: &BTreeMap<String, i128>) {
        let mut balances: BTreeMap<&str, i128> = pending.keys().map(|currency| (currency.as_str(), 0)).collect();
        for ((currency, account), balance) in &self.balances {
            if account == REFUNDS_PENDING {
                // A liability stands on the credit side.
                balances.insert(currency, -balance);
            }
        }
        for (currency, balance_minor) in balances {
            let pending_minor = pending.get(currency).copied().unwrap_or_default();
            self.faults.expect(balance_minor == pending_minor, || BookFault::Pending {
                currency: currency.to_owned(),
                balance_minor,
                pending_minor,
            });
        }
    }
}

/// One debit and one credit of one positive amount in one currency.
fn is_balanced(sides: &[SideRow]) -> bool {
    match sides {
        [debit, credit] => {
            debit.debit_minor > 0
                && debit.debit_minor == credit.credit_minor
                && debit.credit_minor == 0
                && credit.debit_minor == 0
                && debit.currency == credit.currency
        }
        _ => false,
    }
}

/// Whether entries of these kinds end in the state: one pending more than settled and released while the money is owed,
/// one settled more than reversed while it is paid. Their order does not matter, since a clock may step back.
fn leads_to(state: State, entries: &[EntryRow]) -> bool {
    let count = |kind: EntryKind| entries.iter().filter(|entry| entry.posting.kind == kind).count();
    let settled = count(EntryKind::RefundSettled);
    let ended = settled + count(EntryKind::RefundReleased);
    let owed = usize::from(state.is_pending_liability());
    let paid = usize::from(state == State::Completed);
    count(EntryKind::RefundPending) == ended + owed && settled == count(EntryKind::RefundReversed) + paid
}

fn month(moment: Timestamp) -> String {
    utc_date(moment).strftime("%Y-%m").to_string()
}
