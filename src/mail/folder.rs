//! The folder that mail lands in where no mail server is set: one file a mail, and what a page shows of it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use mail_parser::MessageParser;

use crate::domain::id::OutboxId;

/// A folder of mails.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Makes the names of unfinished files different.
    written: AtomicU64,
}

/// A mail as it lies in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The row of the outbox that it left by.
    pub id: OutboxId,
    /// When it was written.
    pub written_at: Option<Timestamp>,
    /// The recipient's address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// Its kind, from `X-Makegood-Message`.
    pub kind: String,
    /// The refund that it is about, from `X-Makegood-Refund`; empty where there is none.
    pub refund_id: String,
    /// All headers, as they stand in the file.
    pub headers: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
}

impl Folder {
    /// The folder at `path`, made where it is missing, readable by nobody else.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path)?;
        Ok(Self { path: path.to_owned(), written: AtomicU64::new(0) })
    }

    /// Keeps a mail. It is there whole or not at all; the same id again replaces it, so there is one of it at most.
    pub fn keep(&self, id: &OutboxId, mail: &[u8]) -> io::Result<()> {
        let count = self.written.fetch_add(1, Ordering::Relaxed);
        let unfinished = self.path.join(format!(".{id}.{}.{count}", std::process::id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&unfinished).and_then(|mut file| file.write_all(mail));
        let kept = written.and_then(|()| fs::rename(&unfinished, self.file(id)));
        if kept.is_err() {
            // Best effort: the error that counts is the first one.
            let _ = fs::remove_file(&unfinished);
        }
        kept
    }

    /// The newest mails, newest first, at most `count_max`.
    pub fn newest(&self, count_max: usize) -> io::Result<Vec<Kept>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(".eml")).map(OutboxId::parse);
            if let Some(Ok(id)) = id {
                found.push((entry.metadata()?.modified()?, id));
            }
        }
        found.sort_unstable_by(|one, other| other.cmp(one));
        let mut mails = Vec::new();
        for (_, id) in found.into_iter().take(count_max) {
            mails.extend(self.read(&id)?);
        }
        Ok(mails)
    }

    /// One mail; none where there is none of this id, or it cannot be read as a mail.
    pub fn read(&self, id: &OutboxId) -> io::Result<Option<Kept>> {
        match fs::read(self.file(id)) {
            Ok(bytes) => Ok(Kept::parse(id, &bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn file(&self, id: &OutboxId) -> PathBuf {
        self.path.join(format!("{id}.eml"))
    }
}

impl Kept {
    /// Reads a mail as it was handed over; none where it cannot be read as one.
    pub fn parse(id: &OutboxId, bytes: &[u8]) -> Option<Self> {
        let mail = MessageParser::default().parse(bytes)?;
        let header = |name: &str| mail.header_raw(name).unwrap_or_default().trim().to_owned();
        let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address()).unwrap_or_default().to_owned();
        Some(Self {
            id: id.clone(),
            written_at: mail.date().and_then(|date| Timestamp::from_second(date.to_timestamp()).ok()),
            to,
            subject: mail.subject().unwrap_or_default().to_owned(),
            kind: header("X-Makegood-Message"),
            refund_id: header("X-Makegood-Refund"),
            headers: headers(bytes),
            text: mail.body_text(0).unwrap_or_default().into_owned(),
            html: mail.body_html(0).unwrap_or_default().into_owned(),
        })
    }
}

/// What stands before the first empty line.
fn headers(bytes: &[u8]) -> String {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(bytes.len());
    let (head, _body) = bytes.split_at(end);
    String::from_utf8_lossy(head).replace("\r\n", "\n")
}
