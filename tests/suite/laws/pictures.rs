//! The picture of the state machine in the README shows the machine's moves: all of them, and no others.

use std::collections::BTreeSet;
use std::fs;

use makegood::domain::refund::{Answer, Event, State, next};

use super::assert_none;
use super::sources::root;

/// From one state to another.
type Arrow = (String, String);

fn drawn(readme: &str) -> BTreeSet<Arrow> {
    let picture = readme.split("```").find(|part| part.starts_with("mermaid\nstateDiagram-v2")).unwrap_or_default();
    let arrows =
        picture.lines().filter_map(|line| line.split_once(':').map_or(line, |(arrow, _)| arrow).split_once("-->"));
    arrows.map(|(from, to)| (from.trim().to_owned(), to.trim().to_owned())).collect()
}

fn legal() -> BTreeSet<Arrow> {
    let mut arrows = BTreeSet::from([("[*]".to_owned(), State::Requested.to_string())]);
    for &state in State::ALL {
        for &event in Event::ALL {
            if let Answer::Move(step) = next(state, event) {
                arrows.insert((state.to_string(), step.to.to_string()));
            }
        }
    }
    arrows
}

fn differences(drawn: &BTreeSet<Arrow>, legal: &BTreeSet<Arrow>) -> Vec<String> {
    let missing = legal.difference(drawn).map(|(from, to)| format!("{from} --> {to} is missing"));
    let invented = drawn.difference(legal).map(|(from, to)| format!("{from} --> {to} is no move of the machine"));
    missing.chain(invented).collect()
}

#[test]
fn the_picture_in_the_readme_is_the_machine() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert_none("The picture differs from the machine", &differences(&drawn(&readme), &legal()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_differs_is_found() {
        let whole: String = legal().iter().map(|(from, to)| format!("    {from} --> {to}: words\n")).collect();
        let picture = |arrows: &str| drawn(&format!("# Text\n```mermaid\nstateDiagram-v2\n{arrows}```\nmore --> text"));
        assert_eq!(differences(&picture(&whole), &legal()), Vec::<String>::new());
        let less = whole.replace("    failed --> approved: words\n", "    failed --> requested: again\n");
        assert_eq!(
            differences(&picture(&less), &legal()),
            ["failed --> approved is missing", "failed --> requested is no move of the machine"]
        );
        assert_eq!(differences(&drawn("no picture"), &legal()).len(), legal().len());
    }
}
