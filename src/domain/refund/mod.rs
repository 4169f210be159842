//! A refund: what it is called, how it moves, and what is recorded of it.

mod machine;
mod record;
mod words;

pub use machine::{Answer, Commitment, Event, Step, next};
pub use record::{Refund, RefundLine};
pub(crate) use words::words;
pub use words::{Closure, Marks, Qualifier, Reason, State, UnknownWord, qualifier};
