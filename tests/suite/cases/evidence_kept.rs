//! Section 9, files at rest and in view: sealed on the disk and in a bucket, drawn anew for eyes, whole after a crash.

use makegood::domain::access::Principal;
use makegood::domain::evidence::{Turn, View};
use makegood::services::{Code, rekey_evidence, tidy_evidence};

use crate::harness::{Bucket, Caller, Refund, TestApp, files};

/// A request of this caller with one file.
async fn request(app: &TestApp, shop: &Caller, id: &str, file: &[u8]) -> Refund {
    let order = app.order(id).push().await;
    let uri = shop.uploaded("photo.jpg", file).await;
    shop.ask(&order).amount(1_000).reason("other").evidence(&[&uri]).accepted().await
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_file_is_on_the_disk_in_clear() {
    let app = TestApp::start().await;
    let photo = files::photo();
    request(&app, &app.shop, "kept-1", &photo).await;
    let sealed = app.sealed_files();
    assert_eq!(sealed.len(), 1);
    let bytes = std::fs::read(&sealed[0]).unwrap();
    assert!(bytes.len() > photo.len());
    for part in [&photo[..8], files::SECRET_PLACE.as_bytes(), b"JFIF", b"Exif"] {
        assert!(!holds(&bytes, part), "{:?} stands on the disk", String::from_utf8_lossy(part));
    }
    // Neither in the database: no bytes of the file, and no key that opens it.
    let row = app.lines("SELECT key_id || ' ' || wrapped_key AS line FROM evidence").await.remove(0);
    assert!(row.len() > 100, "{row}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_agents_see_is_drawn_anew_and_every_look_is_in_the_trail() {
    let app = TestApp::start().await;
    let agent = app.agent("agent").await;
    let refund = request(&app, &app.shop, "kept-2", &files::photo()).await;
    let seen = app.look(&agent, &refund, 1, View { width: 64, turn: Turn::Right, page: 1 }).await.unwrap();
    let image = image::load_from_memory(&seen).unwrap();
    assert_eq!((image.width(), image.height()), (48, 64));
    assert!(!holds(&seen, files::SECRET_PLACE.as_bytes()) && !holds(&seen, b"Exif"));
    let polyglot = request(&app, &app.shop, "kept-3", &files::polyglot()).await;
    let seen = app.look(&agent, &polyglot, 1, View::default()).await.unwrap();
    assert!(!holds(&seen, b"<script") && !holds(&seen, b"evil.sh"));
    assert_eq!(app.look(&agent, &refund, 2, View::default()).await.unwrap_err().code, Code::EvidenceNotFound);

    let looks =
        app.lines("SELECT actor || ' ' || after_json AS line FROM audit_records WHERE action = 'evidence.view'").await;
    assert_eq!(looks.len(), 2, "{looks:?}");
    assert!(looks.iter().all(|look| look.starts_with("user:us_")) && looks[0].contains("\"turn\":90"), "{looks:?}");

    for (role, may) in [
        (makegood::domain::access::Role::Auditor, true),
        (makegood::domain::access::Role::Risk, true),
        (makegood::domain::access::Role::Finance, false),
    ] {
        let person = app.person(role.as_str(), role).await;
        let told = app.look(&person, &refund, 1, View::default()).await;
        assert_eq!(told.map_err(|refusal| refusal.code).err(), (!may).then_some(Code::Scope), "{role}");
    }
    assert_eq!(app.look(&app.shop, &refund, 1, View::default()).await.unwrap_err().code, Code::Scope);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f91_pages_are_drawn_up_to_the_fiftieth_and_a_hostile_one_is_ended() {
    let app = TestApp::start().await;
    let agent = app.agent("agent").await;
    let refund = request(&app, &app.shop, "kept-4", &files::pdf(10_000)).await;
    let look = |page| View { width: 200, page, ..View::default() };
    let began = std::time::Instant::now();
    let page = image::load_from_memory(&app.look(&agent, &refund, 1, look(50)).await.unwrap()).unwrap().to_rgb8();
    assert_eq!((page.dimensions(), page.get_pixel(5, 50).0, page.get_pixel(150, 50).0), ((200, 100), [0; 3], [255; 3]));
    assert_eq!(app.look(&agent, &refund, 1, look(51)).await.unwrap_err().code, Code::EvidenceNotFound);

    let hostile = request(&app, &app.shop, "kept-5", &files::endless_pdf()).await;
    let refusal = app.look(&agent, &hostile, 1, look(1)).await.unwrap_err();
    assert_eq!((refusal.code, refusal.errors[0].message_id), (Code::EvidenceType, "field-evidence-not-drawn"));
    // The desk goes on: the next file is drawn as ever.
    assert!(app.look(&agent, &refund, 1, look(1)).await.is_ok());
    eprintln!("three pages and a hostile one took {} ms", began.elapsed().as_millis());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_changed_beside_a_desk_that_serves_and_files_stay_as_they_are() {
    let app = TestApp::start().await;
    let agent = app.agent("agent").await;
    let refund = request(&app, &app.shop, "kept-6", &files::photo()).await;
    let before = std::fs::read(&app.sealed_files()[0]).unwrap();

    let command = app.command().await;
    let context = command.context(Principal::Shell);
    let new = rekey_evidence::renew(&command.desk, &context).await.unwrap();
    assert_eq!(rekey_evidence::state(&command.desk, &context).await.unwrap().left(), 1);
    let mut after = String::new();
    while let Some((last, _)) = rekey_evidence::rewrap_batch(&command.desk, &context, &after).await.unwrap() {
        after = last;
    }
    let state = rekey_evidence::state(&command.desk, &context).await.unwrap();
    assert_eq!((state.current.as_str(), state.left()), (new.as_str(), 0));
    assert_eq!(std::fs::read(&app.sealed_files()[0]).unwrap(), before, "the files themselves stay");
    // The node that serves has never heard of the new key until it meets it.
    assert!(app.look(&agent, &refund, 1, View::default()).await.is_ok());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_or_missing_file_is_never_shown_as_something_else() {
    let app = TestApp::start().await;
    let agent = app.agent("agent").await;
    let refund = request(&app, &app.shop, "kept-7", &files::photo()).await;
    let path = app.sealed_files().remove(0);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(app.look(&agent, &refund, 1, View::default()).await.unwrap_err().code, Code::Unavailable);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(app.look(&agent, &refund, 1, View::default()).await.unwrap_err().code, Code::Unavailable);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_before_the_bytes_are_kept_leaves_nothing_that_can_be_used() {
    let mut app = TestApp::start().await;
    let order = app.order("kept-8").push().await;
    let uri = app.shop.uploaded("photo.jpg", &files::photo()).await;
    // As a crash between the row and the bytes leaves it, and one in the middle of an upload.
    app.execute("UPDATE evidence SET place = 'arriving'").await.unwrap();
    let torn = app.data_folder().join("evidence/incoming/incoming-torn");
    std::fs::write(&torn, "half a file").unwrap();
    app.restart_with(|_| {}).await;

    app.shop.ask(&order).amount(1_000).evidence(&[&uri]).send().await.refused(400, "ERR.VALIDATION.evidence");
    app.shift_clock(jiff::SignedDuration::from_hours(2));
    let context = app.context(Principal::System);
    tidy_evidence::remove_over(app.desk(), &context).await.unwrap();
    assert_eq!(app.number("count(*) FROM evidence").await, 0);
    let hour_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
    std::fs::File::options().write(true).open(&torn).unwrap().set_modified(hour_ago).unwrap();
    assert_eq!(tidy_evidence::sweep(app.desk(), &context).await.unwrap(), 1);
    assert!(app.sealed_files().is_empty());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_holds_what_a_folder_holds() {
    let bucket = Bucket::start();
    let app = TestApp::start_with(|config| bucket.configure(config)).await;
    let agent = app.agent("agent").await;
    let photo = files::photo();
    let refund = request(&app, &app.shop, "kept-9", &photo).await;
    let large = files::photo_of(7 << 20);
    let second = request(&app, &app.shop, "kept-10", &large).await;
    let objects = bucket.objects();
    assert_eq!(objects.len(), 2);
    assert!(objects.keys().all(|name| name.starts_with("desk/one/") && name.contains("/ev_")), "{:?}", objects.keys());
    assert!(objects.values().all(|object| !holds(object, &photo[..8]) && !holds(object, b"JFIF")));
    assert!(app.sealed_files().is_empty(), "nothing stays here");
    for refund in [&refund, &second] {
        assert!(app.look(&agent, refund, 1, View::default()).await.is_ok());
    }

    // While the store is down uploads are told to come back, and everything else goes on.
    bucket.goes_down(true);
    app.shop.upload("late.jpg", &photo).await.refused(503, "ERR.UNAVAILABLE");
    let order = app.order("kept-11").push().await;
    app.shop.ask(&order).amount(1_000).accepted().await;
    assert_eq!(app.look(&agent, &refund, 1, View::default()).await.unwrap_err().code, Code::Unavailable);
    bucket.goes_down(false);
    assert!(app.look(&agent, &refund, 1, View::default()).await.is_ok());

    app.shift_clock(jiff::SignedDuration::from_hours(24 * 8));
    app.shop.uploaded("later.jpg", &photo).await;
    let context = app.context(Principal::System);
    tidy_evidence::remove_over(app.desk(), &context).await.unwrap();
    assert_eq!(bucket.objects().len(), 3, "what belongs to refunds, and what waits");
    app.finish().await;
}
