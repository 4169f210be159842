//! The screens: one customer's way from the start to the end, in two languages and directions, and the desk's side of it.

use anyhow::{Context as _, Result, ensure};

use crate::browser::Browser;
use crate::bundle::Bundle;
use crate::letters;
use crate::story::{CANARY, Order, Stage};

/// A language with what its customer buys and writes.
struct Tongue {
    tag: &'static str,
    dir: &'static str,
    name: &'static str,
    /// What the numbers of its customer's orders begin with.
    orders: &'static str,
    items: [&'static str; 2],
    note: &'static str,
}

const TONGUES: [Tongue; 2] = [
    Tongue {
        tag: "en",
        dir: "ltr",
        name: "Ada Moreau",
        orders: "21",
        items: ["Blue lamp", "Lamp shade"],
        note: "It arrived with a crack along the base.",
    },
    Tongue {
        tag: "ar",
        dir: "rtl",
        name: "عمر الحسن",
        orders: "22",
        items: ["مصباح أزرق", "غطاء مصباح"],
        note: "وصل المصباح وفي قاعدته شرخ.",
    },
];

/// Where the customers' refunds stand when they are photographed.
struct Standing {
    requested: String,
    completed: String,
    failed: String,
}

/// Photographs everything. The processor leaves what is pending pending for as long as this takes.
pub(crate) async fn all(bundle: &Bundle, stage: &mut Stage) -> Result<()> {
    stage.begin("screens", "What the screens show");
    let mut pictures = 0;
    for tongue in &TONGUES {
        let order = order(tongue, 1, "pending_then_succeeded");
        stage.push(&order).await?;
        let standing = standing(stage, tongue).await?;
        let album = Album { bundle, tongue };
        let customer = Browser::open().await?;
        pictures += way(&album, stage, &customer, &order).await?;
        for (number, name, id) in [
            (7, "status-requested", &standing.requested),
            (9, "status-refunded", &standing.completed),
            (10, "status-failed", &standing.failed),
        ] {
            customer.go(&format!("{}/refunds/r/{id}", stage.desk.base)).await?;
            customer.wait_for("#status").await?;
            pictures += album.keep(&customer, number, name).await?;
        }
        stage.secrets.extend(customer.cookies().await?);
        customer.close().await?;
        let senior = Browser::open().await?;
        pictures += desk(&album, stage, &senior, &standing.requested).await?;
        stage.secrets.extend(senior.cookies().await?);
        senior.close().await?;
    }
    stage.verdict(
        "screens",
        format!("{pictures} pictures: en (LTR) and ar (RTL), light and dark, 1280 and 390 px; none scrolls sideways"),
    );
    Ok(())
}

fn order(tongue: &Tongue, number: u32, mode: &str) -> Order {
    let [first, second] = tongue.items;
    Order {
        items: vec![(first.to_owned(), 6_400), (second.to_owned(), 3_600)],
        customer: (format!("{CANARY}.{}", tongue.tag), tongue.name.to_owned(), tongue.tag.to_owned()),
        note: tongue.note.to_owned(),
        ..Order::new(&format!("{}{number:02}", tongue.orders), mode)
    }
}

/// Refunds of the same customer that wait, arrived, and failed.
async fn standing(stage: &mut Stage, tongue: &Tongue) -> Result<Standing> {
    let requested = stage.refund(&order(tongue, 2, "succeeded"), Some(2_500), "goodwill").await?;
    let completed = stage.refund(&order(tongue, 3, "succeeded"), Some(3_600), "not_received").await?;
    let failed = stage.refund(&order(tongue, 4, "failed"), Some(6_400), "quality").await?;
    stage.shop.until(&completed, "completed", None).await?;
    stage.shop.until(&failed, "failed", None).await?;
    Ok(Standing { requested, completed, failed })
}

/// From the start to a request that is under way, as a customer with a browser and a mailbox.
async fn way(album: &Album<'_>, stage: &mut Stage, browser: &Browser, order: &Order) -> Result<usize> {
    let mut pictures = 0;
    browser.go(&format!("{}/refunds?lang={}", stage.desk.base, album.tongue.tag)).await?;
    pictures += album.keep(browser, 1, "start").await?;
    browser.fill("[name=order_id]", &order.id).await?;
    browser.fill("[name=email]", &order.email()).await?;
    browser.press("main .button.primary").await?;
    let path = letters::sign_in_path(stage, &order.email()).await?;
    stage.secrets.push(path.rsplit('/').next().unwrap_or_default().to_owned());
    browser.go(&format!("{}{path}", stage.desk.base)).await?;
    browser.press("main .button.primary").await?;
    pictures += album.keep(browser, 2, "order").await?;
    browser.press("main .button.primary").await?;
    browser.press_all("input[name=line]:not(:checked)").await?;
    pictures += album.keep(browser, 3, "ask-items").await?;
    browser.press("main .button.primary").await?;
    browser.press_all("input[name=reason][value=quality]").await?;
    browser.fill("[name=note]", album.tongue.note).await?;
    pictures += album.keep(browser, 4, "ask-reason").await?;
    browser.press("main .button.primary").await?;
    pictures += album.keep(browser, 5, "ask-amount").await?;
    browser.press("main .button.primary").await?;
    // Nothing is shown: the question for evidence can be passed.
    browser.press("main .button.primary").await?;
    pictures += album.keep(browser, 6, "ask-check").await?;
    browser.press("main .button.primary").await?;
    let path = browser.path().await?;
    let id = path.strip_prefix("/refunds/r/").with_context(|| format!("asking led to {path}"))?.to_owned();
    stage.shop.until(&id, "provider_pending", None).await?;
    browser.go(&format!("{}{path}", stage.desk.base)).await?;
    pictures += album.keep(browser, 8, "status-processing").await?;
    Ok(pictures)
}

/// The desk's side: what waits, every refund, and a request that waits for a decision.
async fn desk(album: &Album<'_>, stage: &Stage, browser: &Browser, refund_id: &str) -> Result<usize> {
    let (email, password) = &stage.sign_in;
    browser.go(&format!("{}/login?lang={}", stage.desk.base, album.tongue.tag)).await?;
    let mut pictures = album.keep(browser, 11, "staff-sign-in").await?;
    browser.fill("[name=email]", email).await?;
    browser.fill("[name=password]", password).await?;
    browser.press("main .button.primary").await?;
    for (number, name, page, shown) in [
        (12, "staff-queue", "/desk/queue".to_owned(), format!("a[href*=\"{refund_id}\"]")),
        (13, "staff-refunds", "/desk/refunds".to_owned(), format!("a[href*=\"{refund_id}\"]")),
        (14, "staff-refund", format!("/desk/refunds/{refund_id}"), "form[action$=\"/decide\"]".to_owned()),
        (
            15,
            "staff-decide",
            format!("/desk/refunds/{refund_id}/decide?v=approve"),
            "form[action$=\"/decision\"]".to_owned(),
        ),
    ] {
        browser.go(&format!("{}{page}", stage.desk.base)).await?;
        browser.wait_for(&shown).await?;
        pictures += album.keep(browser, number, name).await?;
    }
    Ok(pictures)
}

/// Where the pictures of one language go.
struct Album<'a> {
    bundle: &'a Bundle,
    tongue: &'a Tongue,
}

impl Album<'_> {
    /// Keeps the page that is open, in every window and scheme.
    async fn keep(&self, browser: &Browser, number: u32, name: &str) -> Result<usize> {
        let Tongue { tag, dir, .. } = self.tongue;
        let spoken =
            browser.script("return [document.documentElement.lang, document.documentElement.dir].join()").await?;
        ensure!(spoken == format!("{tag},{dir}"), "{name} is in {spoken}, not in {tag},{dir}");
        let shots = browser.shots().await?;
        let title = browser.text("h1").await?;
        for shot in &shots {
            let path = format!("screens/{tag}/{number:02}-{name}-{}-{}.png", shot.scheme, shot.width);
            self.bundle.write(
                &path,
                &format!("{title} ({tag}, {dir}, {}, {} px)", shot.scheme, shot.width),
                &shot.png,
            )?;
        }
        Ok(shots.len())
    }
}
