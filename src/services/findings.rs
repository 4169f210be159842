//! What a check found: the first faults in full, and how many there are in all, however many those are.

/// Faults that are named one by one; whoever mends them runs the check again.
const NAMED_MAX: usize = 50;

/// What is wrong, the first of it in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings<T> {
    named: Vec<T>,
    total: u64,
}

impl<T> Default for Findings<T> {
    fn default() -> Self {
        Self { named: Vec::new(), total: 0 }
    }
}

impl<T> Findings<T> {
    /// The first faults, in the order in which they were found.
    pub fn named(&self) -> &[T] {
        &self.named
    }

    /// How many there are in all.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.total == 0
    }

    /// Adds a fault.
    pub(super) fn add(&mut self, fault: T) {
        self.total = self.total.saturating_add(1);
        if self.named.len() < NAMED_MAX {
            self.named.push(fault);
        }
    }

    /// Adds a fault where the condition does not hold.
    pub(super) fn expect(&mut self, holds: bool, fault: impl FnOnce() -> T) {
        if !holds {
            self.add(fault());
        }
    }
}
