//! Section 9, files on the desk's pages: who sees which, what is never shown, what is written of every viewing.

use jiff::SignedDuration;
use makegood::domain::access::Role;

use crate::harness::{Mood, Refund, Scanner, TestApp, Window, files};

/// A request with these files.
async fn request(app: &TestApp, id: &str, given: &[(&str, &[u8])]) -> Refund {
    let order = app.order(id).push().await;
    let mut uris = Vec::new();
    for (name, bytes) in given {
        uris.push(app.shop.uploaded(name, bytes).await);
    }
    let uris: Vec<&str> = uris.iter().map(String::as_str).collect();
    app.shop.ask(&order).amount(1_000).reason("other").evidence(&uris).accepted().await
}

fn case(refund: &Refund) -> String {
    format!("/desk/refunds/{}", refund.id)
}

async fn goes(window: &mut Window, path: &str) -> u16 {
    window.go(path).await;
    window.page().status
}

/// The looks in the trail: who did what, as what, at which page.
async fn looks(app: &TestApp) -> Vec<String> {
    app.lines(
        "SELECT action || ' ' || after_json AS line FROM audit_records
         WHERE action IN ('evidence.view', 'evidence.download') ORDER BY audit_id",
    )
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_case_shows_its_files_and_each_has_a_page_of_its_own() {
    let app = TestApp::start().await;
    app.agent("agent").await;
    let (photo, bill) = (files::photo(), files::pdf(3));
    let refund = request(&app, "view-1", &[("lid <b>.jpg", &photo), ("bill.pdf", &bill)]).await;
    let mut window = app.signed_in("agent").await;
    assert_eq!(goes(&mut window, &case(&refund)).await, 200);
    let text = window.text();
    for shown in [
        format!("href=\"{}/evidence/1\"", case(&refund)),
        format!("src=\"{}/evidence/2/image?w=320\"", case(&refund)),
        "lid &#60;b&#62;.jpg".to_owned(),
        "PDF, 3 pages".to_owned(),
        "Not scanned".to_owned(),
        "token shop".to_owned(),
        "data-key=\"e\"".to_owned(),
    ] {
        assert!(text.contains(&shown), "{shown}:\n{text}");
    }

    let page = format!("{}/evidence/2", case(&refund));
    assert_eq!(goes(&mut window, &format!("{page}?rot=90&zoom=2&page=3")).await, 200);
    let text = window.text();
    for shown in [
        "image?w=2400&#38;rot=90&#38;page=3",
        "?page=3&#38;rot=180&#38;zoom=2#view\" data-key=\"r\"",
        "?page=3&#38;rot=90&#38;zoom=3#view\" data-key=\"+\"",
        "?page=3&#38;rot=90#view\" data-key=\"-\"",
        "?page=3#view\" data-key=\"0\"",
        "?page=2&#38;rot=90&#38;zoom=2#view",
        "rel=\"prev\"",
        "data-key=\"ArrowLeft\"",
        "data-key=\"Escape\"",
        "File 2 of 2",
        "SHA-256",
        "Nobody has opened it yet.",
        &format!("{page}/original"),
    ] {
        assert!(text.contains(shown), "{shown}:\n{text}");
    }
    assert!(!text.contains("rel=\"next\""), "it is the last one");
    // Nonsense is what holds without it, and what is too much is the most there is.
    assert_eq!(goes(&mut window, &format!("{page}?rot=45&zoom=99&page=0")).await, 200);
    assert!(window.text().contains("image?w=3600&#38;rot=0&#38;page=1"), "{}", window.text());
    assert_eq!(goes(&mut window, &format!("{page}?page=77")).await, 200);
    assert!(window.text().contains("&#38;page=3"), "{}", window.text());
    // In Arabic the line runs the other way, and so do the arrows.
    assert_eq!(goes(&mut window, &format!("{}/evidence/1?lang=ar", case(&refund))).await, 200);
    assert!(window.text().contains("data-key=\"ArrowLeft\"") && window.text().contains("rel=\"next\""));
    assert!(!window.text().contains("data-key=\"ArrowRight\""));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_viewing_is_in_the_trail_once_and_each_download() {
    let app = TestApp::start().await;
    app.agent("agent").await;
    app.person("auditor", Role::Auditor).await;
    let refund = request(&app, "view-2", &[("bill.pdf", &files::pdf(3))]).await;
    let image = |query: &str| format!("{}/evidence/1/image?{query}", case(&refund));
    let mut agent = app.signed_in("agent").await;
    goes(&mut agent, &case(&refund)).await;
    goes(&mut agent, &format!("{}/evidence/1", case(&refund))).await;
    assert_eq!(looks(&app).await, Vec::<String>::new(), "nothing of the file was given yet");

    for query in ["w=320", "w=1200", "w=2400&rot=90", "w=1200&rot=180", "w=320", "w=1200&page=2"] {
        assert_eq!(goes(&mut agent, &image(query)).await, 200);
    }
    let told = looks(&app).await;
    assert_eq!(told.len(), 3, "a thumbnail, the first page and the second: {told:?}");
    assert!(told[0].contains("\"as\":\"thumbnail\"") && told[1].contains("\"as\":\"page\""), "{told:?}");
    assert!(told[2].contains("\"page\":2"), "{told:?}");

    // Somebody else's viewing is another one, and so is one's own a while later.
    let mut auditor = app.signed_in("auditor").await;
    assert_eq!(goes(&mut auditor, &image("w=1200")).await, 200);
    assert_eq!(looks(&app).await.len(), 4);
    app.shift_clock(SignedDuration::from_mins(11));
    for _ in 0..2 {
        assert_eq!(goes(&mut agent, &image("w=1200")).await, 200);
    }
    assert_eq!(looks(&app).await.len(), 5);
    let original = format!("{}/evidence/1/original", case(&refund));
    for _ in 0..2 {
        assert_eq!(goes(&mut agent, &original).await, 200);
    }
    let told = looks(&app).await;
    assert_eq!((told.len(), told[6].split(' ').next()), (7, Some("evidence.download")));

    // A page that there is none of is no viewing.
    assert_eq!(goes(&mut agent, &image("w=1200&page=4")).await, 404);
    assert_eq!(looks(&app).await.len(), 7);

    goes(&mut agent, &format!("{}/evidence/1", case(&refund))).await;
    let text = agent.text();
    assert!(text.contains("agent") && text.contains("2 of 3 pages") && text.contains("1 of 3 pages"), "{text}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looks_at_the_same_moment_are_one_viewing() {
    let app = TestApp::replicated().await;
    app.agent("agent").await;
    let refund = request(&app, "view-3", &[("photo.jpg", &files::plain_photo())]).await;
    let mut windows = Vec::new();
    for _ in 0..6 {
        windows.push(app.signed_in("agent").await);
    }
    let path = format!("{}/evidence/1/image?w=1200", case(&refund));
    let seen = futures_util::future::join_all(windows.iter_mut().map(|window| goes(window, &path))).await;
    assert!(seen.iter().all(|status| *status == 200), "{seen:?}");
    assert_eq!((looks(&app).await.len(), app.number("count(*) FROM evidence_looks").await), (1, 1));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f91_who_may_not_see_evidence_sees_that_there_is_some() {
    let app = TestApp::start().await;
    app.person("finance", Role::Finance).await;
    app.person("risk", Role::Risk).await;
    let refund = request(&app, "view-4", &[("ana at home.jpg", &files::photo())]).await;
    let page = format!("{}/evidence/1", case(&refund));

    let mut finance = app.signed_in("finance").await;
    assert_eq!(goes(&mut finance, &case(&refund)).await, 200);
    let text = finance.text();
    assert!(text.contains("Evidence") && text.contains("File 1") && text.contains("JPEG"), "{text}");
    assert!(!text.contains("/evidence/1") && !text.contains("ana at home"), "{text}");
    for path in [page.clone(), format!("{page}/image"), format!("{page}/original")] {
        assert_eq!(goes(&mut finance, &path).await, 403, "{path}");
    }

    let mut risk = app.signed_in("risk").await;
    assert_eq!(goes(&mut risk, &page).await, 200);
    let text = risk.text();
    assert!(!text.contains("/alt\"") && !text.contains("/unreadable\""), "who reads changes nothing: {text}");
    goes(&mut risk, &case(&refund)).await;
    for form in ["alt", "unreadable"] {
        risk.send(&format!("{page}/{form}"), &[("alt", "x"), ("unreadable", "yes")]).await;
        assert_eq!(risk.page().status, 403, "{form}");
        goes(&mut risk, &case(&refund)).await;
    }

    let mut stranger = app.window();
    goes(&mut stranger, &page).await;
    assert!(stranger.path.starts_with("/login"), "{}", stranger.path);
    let written =
        app.number("count(*) FROM audit_records WHERE action LIKE 'evidence.%' AND actor LIKE 'user:%'").await;
    assert_eq!(written, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f91_the_files_of_another_refund_are_not_there() {
    let app = TestApp::start().await;
    app.agent("agent").await;
    let two = request(&app, "view-5", &[("a.jpg", &files::photo()), ("b.jpg", &files::plain_photo())]).await;
    let none = request(&app, "view-6", &[]).await;
    let mut agent = app.signed_in("agent").await;
    goes(&mut agent, &case(&two)).await;
    for missing in [
        format!("{}/evidence/1", case(&none)),
        format!("{}/evidence/3", case(&two)),
        format!("{}/evidence/0", case(&two)),
        format!("{}/evidence/-1", case(&two)),
        format!("{}/evidence/1e0", case(&two)),
        format!("{}/evidence/99999999999999999999", case(&two)),
        "/desk/refunds/rf_01ARZ3NDEKTSV4RRFFQ69G5FAV/evidence/1".to_owned(),
        "/desk/refunds/nonsense/evidence/1".to_owned(),
    ] {
        for path in [missing.clone(), format!("{missing}/image"), format!("{missing}/original")] {
            assert_eq!(goes(&mut agent, &path).await, 404, "{path}");
        }
        goes(&mut agent, &case(&two)).await;
        for form in ["alt", "unreadable"] {
            agent.send(&format!("{missing}/{form}"), &[("alt", "x"), ("unreadable", "yes")]).await;
            assert_eq!(agent.page().status, 404, "{missing}/{form}");
            goes(&mut agent, &case(&two)).await;
        }
    }
    assert_eq!(looks(&app).await, Vec::<String>::new());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f91_what_is_infected_is_told_of_and_never_drawn() {
    let scanner = Scanner::start(Mood::Rude).await;
    let clamd = scanner.clamd();
    let app = TestApp::start_with(|config| config.clamd = Some(clamd)).await;
    app.agent("agent").await;
    let infected = [files::photo(), files::eicar().into_bytes()].concat();
    let refund = request(&app, "view-7", &[("photo.jpg", &infected)]).await;
    let page = format!("{}/evidence/1", case(&refund));
    let mut agent = app.signed_in("agent").await;

    // F92: until the scanner has spoken, it is told that it has not.
    never_drawn(&mut agent, &case(&refund), &page, "Being scanned", "The virus scanner is looking at this file").await;
    scanner.becomes(Mood::Well);
    app.until_shown(&refund, "infected", |shown| shown["evidence"][0]["scan"] == "infected").await;
    never_drawn(&mut agent, &case(&refund), &page, "Virus found", "It is locked away").await;
    assert!(agent.text().contains("Eicar-Test-Signature"), "{}", agent.text());
    assert_eq!((looks(&app).await.len(), app.number("count(*) FROM evidence_looks").await), (0, 0));
    app.finish().await;
}

async fn never_drawn(agent: &mut Window, case: &str, page: &str, word: &str, sentence: &str) {
    goes(agent, case).await;
    assert!(agent.text().contains(word) && !agent.text().contains("<img"), "{}", agent.text());
    goes(agent, &format!("{case}/review")).await;
    assert!(!agent.text().contains("<img"), "{}", agent.text());
    for path in [format!("{page}/image?w=320"), format!("{page}/image?w=1200"), format!("{page}/original")] {
        assert_eq!(goes(agent, &path).await, 409, "{path}");
        assert!(agent.page().header("content-type").starts_with("text/html"), "{path}");
    }
    assert_eq!(goes(agent, page).await, 200);
    let text = agent.text();
    assert!(text.contains(word) && text.contains(sentence) && text.contains("SHA-256"), "{text}");
    assert!(!text.contains("<img") && !text.contains("/original"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_described_and_marked_and_what_was_typed_is_kept() {
    let app = TestApp::start().await;
    app.agent("agent").await;
    let refund = request(&app, "view-8", &[("photo.jpg", &files::photo())]).await;
    let page = format!("{}/evidence/1", case(&refund));
    let mut agent = app.signed_in("agent").await;
    goes(&mut agent, &page).await;
    let long = format!("{} end", "x".repeat(300));
    agent.send(&format!("{page}/alt"), &[("alt", &long)]).await;
    assert_eq!(agent.page().status, 422);
    let text = agent.text();
    assert!(text.contains(&long) && text.contains("<title>Error: ") && text.contains("href=\"#alt\""), "{text}");
    agent.send(&format!("{page}/alt"), &[("alt", " A lid, <cracked> ")]).await;
    agent.shows(&page, "The description is kept.");
    assert!(agent.text().contains("alt=\"A lid, &#60;cracked&#62;\""), "{}", agent.text());

    for (value, says, stands) in [
        ("yes", "Marked as unreadable.", true),
        ("yes", "Marked as unreadable.", true),
        ("no", "The mark is gone.", false),
    ] {
        agent.send(&format!("{page}/unreadable"), &[("unreadable", value)]).await;
        agent.shows(&page, says);
        assert_eq!(agent.text().contains("agent could not make out what it shows"), stands, "{}", agent.text());
        goes(&mut agent, &case(&refund)).await;
        assert_eq!(agent.text().contains("Unreadable"), stands);
        goes(&mut agent, &page).await;
    }
    let told = app
        .lines("SELECT action AS line FROM audit_records WHERE subject LIKE 'evidence:%' AND actor LIKE 'user:%' ORDER BY audit_id")
        .await;
    assert_eq!(told, ["evidence.describe", "evidence.mark", "evidence.mark"], "what changes nothing is not written");
    app.finish().await;
}
