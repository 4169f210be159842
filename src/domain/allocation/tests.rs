//! Golden tables of known traps, and the law: whatever is asked for in whatever order, the end is exact.

use proptest::prelude::*;

use super::*;

fn line(line_id: &str, quantity: i64, unit_amount_minor: i64, tax_minor: i64, discount_minor: i64) -> LineState {
    LineState::untouched(Line {
        line_id: line_id.into(),
        description: String::new(),
        quantity,
        unit_amount_minor,
        tax_minor,
        discount_minor,
    })
}

fn units(line_id: &str, quantity: i64) -> Wanted {
    Wanted { line_id: line_id.into(), quantity: Some(quantity), amount_minor: None }
}

fn amount(line_id: &str, amount_minor: i64) -> Wanted {
    Wanted { line_id: line_id.into(), quantity: None, amount_minor: Some(amount_minor) }
}

fn rest(line_id: &str) -> Wanted {
    Wanted { line_id: line_id.into(), quantity: None, amount_minor: None }
}

fn total(lines: &[LineState]) -> i64 {
    lines.iter().map(|state| state.line.total_minor().unwrap()).sum()
}

/// Books the shares, as the record of counting refunds would.
fn book(lines: &mut [LineState], shares: &[Share]) {
    for share in shares {
        let state = lines.iter_mut().find(|state| state.line.line_id == share.line_id).unwrap();
        state.used_quantity += share.quantity;
        state.used = state.used.plus(share.parts);
    }
}

/// Asks for lines one request after the other and books each; what each came to.
fn sequence(lines: &mut [LineState], requests: &[Wanted]) -> Vec<i64> {
    let captured = total(lines);
    let mut amounts = Vec::new();
    for request in requests {
        let allocation = by_lines(lines, captured, std::slice::from_ref(request)).unwrap();
        book(lines, &allocation.shares);
        amounts.push(allocation.total_minor);
    }
    amounts
}

#[test]
fn f57_three_units_for_ten_are_333_333_334() {
    // 3 × 3.00 with 1.00 of tax come to 10.00.
    let mut lines = [line("1", 3, 300, 100, 0)];
    assert_eq!(sequence(&mut lines, &[units("1", 1), units("1", 1), units("1", 1)]), [333, 333, 334]);
    let mut lines = [line("1", 3, 300, 100, 0)];
    assert_eq!(sequence(&mut lines, &[units("1", 2), units("1", 1)]), [666, 334]);
    let mut lines = [line("1", 3, 300, 100, 0)];
    assert_eq!(sequence(&mut lines, &[units("1", 1), units("1", 2)]), [333, 667]);
    let mut lines = [line("1", 3, 300, 100, 0)];
    assert_eq!(sequence(&mut lines, &[rest("1")]), [1000]);
}

#[test]
fn f58_ties_go_to_what_stands_first() {
    let left = |weights: &[i64], amount| pro_rata(amount, weights);
    let table: [(&[i64], i64, &[i64]); 9] = [
        (&[100, 100, 100], 100, &[34, 33, 33]),
        (&[100, 100, 100], 200, &[67, 67, 66]),
        (&[1, 1], 1, &[1, 0]),
        (&[1, 1, 1, 1], 2, &[1, 1, 0, 0]),
        (&[0, 1, 1], 1, &[0, 1, 0]),
        (&[10, 20, 70], 33, &[3, 7, 23]),
        (&[999, 1], 500, &[500, 0]),
        (&[5, 5], 10, &[5, 5]),
        (&[5, 5], 99, &[5, 5]),
    ];
    for (weights, amount, shares) in table {
        assert_eq!(left(weights, amount), shares, "{amount} over {weights:?}");
    }
}

#[test]
fn f58_the_order_of_lines_decides_nothing() {
    let (a, b, c) = (line("a", 1, 100, 0, 0), line("b", 1, 100, 0, 0), line("c", 1, 100, 0, 0));
    let orders = [[&a, &b, &c], [&a, &c, &b], [&b, &a, &c], [&b, &c, &a], [&c, &a, &b], [&c, &b, &a]];
    for lines in orders.map(|lines| lines.map(Clone::clone)) {
        let mut shares = by_amount(&lines, 300, 200);
        for (amount, expected) in [(200, [67, 67, 66]), (100, [34, 33, 33]), (50, [17, 17, 16])] {
            shares = lowered(&shares, amount);
            let of = |id: &str| shares.iter().find(|share| share.line_id == id).map(|share| share.amount_minor);
            assert_eq!(["a", "b", "c"].map(of), expected.map(Some), "{lines:?}");
        }
    }
}

#[test]
fn f59_a_quarter_off_ten_items_of_2390_ends_at_17925() {
    // Prices with 20 % tax inside: 10 × 23.90 less 25 %. And the same with the tax shown apart.
    for order in [line("1", 10, 2390, 0, 5975), line("1", 10, 1992, 3980, 5975)] {
        let mut lines = [order];
        let captured = total(&lines);
        assert_eq!(captured, 17_925);
        let amounts = sequence(&mut lines, &vec![units("1", 1); 10]);
        assert_eq!(amounts.iter().sum::<i64>(), 17_925);
        assert!(amounts.iter().all(|amount| [1792, 1793].contains(amount)), "{amounts:?}");
        assert_eq!(lines[0].left_minor(), 0);
        // The naive 10 × 17.926 = 179.26 has no unit left to take it from, and no cent.
        assert_eq!(
            by_lines(&lines, captured, &[amount("1", 1)]),
            Err(Refusal::AmountExceedsLine { line_id: "1".into(), left_minor: 0 })
        );
    }
}

#[test]
fn f61_tax_and_discount_come_back_in_their_proportion() {
    // 2 × 50.00 + 20.00 tax − 10.00 discount = 110.00; half of it.
    let half = by_lines(&[line("1", 2, 5000, 2000, 1000)], 11_000, &[units("1", 1)]).unwrap();
    assert_eq!(half.total_minor, 5_500);
    assert_eq!(half.shares[0].parts, Parts { goods_minor: 2_500 * 2, tax_minor: 1_000, discount_minor: 500 });
    // Without tax there is none in it.
    let untaxed = by_lines(&[line("1", 3, 1000, 0, 0)], 3_000, &[units("1", 2)]).unwrap();
    assert_eq!(untaxed.shares[0].parts, Parts { goods_minor: 2_000, tax_minor: 0, discount_minor: 0 });
    // A line that is tax alone.
    let tax_alone = by_lines(&[line("1", 1, 0, 700, 0)], 700, &[amount("1", 300)]).unwrap();
    assert_eq!(tax_alone.shares[0].parts, Parts { goods_minor: 0, tax_minor: 300, discount_minor: 0 });
}

#[test]
fn f61_a_line_with_a_discount_of_100_percent_is_worth_nothing() {
    let lines = [line("free", 2, 1000, 0, 2000), line("paid", 1, 500, 0, 0)];
    let both = by_lines(&lines, 500, &[units("free", 1), rest("paid")]).unwrap();
    assert_eq!(both.total_minor, 500);
    assert_eq!((both.shares[0].quantity, both.shares[0].amount_minor), (1, 0));
    assert_eq!(both.shares[0].parts, Parts::default());
    assert_eq!(by_lines(&lines, 500, &[rest("free")]), Err(Refusal::Nothing));
    assert_eq!(by_amount(&lines, 500, 300).iter().map(|share| share.line_id.as_str()).collect::<Vec<_>>(), ["paid"]);
}

#[test]
fn f62_shipping_is_given_back_once() {
    let mut lines = [line("1", 2, 1000, 0, 0), line("shipping", 1, 490, 0, 0)];
    assert_eq!(sequence(&mut lines, &[units("1", 1), rest("shipping")]), [1000, 490]);
    let again = by_lines(&lines, 2_490, &[units("shipping", 1)]);
    assert_eq!(again, Err(Refusal::QuantityExceedsLine { line_id: "shipping".into(), left: 0 }));
    assert_eq!(by_lines(&lines, 2_490, &[rest("shipping")]), Err(Refusal::Nothing));
}

#[test]
fn f63_a_sequence_of_returns_leaves_nothing() {
    let mut lines = [line("a", 7, 143, 99, 17), line("b", 3, 333, 0, 1)];
    let captured = total(&lines);
    let requests = [units("a", 2), units("b", 1), units("a", 3), units("b", 2), units("a", 1), units("a", 1)];
    assert_eq!(sequence(&mut lines, &requests).iter().sum::<i64>(), captured);
    for state in &lines {
        assert_eq!((state.left_minor(), state.left_quantity()), (0, 0));
        assert_eq!(state.used.tax_minor, state.line.tax_minor);
        assert_eq!(state.used.discount_minor, state.line.discount_minor);
    }
}

#[test]
fn an_amount_on_a_line_is_not_given_back_again_by_its_units() {
    let mut lines = [line("1", 2, 500, 0, 0)];
    assert_eq!(sequence(&mut lines, &[amount("1", 300), units("1", 1), units("1", 1)]), [300, 500, 200]);
}

#[test]
fn after_a_refund_that_no_longer_counts_the_last_unit_takes_what_is_left() {
    // Seven for five units are 1, 1, 2, 1, 2. The third was given and failed: its two are free again.
    let mut lines = [line("1", 5, 1, 2, 0)];
    assert_eq!(sequence(&mut lines, &[units("1", 1), units("1", 1)]), [1, 1]);
    let third = by_lines(&lines, 7, &[units("1", 1)]).unwrap();
    book(&mut lines, &third.shares);
    assert_eq!(sequence(&mut lines, &[units("1", 1)]), [1]);
    lines[0].used_quantity -= 1;
    lines[0].used.goods_minor -= third.shares[0].parts.goods_minor;
    lines[0].used.tax_minor -= third.shares[0].parts.tax_minor;
    assert_eq!(sequence(&mut lines, &[units("1", 2)]), [4]);
    assert_eq!(lines[0].left_minor(), 0);
}

#[test]
fn what_cannot_be_is_refused_precisely() {
    let lines = [line("1", 3, 300, 100, 0), line("2", 1, 500, 0, 0)];
    let refusal = |wanted: &[Wanted]| by_lines(&lines, 1_500, wanted).unwrap_err();
    assert_eq!(refusal(&[units("3", 1)]), Refusal::UnknownLine("3".into()));
    assert_eq!(refusal(&[units("1", 1), amount("1", 1)]), Refusal::RepeatedLine("1".into()));
    for quantity in [0, -1, i64::MIN] {
        assert_eq!(refusal(&[units("1", quantity)]), Refusal::BadQuantity("1".into()));
    }
    for minor in [0, -1, i64::MIN] {
        assert_eq!(refusal(&[amount("1", minor)]), Refusal::BadAmount("1".into()));
    }
    for quantity in [4, i64::MAX] {
        assert_eq!(refusal(&[units("1", quantity)]), Refusal::QuantityExceedsLine { line_id: "1".into(), left: 3 });
    }
    for minor in [1_001, i64::MAX] {
        let expected = Refusal::AmountExceedsLine { line_id: "1".into(), left_minor: 1_000 };
        assert_eq!(refusal(&[amount("1", minor)]), expected);
    }
    assert_eq!(refusal(&[]), Refusal::Nothing);
    assert_eq!(
        by_lines(&lines, 1_400, &[units("1", 1)]),
        Err(Refusal::LinesDiffer { lines_minor: 1_500, captured_minor: 1_400 })
    );
    assert_eq!(by_amount(&lines, 1_400, 700), []);
}

#[test]
fn the_largest_order_does_not_overflow() {
    let lines = [line("1", 1_000_000, 9_000_000_000_000, 0, 0), line("2", 1, 223_372_036_854_775_807, 0, 0)];
    assert_eq!(total(&lines), i64::MAX);
    let shares = by_amount(&lines, i64::MAX, i64::MAX - 1);
    assert_eq!(shares.iter().map(|share| share.amount_minor).sum::<i64>(), i64::MAX - 1);
    let share = by_lines(&lines, i64::MAX, &[units("1", 999_999)]).unwrap();
    assert_eq!(share.total_minor, 999_999 * 9_000_000_000_000);
}

#[test]
fn a_lowered_refund_takes_less_of_each_line_for_the_same_units() {
    let lines = [line("1", 3, 300, 100, 0), line("2", 1, 500, 0, 0)];
    let whole = by_lines(&lines, 1_500, &[units("1", 3), rest("2")]).unwrap();
    let lower = lowered(&whole.shares, 750);
    assert_eq!(lower.iter().map(|share| share.amount_minor).collect::<Vec<_>>(), [500, 250]);
    assert_eq!(lower.iter().map(|share| share.quantity).collect::<Vec<_>>(), [3, 1]);
    assert!(lower.iter().all(|share| share.parts.amount_minor() == share.amount_minor));
}

prop_compose! {
    fn any_line()(
        quantity in 1_i64..8,
        unit in 0_i64..2_000,
        tax in 0_i64..3_000,
        discount_percent in 0_i64..=100,
    ) -> (i64, i64, i64, i64) {
        (quantity, unit, tax, (quantity * unit + tax) * discount_percent / 100)
    }
}

fn any_order() -> impl Strategy<Value = Vec<LineState>> {
    prop::collection::vec(any_line(), 1..5).prop_map(|lines| {
        let numbered = lines.into_iter().enumerate();
        numbered.map(|(index, (quantity, unit, tax, off))| line(&index.to_string(), quantity, unit, tax, off)).collect()
    })
}

/// One try of a customer: which line, how many units, how much, and which kind of request.
type Try = (prop::sample::Index, i64, i64, u8);

fn any_tries() -> impl Strategy<Value = Vec<Try>> {
    prop::collection::vec((any::<prop::sample::Index>(), 1_i64..4, 1_i64..2_500, 0_u8..4), 0..16)
}

/// Books one try; its shares, or none where it was refused.
fn attempt(lines: &mut [LineState], captured: i64, (index, quantity, minor, kind): &Try) -> Vec<Share> {
    let line_id = lines[index.index(lines.len())].line.line_id.clone();
    let left: i64 = lines.iter().map(LineState::left_minor).sum();
    let wanted = match kind {
        0 => units(&line_id, *quantity),
        1 => amount(&line_id, *minor),
        2 => rest(&line_id),
        _ => {
            let shares = by_amount(lines, captured, (*minor).min(left));
            assert_eq!(shares.iter().map(|share| share.amount_minor).sum::<i64>(), (*minor).min(left));
            book(lines, &shares);
            return shares;
        }
    };
    let shares = by_lines(lines, captured, &[wanted]).map(|allocation| allocation.shares).unwrap_or_default();
    book(lines, &shares);
    shares
}

proptest! {
    #[test]
    fn f57_any_partition_of_the_units_in_any_order_sums_to_the_total(
        (quantity, unit, tax, discount) in any_line(),
        steps in prop::collection::vec(1_i64..4, 1..12),
    ) {
        let mut state = line("1", quantity, unit, tax, discount);
        let total = state.line.total_minor().unwrap();
        let mut sum = 0;
        for step in steps.into_iter().chain([quantity]) {
            let step = step.min(state.left_quantity());
            if step == 0 { break }
            let share = of_line(&state, &units("1", step)).unwrap();
            sum += share.amount_minor;
            // However the units were grouped, so many of them come to the same.
            let given = state.used_quantity + step;
            prop_assert_eq!(sum, if given == quantity { total } else { total * given / quantity });
            book(std::slice::from_mut(&mut state), &[share]);
        }
        prop_assert_eq!(sum, total);
    }

    #[test]
    fn any_order_of_any_requests_ends_exactly(order in any_order(), tries in any_tries()) {
        let mut lines = order;
        let captured = total(&lines);
        let mut given = 0;
        for one in &tries {
            for share in attempt(&mut lines, captured, one) {
                prop_assert!(share.amount_minor >= 0 && share.quantity >= 0);
                prop_assert_eq!(share.parts.amount_minor(), share.amount_minor);
                let Parts { goods_minor, tax_minor, discount_minor } = share.parts;
                prop_assert!(goods_minor >= 0 && tax_minor >= 0 && discount_minor >= 0, "{:?}", share.parts);
                given += share.amount_minor;
            }
            let left: i64 = lines.iter().map(LineState::left_minor).sum();
            prop_assert_eq!(given + left, captured);
        }
        for index in 0..lines.len() {
            let shares = by_lines(&lines, captured, &[rest(&index.to_string())]).map(|all| all.shares).unwrap_or_default();
            given += shares.iter().map(|share| share.amount_minor).sum::<i64>();
            book(&mut lines, &shares);
        }
        prop_assert_eq!(given, captured);
        for LineState { line, used, .. } in &lines {
            // Where a line is worth something, every part of it came back in full.
            if line.total_minor() != Some(0) {
                let bought = Parts {
                    goods_minor: line.quantity * line.unit_amount_minor,
                    tax_minor: line.tax_minor,
                    discount_minor: line.discount_minor,
                };
                prop_assert_eq!(*used, bought);
            }
        }
    }

    #[test]
    fn refunds_that_no_longer_count_make_room_for_exactly_themselves(
        order in any_order(),
        tries in any_tries(),
        fails in prop::collection::vec(any::<bool>(), 16),
    ) {
        let mut lines = order;
        let captured = total(&lines);
        for (one, fails) in tries.iter().zip(fails) {
            let before = lines.clone();
            attempt(&mut lines, captured, one);
            if fails {
                lines = before;
            }
        }
        for index in 0..lines.len() {
            let rest = by_lines(&lines, captured, &[rest(&index.to_string())]);
            book(&mut lines, &rest.map(|all| all.shares).unwrap_or_default());
        }
        prop_assert_eq!(lines.iter().map(|state| state.used.amount_minor()).sum::<i64>(), captured);
    }

    #[test]
    fn largest_remainder_is_fair_to_the_cent(
        weights in prop::collection::vec(0_i64..1_000_000, 1..12),
        permille in 0_i64..=1_000,
    ) {
        let whole: i64 = weights.iter().sum();
        let amount = whole * permille / 1_000;
        let shares = pro_rata(amount, &weights);
        prop_assert_eq!(shares.iter().sum::<i64>(), amount);
        for (share, weight) in shares.iter().zip(&weights) {
            prop_assert!((0..=*weight).contains(share));
            prop_assert!((share * whole - amount * weight).abs() < whole.max(1), "{} of {}", share, weight);
        }
    }

    #[test]
    fn a_lowered_refund_sums_to_the_lower_amount(order in any_order(), tries in any_tries(), percent in 1_i64..100) {
        let mut lines = order;
        let captured = total(&lines);
        for one in &tries {
            let shares = attempt(&mut lines, captured, one);
            let whole: i64 = shares.iter().map(|share| share.amount_minor).sum();
            let lower = lowered(&shares, whole * percent / 100);
            prop_assert_eq!(lower.iter().map(|share| share.amount_minor).sum::<i64>(), whole * percent / 100);
            for (low, high) in lower.iter().zip(&shares) {
                prop_assert!(low.amount_minor <= high.amount_minor);
                prop_assert_eq!(low.parts.amount_minor(), low.amount_minor);
            }
        }
    }
}
