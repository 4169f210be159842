//! What every page knows before it knows its subject: language, theme, who is signed in, where one is, the token of its
//! forms, and what the last form did.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::domain::access::Permission;
use crate::domain::preferences::{Density, Theme};
use crate::l10n::{Args, IntoArg, L10n, Lang, Locale};

use super::parts::{Notice, term};
use crate::services::sign_in::Present;

/// The frame of one page. Templates ask it for every text.
#[derive(Clone)]
pub struct Page {
    pub(super) l10n: Arc<L10n>,
    pub(super) locale: Locale,
    pub(super) offers_pseudo: bool,
    /// Light, dark, or as the device is.
    pub theme: Theme,
    /// How close together rows stand.
    pub density: Density,
    /// Whether single keys are shortcuts.
    pub single_keys: bool,
    pub(super) zone: TimeZone,
    pub(super) environment: Environment,
    pub(super) path: String,
    pub(super) query: String,
    /// Goes into every form; another site cannot know it.
    pub csrf: String,
    /// What the last form did, told once.
    pub flash: Option<Notice>,
    /// Ties the page to log and trail.
    pub correlation_id: String,
    /// Who is signed in at the desk.
    pub person: Option<Person>,
    pub(super) faulty: bool,
}

/// Who is signed in at the desk.
#[derive(Clone, Debug)]
pub struct Person {
    /// How they are shown.
    pub name: String,
    /// Their roles in words.
    pub roles: String,
    /// What they may do.
    pub permissions: BTreeSet<Permission>,
}

impl Person {
    /// The person as pages of this frame show them.
    pub fn of(page: &Page, present: &Present) -> Self {
        let roles = present.user.roles.iter().map(|role| page.t(term("page-role-", role.as_str())));
        let listed = roles.reduce(|first, second| page.t2("page-role-list", "first", first, "second", second));
        Self {
            name: present.user.name.clone(),
            roles: listed.unwrap_or_default(),
            permissions: Permission::ALL.iter().copied().filter(|right| present.actor.may(*right)).collect(),
        }
    }
}

/// How serious it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Real money.
    Live,
    /// Somebody's trial.
    Test,
    /// Sample life in a throw-away folder.
    Demo,
}

/// An area of the desk in the navigation.
#[derive(Clone, Debug)]
pub struct Area {
    /// Where it is.
    pub href: &'static str,
    /// Name of its symbol.
    pub icon: &'static str,
    /// Its name.
    pub name: String,
    /// Whether this page belongs to it.
    pub current: bool,
}

/// An area, and who may enter it.
struct Place {
    below: &'static str,
    icon: &'static str,
    name: &'static str,
    /// Its pages in their order. The first that somebody may open is where the area begins.
    pages: &'static [AreaPage],
}

/// A page at the top of an area, and who may open it.
pub(super) struct AreaPage {
    /// Where it is.
    pub(super) href: &'static str,
    /// Id of its name.
    pub(super) name: &'static str,
    /// What opens it.
    pub(super) permission: Permission,
}

/// A page of the area in hand, as a tab.
#[derive(Clone, Debug)]
pub struct Tab {
    /// Where it is.
    pub href: &'static str,
    /// Its name.
    pub name: String,
    /// Whether it is shown.
    pub current: bool,
}

/// The areas in their order: Desk, Orders, Finance, Risk, Developers, Audit, Admin. One stands here once it has a page.
const AREAS: &[Place] = &[
    Place {
        below: "/desk",
        icon: "inbox",
        name: "page-nav-desk",
        pages: &[AreaPage { href: "/desk", name: "page-nav-desk", permission: Permission::RefundRead }],
    },
    Place {
        below: "/developers",
        icon: "code",
        name: "page-nav-developers",
        pages: &[AreaPage { href: "/developers/keys", name: "keys-title", permission: Permission::AdminRead }],
    },
    Place {
        below: "/audit",
        icon: "history",
        name: "page-nav-audit",
        pages: &[AreaPage { href: "/audit", name: "audit-title", permission: Permission::AuditRead }],
    },
    Place { below: "/admin", icon: "settings", name: "page-nav-admin", pages: super::admin::PAGES },
];

/// One of several choices in the footer.
#[derive(Clone, Debug)]
pub struct LanguageChoice {
    /// This page in that language.
    pub href: String,
    /// BCP 47.
    pub tag: &'static str,
    /// What the language calls itself.
    pub name: &'static str,
    /// Whether this page is in it.
    pub current: bool,
}

/// One of the themes in the footer.
#[derive(Clone, Debug)]
pub struct ThemeChoice {
    /// The word that is sent.
    pub word: &'static str,
    /// Its name.
    pub name: String,
    /// Whether this page is in it.
    pub current: bool,
}

impl Page {
    /// The language in hand.
    pub fn lang(&self) -> Lang<'_> {
        self.l10n.lang_in(self.locale, &self.zone)
    }

    /// The tag for the attribute `lang`.
    pub fn tag(&self) -> &'static str {
        self.locale.tag()
    }

    /// The direction for the attribute `dir`.
    pub fn dir(&self) -> &'static str {
        self.locale.dir()
    }

    /// The text of this id.
    pub fn t(&self, id: impl AsRef<str>) -> String {
        self.lang().t(id.as_ref())
    }

    /// The text of this id with one value.
    pub fn t1(&self, id: &str, name: &'static str, value: impl IntoArg) -> String {
        self.lang().t1(id, name, value)
    }

    /// The text of this id with two values.
    pub fn t2(
        &self,
        id: &str,
        name: &'static str,
        value: impl IntoArg,
        other: &'static str,
        also: impl IntoArg,
    ) -> String {
        self.lang().t2(id, name, value, other, also)
    }

    /// The text of this id for `<title>`, which says first where a form has an error.
    pub fn title(&self, id: impl AsRef<str>) -> String {
        self.titled(self.lang().plain(id.as_ref(), &Args::new()))
    }

    /// The text of this id with one value, for `<title>`.
    pub fn title_with(&self, id: &str, name: &'static str, value: impl IntoArg) -> String {
        self.titled(self.lang().plain(id, &Args::new().with(name, value)))
    }

    /// The product's name, which ends every `<title>`.
    pub fn product(&self) -> String {
        self.lang().plain("shell-product", &Args::new())
    }

    fn titled(&self, title: String) -> String {
        if self.faulty { self.lang().plain("shell-error-title", &Args::new().with("title", title)) } else { title }
    }

    /// The same page with a form that was not accepted.
    #[must_use]
    pub fn with_faults(mut self) -> Self {
        self.faulty = true;
        self
    }

    /// Where the brand leads.
    pub fn home(&self) -> &'static str {
        if self.person.is_some() { "/desk" } else { "/refunds" }
    }

    /// This page's own address, path and query.
    pub fn here(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }

    /// The languages to choose from, each with this page's address in it.
    pub fn languages(&self) -> Vec<LanguageChoice> {
        Locale::offered(self.offers_pseudo)
            .map(|locale| LanguageChoice {
                href: self.address_in(locale),
                tag: locale.tag(),
                name: locale.name(),
                current: locale == self.locale,
            })
            .collect()
    }

    fn address_in(&self, locale: Locale) -> String {
        let kept = self.query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
        let own = format!("lang={}", locale.tag());
        let query: Vec<&str> = kept.chain([own.as_str()]).collect();
        format!("{}?{}", self.path, query.join("&"))
    }

    /// The themes to choose from.
    pub fn themes(&self) -> Vec<ThemeChoice> {
        Theme::ALL
            .iter()
            .map(|theme| ThemeChoice {
                word: theme.as_str(),
                name: self.t(format!("shell-theme-{}", theme.as_str())),
                current: *theme == self.theme,
            })
            .collect()
    }

    /// The areas that this person may enter; those that they may not are absent.
    pub fn areas(&self) -> Vec<Area> {
        let entered = AREAS.iter().filter_map(|area| self.open_to(area).next().map(|page| (area, page.href)));
        entered
            .map(|(area, href)| Area {
                href,
                icon: area.icon,
                name: self.t(area.name),
                current: self.is_below(area.below),
            })
            .collect()
    }

    /// The pages of the area in hand that this person may open.
    pub fn tabs(&self) -> Vec<Tab> {
        let here = AREAS.iter().filter(|area| self.is_below(area.below));
        let tab = |page: &AreaPage| Tab { href: page.href, name: self.t(page.name), current: self.is_below(page.href) };
        here.flat_map(|area| self.open_to(area)).map(tab).collect()
    }

    fn open_to(&self, area: &'static Place) -> impl Iterator<Item = &'static AreaPage> {
        let may =
            |page: &&AreaPage| self.person.as_ref().is_some_and(|person| person.permissions.contains(&page.permission));
        area.pages.iter().filter(may)
    }

    /// Whether this page belongs to what lies at an address.
    pub fn is_below(&self, address: &str) -> bool {
        self.path.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// What the ribbon says; nothing where money is real.
    pub fn environment_name(&self) -> Option<String> {
        match self.environment {
            Environment::Live => None,
            Environment::Test => Some(self.t("shell-environment-test")),
            Environment::Demo => Some(self.t("shell-environment-demo")),
        }
    }

    /// Version of the desk.
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_address_in_another_language_keeps_the_rest_of_the_query() {
        let mut page = sample::page(Locale::En);
        page.path = "/desk".to_owned();
        page.query = "state=failed&lang=en".to_owned();
        assert_eq!(page.address_in(Locale::Ar), "/desk?state=failed&lang=ar");
        page.query = String::new();
        assert_eq!(page.address_in(Locale::Ar), "/desk?lang=ar");
    }

    #[test]
    fn a_form_with_faults_says_so_in_the_title() {
        let page = sample::page(Locale::En).with_faults();
        assert!(page.title("customer-start-title").contains("Ask for a refund"));
        assert_ne!(page.title("customer-start-title"), "Ask for a refund");
    }
}
