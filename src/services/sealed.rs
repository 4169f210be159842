//! Small secrets in rows: sealed under a key of their purpose and bound to whom they belong, so that a copy of the database
//! tells nothing, and a row that is moved to somebody else does not open.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, AeadCore, KeyInit, OsRng, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use zeroize::Zeroizing;

use super::refusal::{Code, Refusal};

/// Bytes of the nonce, which stands before what is sealed.
const NONCE_BYTES: usize = 12;

/// Seals a secret that belongs to `owner`.
pub(super) fn seal(key: &[u8; 32], owner: &str, plain: &[u8]) -> Result<String, Refusal> {
    let nonce = ChaCha20Poly1305::generate_nonce(&mut OsRng);
    let sealed = cipher(key)
        .encrypt(&nonce, Payload { msg: plain, aad: owner.as_bytes() })
        .map_err(|_| Refusal::new(Code::Internal).because("a secret could not be sealed"))?;
    Ok(STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
}

/// Opens what was sealed for `owner`.
pub(super) fn open(key: &[u8; 32], owner: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let closed = || Refusal::new(Code::Internal).because("a stored secret does not open; is the desk's key another?");
    let bytes = STANDARD_NO_PAD.decode(sealed).map_err(|_| closed())?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(closed)?;
    let plain = cipher(key).decrypt(Nonce::from_slice(nonce), Payload { msg: sealed, aad: owner.as_bytes() });
    plain.map(Zeroizing::new).map_err(|_| closed())
}

fn cipher(key: &[u8; 32]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(Key::from_slice(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_owner_under_its_key_only() {
        let sealed = seal(&[7; 32], "us_1", b"secret").unwrap();
        assert_eq!(open(&[7; 32], "us_1", &sealed).unwrap().as_slice(), b"secret");
        assert_ne!(sealed, seal(&[7; 32], "us_1", b"secret").unwrap());
        for (key, owner, text) in
            [([8; 32], "us_1", sealed.as_str()), ([7; 32], "us_2", &sealed), ([7; 32], "us_1", "AAAA")]
        {
            assert!(open(&key, owner, text).is_err());
        }
    }
}
