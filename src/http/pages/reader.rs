//! Who reads, before anything is known of what they read: language, colours, and the token of their forms.
//!
//! A middleware establishes it once for each request, from cookies, query and session, and writes the cookies that are
//! new. Error pages use it too.

use actix_session::SessionExt;
use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, web};
use jiff::tz::TimeZone;

use super::frame::Page;
use super::site::Site;
use super::viewer::Viewer;
use super::{csrf, session};
use crate::domain::preferences::{Density, Theme};
use crate::http::edge::{Conversation, Edge};
use crate::l10n::{Locale, Wishes, negotiate};
use crate::services::refusal::{Code, Refusal};

const SEED: &str = "makegood_seed";
const LANGUAGE: &str = "makegood_lang";
const THEME: &str = "makegood_theme";
/// Where the session keeps the language of the account, or of the customer.
pub(super) const LOCALE_OF_ACCOUNT: &str = "locale";

/// The reader of one request.
#[derive(Clone, Debug)]
pub struct Reader {
    locale: Locale,
    theme: Theme,
    csrf: String,
}

/// Establishes the reader; runs inside the session's middleware.
pub async fn establish(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let (site, edge) = shared(request.request())?;
    let asked = asked_language(request.query_string(), !edge.live);
    let seed = request.cookie(SEED).map(|cookie| cookie.value().to_owned()).filter(|seed| csrf::is_seed(seed));
    let (seed, is_new) = seed.map_or_else(|| (csrf::random_word(), true), |seed| (seed, false));
    let reader = Reader::of(request.request(), &site, edge.live, asked, &seed);
    request.extensions_mut().insert(reader);

    let mut answer = next.call(request).await?;
    if is_new {
        set(&mut answer, Cookie::build(SEED, seed).http_only(true), edge.secure())?;
    }
    if let Some(locale) = asked {
        set(&mut answer, Cookie::build(LANGUAGE, locale.tag()).http_only(true), edge.secure())?;
    }
    Ok(answer)
}

/// Whether the reader has chosen a language on a page, now or before.
pub fn has_chosen_language(request: &HttpRequest) -> bool {
    request.cookie(LANGUAGE).is_some() || asked_language(request.query_string(), true).is_some()
}

/// The cookie that keeps the reader's colours.
pub fn theme_cookie(theme: Theme, secure: bool) -> Cookie<'static> {
    let cookie = Cookie::build(THEME, theme.as_str()).path("/").same_site(SameSite::Lax).secure(secure);
    cookie.http_only(true).permanent().finish()
}

/// The cookie that ends the reader's choice of a language in this browser.
pub fn no_language_cookie(secure: bool) -> Cookie<'static> {
    let mut cookie = Cookie::build(LANGUAGE, "").path("/").same_site(SameSite::Lax).secure(secure).finish();
    cookie.make_removal();
    cookie
}

/// The frame of a page for this request. Nobody is signed in until somebody says so.
pub fn page(request: &HttpRequest) -> Result<Page, Refusal> {
    let (site, edge) = shared(request)?;
    let known = request.extensions().get::<Reader>().cloned();
    // Where no middleware ran, nothing lives: only an error is told there, whose forms the browser's seed is enough for.
    let reader = known.unwrap_or_else(|| {
        let seed = request.cookie(SEED).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
        Reader::of(request, &site, edge.live, asked_language(request.query_string(), !edge.live), &seed)
    });
    let viewer = Viewer::of_request(request);
    let chosen = viewer.person().map(|present| &present.user.preferences);
    Ok(Page {
        l10n: std::sync::Arc::clone(&edge.l10n),
        locale: reader.locale,
        offers_pseudo: reader.locale.is_pseudo(),
        theme: chosen.map_or(reader.theme, |chosen| chosen.theme),
        density: chosen.map_or(Density::Cozy, |chosen| chosen.density),
        single_keys: chosen.is_none_or(|chosen| chosen.single_keys),
        zone: chosen.and_then(|chosen| TimeZone::get(&chosen.time_zone).ok()).unwrap_or(TimeZone::UTC),
        environment: site.environment,
        path: request.path().to_owned(),
        query: request.query_string().to_owned(),
        csrf: reader.csrf,
        flash: None,
        correlation_id: Conversation::of(request).correlation_id.to_string(),
        person: None,
        faulty: false,
    })
}

/// What pages and all requests share, as it was handed to the server.
pub fn shared(request: &HttpRequest) -> Result<(web::Data<Site>, web::Data<Edge>), Refusal> {
    let site = request.app_data::<web::Data<Site>>().cloned();
    let edge = request.app_data::<web::Data<Edge>>().cloned();
    site.zip(edge).ok_or_else(|| Refusal::new(Code::Internal).because("the pages are not set up"))
}

impl Reader {
    /// The token that forms of this reader must carry.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    fn of(request: &HttpRequest, site: &Site, live: bool, asked: Option<Locale>, seed: &str) -> Self {
        let state = request.get_session();
        let kept = request.cookie(LANGUAGE).map(|cookie| cookie.value().to_owned());
        let account = session::get(&state, LOCALE_OF_ACCOUNT);
        let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let wishes = Wishes {
            query: asked.map(Locale::tag).or(kept.as_deref()),
            account: account.as_deref(),
            accept_language: accepted,
            ..Wishes::default()
        };
        let theme = request.cookie(THEME).map_or(Theme::Auto, |cookie| Theme::from_word(cookie.value()));
        Self {
            locale: negotiate(wishes, !live),
            theme,
            csrf: csrf::token(&site.keys.forms, seed, &session::word(&state)),
        }
    }
}

/// The language that the query asks for, where it is one that can be chosen.
fn asked_language(query: &str, allow_pseudo: bool) -> Option<Locale> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("lang="))?;
    let locale = Locale::from_tag(value)?;
    Locale::offered(allow_pseudo).find(|offered| *offered == locale)
}

fn set(
    answer: &mut ServiceResponse<impl MessageBody>,
    cookie: actix_web::cookie::CookieBuilder<'_>,
    secure: bool,
) -> Result<(), Error> {
    let cookie = cookie.path("/").same_site(SameSite::Lax).secure(secure).finish();
    Ok(answer.response_mut().add_cookie(&cookie)?)
}
