//! People and tokens at the shell, beside a desk that serves: what is told, what is refused, and that it counts at once.

use super::shell::{Shell, Terminal};

fn done(terminal: &mut Terminal, command: &str) -> String {
    let (shown, succeeded) = terminal.type_in(command);
    assert!(succeeded, "{command}\n{shown}");
    shown
}

/// Runs a command that is refused, with this sentence.
fn refused(terminal: &mut Terminal, command: &str, sentence: &str) {
    let shown = done(terminal, &format!("if {command}; then false; fi"));
    assert!(shown.contains(sentence), "{command}\n{shown}");
}

#[test]
fn people_and_tokens_are_helped_and_stopped_at_the_shell() {
    let shell = Shell::new();
    let desk = shell.serve("makegood serve");
    let mut terminal = shell.terminal();
    let shown = done(&mut terminal, "makegood user list");
    assert!(shown.contains("Nobody works here yet."), "{shown}");
    done(&mut terminal, "makegood user add --email root@shop.example --role admin");
    done(&mut terminal, "makegood user add --email ana@shop.example --role agent --role finance");
    let shown = done(&mut terminal, "makegood user list");
    assert!(
        shown.contains("ana@shop.example") && shown.contains("agent,finance") && shown.contains("never"),
        "{shown}"
    );

    refused(&mut terminal, "makegood user suspend --email nobody@shop.example", "makegood user list names everybody");
    refused(&mut terminal, "makegood user suspend --email root@shop.example", "no administrator left");
    refused(&mut terminal, "makegood user reactivate --email ana@shop.example", "ana@shop.example is not suspended.");
    done(&mut terminal, "makegood user suspend --email ana@shop.example");
    refused(&mut terminal, "makegood user suspend --email ana@shop.example", "is suspended already");
    let handed = "makegood user suspend --email root@shop.example --hand-over-to ana@shop.example";
    refused(&mut terminal, handed, "This colleague cannot take requests over.");
    let shown = done(&mut terminal, "makegood user list --json");
    assert!(shown.contains(r#""state": "suspended""#) && !shown.contains("argon2"), "{shown}");
    let shown = done(&mut terminal, "makegood user reset-2fa --email root@shop.example");
    assert!(shown.contains("root@shop.example has no second factor."), "{shown}");

    // Both texts of a token work while they overlap, and none once it is revoked.
    let status = |token: &str, expected: &str| {
        format!(
            "test \"$(curl -sS -o out -w '%{{http_code}}' http://127.0.0.1:8080/v1/refunds -H \"Authorization: Bearer {token}\")\" \
             = {expected}"
        )
    };
    refused(&mut terminal, "makegood token rotate --name shop", "makegood token list names them");
    done(&mut terminal, "OLD=$(makegood token create --name shop --scope refunds:read | tail -n 1)");
    done(&mut terminal, &status("$OLD", "200"));
    done(&mut terminal, "NEW=$(makegood token rotate --name shop --overlap 1h | tail -n 1); test \"$OLD\" != \"$NEW\"");
    done(&mut terminal, &status("$OLD", "200"));
    done(&mut terminal, &status("$NEW", "200"));
    let shown = done(&mut terminal, "makegood token list");
    assert!(shown.contains("shop") && shown.contains("works") && shown.contains("refunds:read"), "{shown}");
    done(&mut terminal, "makegood token revoke --name shop");
    // The desk is another process, and asks the database once a second.
    done(
        &mut terminal,
        &format!(
            "for n in $(seq 300); do if {} && {}; then break; fi; sleep 0.1; done",
            status("$OLD", "401"),
            status("$NEW", "401")
        ),
    );
    done(&mut terminal, &status("$OLD", "401"));
    done(&mut terminal, &status("$NEW", "401"));
    refused(&mut terminal, "makegood token rotate --name shop", "make another one");
    refused(&mut terminal, "makegood token rotate --name shop --overlap 99d", "at most 30d");
    assert!(desk.stop().success());
}
