//! The letters of one refund, in both directions of writing, and the link by which customers sign in.

use anyhow::{Context as _, Result, ensure};
use makegood::mail::{Folder, Kept};

use crate::browser::Browser;
use crate::bundle::Bundle;
use crate::exchange::REDACTED;
use crate::story::{CANARY, Order, Stage};

/// What a refund's customer is told when all goes well, in order. Source: SPEC section 11.
const KINDS: [&str; 4] = ["received", "approved", "submitted", "completed"];

/// Letters that are looked through; more than a run writes.
const LETTERS_MAX: usize = 1_000;

const LINK: &str = "/refunds/verify/";

/// Lets one refund run in each language, and keeps what its customer was told.
pub(crate) async fn write(bundle: &Bundle, stage: &mut Stage) -> Result<()> {
    stage.begin("letters", "The letters of one refund");
    for (tag, number, name, item) in
        [("en", "2000", "Ada Moreau", "Blue lamp"), ("ar", "2001", "عمر الحسن", "مصباح أزرق")]
    {
        let order = Order {
            items: vec![(item.to_owned(), 10_000)],
            customer: (format!("{CANARY}.letters.{tag}"), name.to_owned(), tag.to_owned()),
            ..Order::new(number, "pending_then_succeeded")
        };
        let id = stage.refund(&order, None, "not_received").await?;
        stage.shop.until(&id, "completed", None).await?;
        let told = stage.eventually("the refund's last letter", |stage| all_of(stage, &id)).await?;
        let browser = Browser::open().await?;
        for (number, letter) in told.iter().enumerate() {
            let (path, number) = (format!("letters/{tag}/{}-{}", number + 1, letter.kind), number + 1);
            let direction = if tag == "ar" { "dir=\"rtl\"" } else { "dir=\"ltr\"" };
            ensure!(letter.html.contains(direction), "letter {number} in {tag} is not {direction}");
            let meaning = format!("{} ({tag})", letter.subject);
            bundle.write(
                &format!("{path}.txt"),
                &meaning,
                format!("{}\n\n{}", letter.subject, redacted(&letter.text)),
            )?;
            bundle.write(&format!("{path}.html"), &meaning, redacted(&letter.html))?;
            if letter.kind == "completed" {
                let page = format!("{}/dev/mail/{}/html", stage.desk.base, letter.id);
                bundle.write(&format!("{path}.png"), &meaning, browser.picture_of(&page, 680).await?)?;
            }
        }
        browser.close().await?;
    }
    stage.verdict("letters", format!("{} in en and ar, each once, as text and HTML", KINDS.join(", ")));
    Ok(())
}

/// Where the link leads that was sent to this address last.
pub(crate) async fn sign_in_path(stage: &Stage, email: &str) -> Result<String> {
    stage
        .eventually("the letter with the link", |stage| {
            let letters = newest(stage).ok()?;
            let letter = letters.iter().find(|letter| letter.to == email && letter.text.contains(LINK))?;
            let place = letter.text.find(LINK)?;
            letter.text.get(place..)?.split_whitespace().next().map(str::to_owned)
        })
        .await
}

/// The refund's letters in order, where all of them have come.
fn all_of(stage: &Stage, refund_id: &str) -> Option<Vec<Kept>> {
    let mut letters = newest(stage).ok()?;
    letters.retain(|letter| letter.refund_id == refund_id);
    letters.sort_by_key(|letter| KINDS.iter().position(|kind| *kind == letter.kind));
    letters.iter().map(|letter| letter.kind.as_str()).eq(KINDS).then_some(letters)
}

fn newest(stage: &Stage) -> Result<Vec<Kept>> {
    Folder::open(&stage.desk.letters())?.newest(LETTERS_MAX).context("the letters cannot be read")
}

/// A letter without the word that lets its reader in.
fn redacted(text: &str) -> String {
    let mut parts = text.split(LINK);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-' && letter != '_');
        let rest = part.get(end.unwrap_or(part.len())..).unwrap_or_default();
        whole.extend([LINK, REDACTED, rest]);
    }
    whole
}
