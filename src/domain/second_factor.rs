//! The second factor: a secret shared with an app on a person's telephone, and the six digits that both make of it every
//! 30 seconds (TOTP, RFC 6238); and the codes for the day when the telephone is gone.
//!
//! Pure: what the time is, and which steps were used up, are parameters.

use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

/// Who the app says that the code is for.
const ISSUER: &str = "Makegood";
/// Letters of a recovery code, without those that are taken for each other: 32, so that each carries five whole bits.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Letters between two hyphens of a recovery code.
const GROUP: usize = 5;

/// Wrong codes in a row after which only recovery codes are taken. Source: NIST SP 800-63B, section 5.2.2.
pub const WRONG_CODES_MAX: i64 = 100;
/// Recovery codes that a person is given.
pub const RECOVERY_CODES: usize = 10;

/// The shared secret: 160 bits, as RFC 4226 recommends.
#[derive(Clone)]
pub struct SharedSecret(Zeroizing<[u8; SharedSecret::BYTES]>);

impl SharedSecret {
    /// Length in bytes.
    pub const BYTES: usize = 20;

    /// The secret made of these random bytes.
    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The secret of a row that was opened; nothing where the length is another.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        <[u8; Self::BYTES]>::try_from(bytes).ok().map(Self::from_bytes)
    }

    /// The bytes, to be sealed and nothing else.
    pub fn reveal(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The secret as people type it into an app that has no camera, in groups of four.
    pub fn to_words(&self, account: &str) -> String {
        let text = self.totp(account).secret().to_base32();
        let letters: Vec<char> = text.chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// The address that an app reads from the square of dots; nothing where none can be made.
    pub fn to_address(&self, account: &str) -> Option<String> {
        self.totp(account).to_url().ok()
    }

    /// The step in which the code is right at this second: the current one or one of its neighbours, and later than the
    /// last that was used. A code that was used, or is older than one that was, is wrong.
    pub fn step_of(&self, code: &str, now_s: u64, last_step: i64) -> Option<i64> {
        let step = i64::try_from(self.totp("").check(code, now_s)?).ok()?;
        (step > last_step).then_some(step)
    }

    /// The code of this second.
    pub fn code_at(&self, now_s: u64) -> String {
        self.totp("").generate(now_s).to_string()
    }

    fn totp(&self, account: &str) -> Totp {
        // A colon parts issuer and account in the address.
        let account = account.replace(':', " ");
        Builder::new()
            .with_secret(self.reveal())
            .with_skew(1)
            .with_issuer(Some(ISSUER))
            .with_account_name(account)
            .build_noncompliant()
    }
}

/// A code as it was typed, without what people put between the digits.
pub fn typed_code(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect::<String>().to_uppercase()
}

/// Whether a typed code can be one of the app's, and not a recovery code.
pub fn is_six_digits(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// A recovery code made of random bytes: 100 bits, in groups that can be read aloud.
pub fn recovery_code(random: [u8; 20]) -> String {
    let letters = random.map(|byte| {
        let place = usize::from(byte) % ALPHABET.len();
        ALPHABET.get(place).copied().map_or('A', char::from)
    });
    letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> SharedSecret {
        SharedSecret::from_bytes(*b"12345678901234567890")
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, SHA-1: the last six of the eight digits printed there.
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            assert_eq!(secret().code_at(second), code);
        }
    }

    #[test]
    fn a_code_counts_once_and_no_earlier_one_after_it() {
        let now = 1_111_111_109;
        let step = secret().step_of("081804", now, 0).unwrap();
        assert_eq!(step, 1_111_111_109 / 30);
        assert_eq!(secret().step_of("081804", now, step), None);
        let before = secret().code_at(now - 30);
        assert_eq!(secret().step_of(&before, now, 0), Some(step - 1));
        assert_eq!(secret().step_of(&before, now, step), None);
        assert_eq!(secret().step_of(&secret().code_at(now - 90), now, 0), None);
        for wrong in ["", "12345", "1234567", "abcdef", "０８１８０４"] {
            assert_eq!(secret().step_of(wrong, now, 0), None, "{wrong}");
        }
    }

    #[test]
    fn the_address_names_product_and_account() {
        let address = secret().to_address("ana:x@desk.example").unwrap();
        assert!(address.starts_with("otpauth://totp/Makegood:"), "{address}");
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") && address.contains("issuer=Makegood"));
        assert_eq!(secret().to_words("a"), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    #[test]
    fn recovery_codes_are_read_as_they_are_told() {
        let code = recovery_code([7; 20]);
        assert_eq!(code, "HHHHH-HHHHH-HHHHH-HHHHH");
        assert_eq!(typed_code(" hhhhh hhhhh-HHHHH hhhhh "), code.replace('-', ""));
        assert!(
            is_six_digits(&typed_code("123 456")) && !is_six_digits("12345a") && !is_six_digits(&typed_code(&code))
        );
    }
}
