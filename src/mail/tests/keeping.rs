//! The folder: whole files, one of each, and what is read back.

use super::*;

fn id(number: u128) -> OutboxId {
    OutboxId::from_ulid(ulid::Ulid::from_parts(1_700_000_000_000, number))
}

#[tokio::test]
async fn a_letter_lands_once_and_is_read_back() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("deep").join("mail");
    let mailer = Mailer::to_folder(l10n(), sender(), &path).unwrap();
    let letter = letter(Locale::Ar, Content::Approved(about()));
    for _ in 0..2 {
        assert_eq!(mailer.send(&letter).await, Delivery::Taken);
    }
    let names: Vec<_> = std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["ob_01HF7YAT00000000000000001A.eml"]);
    let kept = mailer.folder().unwrap().newest(10).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].to, "sam@customer.example");
    assert_eq!(kept[0].kind, "approved");
    assert_eq!(kept[0].refund_id, about().refund_id.as_str());
    assert_eq!(kept[0].written_at, Some(letter.written_at));
    assert_eq!(kept[0].subject, "تمت الموافقة على رد المبلغ: 45.00 USD عن الطلب 1042");
    assert!(kept[0].text.contains("مرحبًا") && kept[0].html.contains("dir=\"rtl\""));
    let headers = &kept[0].headers;
    assert!(["Message-ID: ", "Subject: ", "Auto-Submitted: "].iter().all(|name| headers.contains(name)), "{headers}");
    assert!(!headers.contains("\r") && !headers.contains("\n\n"), "{headers:?}");
    assert_eq!(mailer.folder().unwrap().read(&letter.id).unwrap(), Some(kept[0].clone()));
    assert_eq!(mailer.folder().unwrap().read(&id(1)).unwrap(), None);
    assert_eq!(mailer.check().await, Ok(()));
}

#[test]
fn the_newest_come_first_and_other_files_do_not_matter() {
    let home = tempfile::tempdir().unwrap();
    let folder = Folder::open(home.path()).unwrap();
    for number in [1, 2, 3] {
        folder.keep(&id(number), format!("Subject: {number}\r\n\r\nx").as_bytes()).unwrap();
        let file = std::fs::File::options().write(true).open(home.path().join(format!("{}.eml", id(number)))).unwrap();
        let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(u64::try_from(100 - number).unwrap());
        file.set_modified(at).unwrap();
    }
    std::fs::write(home.path().join("notes.txt"), "x").unwrap();
    std::fs::write(home.path().join(".ob_unfinished"), "x").unwrap();
    let subjects: Vec<String> = folder.newest(2).unwrap().into_iter().map(|mail| mail.subject).collect();
    assert_eq!(subjects, ["1", "2"]);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_tried_again() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("mail");
    let mailer = Mailer::to_folder(l10n(), sender(), &path).unwrap();
    std::fs::remove_dir(&path).unwrap();
    let delivery = mailer.send(&letter(Locale::En, Content::Received(about()))).await;
    assert!(matches!(delivery, Delivery::NotTaken { retryable: true, .. }), "{delivery:?}");
    let wrong = Letter { to: "nobody".to_owned(), ..letter(Locale::En, Content::Received(about())) };
    let delivery = mailer.send(&wrong).await;
    assert!(matches!(delivery, Delivery::NotTaken { retryable: false, .. }), "{delivery:?}");
}
