//! The README: its commands work as they stand, its places exist, its pictures are there, its diagram is the machine's.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::shell::{Shell, Terminal, is_server};

/// Begins a comment that tells what is shown.
const SHOWS: &str = "# → ";

/// The snapshot that prints every pair of state and event.
const MACHINE: &str =
    "src/domain/refund/snapshots/makegood__domain__refund__machine__tests__every_pair_of_state_and_event.snap";

/// The largest picture, in bytes: a page with two of them still opens at once.
const PICTURE_BYTES_MAX: usize = 160_000;

/// A fenced block of the README.
struct Block {
    language: String,
    text: String,
}

#[test]
fn the_commands_work_as_they_stand() {
    let text = readme();
    let shell = Shell::new();
    let mut terminal = shell.terminal();
    let mut server = None;
    for Block { text, .. } in blocks(&text).into_iter().filter(|block| block.language == "sh") {
        let command = text.trim();
        if command.starts_with("tests/run") {
            // It runs this test; that its steps are there is looked at below.
            continue;
        }
        if is_server(command) {
            let serving = shell.serve(command);
            if command.ends_with("demo") {
                look_around(&mut terminal, &["/refunds", "/login", "/dev/mail"]);
                assert!(serving.stop().success(), "{command} ends badly");
            } else {
                server = Some(serving);
            }
            continue;
        }
        let (shown, succeeded) = terminal.type_in(command);
        assert!(succeeded, "{command}\n{shown}");
        for words in command.lines().filter_map(|line| line.strip_prefix(SHOWS)) {
            assert!(shown.contains(words), "{words} is not shown by\n{command}\nbut\n{shown}");
        }
    }
    let places: Vec<String> = spans(&text).into_iter().filter(|span| span.starts_with('/')).collect();
    assert!(places.len() > 5, "{places:?}");
    look_around(&mut terminal, &places.iter().map(String::as_str).collect::<Vec<_>>());
    for command in spans(&text).into_iter().filter(|span| span.starts_with("makegood ") && !is_server(span)) {
        let (shown, succeeded) = terminal.type_in(&command);
        assert!(succeeded, "{command}\n{shown}");
    }
    assert!(server.expect("the tour has a desk").stop().success(), "a desk ends badly");
}

#[test]
fn the_steps_of_the_tests_are_there() {
    let listed = Command::new(root().join("tests/run")).arg("--list").output().expect("tests/run");
    let listed = String::from_utf8(listed.stdout).expect("text");
    let steps: BTreeSet<&str> = listed.lines().collect();
    assert!(steps.len() > 3, "{steps:?}");
    let text = readme();
    let typed = blocks(&text).into_iter().filter(|block| block.language == "sh").map(|block| block.text);
    let commands = typed.chain(spans(&text)).filter(|text| text.trim().starts_with("tests/run"));
    let commands: Vec<String> = commands.collect();
    assert!(!commands.is_empty());
    for command in commands {
        for step in command.split_whitespace().skip(1).filter(|word| !word.starts_with("--")) {
            assert!(steps.contains(step), "{command}: there is no step {step}");
        }
    }
}

#[test]
fn the_diagram_is_the_machine() {
    let text = readme();
    let diagram =
        blocks(&text).into_iter().find(|block| block.text.starts_with("stateDiagram")).expect("a diagram").text;
    let drawn: BTreeSet<(String, String, String)> = diagram
        .lines()
        .filter_map(|line| line.trim().split_once(" --> "))
        .filter(|(from, _)| *from != "[*]")
        .filter_map(|(from, rest)| rest.split_once(": ").map(|(to, events)| (from, to, events)))
        .flat_map(|(from, to, events)| events.split(", ").map(move |event| (from.into(), event.into(), to.into())))
        .collect();
    let machine = fs::read_to_string(root().join(MACHINE)).expect("the snapshot");
    let words = machine.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let moves = words.filter_map(|words| match words[..] {
        [_, _, "illegal" | "stay"] => None,
        [from, event, to, ..] if !from.ends_with(':') => Some((from.into(), event.into(), to.into())),
        _ => None,
    });
    let moves: BTreeSet<(String, String, String)> = moves.collect();
    assert!(moves.len() > 10, "{moves:?}");
    assert_eq!(drawn, moves, "drawn on the left, the machine on the right");
}

#[test]
fn the_pictures_are_there_and_small() {
    let text = readme();
    let named =
        |name: &str| text.split(&format!("{name}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).count();
    let pictures = text.matches("<img ").count();
    assert!(pictures >= 10, "{pictures}");
    assert_eq!((named("src"), named("alt")), (pictures, pictures), "each picture is there in words too");
    let paths = text.split('"').filter(|part| part.ends_with(".png"));
    for path in paths {
        let bytes = fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(bytes.starts_with(b"\x89PNG") && bytes.len() <= PICTURE_BYTES_MAX, "{path}: {} bytes", bytes.len());
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("the README")
}

fn blocks(text: &str) -> Vec<Block> {
    let fenced = text.split("\n```").skip(1).step_by(2).filter_map(|fenced| fenced.split_once('\n'));
    fenced.map(|(language, text)| Block { language: language.to_owned(), text: text.to_owned() }).collect()
}

/// The spans of code outside of blocks.
fn spans(text: &str) -> Vec<String> {
    let prose: Vec<&str> = text.split("\n```").step_by(2).collect();
    prose.join("\n").split('`').skip(1).step_by(2).map(|span| span.replace('\n', " ")).collect()
}

/// Opens these places; none may be an error.
fn look_around(terminal: &mut Terminal, places: &[&str]) {
    for place in places {
        let ask = format!("curl -sS -o /dev/null -w '%{{http_code}}\\n' http://127.0.0.1:8080{place}");
        let (status, succeeded) = terminal.type_in(&ask);
        assert!(succeeded && ["200", "303"].contains(&status.trim()), "{place} answers {status}");
    }
}
