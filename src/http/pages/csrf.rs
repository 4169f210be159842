//! The token of forms: a double submit, bound to browser and session.
//!
//! A browser gets a random seed in a cookie that scripts cannot read. A form carries the seed's keyed digest together
//! with the session's own random word, so that a token from before signing in, from another browser or from another
//! session is worth nothing. No row is written for readers who only look.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Random bytes of a seed and of a session's word.
const RANDOM_BYTES: usize = 18;

/// A new random word, safe in cookies.
pub fn random_word() -> String {
    let mut bytes = [0; RANDOM_BYTES];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether a cookie's value can be one of our seeds.
pub fn is_seed(value: &str) -> bool {
    URL_SAFE_NO_PAD.decode(value).is_ok_and(|bytes| bytes.len() == RANDOM_BYTES)
}

/// The token for this browser and session; `session` is empty where nobody is signed in.
pub fn token(key: &[u8; 32], seed: &str, session: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(key, &[seed.as_bytes(), b"|", session.as_bytes()]))
}

/// Whether a form carries the right token.
pub fn holds(expected: &str, given: &str) -> bool {
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}

/// HMAC-SHA256 over the parts.
pub(super) fn digest(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(place, byte)| *place = *byte);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_one_browser_and_one_session() {
        let key = [7; 32];
        let (seed, other) = (random_word(), random_word());
        assert!(is_seed(&seed) && seed != other && !is_seed("") && !is_seed("a|b") && !is_seed(&seed[1..]));
        let good = token(&key, &seed, "word");
        assert!(holds(&good, &token(&key, &seed, "word")));
        for wrong in
            [token(&key, &seed, ""), token(&key, &other, "word"), token(&[8; 32], &seed, "word"), String::new()]
        {
            assert!(!holds(&good, &wrong));
        }
    }
}
