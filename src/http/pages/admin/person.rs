//! Somebody who works here: what they are, and what can be done about them. Nobody changes what they themselves may do.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::people::{role_words, state_words};
use crate::domain::access::{Permission, Principal, Role};
use crate::domain::id::UserId;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Choice, Fact, Moment, Value, term};
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, shown, to, written};
use crate::http::problem::{self, field_detail};
use crate::services::people::{self, Claims, PersonDetails};
use crate::services::refusal::{Code, Refusal};
use crate::services::sign_in::UserRow;

/// The page.
#[derive(Template)]
#[template(path = "admin/person.html")]
pub struct PersonPage {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// Why it was not done, where the form was right.
    pub trouble: Option<String>,
    /// Who it is.
    pub person: Somebody,
    /// What they can be.
    pub roles: Vec<RoleChoice>,
}

/// Somebody who works here.
pub struct Somebody {
    /// Their id.
    pub id: String,
    /// What they are called.
    pub name: String,
    /// Where they stand, where that is not simply that they work here.
    pub state: Option<String>,
    /// The facts.
    pub facts: Vec<Fact>,
    /// The version that was seen.
    pub version: i64,
    /// Whether they may sign in.
    pub active: bool,
    /// Whether they have no password yet.
    pub invited: bool,
    /// Whether they have a second factor.
    pub has_second_factor: bool,
    /// Whether who looks may change anything about them.
    pub may_change: bool,
    /// Whether it is who looks.
    pub is_self: bool,
}

/// A role to give.
pub struct RoleChoice {
    /// Id of the field; the first one's is that of the group.
    pub field: String,
    /// The word that is sent.
    pub word: &'static str,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// Whether it is given.
    pub chosen: bool,
}

impl RoleChoice {
    /// All roles.
    pub fn all(page: &Page, chosen: &BTreeSet<Role>) -> Vec<Self> {
        let choice = |(index, role): (usize, &Role)| Self {
            field: if index == 0 { "roles".to_owned() } else { format!("roles-{role}") },
            word: role.as_str(),
            name: page.t(term("page-role-", role.as_str())),
            about: page.t(term("admin-role-", role.as_str())),
            chosen: chosen.contains(role),
        };
        Role::ALL.iter().enumerate().map(choice).collect()
    }
}

/// Whether to suspend somebody.
#[derive(Template)]
#[template(path = "admin/suspend.html")]
pub struct Suspend {
    /// The frame.
    pub page: Page,
    /// Who it is.
    pub name: String,
    /// Where they are.
    pub back: String,
    /// How many requests they hold, in a sentence, where they hold any.
    pub holds: Option<String>,
    /// Who can have these: nobody in particular, or a colleague.
    pub colleagues: Vec<Choice>,
}

/// Whether to take somebody's second factor away.
#[derive(Template)]
#[template(path = "admin/reset.html")]
pub struct Reset {
    /// The frame.
    pub page: Page,
    /// Who it is.
    pub name: String,
    /// Where they are.
    pub back: String,
}

/// Shows them.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    shown_with(&visit, StatusCode::OK, Faults::none(), None, None).await
}

/// Gives them other roles.
pub async fn change_roles(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let roles: BTreeSet<Role> = form.all("roles").filter_map(|word| word.parse().ok()).collect();
    let version = form.get("version").parse().unwrap_or(-1);
    let (context, user_id) = (visit.staff()?, user_id(&visit)?);
    let changed = people::change_roles(&visit.desk, &context, &user_id, roles.clone(), version).await;
    // Their tokens can do no more than they can.
    visit.edge.tokens.forget();
    told(&visit, changed, "admin-roles-changed", Some(roles)).await
}

/// Asks whether to suspend them, and who gets what they hold.
pub async fn ask_suspend(visit: Visit) -> Result<HttpResponse, Refusal> {
    let user_id = user_id(&visit)?;
    let found = people::person(&visit.desk, &visit.staff()?, &user_id).await?;
    let page = &visit.page;
    let nobody = Choice::new("", page.t("admin-suspend-put-back"), true);
    let colleague = |user: UserRow| {
        Choice::new(&user.user_id, page.t2("admin-colleague", "name", user.name, "email", user.email), false)
    };
    let colleagues = std::iter::once(nobody).chain(found.colleagues.into_iter().map(colleague)).collect();
    let screen = Suspend {
        name: found.view.user.name,
        back: address(&user_id),
        holds: (found.holds > 0).then(|| page.t1("admin-suspend-holds", "count", found.holds)),
        colleagues,
        page: page.clone(),
    };
    shown(&screen, page)
}

/// Suspends them, at once.
pub async fn suspend(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let claims = match form.get("colleague") {
        "" => Claims::PutBack,
        colleague => {
            let colleague = UserId::parse(colleague);
            Claims::HandOver(colleague.map_err(|_| Refusal::field(Code::Body, "colleague", "field-colleague"))?)
        }
    };
    let done = people::suspend(&visit.desk, &visit.staff()?, &user_id(&visit)?, claims).await;
    visit.edge.tokens.forget();
    told(&visit, done, "admin-suspended", None).await
}

/// Lets them in again.
pub async fn reactivate(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let done = people::reactivate(&visit.desk, &visit.staff()?, &user_id(&visit)?).await;
    told(&visit, done, "admin-reactivated", None).await
}

/// Ends their sessions.
pub async fn sign_out(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let done = people::sign_out_everywhere(&visit.desk, &visit.staff()?, &user_id(&visit)?).await;
    told(&visit, done, "admin-signed-out", None).await
}

/// Asks whether to take their second factor away.
pub async fn ask_reset(visit: Visit) -> Result<HttpResponse, Refusal> {
    let user_id = user_id(&visit)?;
    let name = people::person(&visit.desk, &visit.staff()?, &user_id).await?.view.user.name;
    shown(&Reset { page: visit.page.clone(), name, back: address(&user_id) }, &visit.page)
}

/// Takes their second factor away.
pub async fn reset(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let done = people::reset_second_factor(&visit.desk, &visit.staff()?, &user_id(&visit)?).await;
    told(&visit, done, "admin-factor-reset", None).await
}

/// The person that the path names; what cannot be one does not exist.
pub fn user_id(visit: &Visit) -> Result<UserId, Refusal> {
    UserId::parse(&visit.path("user_id")).map_err(|_| Refusal::new(Code::PathNotFound))
}

/// Where somebody is.
pub fn address(user_id: &UserId) -> String {
    format!("/admin/users/{user_id}")
}

async fn told(
    visit: &Visit,
    done: Result<(), Refusal>,
    said: &str,
    chosen: Option<BTreeSet<Role>>,
) -> Result<HttpResponse, Refusal> {
    let user_id = user_id(visit)?;
    let refusal = match done {
        Ok(()) => {
            let name = people::person(&visit.desk, &visit.staff()?, &user_id).await?.view.user.name;
            visit.leave("success", &visit.page.t1(said, "name", name))?;
            return Ok(to(&address(&user_id)));
        }
        Err(refusal) => refusal,
    };
    let mut faults = Faults::none();
    for error in &refusal.errors {
        faults.add("roles", field_detail(error, visit.page.lang()));
    }
    if !faults.is_empty() {
        return shown_with(visit, StatusCode::UNPROCESSABLE_ENTITY, faults, None, chosen).await;
    }
    if [Code::Version, Code::State].contains(&refusal.code) {
        let trouble = Some(visit.page.t("admin-overtaken"));
        return shown_with(visit, problem::status(&refusal), Faults::none(), trouble, None).await;
    }
    Err(refusal)
}

async fn shown_with(
    visit: &Visit,
    status: StatusCode,
    faults: Faults,
    trouble: Option<String>,
    chosen: Option<BTreeSet<Role>>,
) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let found = people::person(&visit.desk, &context, &user_id(visit)?).await?;
    let user = &found.view.user;
    let page = if faults.is_empty() { visit.page.clone() } else { visit.page.clone().with_faults() };
    let is_self = context.actor.principal == Principal::User(user.user_id.clone());
    let may_change = context.actor.may(Permission::Operate) && !is_self;
    let screen = PersonPage {
        faults,
        trouble,
        roles: RoleChoice::all(&page, chosen.as_ref().unwrap_or(&user.roles)),
        person: Somebody::of(&page, found, may_change, is_self),
        page: page.clone(),
    };
    written(status, &screen, &page)
}

impl Somebody {
    fn of(page: &Page, found: PersonDetails, may_change: bool, is_self: bool) -> Self {
        let lang = page.lang();
        let (user, has_second_factor) = (found.view.user, found.view.has_second_factor);
        let moment = |id: &str, at| Fact::new(&lang, id, Value::Moment(Moment::of(&lang, at)));
        let factor = page.t(if has_second_factor { "admin-factor-on" } else { "admin-factor-off" });
        let mut facts = vec![
            Fact::words(&lang, "account-login-email", user.email.clone()),
            Fact::words(&lang, "account-own-roles", role_words(page, user.roles.iter().copied())),
            Fact::words(&lang, "account-factor-title", factor),
            moment("admin-fact-added", user.created_at),
        ];
        facts.extend(user.signed_in_at.map(|at| moment("admin-fact-signed-in", at)));
        if found.holds > 0 {
            facts.push(Fact::words(&lang, "admin-fact-holds", lang.number(found.holds)));
        }
        facts.push(Fact::new(&lang, "admin-fact-id", Value::Id(user.user_id.to_string())));
        Self {
            id: user.user_id.to_string(),
            state: state_words(page, &user),
            facts,
            version: user.version,
            active: user.active,
            invited: user.password_hash.is_empty(),
            has_second_factor,
            may_change,
            is_self,
            name: user.name,
        }
    }
}
