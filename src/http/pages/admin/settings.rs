//! Every setting of this process, and where it was said. Settings are changed where they are said, by whoever runs the desk;
//! secrets are masked.

use actix_web::HttpResponse;
use askama::Template;

use crate::config::Line;
use crate::http::pages::frame::Page;
use crate::http::pages::visit::{Visit, shown};
use crate::services::refusal::Refusal;

/// The page.
#[derive(Template)]
#[template(path = "admin/settings.html")]
pub struct Settings {
    /// The frame.
    pub page: Page,
    /// The settings, section by section.
    pub sections: Vec<Section>,
}

/// The settings of one section of the file.
pub struct Section {
    /// What stands before the dot; empty for those that have none.
    pub name: String,
    /// Id of its heading in the page.
    pub id: String,
    /// The settings.
    pub settings: Vec<Setting>,
}

/// A setting.
pub struct Setting {
    /// Its key.
    pub key: String,
    /// Its value; nothing where it is not set.
    pub value: Option<String>,
    /// Where it was said.
    pub origin: String,
    /// Whether nobody said it.
    pub is_default: bool,
}

/// Shows them.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    shown(&Settings::of(&visit.page, &visit.site.settings), &visit.page)
}

impl Settings {
    /// The page.
    pub fn of(page: &Page, lines: &[Line]) -> Self {
        let mut sections: Vec<Section> = Vec::new();
        for line in lines {
            let name = line.key.rsplit_once('.').map_or("", |(name, _)| name);
            let setting = Setting::of(page, line);
            match sections.iter_mut().find(|section| section.name == name) {
                Some(section) => section.settings.push(setting),
                None => {
                    let id = format!("section-{}", sections.len());
                    sections.push(Section { name: name.to_owned(), id, settings: vec![setting] });
                }
            }
        }
        Self { page: page.clone(), sections }
    }
}

impl Setting {
    fn of(page: &Page, line: &Line) -> Self {
        let is_default = line.origin == "default";
        Self {
            key: line.key.clone(),
            value: line.value.clone().filter(|value| !value.is_empty()),
            origin: match line.origin.as_str() {
                "default" => page.t("admin-settings-default"),
                "command line" => page.t("admin-settings-flag"),
                other => other.to_owned(),
            },
            is_default,
        }
    }
}
