//! Views that people keep: links beside the lists, and the page on which they are named, shared and forgotten.

use actix_web::HttpResponse;
use askama::Template;

use crate::domain::saved_view::{Address, BadView, NAME_LENGTH_MAX, Name};
use crate::http::limits::Work;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, refused, shown, to};
use crate::services::Context;
use crate::services::refusal::Refusal;
use crate::services::saved_views::{self, Change, Kept, Shown, may_share};

/// Where they are looked after.
const VIEWS: &str = "/desk/views";

/// Views as links beside a list.
pub struct Saved {
    /// The list as it stands, to be kept.
    pub here: String,
    /// Whether the reader may give it to everybody.
    pub may_share: bool,
    /// The views.
    pub links: Vec<Link>,
}

/// A view to choose.
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it is called.
    pub name: String,
    /// Whether it is what is shown.
    pub current: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/views.html")]
pub struct Views {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// What is to be kept.
    pub new: Typed,
    /// Whether the reader may give views to everybody.
    pub may_share: bool,
    /// The views.
    pub rows: Vec<Row>,
}

/// A view that is to be kept.
#[derive(Default)]
pub struct Typed {
    /// What it is to be called.
    pub name: String,
    /// Where it leads; empty where nothing is to be kept now.
    pub address: String,
    /// Whether it is for everybody.
    pub shared: bool,
}

/// A view as its row shows it.
pub struct Row {
    /// Its id.
    pub id: String,
    /// Where it leads.
    pub href: String,
    /// What it is called.
    pub name: String,
    /// Who sees it, and whose it is, in words.
    pub about: String,
    /// Whether it is for everybody.
    pub shared: bool,
    /// Whether the reader may change it.
    pub may_change: bool,
}

/// The views that are links beside a list.
pub async fn saved(visit: &Visit, context: &Context) -> Result<Saved, Refusal> {
    let found = saved_views::read(&visit.desk, context).await?;
    let here: Option<Address> = visit.page.here().parse().ok();
    let link = |shown: Shown| Link {
        current: here.as_ref() == Some(&shown.view.address),
        href: shown.view.address.to_string(),
        name: shown.view.name.to_string(),
    };
    let links = found.into_iter().map(link).collect();
    let here = here.as_ref().map(ToString::to_string).unwrap_or_default();
    Ok(Saved { here, may_share: may_share(context), links })
}

/// Shows them.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let screen = screen(&visit, Typed::default(), Faults::none()).await?;
    shown(&screen, &visit.page)
}

/// Keeps one.
pub async fn keep(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let typed = Typed {
        name: form.trimmed("name").to_owned(),
        address: form.get("address").to_owned(),
        shared: form.get("scope") == "team",
    };
    let mut faults = Faults::none();
    let name = typed.name.parse::<Name>().map_err(|bad| faults.add("name", bad_name(&visit.page, bad)));
    let address =
        typed.address.parse::<Address>().map_err(|_| faults.add("name", visit.page.t("queue-view-elsewhere")));
    let (Ok(name), Ok(address)) = (name, address) else {
        return refused(&screen(&visit, typed, faults).await?, &visit.page);
    };
    let lead = address.to_string();
    match saved_views::keep(&visit.desk, &context, name, address, typed.shared).await? {
        Kept::Yes => {
            visit.leave("success", &visit.page.t("queue-view-kept"))?;
            Ok(to(&lead))
        }
        Kept::TooMany => {
            faults.add("name", visit.page.t("queue-view-too-many"));
            refused(&screen(&visit, typed, faults).await?, &visit.page)
        }
    }
}

/// Renames one, and says who sees it.
pub async fn change(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    match form.trimmed("name").parse() {
        Ok(name) => {
            let change = Change::Write { name, shared: form.get("scope") == "team" };
            saved_views::change(&visit.desk, &context, &visit.path("view_id"), change).await?;
            visit.leave("success", &visit.page.t("queue-view-changed"))?;
        }
        Err(bad) => visit.leave("warning", &bad_name(&visit.page, bad))?,
    }
    Ok(to(VIEWS))
}

/// Forgets one.
pub async fn forget(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    saved_views::change(&visit.desk, &context, &visit.path("view_id"), Change::Forget).await?;
    visit.leave("success", &visit.page.t("queue-view-forgotten"))?;
    Ok(to(VIEWS))
}

fn bad_name(page: &Page, bad: BadView) -> String {
    match bad {
        BadView::Empty => page.t("queue-view-name-needed"),
        BadView::Long | BadView::Elsewhere => page.t1("queue-view-name-long", "most", NAME_LENGTH_MAX),
    }
}

async fn screen(visit: &Visit, new: Typed, faults: Faults) -> Result<Views, Refusal> {
    let context = visit.staff()?;
    let found = saved_views::read(&visit.desk, &context).await?;
    let page = if faults.is_empty() { visit.page.clone() } else { visit.page.clone().with_faults() };
    let rows = found.iter().map(|shown| Row::of(&page, shown)).collect();
    // What is no address of ours is not shown again as one.
    let address = new.address.parse::<Address>().map(|address| address.to_string()).unwrap_or_default();
    Ok(Views { page, faults, new: Typed { address, ..new }, may_share: may_share(&context), rows })
}

impl Row {
    fn of(page: &Page, shown: &Shown) -> Self {
        let view = &shown.view;
        Self {
            id: view.view_id.clone(),
            href: view.address.to_string(),
            name: view.name.to_string(),
            about: match (&shown.owner, view.shared) {
                (Some(owner), _) => page.t1("queue-view-of", "name", owner.as_str()),
                (None, true) => page.t("queue-view-own-shared"),
                (None, false) => page.t("queue-view-own"),
            },
            shared: view.shared,
            may_change: shown.may_change,
        }
    }
}
