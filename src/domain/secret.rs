//! Secrets: text and keys that do not show themselves and are wiped from memory when they go.
//!
//! Whoever holds one has to say [`Secret::reveal`] to read it, so that logs, errors and `{:?}` cannot. Where secrets
//! come from is the business of `config`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// What is shown in place of a secret.
pub const MASK: &str = "••••••";

/// A password, token or URL that carries one.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; the caller keeps no copy.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself, to be handed to whom it authenticates to and nowhere else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Takes as long for a near miss as for a far one.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// The desk's own key, 32 bytes, of which every other key is derived by purpose.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; SecretKey::BYTES]>);

/// The text is no key of 32 bytes in base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not 32 bytes in base64")]
pub struct NotAKey;

impl SecretKey {
    /// Length in bytes.
    pub const BYTES: usize = 32;

    /// The key made of these bytes.
    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads base64 in either alphabet, padded or not.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let bytes = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
            .iter()
            .find_map(|alphabet| alphabet.decode(text.trim()).ok())
            .map(Zeroizing::new)
            .ok_or(NotAKey)?;
        <[u8; Self::BYTES]>::try_from(bytes.as_slice()).map(Self::from_bytes).map_err(|_| NotAKey)
    }

    /// The key as [`SecretKey::parse`] reads it, for its file.
    pub fn to_base64(&self) -> Secret {
        Secret::new(STANDARD.encode(self.0.as_slice()))
    }

    /// The key for one purpose (`audit.seal`, `session.cookie`, …). A purpose never gets another's key, and none of them
    /// leads back to this one.
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; Self::BYTES]> {
        let mut mac = match Hmac::<Sha256>::new_from_slice(self.0.as_slice()) {
            Ok(mac) => mac,
            Err(never) => unreachable!("HMAC takes keys of any length: {never}"),
        };
        mac.update(b"makegood key v1\0");
        mac.update(purpose.as_bytes());
        Zeroizing::new(mac.finalize().into_bytes().into())
    }

    /// Eight letters by which two nodes can tell whether they share the key, and which tell nothing else about it.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.derive("fingerprint").as_slice());
        hex::encode(digest).chars().take(8).collect()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), "•••••• •••••• Some(••••••)");
        assert_eq!(secret.reveal(), "hunter2");
    }

    #[test]
    fn a_key_is_32_bytes_in_any_base64() {
        let key = SecretKey::from_bytes([0xFB; 32]);
        let text = key.to_base64();
        assert_eq!(SecretKey::parse(text.reveal()).unwrap().fingerprint(), key.fingerprint());
        let url_safe = text.reveal().replace('+', "-").replace('/', "_").replace('=', "");
        assert_eq!(SecretKey::parse(&url_safe).unwrap().fingerprint(), key.fingerprint());
        for text in ["", "short", "AAAA", &format!("{}AAAA", text.reveal()), "••••"] {
            assert!(SecretKey::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn purposes_have_keys_of_their_own() {
        let key = SecretKey::from_bytes([7; 32]);
        assert_eq!(key.derive("audit.seal"), key.derive("audit.seal"));
        assert_ne!(key.derive("audit.seal"), key.derive("session.cookie"));
        assert_ne!(key.derive("audit.seal"), SecretKey::from_bytes([8; 32]).derive("audit.seal"));
        assert_eq!(format!("{key:?}"), MASK);
    }
}
