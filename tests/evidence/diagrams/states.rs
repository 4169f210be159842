//! The state machine, drawn from the function that every change of state goes through.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use makegood::domain::refund::{Answer, Event, State, next};

/// A move from one state to another with the events that make it.
pub(super) struct Edge {
    from: State,
    to: State,
    events: Vec<&'static str>,
}

/// Every legal move.
pub(super) fn edges() -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    for &from in State::ALL {
        for &event in Event::ALL {
            let Answer::Move(step) = next(from, event) else { continue };
            match edges.iter_mut().find(|edge| edge.from == from && edge.to == step.to) {
                Some(edge) => edge.events.push(event.as_str()),
                None => edges.push(Edge { from, to: step.to, events: vec![event.as_str()] }),
            }
        }
    }
    edges
}

/// The machine in Mermaid.
pub(super) fn mermaid(edges: &[Edge]) -> String {
    let mut text = String::from("stateDiagram-v2\n    [*] --> requested: create\n");
    for Edge { from, to, events } in edges {
        let _ = writeln!(text, "    {from} --> {to}: {}", events.join(", "));
    }
    text
}

/// Half the width and height of a state's box.
const HALF: (i64, i64) = (78, 24);

/// Where each state stands.
const PLACES: [(State, i64, i64); 7] = [
    (State::Requested, 110, 70),
    (State::Approved, 420, 70),
    (State::Submitting, 730, 70),
    (State::ProviderPending, 1090, 70),
    (State::Canceled, 110, 480),
    (State::Failed, 520, 480),
    (State::Completed, 1090, 480),
];

/// Where along an arrow its words may stand, in per cent, the best place first.
const WORDS_AT: [i64; 9] = [50, 40, 60, 30, 70, 25, 75, 20, 80];

/// Where an arrow begins and ends.
type Arrow = ((i64, i64), (i64, i64));

/// The machine as SVG.
pub(super) fn drawing(edges: &[Edge]) -> Result<String> {
    let mut svg = String::from(concat!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1220\" height=\"550\" viewBox=\"0 0 1220 550\" ",
        "font-family=\"system-ui,sans-serif\" font-size=\"13\"><defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" ",
        "markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 10 5 0 10z\" fill=\"#4b5560\"/></marker></defs>",
        "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
        "<circle cx=\"110\" cy=\"14\" r=\"7\" fill=\"#14181d\"/>",
        "<path d=\"M110 21V44\" stroke=\"#4b5560\" marker-end=\"url(#tip)\"/><text x=\"120\" y=\"36\" fill=\"#14181d\">create</text>",
    ));
    let mut arrows = Vec::new();
    for edge in edges {
        let returns = edges.iter().any(|other| other.from == edge.to && other.to == edge.from);
        arrows.push(ends(edge, returns)?);
    }
    let mut taken: Vec<Words> = Vec::new();
    let mut labels = String::new();
    for (edge, arrow) in edges.iter().zip(&arrows) {
        let ((x, y), (to_x, to_y)) = arrow;
        let _ = write!(svg, "<path d=\"M{x} {y}L{to_x} {to_y}\" stroke=\"#4b5560\" marker-end=\"url(#tip)\"/>");
        let others: Vec<&Arrow> = arrows.iter().filter(|other| *other != arrow).collect();
        let words = Words::beside(arrow, &edge.events, &taken, &others);
        words.write(&mut labels);
        taken.push(words);
    }
    svg.push_str(&labels);
    for (state, x, y) in PLACES {
        let (left, top) = (x - HALF.0, y - HALF.1);
        let _ = write!(
            svg,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\" rx=\"8\" fill=\"#f6f7f9\" stroke=\"#1f5fbf\" stroke-width=\"2\"/>\
             <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" font-size=\"15\" fill=\"#14181d\">{state}</text>",
            2 * HALF.0,
            2 * HALF.1,
            y + 5
        );
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// Where an arrow begins and ends: at the borders of its boxes; two that run against each other keep apart.
fn ends(edge: &Edge, returns: bool) -> Result<Arrow> {
    let place = |state: State| {
        let found = PLACES.iter().find(|(known, _, _)| *known == state);
        found.map(|(_, x, y)| (*x, *y)).with_context(|| format!("the state {state} has no place in the drawing"))
    };
    let (from, to) = (place(edge.from)?, place(edge.to)?);
    let apart = if !returns {
        0
    } else if from.0 < to.0 {
        -14
    } else {
        14
    };
    let (from, to) = ((from.0, from.1 + apart), (to.0, to.1 + apart));
    Ok((border(from, to), border(to, from)))
}

/// The point where the line from the middle of a box leaves it.
fn border(middle: (i64, i64), toward: (i64, i64)) -> (i64, i64) {
    let (dx, dy) = (toward.0 - middle.0, toward.1 - middle.1);
    // As fractions of the way, in thousandths: the side that is reached first.
    let way = |half: i64, distance: i64| if distance == 0 { i64::MAX } else { half * 1000 / distance.abs() };
    let part = way(HALF.0, dx).min(way(HALF.1, dy));
    (middle.0 + dx * part / 1000, middle.1 + dy * part / 1000)
}

/// The events at an arrow, one a line.
struct Words {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
    events: Vec<&'static str>,
}

impl Words {
    /// At the best place along the arrow: where no other words stand and, if there is such a place, no other arrow runs.
    fn beside((start, end): &Arrow, events: &[&'static str], taken: &[Words], others: &[&Arrow]) -> Self {
        let size = |count: usize, each: i64| i64::try_from(count).unwrap_or(0) * each;
        let width = events.iter().map(|event| size(event.len(), 7)).max().unwrap_or(0) + 8;
        let height = size(events.len(), 16) + 4;
        let at = |percent: i64| Self {
            x: start.0 + (end.0 - start.0) * percent / 100 - width / 2,
            y: start.1 + (end.1 - start.1) * percent / 100 - height / 2,
            width,
            height,
            events: events.to_vec(),
        };
        let free = |words: &Words| !taken.iter().any(|other| other.overlaps(words));
        let clear = |words: &Words| free(words) && !others.iter().any(|arrow| words.lie_on(arrow));
        let places = || WORDS_AT.into_iter().map(at);
        places().find(clear).or_else(|| places().find(free)).unwrap_or_else(|| at(50))
    }

    fn lie_on(&self, ((x, y), (to_x, to_y)): &Arrow) -> bool {
        (0..=100).any(|percent| {
            let (x, y) = (x + (to_x - x) * percent / 100, y + (to_y - y) * percent / 100);
            (self.x..=self.x + self.width).contains(&x) && (self.y..=self.y + self.height).contains(&y)
        })
    }

    fn overlaps(&self, other: &Self) -> bool {
        let apart = self.x + self.width <= other.x
            || other.x + other.width <= self.x
            || self.y + self.height <= other.y
            || other.y + other.height <= self.y;
        !apart
    }

    fn write(&self, svg: &mut String) {
        let _ = write!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#ffffff\"/>",
            self.x, self.y, self.width, self.height
        );
        let mut y = self.y + 15;
        for event in &self.events {
            let _ = write!(
                svg,
                "<text x=\"{}\" y=\"{y}\" text-anchor=\"middle\" fill=\"#1a56a8\">{event}</text>",
                self.x + self.width / 2
            );
            y += 16;
        }
    }
}
