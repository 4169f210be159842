//! Signing in at the desk: a password check that takes the same time for everybody, known or not.

use std::sync::Arc;

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use crate::domain::access::{Actor, Principal};
use crate::domain::id::UserId;
use crate::store::people::{self, UserRow};

/// Memory in KiB, passes and lanes of argon2id: the first choice of the OWASP password storage cheat sheet.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Verified against where no such person exists, so that the answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bWFrZWdvb2Qtbm9ib2R5$3ZbFyYJ7q1vB0zP5cyl1vHQ1y0CqWvJXk5c0O6m2p1E";

/// Checks address and password; nothing where they do not belong together, whatever is wrong with them.
pub async fn check_password(
    desk: &Arc<Desk>,
    context: &Context,
    email: &str,
    password: &str,
) -> Result<Option<UserRow>, Refusal> {
    let email = email.to_owned();
    let user = desk.db.read(move |conn| Ok::<_, Refusal>(people::find_user_by_email(conn, &email)?)).await?;
    let hash = user.as_ref().map_or_else(|| NOBODY.to_owned(), |user| user.password_hash.clone());
    let password = password.to_owned();
    let matches = tokio::task::spawn_blocking(move || verify(&password, &hash))
        .await
        .map_err(|error| Refusal::new(Code::Internal).because(error))?;
    let user = user.filter(|user| matches && user.active);
    let mint = context.mint();
    let (context, signed_in) = (context.clone(), user.as_ref().map(|user| user.user_id.clone()));
    if let Some(user_id) = signed_in {
        desk.db
            .write(move |tx| {
                let actor = Principal::User(user_id.clone());
                let cause = Cause { context: &context, actor, reason: "password", note: None };
                moves::audit(tx, &mut mint.clone(), &cause, "user.sign_in", &format!("user:{user_id}"), None, None)?;
                Ok::<_, Refusal>(())
            })
            .await?;
    }
    Ok(user)
}

/// The person as an actor with the roles that they have now; nothing where they were suspended since they signed in.
pub async fn actor_of(desk: &Arc<Desk>, user_id: &UserId) -> Result<Option<(Actor, UserRow)>, Refusal> {
    let user_id = user_id.clone();
    let user = desk.db.read(move |conn| Ok::<_, Refusal>(people::find_user(conn, &user_id)?)).await?;
    Ok(user.filter(|user| user.active).map(|user| (Actor::user(user.user_id.clone(), user.roles.clone()), user)))
}

/// The hash of a password, in the PHC form. Takes tens of milliseconds and megabytes, on purpose.
pub fn hash_password(password: &str) -> Result<String, Refusal> {
    let salt = SaltString::generate(&mut OsRng);
    let hash = hasher()?.hash_password(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| Refusal::new(Code::Internal).because(error))
}

fn verify(password: &str, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    hasher().is_ok_and(|hasher| hasher.verify_password(password.as_bytes(), &parsed).is_ok())
}

fn hasher() -> Result<Argon2<'static>, Refusal> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| Refusal::new(Code::Internal).because(error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_its_own_hash_only() {
        let hash = hash_password("correct horse").unwrap();
        assert!(verify("correct horse", &hash));
        assert!(!verify("correct horse ", &hash));
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert!(!verify("", NOBODY));
    }
}
