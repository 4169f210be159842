//! Sample screens of evidence.

use askama::Template;

use super::customer::evidence::{AddPage, EvidencePage, FileItem};
use super::customer::step::{Step, StepName};
use super::faults::Faults;
use super::frame::Page;

/// The screens, by name.
pub(super) fn screens(page: &Page) -> Vec<(&'static str, String)> {
    vec![
        ("evidence", evidence(&page.clone().with_faults(), true)),
        ("evidence-none", evidence(page, false)),
        ("evidence-more", more(page)),
    ]
}

/// Files as their giver sees them.
pub(super) fn files(page: &Page) -> Vec<FileItem> {
    let file = |id: &str, name: &str, trouble: Option<String>| FileItem {
        id: id.to_owned(),
        name: name.to_owned(),
        about: page.t2(
            "customer-evidence-about",
            "kind",
            "JPEG",
            "size",
            page.t1("customer-evidence-megabytes", "size", 2_i64),
        ),
        alt: "The lid, in two halves".to_owned(),
        trouble,
    };
    let infected = page.t("field-evidence-infected");
    vec![
        file("ev_01KAQ7W3H5M2ZX0D9V4T8C1B6A", "lid <b>.jpg", None),
        file("ev_01KAQ7W3H5M2ZX0D9V4T8C1B6B", "x.png", Some(infected)),
    ]
}

fn hint(page: &Page) -> String {
    page.t2("customer-evidence-hint", "files", 5_i64, "size", 10_i64)
}

fn evidence(page: &Page, some: bool) -> String {
    let mut faults = Faults::none();
    if some {
        let why = page.t("field-evidence-heic");
        faults.add("file", page.t2("customer-evidence-fault", "file", "photo.heic", "why", why));
    }
    let screen = EvidencePage {
        page: page.clone(),
        step: Step::new(StepName::Evidence, StepName::of_order(true), "1042"),
        faults,
        files: if some { files(page) } else { Vec::new() },
        hint: hint(page),
        has_room: true,
        accepted: "image/jpeg",
    };
    screen.render().unwrap()
}

fn more(page: &Page) -> String {
    let screen = AddPage {
        page: page.clone(),
        refund_id: "rf_01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned(),
        faults: Faults::none(),
        files: files(page),
        hint: hint(page),
        has_room: false,
        accepted: "image/jpeg",
    };
    screen.render().unwrap()
}
