//! The steps of a request: which there are, where one is, and the way back.

/// One question, or the last look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepName {
    /// Which lines of the order.
    Items,
    /// Why.
    Reason,
    /// How much.
    Amount,
    /// What there is to show.
    Evidence,
    /// Everything once more.
    Check,
}

impl StepName {
    /// The steps for an order; where its lines do not come to what was paid, refunds go by amount alone.
    pub fn of_order(lines_can_be_chosen: bool) -> &'static [StepName] {
        const ALL: &[StepName] =
            &[StepName::Items, StepName::Reason, StepName::Amount, StepName::Evidence, StepName::Check];
        const BY_AMOUNT: &[StepName] = &[StepName::Reason, StepName::Amount, StepName::Evidence, StepName::Check];
        if lines_can_be_chosen { ALL } else { BY_AMOUNT }
    }

    /// Where the step is.
    pub fn href(self) -> &'static str {
        match self {
            StepName::Items => "/refunds/new/items",
            StepName::Reason => "/refunds/new/reason",
            StepName::Amount => "/refunds/new/amount",
            StepName::Evidence => "/refunds/new/evidence",
            StepName::Check => "/refunds/new/check",
        }
    }
}

/// Where one is.
#[derive(Clone, Debug)]
pub struct Step {
    /// Number of this step, from 1.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// The order that it is about.
    pub order_id: String,
    /// The step before, or the order.
    pub back: String,
}

impl Step {
    /// The step of this name among those of the order.
    pub fn new(name: StepName, steps: &[StepName], order_id: &str) -> Self {
        let at = steps.iter().position(|step| *step == name).unwrap_or(0);
        let before = at.checked_sub(1).and_then(|before| steps.get(before));
        Self {
            number: at + 1,
            count: steps.len(),
            order_id: order_id.to_owned(),
            back: before.map_or_else(|| order_address(order_id), |step| step.href().to_owned()),
        }
    }

    /// One mark a step: whether it is reached.
    pub fn bar(&self) -> Vec<bool> {
        (1..=self.count).map(|number| number <= self.number).collect()
    }

    /// The order's page.
    pub fn order_href(&self) -> String {
        order_address(&self.order_id)
    }
}

/// Address of an order's page. The shop chooses the number, so it may hold anything.
pub fn order_address(order_id: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(order_id.as_bytes()).collect();
    format!("/refunds/orders/{}", encoded.replace('+', "%20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_leads_to_the_step_before_and_from_the_first_to_the_order() {
        let steps = StepName::of_order(true);
        assert_eq!(Step::new(StepName::Items, steps, "10/42 a").back, "/refunds/orders/10%2F42%20a");
        assert_eq!(Step::new(StepName::Amount, steps, "1042").back, "/refunds/new/reason");
        assert_eq!(Step::new(StepName::Check, steps, "1042").bar(), [true; 5]);
        let by_amount = Step::new(StepName::Reason, StepName::of_order(false), "1042");
        assert_eq!((by_amount.number, by_amount.count, by_amount.back.as_str()), (1, 4, "/refunds/orders/1042"));
    }
}
