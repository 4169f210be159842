//! The examples of `--help`: every one is run as it stands, by a shop that has a desk already.

use std::collections::VecDeque;
use std::process::Command;

use super::shell::{Shell, Terminal, is_server};
use crate::harness::Engine;

/// What an example has instead of something that only the reader knows, and what that is here.
const STANDS_FOR: [(&str, &str); 7] = [
    ("https://refunds.shop.example", "http://127.0.0.1:8080"),
    ("mg_x", "$TOKEN"),
    ("/etc/bash_completion.d/", ""),
    ("~/.config/fish/completions/", ""),
    ("/usr/local/share/man/man1", "."),
    ("/etc/", ""),
    ("--from-line 120001", "--from-line 2"),
];

/// Examples about something that this desk does not have, and the sentence that says so.
const REFUSED: [(&str, &str); 1] = [("outbox requeue", "There is no outbox row ob_01KAJ8Z4W1T8QJ5V0000000000")];

/// What a shop has lying about: its configuration, also of its other desk, and its orders.
const PREPARED: &str = r#"
makegood config example > makegood.toml
cp makegood.toml live.toml
cat > orders.csv <<END
order_id,email,name,locale,currency,placed_at,line_id,description,quantity,unit_amount_minor,tax_minor,discount_minor,payment_id,provider_account,connector_transaction_id,rail,status,captured_minor,captured_at
2001,ana@buyers.example,Ana,en,USD,2026-01-05T10:00:00Z,1,Kettle,1,4900,0,0,p1,simulator,sim_2001,card,captured,4900,2026-01-05T10:00:00Z
END
cat > orders.jsonl <<END
{"order_id":"2002","customer":{"email":"li@buyers.example"},"currency":"USD","placed_at":"2026-01-05T10:00:00Z","lines":[{"line_id":"1","description":"Kettle","quantity":1,"unit_amount_minor":4900}],"payments":[{"payment_id":"p1","provider_account":"simulator","connector_transaction_id":"sim_2002","rail":"card","status":"captured","captured_minor":4900,"captured_at":"2026-01-05T10:00:00Z"}]}
END
"#;

#[test]
fn the_examples_of_help_work_as_they_stand() {
    let examples = examples();
    assert!(examples.len() > 30, "{examples:?}");
    let shell = Shell::new();
    let mut terminal = shell.terminal();
    done(&mut terminal, PREPARED);
    for command in examples.iter().filter(|command| is_server(command)) {
        if command.starts_with("makegood worker") && Engine::chosen() == Engine::Sqlite {
            let shown = done(&mut terminal, &format!("if {}; then false; fi", here(command)));
            assert!(shown.contains("Workers of their own need PostgreSQL"), "{command}\n{shown}");
            continue;
        }
        let command = if command.starts_with("makegood simulator") && !command.contains("--listen") {
            // Where it listens by default may be taken.
            format!("{command} --listen 127.0.0.1:8090")
        } else {
            command.clone()
        };
        assert!(shell.serve(&here(&command)).stop().success(), "{command} ends badly");
    }
    let desk = shell.serve("makegood serve");
    let token =
        "makegood token create --name examples --scope orders:write --scope refunds:create --scope refunds:read";
    done(&mut terminal, &format!("TOKEN=$({token} | tail -n 1)"));
    for command in examples.iter().filter(|command| !is_server(command)) {
        match REFUSED.iter().find(|(words, _)| command.contains(words)) {
            Some((_, sentence)) => {
                let shown = done(&mut terminal, &format!("if {}; then false; fi", here(command)));
                assert!(shown.contains(sentence), "{command}\n{shown}");
            }
            None => {
                done(&mut terminal, &here(command));
            }
        }
    }
    assert!(desk.stop().success(), "a desk ends badly");
}

fn done(terminal: &mut Terminal, command: &str) -> String {
    let (shown, succeeded) = terminal.type_in(command);
    assert!(succeeded, "{command}\n{shown}");
    shown
}

fn here(command: &str) -> String {
    STANDS_FOR.iter().fold(command.to_owned(), |command, (named, meant)| command.replace(named, meant))
}

/// Every example of every command, the program's own first.
fn examples() -> Vec<String> {
    let mut found = Vec::new();
    // In the order of the help: people come before their tokens.
    let mut commands = VecDeque::from([Vec::new()]);
    while let Some(command) = commands.pop_front() {
        let help = help(&command);
        commands.extend(subcommands(&help).into_iter().map(|name| [command.as_slice(), &[name]].concat()));
        let given = help.split_once("\nExamples:\n").map(|(_, examples)| examples).unwrap_or_default();
        for line in given.lines().filter_map(|line| line.strip_prefix("  ")) {
            if line.starts_with("makegood") {
                found.push(line.to_owned());
            } else if let Some(last) = found.last_mut() {
                // A long one goes on in the next line.
                last.push(' ');
                last.push_str(line);
            }
        }
    }
    found
}

fn help(command: &[String]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_makegood"));
    let answer = program.args(command).arg("--help").output().expect("the program");
    assert!(answer.status.success(), "{command:?} --help");
    String::from_utf8(answer.stdout).expect("text")
}

/// The names under "Commands:".
fn subcommands(help: &str) -> Vec<String> {
    let listed = help.split_once("\nCommands:\n").and_then(|(_, rest)| rest.split_once("\n\n"));
    let listed = listed.map(|(listed, _)| listed).unwrap_or_default();
    let names = listed.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}
