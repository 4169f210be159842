//! API keys: whose they are, what they are for, when they were used; made, given a new text, revoked. A text is shown once.
//!
//! A key made here belongs to its maker, and can do no more than they can.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use askama::Template;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::domain::access::{Permission, Scope};
use crate::domain::id::TokenId;
use crate::http::edge;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Choice, Moment};
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, refused, shown, to};
use crate::http::problem::field_detail;
use crate::services::Context;
use crate::services::refusal::{Code, Refusal};
use crate::services::tokens::{self, NAME_LENGTH_MAX, NewToken, TOKEN_PREFIX, TokenView};

/// Where they are.
const HERE: &str = "/developers/keys";
/// How long a key may work, in days, the usual first; 0 is without end.
const DAYS: [i64; 4] = [90, 30, 365, 0];
/// How long the text before works after a rotation, in hours, the usual first.
const OVERLAP_HOURS: [i64; 4] = [24, 1, 168, 0];

/// The list.
#[derive(Template)]
#[template(path = "developers/keys.html")]
pub struct Keys {
    /// The frame.
    pub page: Page,
    /// Keys that work.
    pub keys: Vec<KeyItem>,
    /// Keys that do not any more.
    pub over: Vec<KeyItem>,
    /// Whether this person may change anything.
    pub may_change: bool,
}

/// A key in the list.
pub struct KeyItem {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The start of its text; empty where it is not known.
    pub prefix: String,
    /// Whose it is.
    pub owner: String,
    /// What it is for.
    pub scopes: Vec<&'static str>,
    /// When it was used last.
    pub used: Option<Moment>,
    /// When it ends.
    pub ends: Option<Moment>,
    /// Until when the text before works, where it still does.
    pub overlap: Option<String>,
    /// Whether who looks may give it a new text.
    pub may_rotate: bool,
    /// Why it does not work any more.
    pub over: Option<String>,
}

/// The form for a new one.
#[derive(Template)]
#[template(path = "developers/key-new.html")]
pub struct KeyNew {
    /// The frame.
    pub page: Page,
    /// What is wrong with it.
    pub faults: Faults,
    /// The name that was typed.
    pub typed: String,
    /// What it can be for.
    pub scopes: Vec<ScopeChoice>,
    /// How long it can work.
    pub ends: Vec<Choice>,
}

/// A scope to give.
pub struct ScopeChoice {
    /// Id of the field; the first one's is that of the group.
    pub field: String,
    /// The word that is sent.
    pub word: &'static str,
    /// What it allows.
    pub about: String,
    /// Whether it is given.
    pub chosen: bool,
}

/// A key's text, shown once.
#[derive(Template)]
#[template(path = "developers/key-shown.html")]
pub struct KeyShown {
    /// The frame.
    pub page: Page,
    /// What it is called.
    pub name: String,
    /// The text.
    pub text: String,
    /// The same as a file of variables, as the address of a download.
    pub file: String,
    /// Until when the one before works, in a sentence, where there was one.
    pub overlap: Option<String>,
}

/// What is about to be done with a key.
#[derive(Template)]
#[template(path = "developers/key-act.html")]
pub struct KeyAct {
    /// The frame.
    pub page: Page,
    /// What it is called.
    pub name: String,
    /// Where the form is sent.
    pub action: String,
    /// How long the text before can work; none where it is revoked.
    pub overlaps: Vec<Choice>,
}

/// Shows the list.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let found = tokens::all_tokens(&visit.desk, &context).await?;
    let items = found.into_iter().map(|view| KeyItem::of(&visit.page, &context, view));
    let (over, keys): (Vec<KeyItem>, Vec<KeyItem>) = items.partition(|item| item.over.is_some());
    let may_change = context.actor.may(Permission::Operate);
    shown(&Keys { page: visit.page.clone(), keys, over, may_change }, &visit.page)
}

/// Shows the form for a new one.
pub async fn ask_new(visit: Visit) -> Result<HttpResponse, Refusal> {
    let screen = new_screen(&visit, visit.page.clone(), Faults::none(), String::new(), &BTreeSet::new(), "90")?;
    shown(&screen, &visit.page)
}

/// Makes one and shows its text.
pub async fn create(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let name = form.trimmed("name").to_owned();
    let scopes: BTreeSet<Scope> = form.all("scopes").filter_map(|word| word.parse().ok()).collect();
    let mut faults = Faults::none();
    if name.is_empty() {
        faults.add("name", visit.page.t("keys-name-empty"));
    } else if name.chars().count() > NAME_LENGTH_MAX || name.chars().any(char::is_control) {
        faults.add("name", visit.page.t1("account-name-long", "most", NAME_LENGTH_MAX));
    }
    if scopes.is_empty() {
        faults.add("scopes", visit.page.t("keys-scopes-none"));
    }
    if faults.is_empty() {
        let text = format!("{TOKEN_PREFIX}{}", edge::secret());
        let expires_at = ends_at(form.get("ends"), context.now);
        let new = NewToken { name: name.clone(), scopes: scopes.clone(), owner: None, expires_at, text: text.clone() };
        match tokens::create_own_token(&visit.desk, &context, new).await {
            Ok(_) => {
                return shown(&KeyShown::of(&visit, name, text, None), &visit.page);
            }
            Err(refusal) if refusal.errors.is_empty() => return Err(refusal),
            Err(refusal) => {
                refusal.errors.iter().for_each(|error| faults.add("name", field_detail(error, visit.page.lang())));
            }
        }
    }
    let page = visit.page.clone().with_faults();
    refused(&new_screen(&visit, page.clone(), faults, name, &scopes, form.get("ends"))?, &page)
}

/// Asks how long the text before is to work.
pub async fn ask_rotate(visit: Visit) -> Result<HttpResponse, Refusal> {
    act_screen(&visit, "rotate", OVERLAP_HOURS.map(|hours| hours_choice(&visit.page, hours)).into()).await
}

/// Gives a key a new text and shows it.
pub async fn rotate(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let hours = OVERLAP_HOURS.into_iter().find(|hours| hours.to_string() == form.get("overlap")).unwrap_or(0);
    let text = format!("{TOKEN_PREFIX}{}", edge::secret());
    let overlap = SignedDuration::from_hours(hours);
    let token = tokens::rotate_token(&visit.desk, &context, &token_id(&visit)?, &text, overlap).await?;
    visit.edge.tokens.forget();
    let until = context.now.checked_add(overlap).unwrap_or(context.now);
    let lang = visit.page.lang();
    let overlap = Some(match hours {
        0 => visit.page.t("keys-overlap-none-left"),
        _ => visit.page.t1("keys-overlap-until", "until", lang.datetime_with_zone(until)),
    });
    shown(&KeyShown::of(&visit, token.name, text, overlap), &visit.page)
}

/// Asks whether to revoke a key.
pub async fn ask_revoke(visit: Visit) -> Result<HttpResponse, Refusal> {
    act_screen(&visit, "revoke", Vec::new()).await
}

/// Revokes a key, at once.
pub async fn revoke(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let token = tokens::revoke_token(&visit.desk, &visit.staff()?, &token_id(&visit)?).await?;
    visit.edge.tokens.forget();
    visit.leave("success", &visit.page.t1("keys-revoked", "name", token.name))?;
    Ok(to(HERE))
}

fn token_id(visit: &Visit) -> Result<TokenId, Refusal> {
    TokenId::parse(&visit.path("token_id")).map_err(|_| Refusal::new(Code::PathNotFound))
}

async fn act_screen(visit: &Visit, act: &str, overlaps: Vec<Choice>) -> Result<HttpResponse, Refusal> {
    let (context, token_id) = (visit.staff()?, token_id(visit)?);
    let token = tokens::token(&visit.desk, &context, &token_id).await?;
    if !overlaps.is_empty() && !tokens::may_rotate(&context.actor.principal, &token) {
        return Err(Refusal::new(Code::Scope));
    }
    let action = format!("{HERE}/{token_id}/{act}");
    shown(&KeyAct { page: visit.page.clone(), name: token.name, action, overlaps }, &visit.page)
}

fn new_screen(
    visit: &Visit,
    page: Page,
    faults: Faults,
    name: String,
    chosen: &BTreeSet<Scope>,
    ends: &str,
) -> Result<KeyNew, Refusal> {
    let actor = visit.staff()?.actor;
    let allowed = Scope::ALL.iter().filter(|scope| actor.may_give(**scope));
    let scopes = allowed.enumerate().map(|(index, scope)| ScopeChoice::of(&page, index, *scope, chosen)).collect();
    let ends = DAYS.map(|days| {
        let words = if days == 0 { page.t("keys-ends-never") } else { page.t1("keys-ends-days", "days", days) };
        Choice::new(days, words, days.to_string() == ends)
    });
    Ok(KeyNew { page, faults, typed: name, scopes, ends: ends.into() })
}

impl KeyShown {
    fn of(visit: &Visit, name: String, text: String, overlap: Option<String>) -> Self {
        let file = file_address(&visit.edge.public_url, &text);
        Self { page: visit.page.clone(), name, text, file, overlap }
    }
}

/// The file that a key is kept in, as an address that holds all of it: nothing of it travels, and no page is asked for it.
pub fn file_address(public_url: &str, text: &str) -> String {
    let file = format!("MAKEGOOD_URL={public_url}\nMAKEGOOD_TOKEN={text}\n");
    format!("data:text/plain;charset=utf-8,{}", utf8_percent_encode(&file, NON_ALPHANUMERIC))
}

impl ScopeChoice {
    /// A scope among others.
    pub fn of(page: &Page, index: usize, scope: Scope, chosen: &BTreeSet<Scope>) -> Self {
        Self {
            field: if index == 0 { "scopes".to_owned() } else { format!("scopes-{index}") },
            word: scope.as_str(),
            about: page.t(format!("access-scope-{}", scope.as_str().replace(':', "-"))),
            chosen: chosen.contains(&scope),
        }
    }
}

fn hours_choice(page: &Page, hours: i64) -> Choice {
    let words = if hours == 0 { page.t("keys-overlap-none") } else { page.t1("keys-overlap-hours", "hours", hours) };
    Choice::new(hours, words, OVERLAP_HOURS.first() == Some(&hours))
}

/// When a key ends that works so many days from now; a word that is none of ours is the usual time.
fn ends_at(days: &str, now: Timestamp) -> Option<Timestamp> {
    let usual = DAYS.first().copied().unwrap_or(0);
    let days = DAYS.into_iter().find(|known| known.to_string() == days).unwrap_or(usual);
    (days > 0).then(|| now.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX))
}

impl KeyItem {
    fn of(page: &Page, context: &Context, view: TokenView) -> Self {
        let lang = page.lang();
        let token = view.token;
        let ended = token.expires_at.is_some_and(|end| end <= context.now);
        let over = match (token.revoked_at, ended) {
            (Some(at), _) => Some(page.t1("keys-over-revoked", "at", lang.datetime(at))),
            (None, true) => Some(page.t("keys-over-ended")),
            (None, false) => None,
        };
        let overlap = token.previous.as_ref().map(|(_, until)| *until).filter(|until| *until > context.now);
        Self {
            id: token.token_id.to_string(),
            may_rotate: over.is_none() && tokens::may_rotate(&context.actor.principal, &token),
            owner: view.owner_name.unwrap_or_else(|| page.t("keys-owner-none")),
            scopes: token.scopes.iter().map(|scope| scope.as_str()).collect(),
            used: token.last_used_at.map(|at| Moment::of(&lang, at)),
            ends: token.expires_at.map(|at| Moment::of(&lang, at)),
            overlap: overlap.map(|until| page.t1("keys-overlap-until", "until", lang.datetime(until))),
            over,
            name: token.name,
            prefix: token.prefix,
        }
    }
}
