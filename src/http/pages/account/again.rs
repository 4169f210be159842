//! A password asked for again, of somebody who is signed in and is about to change what protects them. Whoever found a
//! desk unlocked can guess here no faster than at the door.

use std::time::Instant;

use crate::http::edge::Conversation;
use crate::http::limits::SignIn;
use crate::http::pages::visit::Visit;
use crate::services::refusal::{Code, Refusal};
use crate::services::sign_in::{self, Present};

/// Characters of a password that are looked at.
const LENGTH_MAX: usize = 256;

/// What came of it.
pub(super) enum Again {
    /// It is theirs.
    Right,
    /// It is not.
    Wrong,
    /// It was tried too often.
    TooOften(Refusal),
}

/// Who is signed in.
pub(super) fn present(visit: &Visit) -> Result<Present, Refusal> {
    visit.viewer.person().cloned().ok_or_else(|| Refusal::new(Code::Authentication))
}

/// Checks the password of who is signed in.
pub(super) async fn password(visit: &Visit, present: &Present, password: &str) -> Result<Again, Refusal> {
    let account = format!("own {}", present.user.user_id);
    let who = SignIn { account: &account, address: Conversation::of(&visit.request).address, device: None };
    if let Err(refusal) = visit.edge.limits.sign_in_begun(&who, Instant::now()) {
        return Ok(Again::TooOften(refusal));
    }
    if password.chars().count() <= LENGTH_MAX && sign_in::is_own_password(&visit.desk, &present.user, password).await? {
        visit.edge.limits.sign_in_succeeded(&who);
        return Ok(Again::Right);
    }
    Ok(Again::Wrong)
}
