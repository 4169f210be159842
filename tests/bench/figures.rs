//! The table that a run prints.

/// One figure a row: engine, what, how much, and the budget.
#[derive(Default)]
pub(crate) struct Figures {
    rows: Vec<[String; 4]>,
}

impl Figures {
    pub(crate) fn add(&mut self, engine: &str, what: &str, measured: String, budget: &str) {
        println!(
            "{engine}: {what}: {measured} {}",
            if budget.is_empty() { String::new() } else { format!("(budget {budget})") }
        );
        self.rows.push([engine.to_owned(), what.to_owned(), measured, budget.to_owned()]);
    }

    pub(crate) fn print(&self) {
        println!("\n| engine | what | measured | budget |\n|---|---|---|---|");
        for [engine, what, measured, budget] in &self.rows {
            println!("| {engine} | {what} | {measured} | {budget} |");
        }
    }
}
