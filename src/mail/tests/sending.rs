//! A mail server that answers as a script says and hangs up where it says.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use super::*;

/// What the server does otherwise than it should, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    None,
    /// Answers this to the command that starts with that, or to the end of the content, which is `.`.
    Answer(&'static str, &'static str),
    /// Hangs up instead of answering that.
    HangUp(&'static str),
}

/// Starts a server for one script; gives its address and the mails that it took.
fn server(trouble: Trouble, hello: &'static str) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let (taken, mails) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let taken = taken.clone();
            std::thread::spawn(move || talk(stream.unwrap(), trouble, hello, |mail| taken.send(mail).unwrap()));
        }
    });
    (url, mails)
}

/// One conversation; ends when either side hangs up.
fn talk(stream: TcpStream, trouble: Trouble, hello: &str, took: impl Fn(String)) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?);
    let mut stream = stream;
    // Answers, and says whether it was the usual answer.
    let mut answer = |command: &str, usual: &str| {
        let text = match trouble {
            Trouble::HangUp(at) if command.starts_with(at) => return None,
            Trouble::Answer(at, other) if command.starts_with(at) => other,
            Trouble::None | Trouble::HangUp(_) | Trouble::Answer(..) => usual,
        };
        stream.write_all(format!("{text}\r\n").as_bytes()).ok()?;
        Some(text == usual)
    };
    answer("greeting", "220 mail.example ESMTP")?;
    loop {
        let mut command = String::new();
        lines.read_line(&mut command).ok().filter(|length| *length > 0)?;
        let word = command.split([' ', '\r', ':']).next()?.to_ascii_uppercase();
        match word.as_str() {
            "EHLO" => {
                answer("EHLO", hello)?;
            }
            "DATA" => {
                if !answer("DATA", "354 go on")? {
                    continue;
                }
                let mail = content(&mut lines)?;
                // What the server does with a mail that it has read whole, its answer may still not tell.
                took(mail);
                answer(".", "250 taken")?;
            }
            "QUIT" => {
                answer("QUIT", "221 bye")?;
                return None;
            }
            _ => {
                answer(&word, "250 fine")?;
            }
        }
    }
}

fn content(lines: &mut impl BufRead) -> Option<String> {
    let mut mail = String::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok().filter(|length| *length > 0)?;
        if line == ".\r\n" {
            return Some(mail);
        }
        mail.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

fn mailer(url: &str) -> Mailer {
    Mailer::to_server(l10n(), sender(), Server::parse(url).unwrap())
}

async fn send_to(trouble: Trouble) -> Delivery {
    let (url, _mails) = server(trouble, "250 mail.example");
    mailer(&url).send(&letter(Locale::En, Content::Received(about()))).await
}

#[tokio::test]
async fn letters_are_taken_over_one_connection() {
    let (url, mails) = server(Trouble::None, "250-mail.example\r\n250 8BITMIME");
    let mailer = mailer(&url);
    assert_eq!(mailer.check().await, Ok(()));
    for _ in 0..2 {
        assert_eq!(mailer.send(&letter(Locale::En, Content::Received(about()))).await, Delivery::Taken);
        let mail = mails.recv().unwrap();
        assert!(mail.contains("X-Makegood-Message: received\r\n"), "{mail}");
        assert!(mail.contains("Subject: Refund requested: 45.00 USD for order 1042"), "{mail}");
    }
}

#[tokio::test]
async fn before_the_mail_is_handed_over_it_is_surely_not_taken() {
    for trouble in ["greeting", "EHLO", "MAIL", "RCPT", "DATA"].map(Trouble::HangUp) {
        let delivery = send_to(trouble).await;
        assert!(matches!(delivery, Delivery::NotTaken { retryable: true, .. }), "{trouble:?}: {delivery:?}");
    }
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let delivery = mailer(&format!("smtp://{closed}")).send(&letter(Locale::En, Content::Received(about()))).await;
    assert!(matches!(delivery, Delivery::NotTaken { retryable: true, .. }), "{delivery:?}");
}

#[tokio::test]
async fn after_the_mail_was_handed_over_a_lost_connection_is_unknown() {
    for trouble in [Trouble::HangUp("."), Trouble::Answer(".", "gibberish")] {
        let delivery = send_to(trouble).await;
        assert!(matches!(delivery, Delivery::Unknown { .. }), "{trouble:?}: {delivery:?}");
    }
}

#[tokio::test]
async fn refusals_say_whether_they_may_pass() {
    for (trouble, retryable) in [
        (Trouble::Answer("MAIL", "451 busy"), true),
        (Trouble::Answer("MAIL", "550 not from you"), false),
        (Trouble::Answer("RCPT", "450 try later"), true),
        (Trouble::Answer("RCPT", "550 no <sam@customer.example> here"), false),
        (Trouble::Answer("DATA", "554 no"), false),
        (Trouble::Answer("DATA", "250 what"), true),
        (Trouble::Answer(".", "452 full"), true),
        (Trouble::Answer(".", "554 spam"), false),
        // What is said before the mail was named is about the desk, not about the mail.
        (Trouble::Answer("greeting", "554 go away"), true),
    ] {
        let delivery = send_to(trouble).await;
        let Delivery::NotTaken { retryable: found, detail } = &delivery else { panic!("{trouble:?}: {delivery:?}") };
        assert_eq!(*found, retryable, "{trouble:?}: {delivery:?}");
        assert!(!detail.contains('@'), "{detail}");
    }
}

#[tokio::test]
async fn passwords_wait_for_encryption() {
    let (url, _mails) = server(Trouble::None, "250-mail.example\r\n250 AUTH PLAIN");
    let required = format!("{}?tls=required", url.replace("smtp://", "smtp://desk:secret@"));
    let delivery = mailer(&required).send(&letter(Locale::En, Content::Received(about()))).await;
    let Delivery::NotTaken { retryable: true, detail } = delivery else { panic!("{delivery:?}") };
    assert!(detail.contains("STARTTLS"), "{detail}");
}

#[tokio::test]
async fn a_wrong_password_is_not_the_mails_fault() {
    let (url, _mails) = server(Trouble::Answer("AUTH", "535 wrong"), "250-mail.example\r\n250 AUTH PLAIN");
    let mailer = mailer(&url.replace("smtp://", "smtp://desk:secret@"));
    let delivery = mailer.send(&letter(Locale::En, Content::Received(about()))).await;
    assert!(matches!(delivery, Delivery::NotTaken { retryable: true, .. }), "{delivery:?}");
    assert!(mailer.check().await.unwrap_err().contains("535"));
}

#[tokio::test]
async fn a_kept_connection_that_died_is_replaced() {
    // The server hangs up at the second mail's greeting of an old connection: NOOP finds it out before the mail is named.
    let (url, mails) = server(Trouble::HangUp("NOOP"), "250 mail.example");
    let mailer = mailer(&url);
    for _ in 0..3 {
        assert_eq!(mailer.send(&letter(Locale::En, Content::Received(about()))).await, Delivery::Taken);
    }
    assert_eq!(mails.try_iter().count(), 3);
}
