//! The message ids of the log, which dashboards and alerts look for. Source: SPEC section 15.
//!
//! ```text
//! info!(msgid = msgid::REFUND_SUBMITTED, refund_id = %id, "a refund was sent to its processor")
//! ```

/// A refund was asked for; also where the policy denies it, then with the reason.
pub const REFUND_REQUESTED: &str = "MSG.refund.requested";
/// The policy, or the last person needed, approved.
pub const REFUND_APPROVED: &str = "MSG.refund.approved";
/// The processor was asked.
pub const REFUND_SUBMITTED: &str = "MSG.refund.submitted";
/// The money is on its way to the payer.
pub const REFUND_COMPLETED: &str = "MSG.refund.completed";
/// The processor refused for good, or took it back.
pub const REFUND_FAILED: &str = "MSG.refund.failed";
