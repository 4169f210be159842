//! Uploads to the real program: how little of them it holds at a time, and what is left of one that it was killed in.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use super::premises::{MailWay, Premises};
use crate::harness::{Form, eventually, files};

/// As large as a file may be.
const FILE_BYTES: usize = 10 * 1024 * 1024;

/// Uploads at the same time.
const UPLOADS: usize = 8;

/// What an upload may hold in memory. Source: SPEC section 10, streamed.
const HELD_KIB_MAX: u64 = 1024;

/// An upload is taken within this time, however much there is to draw.
const TAKEN_TIMEOUT: Duration = Duration::from_secs(240);

const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_of_ten_megabytes_hold_less_than_one_each() {
    let premises = Premises::furnished(MailWay::Folder).await;
    let mut process = premises.start(&[]);
    let shop = premises.shop.at(&process.base().await.expect("it serves"));
    let file = files::photo_of(FILE_BYTES);
    // A desk that has too much to draw asks to come again, and a shop does.
    let upload = || async {
        let taken = eventually(TAKEN_TIMEOUT, async || match shop.upload("large.jpg", &file).await {
            answer if answer.status == 503 => false,
            answer => answer.expect(201).status == 201,
        });
        assert!(taken.await, "an upload is never taken");
    };
    // What is made once, for the first of them, is no upload's.
    futures_util::future::join_all((0..2).map(|_| upload())).await;

    let status = format!("/proc/{}/status", process.id());
    let kib = |name: &str| -> u64 {
        let text = fs::read_to_string(&status).expect("a process");
        let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
        line.trim_matches(|letter: char| !letter.is_ascii_digit()).parse().expect("a number")
    };
    // From here on the system notes the highest anew.
    fs::write(format!("/proc/{}/clear_refs", process.id()), "5").expect("a process of ours");
    let before = kib("VmRSS:");
    futures_util::future::join_all((0..UPLOADS).map(|_| upload())).await;
    let grown = kib("VmHWM:").saturating_sub(before);
    let allowed = HELD_KIB_MAX * u64::try_from(UPLOADS).expect("a few");
    eprintln!("{UPLOADS} uploads of {FILE_BYTES} bytes at once held {grown} KiB");
    assert!(grown < allowed, "{UPLOADS} uploads held {grown} KiB; allowed are {allowed}");
    assert!(process.stop().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_killed_in_the_middle_of_an_upload_leaves_nothing_that_can_be_used() {
    let premises = Premises::furnished(MailWay::Folder).await;
    let mut process = premises.start(&[]);
    let base = process.base().await.expect("it serves");
    let photo = files::photo_of(1 << 20);
    let (media_type, body) = Form::default().file("file", "photo.jpg", "image/jpeg", &photo).body();
    let mut half = TcpStream::connect(base.trim_start_matches("http://")).expect("a connection");
    let head = format!(
        "POST /v1/evidence HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer {}\r\nContent-Type: {media_type}\r\nContent-Length: \
         {}\r\n\r\n",
        premises.shop.token.as_deref().expect("a token"),
        body.len()
    );
    half.write_all(head.as_bytes()).expect("a connection");
    half.write_all(&body[..body.len() / 2]).expect("a connection");
    let incoming = premises.path().join("data/evidence/incoming");
    let received = || {
        let entries = fs::read_dir(&incoming).into_iter().flatten().flatten();
        entries.filter(|entry| entry.metadata().is_ok_and(|told| told.len() > 0)).count()
    };
    assert!(eventually(PATIENCE, async || received() == 1).await, "it is being received");
    process.kill();
    drop(half);

    let mut process = premises.start(&[]);
    let shop = premises.shop.at(&process.base().await.expect("it serves again"));
    assert!(shop.uploaded("photo.jpg", &photo).await.starts_with("link://ev_"));
    let kept = fs::read_dir(premises.path().join("data/evidence")).expect("a folder").flatten();
    let kept: Vec<_> = kept.filter(|entry| entry.file_name() != "incoming").collect();
    assert_eq!(kept.len(), 1, "only what arrived whole is kept");
    assert!(process.stop().await.success());
}
