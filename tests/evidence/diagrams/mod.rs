//! Two diagrams, each as Mermaid and as a drawing: the states, from the machine's own table, and the main case's course,
//! from what was recorded of it.

mod course;
mod states;

use anyhow::Result;
use serde_json::Value;

use crate::bundle::Bundle;

/// Writes both.
pub(crate) fn write(bundle: &Bundle, main_events: &[Value]) -> Result<()> {
    let edges = states::edges();
    bundle.write(
        "diagrams/states.mmd",
        "The state machine, from the program's own table, in Mermaid",
        states::mermaid(&edges),
    )?;
    bundle.write("diagrams/states.svg", "The state machine, from the program's own table", states::drawing(&edges)?)?;
    let steps = course::steps(main_events);
    bundle.write("diagrams/main-full-refund.mmd", "The main case as it went, in Mermaid", course::mermaid(&steps))?;
    bundle.write(
        "diagrams/main-full-refund.svg",
        "The main case as it went, with the time of each step",
        course::drawing(&steps),
    )
}
