//! What the mails say, and that nothing typed by anyone can break them.

use mail_parser::MessageParser;

use super::*;
use crate::domain::message::MessageKind;

fn raw(letter: &Letter) -> String {
    String::from_utf8(compose(&l10n(), &sender(), letter).unwrap().formatted()).unwrap()
}

fn headers(raw: &str) -> &str {
    raw.split_once("\r\n\r\n").unwrap().0
}

#[test]
fn the_subject_says_the_amount_and_the_order() {
    for (content, subject) in contents().into_iter().zip([
        "Refund requested: 45.00 USD for order 1042",
        "Refund approved: 45.00 USD for order 1042",
        "Refund declined: 45.00 USD for order 1042",
        "Refund delayed: 45.00 USD for order 1042",
        "Refund on its way: 45.00 USD for order 1042",
        "Refund complete: 45.00 USD for order 1042",
        "Refund not completed: 45.00 USD for order 1042",
        "Your link for order 1042",
        "Message about your refund: 45.00 USD for order 1042",
    ]) {
        let raw = raw(&letter(Locale::En, content));
        assert!(headers(&raw).contains(&format!("Subject: {subject}")), "{raw}");
    }
}

#[test]
fn machines_find_what_they_need_in_the_headers() {
    let raw = raw(&letter(Locale::En, Content::Approved(about())));
    for line in [
        "Message-ID: <ob_01HF7YAT00000000000000001A@desk.shop.example>",
        "References: <rf_01HF7YAT000000000000000007@desk.shop.example>",
        "X-Makegood-Refund: rf_01HF7YAT000000000000000007",
        "X-Makegood-Message: approved",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        "From: Refunds <refunds@shop.example>",
        "Reply-To: help@shop.example",
        "To: Sam <sam@customer.example>",
        "Date: Fri, 20 Nov 2026 21:50:45 +0000",
        "Content-Type: multipart/alternative;",
    ] {
        assert!(headers(&raw).contains(line), "{line} is not in\n{}", headers(&raw));
    }
    assert!(!raw.contains("List-Unsubscribe"));
}

#[test]
fn every_letter_is_whole_in_every_language() {
    let l10n = l10n();
    let mut kinds = Vec::new();
    for locale in Locale::ALL.iter().copied() {
        for content in contents() {
            let letter = letter(locale, content);
            let mail = compose(&l10n, &sender(), &letter).unwrap().formatted();
            let mail = MessageParser::default().parse(&mail).unwrap();
            let subject = mail.subject().unwrap();
            let text = mail.body_text(0).unwrap();
            let html = mail.body_html(0).unwrap();
            assert_eq!(mail.header_raw("X-Makegood-Message").unwrap().trim(), letter.kind().as_str());
            assert!(!subject.contains(['\u{2068}', '\u{2069}', '\u{202E}']), "{subject:?}");
            assert!(html.contains(&format!("<html lang=\"{locale}\" dir=\"{}\">", locale.dir())), "{html}");
            assert!(!html.contains("<img") && !html.contains("<script"), "{html}");
            let url = if let Content::StaffLink { url, .. } | Content::SignInLink { url, .. } = &letter.content {
                url
            } else {
                &letter.about().unwrap().status_url
            };
            let for_staff = matches!(letter.content, Content::StaffLink { .. });
            assert!(text.lines().any(|line| line == url), "the address stands alone in a line:\n{text}");
            assert_eq!(html.matches("<a ").count(), 1, "{html}");
            assert!(html.replace("&#38;", "&").contains(url), "{html}");
            for part in [&text, &html] {
                assert!(part.contains("Sam") && part.contains("1042") != for_staff, "{part}");
                assert!(letter.about().is_none() || part.contains("45.00 USD"), "{part}");
            }
            if locale == Locale::En {
                kinds.push(letter.kind());
            }
        }
    }
    assert_eq!(kinds, MessageKind::ALL);
    assert_eq!(l10n.faults(), Vec::<String>::new());
}

#[test]
fn the_words_of_the_brief_stand_in_the_mails() {
    let text = |content| {
        let raw = compose(&l10n(), &sender(), &letter(Locale::En, content)).unwrap().formatted();
        MessageParser::default().parse(&raw).unwrap().body_text(0).unwrap().into_owned()
    };
    assert!(text(Content::Received(about())).contains("We’re processing your refund."));
    assert!(text(Content::Failed(about())).contains("We couldn’t complete your refund."));
    let complete = text(Content::Completed { about: about(), expected: None, reference: None });
    assert!(complete.contains("Your refund is complete."));
    assert!(!complete.contains("by this reference"));
    let sent = text(Content::Submitted { about: about(), expected: expected() });
    assert!(sent.contains("between \u{2068}Fri 27 Nov\u{2069} and \u{2068}Fri 4 Dec\u{2069}"), "{sent}");
    let soon = Expected { basis: Basis::Hours, ..expected() };
    let sent = text(Content::Submitted { about: about(), expected: soon });
    assert!(sent.contains("by \u{2068}Fri 4 Dec\u{2069}") && !sent.contains("between"), "{sent}");
}

#[test]
fn a_denial_says_what_can_be_done_and_a_second_look_that_it_is_one() {
    let text = |content| written(&l10n(), &letter(Locale::En, content)).unwrap().text;
    let denied = |look_again_until: Option<&str>, is_final| Content::Denied {
        about: about(),
        reason_id: Some("customer-denied-not_received".to_owned()),
        look_again_until: look_again_until.map(|until| until.parse().unwrap()),
        is_final,
    };
    let open = text(denied(Some("2026-12-20T21:50:45Z"), false));
    assert!(open.contains("ask us to look again") && open.contains("20 December 2026"), "{open}");
    assert!(open.contains("did not reach you."), "{open}");
    let last = text(denied(None, true));
    assert!(last.contains("second look") && !last.contains("ask us to look again"), "{last}");
    assert!(!text(denied(None, false)).contains("look"));
    let again = letter(Locale::En, Content::LookingAgain(about()));
    assert_eq!(again.kind(), MessageKind::Received);
    let again = written(&l10n(), &again).unwrap();
    assert_eq!(again.subject, "We are looking again: 45.00 USD for order 1042");
    let message = |answerable| Content::AgentMessage { about: about(), text: "Hello".to_owned(), answerable };
    assert!(text(message(true)).contains("on the page") && !text(message(false)).contains("on the page"));
}

#[test]
fn a_letter_without_a_name_greets_all_the_same() {
    for name in [None, Some(" \r\n ".to_owned())] {
        let letter = Letter { name, ..letter(Locale::En, Content::Received(about())) };
        let raw = raw(&letter);
        assert!(raw.contains("Hello,") && raw.contains("To: sam@customer.example"), "{raw}");
    }
}

#[test]
fn nothing_typed_becomes_a_header_or_markup() {
    let evil = "x\r\nBcc: thief@evil.example\r\n\r\n<b onclick=\"a\">\u{0}\u{85}\u{2028}";
    let about = About { order_id: evil.to_owned(), status_url: "https://a.example/\"><i>".to_owned(), ..about() };
    for content in [
        Content::Approved(about.clone()),
        Content::AgentMessage { about: about.clone(), text: format!("{evil}\n\n<script>"), answerable: false },
        Content::Completed { about, expected: None, reference: Some(evil.to_owned()) },
        Content::SignInLink { order_id: evil.to_owned(), url: evil.to_owned(), until: Timestamp::UNIX_EPOCH },
    ] {
        let letter = Letter { name: Some(evil.to_owned()), ..letter(Locale::En, content) };
        let mail = compose(&l10n(), &sender(), &letter).unwrap();
        let recipients: Vec<String> = mail.envelope().to().iter().map(ToString::to_string).collect();
        assert_eq!(recipients, ["sam@customer.example"]);
        let bytes = mail.formatted();
        let raw = String::from_utf8(bytes.clone()).unwrap();
        assert!(!headers(&raw).lines().any(|line| line.starts_with("Bcc") || line.starts_with("<b")), "{raw}");
        let parsed = MessageParser::default().parse(&bytes).unwrap();
        assert!(parsed.bcc().is_none());
        let html = parsed.body_html(0).unwrap();
        assert!(!html.contains("<b ") && !html.contains("<script") && !html.contains("<i>"), "{html}");
    }
}

#[test]
fn an_address_that_is_none_is_refused() {
    for to in ["", "sam", "sam@", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example"] {
        let letter = Letter { to: to.to_owned(), ..letter(Locale::En, Content::Received(about())) };
        assert!(matches!(compose(&l10n(), &sender(), &letter), Err(ComposeError::Address)), "{to:?}");
    }
}
