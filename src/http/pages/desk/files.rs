//! Files of evidence as the desk shows them: which ones may be seen, how each is called, what the scanner says of it, and
//! where it is looked at. What may not be seen is told by facts alone.

use super::story::who;
use crate::domain::access::Permission;
use crate::domain::evidence::{Kind, Scan, THUMBNAIL_WIDTH};
use crate::http::pages::customer::evidence::size_words;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Moment;
use crate::http::pages::visit::Visit;
use crate::services::Context;
use crate::services::read_case::CaseView;
use crate::services::read_refunds::EvidenceRow;

/// A file among others.
pub struct FileCard {
    /// Which one, from 1.
    pub nth: i64,
    /// The page that it is looked at on; nothing for who may not see evidence.
    pub href: Option<String>,
    /// The address of its thumbnail, where it may be seen.
    pub thumbnail: Option<String>,
    /// Name of the symbol that stands where no thumbnail is.
    pub icon: &'static str,
    /// What it is called; by its number where it came without a name, or where the reader may not know it.
    pub name: String,
    /// What stands in for its picture.
    pub alt: String,
    /// What it is and how large.
    pub about: String,
    /// Who gave it.
    pub giver: String,
    /// When it was given.
    pub given: Moment,
    /// What the scanner says of it.
    pub scan: ScanTag,
    /// Whether somebody could not make out what it shows.
    pub unreadable: bool,
    /// SHA-256 of it, for paper.
    pub sha256: String,
}

/// What is to be known before a file is looked at: by word and symbol before colour.
pub struct ScanTag {
    /// `clean`, `unscanned`, `pending`, `infected` or `erased`.
    pub kind: &'static str,
    /// Name of its symbol.
    pub icon: &'static str,
    /// In words.
    pub word: String,
}

/// Who looks at the files, and at what kind of desk.
#[derive(Clone, Copy)]
pub struct Eyes {
    /// Whether they may see evidence.
    pub may_see: bool,
    /// Whether the desk has a scanner.
    pub has_scanner: bool,
}

impl Eyes {
    /// Those of the reader of a page.
    pub fn of(visit: &Visit, context: &Context) -> Self {
        Self { may_see: context.actor.may(Permission::EvidenceRead), has_scanner: visit.desk.blobs.has_scanner() }
    }
}

/// The files of a case, in their order.
pub fn cards(page: &Page, case: &CaseView, eyes: Eyes) -> Vec<FileCard> {
    case.story.view.evidence.iter().map(|row| FileCard::of(page, case, row, eyes)).collect()
}

/// The page of a file.
pub fn address(case: &CaseView, row: &EvidenceRow) -> String {
    format!("/desk/refunds/{}/evidence/{}", case.story.view.refund.refund_id, nth(row))
}

/// Which file of its refund it is, from 1.
pub fn nth(row: &EvidenceRow) -> i64 {
    row.position.unwrap_or_default()
}

/// What a file is called.
pub fn name(page: &Page, row: &EvidenceRow) -> String {
    if row.file_name.is_empty() { page.t1("desk-evidence-nth", "nth", nth(row)) } else { row.file_name.clone() }
}

/// What stands in for the picture of a file: what was written for that, else that nobody has.
pub fn alt(page: &Page, row: &EvidenceRow) -> String {
    if row.alt.is_empty() { page.t1("desk-evidence-alt-none", "file", name(page, row)) } else { row.alt.clone() }
}

/// What a file is, how many pages it has, and how large it is.
pub fn about(page: &Page, row: &EvidenceRow) -> String {
    let kind = match row.kind {
        Kind::Pdf => page.t1("desk-evidence-pdf", "pages", row.looks.pages),
        Kind::Jpeg | Kind::Png | Kind::Webp => row.kind.as_str().to_uppercase(),
    };
    page.t2("customer-evidence-about", "kind", kind, "size", size_words(&page.lang(), row.size_bytes))
}

impl FileCard {
    fn of(page: &Page, case: &CaseView, row: &EvidenceRow, eyes: Eyes) -> Self {
        let address = address(case, row);
        let is_seen = eyes.may_see && row.may_be_seen(eyes.has_scanner);
        let scan = ScanTag::of(page, row);
        Self {
            nth: nth(row),
            href: eyes.may_see.then(|| address.clone()),
            thumbnail: is_seen.then(|| format!("{address}/image?w={THUMBNAIL_WIDTH}")),
            icon: if row.may_be_seen(eyes.has_scanner) { symbol(row.kind) } else { scan.icon },
            name: if eyes.may_see { name(page, row) } else { page.t1("desk-evidence-nth", "nth", nth(row)) },
            alt: alt(page, row),
            about: about(page, row),
            giver: who(page, case, &row.owner),
            given: Moment::of(&page.lang(), row.attached_at.unwrap_or(row.created_at)),
            scan,
            unreadable: row.unreadable.is_some(),
            sha256: row.sha256.clone(),
        }
    }
}

impl ScanTag {
    /// What the scanner says of a file, or that it is erased.
    pub fn of(page: &Page, row: &EvidenceRow) -> Self {
        let (kind, icon, id) = match row.scan {
            _ if row.erased_at.is_some() => ("erased", "eye-off", "desk-scan-erased"),
            Scan::Clean => ("clean", "check", "desk-scan-clean"),
            Scan::Unscanned => ("unscanned", "circle", "desk-scan-unscanned"),
            Scan::Pending => ("pending", "hourglass", "desk-scan-pending"),
            Scan::Infected => ("infected", "triangle-alert", "desk-scan-infected"),
        };
        Self { kind, icon, word: page.t(id) }
    }
}

fn symbol(kind: Kind) -> &'static str {
    match kind {
        Kind::Pdf => "file-text",
        Kind::Jpeg | Kind::Png | Kind::Webp => "image",
    }
}
