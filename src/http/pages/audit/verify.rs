//! Whether the trail is untouched: every record, every seal and every state change is read, and the first that is wrong is
//! named. The same as `makegood audit verify`.

use actix_web::HttpResponse;
use askama::Template;
use tokio::sync::Semaphore;

use crate::domain::audit::Hash;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Fact, Notice, Value};
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, refused, shown};
use crate::services::refusal::Refusal;
use crate::services::verify_audit::{Trail, verify_audit};

/// It reads all there is, so one at a time is enough.
static TURN: Semaphore = Semaphore::const_new(1);

/// The page.
#[derive(Template)]
#[template(path = "audit/verify.html")]
pub struct Verify {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// The head that was typed.
    pub head: String,
    /// That somebody else is at it.
    pub is_busy: bool,
    /// What was found.
    pub found: Option<Verdict>,
}

/// What was found.
pub struct Verdict {
    /// Whether it is untouched.
    pub notice: Notice,
    /// What was read.
    pub facts: Vec<Fact>,
    /// What is wrong, the first of it; in English, as at the shell.
    pub faults: Vec<String>,
    /// That there is more, in a sentence.
    pub more: Option<String>,
}

/// Shows the form.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    shown(&screen(visit.page.clone(), Faults::none(), String::new(), false, None), &visit.page)
}

/// Reads the whole trail and tells.
pub async fn verify(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let head = form.trimmed("head").to_owned();
    let since: Option<Hash> = match head.as_str() {
        "" => None,
        typed => match typed.parse() {
            Ok(hash) => Some(hash),
            Err(_) => {
                let mut faults = Faults::none();
                faults.add("head", visit.page.t("audit-head-wrong"));
                let page = visit.page.clone().with_faults();
                return refused(&screen(page.clone(), faults, head, false, None), &page);
            }
        },
    };
    let Ok(_turn) = TURN.try_acquire() else {
        return shown(&screen(visit.page.clone(), Faults::none(), head, true, None), &visit.page);
    };
    let trail = verify_audit(&visit.desk, &context, since).await?;
    let verdict = Verdict::of(&visit.page, &trail);
    shown(&screen(visit.page.clone(), Faults::none(), head, false, Some(verdict)), &visit.page)
}

fn screen(page: Page, faults: Faults, head: String, is_busy: bool, found: Option<Verdict>) -> Verify {
    Verify { page, faults, head, is_busy, found }
}

impl Verdict {
    /// What was found, in words.
    pub fn of(page: &Page, trail: &Trail) -> Self {
        let lang = page.lang();
        let number =
            |name: &str, count: u64| Fact::words(&lang, name, lang.number(i64::try_from(count).unwrap_or(i64::MAX)));
        let faults: Vec<String> = trail.faults.named().iter().map(ToString::to_string).collect();
        let named = u64::try_from(faults.len()).unwrap_or(u64::MAX);
        let more = trail.faults.total().saturating_sub(named);
        let (kind, id) = if trail.faults.is_clean() {
            ("success", "audit-verify-clean")
        } else {
            ("failure", "audit-verify-touched")
        };
        Self {
            notice: Notice { kind, text: page.t(id) },
            facts: vec![
                number("audit-verify-records", trail.records),
                number("audit-verify-seals", trail.seals),
                number("audit-verify-unsealed", trail.unsealed),
                number("audit-verify-transitions", trail.transitions),
                Fact::new(&lang, "audit-head", Value::Id(trail.head.to_string())),
            ],
            faults,
            more: (more > 0).then(|| page.t1("audit-verify-more", "count", more)),
        }
    }
}
