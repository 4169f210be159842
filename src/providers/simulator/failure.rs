//! The failure codes of the simulator, and what each means in our words. Both ends read this one table.

use crate::domain::provider::ErrorInfo;

/// One way in which a refund can fail.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    /// The code on the wire; also our word for it.
    pub code: &'static str,
    /// What it says to people.
    pub message: &'static str,
    /// Whether another attempt may succeed later.
    pub retryable: bool,
    /// The status of a call that is refused with it; nothing where the refund is taken first and fails then.
    pub http_status: Option<u16>,
}

/// Every code that a payment can ask for with `sim_failed_<code>_…`; the first is the default.
pub const FAILURES: &[Failure] = &[
    taken("declined", "The payer's bank declined the refund.", false),
    taken("account_closed", "The card or account was closed.", false),
    taken("card_expired", "The card has expired or was canceled.", false),
    taken("lost_or_stolen_card", "The card was reported lost or stolen.", false),
    taken("insufficient_funds", "The merchant's balance at the processor is too low.", true),
    taken("disputed", "The payment is disputed; the dispute decides about the money.", false),
    taken("processing_error", "The processor could not process the refund; it may later.", true),
    refused("not_captured", "The payment was not captured.", false, 402),
    refused("already_refunded", "The payment is already fully refunded.", false, 402),
    refused("unknown_transaction", "The processor does not know the payment.", false, 404),
    refused("exceeds_balance", "The refund exceeds what is left of the payment.", false, 422),
    refused("refund_window_closed", "The payment is too old to be refunded.", false, 422),
    refused("try_again", "The processor asks to try again later.", true, 409),
];

/// What a success that was taken back carries.
pub const REVERSED: Failure = taken("reversed", "The money came back from the payer's bank.", false);

/// Our word for a code that is not in the table.
const UNKNOWN_CODE: &str = "unknown";

const fn taken(code: &'static str, message: &'static str, retryable: bool) -> Failure {
    Failure { code, message, retryable, http_status: None }
}

const fn refused(code: &'static str, message: &'static str, retryable: bool, http_status: u16) -> Failure {
    Failure { code, message, retryable, http_status: Some(http_status) }
}

/// The row of a code.
pub fn find(code: &str) -> Option<&'static Failure> {
    FAILURES.iter().chain(std::iter::once(&REVERSED)).find(|failure| failure.code == code)
}

/// A code in our words. One that is not in the table is final, because nothing says that asking again is safe; the
/// processor's own code and words are kept beside it.
pub(super) fn to_error_info(code: &str, message: Option<&str>) -> ErrorInfo {
    let known = find(code);
    ErrorInfo {
        code: known.map_or(UNKNOWN_CODE, |failure| failure.code).to_owned(),
        message: known.map_or("The processor did not make the refund.", |failure| failure.message).to_owned(),
        retryable: known.is_some_and(|failure| failure.retryable),
        processor_code: Some(code.to_owned()),
        processor_message: message.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_code_is_final_and_kept() {
        let info = to_error_info("martian", Some("we come in peace"));
        assert_eq!((info.code.as_str(), info.retryable), ("unknown", false));
        assert_eq!(info.processor_code.as_deref(), Some("martian"));
        assert_eq!(info.processor_message.as_deref(), Some("we come in peace"));
    }

    #[test]
    fn known_codes_say_whether_another_attempt_may_pass() {
        assert!(to_error_info("insufficient_funds", None).retryable);
        assert!(!to_error_info("declined", None).retryable);
    }
}
