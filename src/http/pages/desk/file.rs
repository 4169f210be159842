//! One file of evidence on a page of its own: large, turned and enlarged by links, page by page, with what is known of it
//! and who has opened it. The picture comes from the route beside it ([`super::evidence`]), which asks again whether it may
//! be given and writes that it was.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::files::{self, Eyes, FileCard, ScanTag};
use super::story::who;
use crate::domain::access::Permission;
use crate::domain::evidence::{Kind, Manner, PAGES_MAX, Scan, Turn, View};
use crate::domain::refund::State;
use crate::http::pages::customer::evidence::size_words;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Fact, Moment, Notice, Value};
use crate::http::pages::visit::{Visit, written};
use crate::services::read_case::CaseView;
use crate::services::read_evidence;
use crate::services::read_refunds::EvidenceRow;
use crate::services::refusal::{Code, Refusal};

/// How often a picture can be enlarged.
const ZOOM_MAX: u16 = 3;

/// Width in pixels of a picture that is not enlarged: as wide as a large window has room for.
const WIDTH: u16 = 1_200;

/// The page.
#[derive(Template)]
#[template(path = "desk/file.html")]
pub struct FilePage {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// The refund.
    pub refund_id: String,
    /// The case.
    pub case_href: String,
    /// This page without anything turned or enlarged.
    pub href: String,
    /// Which file.
    pub nth: i64,
    /// All files of the refund.
    pub files: Vec<FileCard>,
    /// Where it stands among them, in words.
    pub place: String,
    /// What it is called.
    pub name: String,
    /// What the scanner says of it.
    pub scan: ScanTag,
    /// Its picture, where it may be seen.
    pub picture: Option<Picture>,
    /// What is to be known of it.
    pub notices: Vec<Notice>,
    /// The file before and the one after it.
    pub neighbours: Neighbours,
    /// What is known of it.
    pub facts: Vec<Fact>,
    /// Who has opened it, and when first.
    pub openers: Vec<Opener>,
    /// What stands in for it, as stored or as typed.
    pub alt: String,
    /// Whether this person may describe and mark it.
    pub may_write: bool,
    /// Whether somebody could not make out what it shows.
    pub unreadable: bool,
    /// Whether the customer can be asked for a better one.
    pub may_ask: bool,
}

/// The file before and the one after, with the arrows that lead there.
pub struct Neighbours {
    /// The one before.
    pub before: Option<String>,
    /// The one after.
    pub after: Option<String>,
    /// The key that leads back along the line.
    pub before_key: &'static str,
    /// The key that leads on along the line.
    pub after_key: &'static str,
}

/// A picture with the ways to see more of it.
pub struct Picture {
    /// Its address.
    pub src: String,
    /// What stands in for it.
    pub alt: String,
    /// How often it is enlarged.
    pub zoom: u16,
    /// A quarter of a turn further.
    pub turned: String,
    /// Larger, where it goes on.
    pub larger: Option<String>,
    /// Smaller, where it is enlarged.
    pub smaller: Option<String>,
    /// As it was at first, where it is not.
    pub whole: Option<String>,
    /// The pages, where there are several.
    pub pages: Vec<PageLink>,
    /// The page before and the one after.
    pub turns: (Option<String>, Option<String>),
    /// That there are more pages than are drawn.
    pub more: Option<String>,
}

/// One page of a document.
pub struct PageLink {
    /// Where it is seen.
    pub href: String,
    /// Its number as the language writes it.
    pub number: String,
    /// Whether it is the one that is seen.
    pub current: bool,
}

/// Somebody who has opened the file.
pub struct Opener {
    /// Who.
    pub name: String,
    /// When first.
    pub first: Moment,
    /// How much of it, where that is to be told.
    pub extent: Option<String>,
}

/// How the reader wants to see it.
#[derive(Clone, Copy)]
struct Sight {
    zoom: u16,
    turn: Turn,
    page: u32,
}

/// Shows it.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    shown_with(&visit, Faults::none(), None).await
}

/// Shows it with what was typed and is not accepted.
pub async fn shown_with(visit: &Visit, faults: Faults, typed: Option<&str>) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let (case, row) = read_evidence::file(&visit.desk, &context, &visit.refund_id()?, nth(visit)?).await?;
    let (status, page) = if faults.is_empty() {
        (StatusCode::OK, visit.page.clone())
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, visit.page.clone().with_faults())
    };
    let eyes = Eyes { may_see: true, has_scanner: visit.desk.blobs.has_scanner() };
    let mut screen = FilePage::of(&page, &case, &row, eyes, Sight::asked(visit, &row));
    screen.faults = faults;
    if let Some(typed) = typed {
        screen.alt = typed.to_owned();
    }
    written(status, &screen, &page)
}

/// Which file, from 1; what cannot be one does not exist.
pub fn nth(visit: &Visit) -> Result<i64, Refusal> {
    let not_found = || Refusal::new(Code::EvidenceNotFound);
    visit.path("nth").parse().ok().filter(|nth| *nth > 0).ok_or_else(not_found)
}

impl FilePage {
    fn of(page: &Page, case: &CaseView, row: &EvidenceRow, eyes: Eyes, sight: Sight) -> Self {
        let may_write = page.person.as_ref().is_some_and(|who| who.permissions.contains(&Permission::RefundDecide));
        let refund = &case.story.view.refund;
        let files = files::cards(page, case, eyes);
        let is_seen = row.may_be_seen(eyes.has_scanner);
        let href = files::address(case, row);
        Self {
            refund_id: refund.refund_id.to_string(),
            case_href: format!("/desk/refunds/{}", refund.refund_id),
            nth: files::nth(row),
            place: page.t2("desk-evidence-place", "nth", files::nth(row), "count", files.len()),
            name: files::name(page, row),
            scan: ScanTag::of(page, row),
            picture: is_seen.then(|| Picture::of(page, row, &href, sight)),
            notices: notices(page, case, row, eyes),
            neighbours: Neighbours::of(page, &files, files::nth(row)),
            facts: facts(page, case, row),
            openers: openers(page, case, row),
            alt: row.alt.clone(),
            may_write: may_write && row.erased_at.is_none(),
            unreadable: row.unreadable.is_some(),
            may_ask: may_write && refund.state == State::Requested,
            page: page.clone(),
            faults: Faults::none(),
            href,
            files,
        }
    }
}

impl Sight {
    /// What was asked for, as far as the file has it.
    fn asked(visit: &Visit, row: &EvidenceRow) -> Self {
        let (degrees, page) = (visit.query("rot"), visit.query("page"));
        let view = View::asked(None, degrees.as_deref(), page.as_deref());
        let zoom = visit.query("zoom").and_then(|text| text.parse().ok()).unwrap_or(1);
        Self { zoom: u16::clamp(zoom, 1, ZOOM_MAX), turn: view.turn, page: view.page.min(pages_drawn(row)) }
    }

    /// The page at this address seen so; what holds without being said is not.
    fn address(self, href: &str) -> String {
        let said = [
            (self.page > 1).then(|| format!("page={}", self.page)),
            (self.turn != Turn::None).then(|| format!("rot={}", self.turn.degrees())),
            (self.zoom > 1).then(|| format!("zoom={}", self.zoom)),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        let mark = if said.is_empty() { "" } else { "?" };
        format!("{href}{mark}{}#view", said.join("&"))
    }
}

impl Picture {
    fn of(page: &Page, row: &EvidenceRow, href: &str, sight: Sight) -> Self {
        let width = WIDTH.saturating_mul(sight.zoom);
        let src = format!("{href}/image?w={width}&rot={}&page={}", sight.turn.degrees(), sight.page);
        let address = |sight: Sight| sight.address(href);
        let zoomed = |zoom| address(Sight { zoom, ..sight });
        let is_whole = sight.zoom == 1 && sight.turn == Turn::None;
        let drawn = pages_drawn(row);
        let at = |number: u32| address(Sight { page: number, ..sight });
        let link = |number: u32| PageLink {
            href: at(number),
            number: page.lang().number(i64::from(number)),
            current: number == sight.page,
        };
        Self {
            src,
            alt: files::alt(page, row),
            zoom: sight.zoom,
            turned: address(Sight { turn: sight.turn.further(), ..sight }),
            larger: (sight.zoom < ZOOM_MAX).then(|| zoomed(sight.zoom + 1)),
            smaller: (sight.zoom > 1).then(|| zoomed(sight.zoom - 1)),
            whole: (!is_whole).then(|| address(Sight { zoom: 1, turn: Turn::None, ..sight })),
            pages: if drawn > 1 { (1..=drawn).map(link).collect() } else { Vec::new() },
            turns: ((sight.page > 1).then(|| at(sight.page - 1)), (sight.page < drawn).then(|| at(sight.page + 1))),
            more: (row.looks.pages > drawn)
                .then(|| page.t2("desk-evidence-more-pages", "drawn", drawn, "pages", row.looks.pages)),
        }
    }
}

impl Neighbours {
    fn of(page: &Page, files: &[FileCard], nth: i64) -> Self {
        let at = |wanted: i64| files.iter().find(|card| card.nth == wanted).and_then(|card| card.href.clone());
        // The arrows lead the way that the line runs.
        let (before_key, after_key) =
            if page.dir() == "rtl" { ("ArrowRight", "ArrowLeft") } else { ("ArrowLeft", "ArrowRight") };
        Self { before: at(nth - 1), after: at(nth + 1), before_key, after_key }
    }
}

fn pages_drawn(row: &EvidenceRow) -> u32 {
    row.looks.pages.clamp(1, PAGES_MAX)
}

/// Why it is not shown, where it is not, and what colleagues found.
fn notices(page: &Page, case: &CaseView, row: &EvidenceRow, eyes: Eyes) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut tell = |kind, text| notices.push(Notice { kind, text });
    match row.scan {
        _ if row.erased_at.is_some() => tell("info", page.t("desk-evidence-erased")),
        Scan::Infected => tell("failure", page.t("desk-evidence-infected")),
        Scan::Pending => tell("info", page.t("desk-evidence-pending")),
        Scan::Unscanned if eyes.has_scanner => tell("info", page.t("desk-evidence-pending")),
        Scan::Unscanned => tell("info", page.t("desk-evidence-unscanned")),
        Scan::Clean => {}
    }
    if let Some((by, at)) = &row.unreadable {
        let (name, at) = (who(page, case, by), page.lang().datetime(*at));
        tell("warning", page.t2("desk-evidence-unreadable-by", "name", name, "at", at));
    }
    notices
}

fn facts(page: &Page, case: &CaseView, row: &EvidenceRow) -> Vec<Fact> {
    let lang = page.lang();
    let moment = |id: &str, at| Fact::new(&lang, id, Value::Moment(Moment::of(&lang, at)));
    let mut facts = vec![Fact::words(&lang, "desk-evidence-type", row.kind.as_str().to_uppercase())];
    if let Some((width, height)) = row.looks.width.zip(row.looks.height) {
        let pixels = page.t2("desk-evidence-pixels", "width", width, "height", height);
        facts.push(Fact::words(&lang, "desk-evidence-measures", pixels));
    }
    if row.kind == Kind::Pdf {
        facts.push(Fact::words(&lang, "desk-evidence-pages", lang.number(i64::from(row.looks.pages))));
    }
    facts.push(Fact::words(&lang, "desk-evidence-size", size_words(&lang, row.size_bytes)));
    facts.push(Fact::words(&lang, "desk-evidence-scan", ScanTag::of(page, row).word));
    facts.extend(row.scan_found.clone().map(|found| Fact::words(&lang, "desk-evidence-found", found)));
    facts.extend(row.scanned_at.map(|at| moment("desk-evidence-scanned", at)));
    facts.push(Fact::words(&lang, "desk-evidence-giver", who(page, case, &row.owner)));
    facts.push(moment("desk-evidence-given", row.attached_at.unwrap_or(row.created_at)));
    facts.extend(row.looks.taken.clone().map(|taken| Fact::words(&lang, "desk-evidence-taken", taken)));
    facts.extend(row.erased_at.map(|at| moment("desk-evidence-erased-at", at)));
    facts.push(Fact::new(&lang, "desk-evidence-digest", Value::Id(row.sha256.clone())));
    facts
}

/// Everybody who has opened the file, in the order in which they did first.
fn openers(page: &Page, case: &CaseView, row: &EvidenceRow) -> Vec<Opener> {
    let opened = || case.looks.iter().filter(|look| look.evidence_id == row.evidence_id && look.manner.opens());
    let mut people: Vec<&str> = Vec::new();
    for look in opened() {
        if !people.contains(&look.principal.as_str()) {
            people.push(&look.principal);
        }
    }
    let opener = |principal: &&str| {
        let first = case.opened_at(&row.evidence_id, principal)?;
        let theirs = opened().filter(|look| look.principal == **principal);
        let seen = theirs.filter(|look| look.manner == Manner::Page).count();
        let extent =
            (row.looks.pages > 1).then(|| page.t2("desk-evidence-pages-seen", "seen", seen, "pages", row.looks.pages));
        Some(Opener { name: who(page, case, principal), first: Moment::of(&page.lang(), first), extent })
    };
    people.iter().filter_map(opener).collect()
}
