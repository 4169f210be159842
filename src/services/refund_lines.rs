//! Which lines a refund gives back, and how much of each. The arithmetic is `domain::allocation`'s; this loads what it needs.

use super::refusal::{Code, Refusal};
use super::request_refund::RequestRefund;
use crate::domain::allocation::{self, LineState, Parts};
use crate::domain::refund::{Refund, RefundLine};
use crate::store::orders::{self, OrderRow, PaymentRow};
use crate::store::{Conn, refunds};

/// The amount of a request and what it takes from each line.
pub(super) fn share_out(
    conn: &mut Conn,
    order: &OrderRow,
    payment: &PaymentRow,
    earlier: &[Refund],
    command: &RequestRefund,
) -> Result<(i64, Vec<RefundLine>), Refusal> {
    let lines = line_states(conn, order, earlier)?;
    let captured_minor = payment.usage.captured_minor;
    if command.lines.is_empty() {
        let amount_minor = command.amount_minor.unwrap_or_else(|| payment.usage.remaining_refundable_minor());
        let shares = allocation::by_amount(&lines, captured_minor, amount_minor);
        return Ok((amount_minor, shares.into_iter().map(|share| RefundLine { share, by_line: false }).collect()));
    }
    let allocation =
        allocation::by_lines(&lines, captured_minor, &command.lines).map_err(|refusal| refused(&refusal))?;
    if let Some(amount) = command.amount_minor.filter(|amount| *amount != allocation.total_minor) {
        return Err(Refusal::new(Code::Body).and_field(
            "/amount_minor",
            "field-amount-differs-from-lines",
            &[("given", amount.to_string()), ("expected", allocation.total_minor.to_string())],
        ));
    }
    let lines = allocation.shares.into_iter().map(|share| RefundLine { share, by_line: true }).collect();
    Ok((allocation.total_minor, lines))
}

/// The order's lines with what the refunds that count have taken from them.
pub(super) fn line_states(conn: &mut Conn, order: &OrderRow, earlier: &[Refund]) -> Result<Vec<LineState>, Refusal> {
    let mut states: Vec<LineState> =
        orders::lines(conn, &order.order_id)?.into_iter().map(LineState::untouched).collect();
    let counted: Vec<_> = earlier
        .iter()
        .filter(|other| other.state.counts_against_remaining())
        .map(|other| other.refund_id.clone())
        .collect();
    for (_, taken) in refunds::lines_of(conn, &counted)? {
        if let Some(state) = states.iter_mut().find(|state| state.line.line_id == taken.share.line_id) {
            state.used_quantity = state.used_quantity.saturating_add(taken.share.quantity);
            state.used = Parts::plus(state.used, taken.share.parts);
        }
    }
    Ok(states)
}

fn refused(refusal: &allocation::Refusal) -> Refusal {
    use allocation::Refusal as Why;
    let line = |message_id: &'static str, line_id: &str, left: Option<i64>| {
        let mut args = vec![("line", line_id.to_owned())];
        args.extend(left.map(|left| ("left", left.to_string())));
        Refusal::new(Code::Body).and_field("/lines", message_id, &args)
    };
    match refusal {
        Why::LinesDiffer { lines_minor, captured_minor } => Refusal::new(Code::Body).and_field(
            "/lines",
            "field-lines-differ-from-captured",
            &[("lines", lines_minor.to_string()), ("captured", captured_minor.to_string())],
        ),
        Why::UnknownLine(id) => line("field-line-unknown", id, None),
        Why::RepeatedLine(id) => line("field-line-repeated", id, None),
        Why::BadQuantity(id) => line("field-line-quantity", id, None),
        Why::BadAmount(id) => line("field-line-amount", id, None),
        Why::QuantityExceedsLine { line_id, left } => line("field-line-quantity-exceeds", line_id, Some(*left)),
        Why::AmountExceedsLine { line_id, left_minor } => line("field-line-amount-exceeds", line_id, Some(*left_minor)),
        Why::Nothing => Refusal::field(Code::AmountRange, "/lines", "field-lines-nothing"),
    }
}
