//! Passwords: which are good enough, and their hashes.
//!
//! Hashing costs memory and time on purpose, so only a few run at once: a flood of sign-ins waits, and the rest of the
//! desk goes on.

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::refusal::{Code, Refusal};

/// Memory in KiB, passes and lanes of argon2id: the first choice of the OWASP password storage cheat sheet.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes at once; each holds its memory.
const AT_ONCE: usize = 2;
static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// Verified against where there is no password, so that the answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bWFrZWdvb2Qtbm9ib2R5$3ZbFyYJ7q1vB0zP5cyl1vHQ1y0CqWvJXk5c0O6m2p1E";

/// Characters of a password at least. Source: OWASP ASVS 5.0, 6.2.1 recommends 15 and asks for 8.
pub const LENGTH_MIN: usize = 12;
/// Characters of a password at most, so that nobody lets us hash a book.
pub const LENGTH_MAX: usize = 256;

/// Why a password is not good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer than [`LENGTH_MIN`] characters.
    Short,
    /// More than [`LENGTH_MAX`] characters.
    Long,
    /// One that is tried first: a common one, a pattern, or made of what everybody knows of the person.
    Guessable,
}

/// Judges a new password; `known` is what others know of the person, such as their name and address.
pub fn judge(password: &str, known: &[&str]) -> Result<(), Weakness> {
    let length = password.chars().count();
    if length < LENGTH_MIN {
        return Err(Weakness::Short);
    }
    if length > LENGTH_MAX {
        return Err(Weakness::Long);
    }
    let parts = known.iter().flat_map(|text| text.split(['@', '.', ' ', '-', '_']));
    let known: Vec<&str> = known.iter().copied().chain(parts).chain(["makegood", "refund"]).collect();
    let estimate = zxcvbn::zxcvbn(password, &known);
    if estimate.score() < zxcvbn::Score::Three { Err(Weakness::Guessable) } else { Ok(()) }
}

/// The hash of a password, in the PHC form.
pub async fn hash(password: &str) -> Result<String, Refusal> {
    let password = password.to_owned();
    in_turn(move || {
        let salt = SaltString::generate(&mut OsRng);
        let hash = hasher()?.hash_password(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).map_err(|error| Refusal::new(Code::Internal).because(error))
    })
    .await?
}

/// Whether the password belongs to the hash. Where there is no hash it does not, and that takes as long.
pub async fn verify(password: &str, hash: Option<&str>) -> Result<bool, Refusal> {
    let known = hash.filter(|hash| PasswordHash::new(hash).is_ok());
    let (password, is_known) = (password.to_owned(), known.is_some());
    let hash = known.unwrap_or(NOBODY).to_owned();
    Ok(in_turn(move || matches(&password, &hash)).await? && is_known)
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    let turn = TURNS.acquire().await.map_err(|error| Refusal::new(Code::Internal).because(error))?;
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| Refusal::new(Code::Internal).because(error));
    drop(turn);
    done
}

fn matches(password: &str, hash: &str) -> bool {
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

    #[tokio::test]
    async fn a_password_opens_its_own_hash_only() {
        let hash = hash("correct horse").await.unwrap();
        assert!(verify("correct horse", Some(&hash)).await.unwrap());
        assert!(!verify("correct horse ", Some(&hash)).await.unwrap());
        assert!(PasswordHash::new(NOBODY).is_ok());
        for nothing in [None, Some(""), Some("nonsense")] {
            assert!(!verify("", nothing).await.unwrap());
        }
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        let judge = |password: &str| judge(password, &["Amina Hassan", "amina.hassan@desk.example"]);
        assert_eq!(judge("correct horse battery staple"), Ok(()));
        assert_eq!(judge("كلمة سر طويلة لا يعرفها أحد"), Ok(()));
        assert_eq!(judge("elevenchars"), Err(Weakness::Short));
        assert_eq!(judge(&"ab1".repeat(100)), Err(Weakness::Long));
        for common in ["password1234", "qwertyuiop12", "aaaaaaaaaaaa", "123456789012", "Amina Hassan", "makegood2026"] {
            assert_eq!(judge(common), Err(Weakness::Guessable), "{common}");
        }
    }
}
