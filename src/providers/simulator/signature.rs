//! Standard Webhooks signatures: `v1,` and the base64 of an HMAC-SHA256 over id, time stamp and raw body.
//!
//! The `standardwebhooks` crate signs. Checking stands here, because the crate's own check reads the system clock, and
//! ours is a parameter. Source: the Standard Webhooks specification; SPEC section 7.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use standardwebhooks::Webhook;
use subtle::{Choice, ConstantTimeEq as _};

use crate::domain::provider::Forged;

use super::super::headers::WebhookHeaders;
use crate::domain::secret::Secret;

/// The header with the event's id.
pub(super) const ID: &str = "webhook-id";
/// The header with the moment of sending, in seconds since 1970.
pub(super) const TIMESTAMP: &str = "webhook-timestamp";
/// The header with one or more signatures, separated by spaces.
pub(super) const SIGNATURE: &str = "webhook-signature";

/// How far a webhook's time stamp may be from now, in either direction. Source: SPEC section 7.
const TOLERANCE_S: i64 = 300;

/// What secrets begin with that are given in base64.
const SECRET_PREFIX: &str = "whsec_";

/// What signatures of the scheme that we know begin with.
const SCHEME: &str = "v1,";

/// The key that signs and checks.
pub(super) struct SigningKey(Webhook);

/// A webhook's id and time, once its signature was checked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Signed<'a> {
    pub(super) event_id: &'a str,
    pub(super) sent_at: Timestamp,
}

impl SigningKey {
    /// Reads `whsec_` and base64, or takes any other text as the key itself.
    pub(super) fn new(secret: &Secret) -> Result<Self, &'static str> {
        const WHY: &str = "is not usable; use whsec_ followed by base64, or any other text as it is";
        let key = match secret.reveal().strip_prefix(SECRET_PREFIX) {
            Some(encoded) => STANDARD.decode(encoded).map_err(|_| WHY)?,
            None => secret.reveal().as_bytes().to_vec(),
        };
        if key.is_empty() {
            return Err(WHY);
        }
        Webhook::from_bytes(key).map(Self).map_err(|_| WHY)
    }

    /// The signature header's value; nothing where the body is no text.
    pub(super) fn sign(&self, event_id: &str, sent_at_s: i64, body: &[u8]) -> Option<String> {
        self.0.sign(event_id, sent_at_s, body).ok()
    }

    /// Checks the signature over the bytes as they came, then how old it is.
    pub(super) fn verify<'a>(
        &self,
        headers: &'a WebhookHeaders,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Signed<'a>, Forged> {
        let event_id = headers.only(ID).ok_or(Forged::MissingHeader(ID))?;
        let sent_at_s = headers.only(TIMESTAMP).ok_or(Forged::MissingHeader(TIMESTAMP))?;
        let signatures = headers.only(SIGNATURE).ok_or(Forged::MissingHeader(SIGNATURE))?;
        // A dot in the id would let bytes move between id, time stamp and body under one signature.
        if event_id.is_empty() || event_id.contains('.') {
            return Err(Forged::BadSignature);
        }
        let sent_at_s: i64 = sent_at_s.parse().map_err(|_| Forged::BadSignature)?;
        let expected = self.sign(event_id, sent_at_s, body).ok_or(Forged::BadSignature)?;
        let known = signatures.split(' ').filter(|signature| signature.starts_with(SCHEME));
        let matches = known.fold(Choice::from(0), |any, given| any | given.as_bytes().ct_eq(expected.as_bytes()));
        if !bool::from(matches) {
            return Err(Forged::BadSignature);
        }
        let sent_at = Timestamp::from_second(sent_at_s).map_err(|_| Forged::BadSignature)?;
        if now.duration_since(sent_at).abs().as_secs() > TOLERANCE_S {
            return Err(Forged::Stale { tolerance_s: TOLERANCE_S });
        }
        Ok(Signed { event_id, sent_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Secret, id, time stamp, body and signature as the Standard Webhooks reference libraries publish them.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const EVENT: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const AT_S: i64 = 1_614_265_330;
    const BODY: &str = r#"{"test": 2432232314}"#;
    const GOLDEN: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn key(secret: &str) -> SigningKey {
        SigningKey::new(&Secret::new(secret.to_owned())).unwrap()
    }

    fn check(signature: &str, body: &[u8], now_s: i64) -> Result<(), Forged> {
        let headers = WebhookHeaders::new([(ID, EVENT), (TIMESTAMP, "1614265330"), (SIGNATURE, signature)]);
        key(SECRET).verify(&headers, body, Timestamp::from_second(now_s).unwrap()).map(drop)
    }

    #[test]
    fn f45_the_published_example_holds() {
        assert_eq!(key(SECRET).sign(EVENT, AT_S, BODY.as_bytes()).as_deref(), Some(GOLDEN));
        assert_eq!(check(GOLDEN, BODY.as_bytes(), AT_S), Ok(()));
    }

    #[test]
    fn f45_one_good_signature_among_several_is_enough() {
        let wrong = "v1,AAAASsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(check(&format!("{wrong} {GOLDEN}"), BODY.as_bytes(), AT_S), Ok(()));
        assert_eq!(check(&format!("v1a,abc {GOLDEN} {wrong}"), BODY.as_bytes(), AT_S), Ok(()));
        assert_eq!(check(wrong, BODY.as_bytes(), AT_S), Err(Forged::BadSignature));
    }

    #[test]
    fn f45_other_schemes_do_not_count() {
        let other = GOLDEN.replace("v1,", "v2,");
        for signature in [other.as_str(), "", "v1", "v1,", "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="] {
            assert_eq!(check(signature, BODY.as_bytes(), AT_S), Err(Forged::BadSignature), "{signature:?}");
        }
    }

    #[test]
    fn f45_every_byte_of_the_body_counts() {
        for body in ["{\"test\":2432232314}", "{\"test\": 2432232314}\n", "\u{feff}{\"test\": 2432232314}", ""] {
            assert_eq!(check(GOLDEN, body.as_bytes(), AT_S), Err(Forged::BadSignature), "{body:?}");
        }
        assert_eq!(check(GOLDEN, b"\xff\xfe", AT_S), Err(Forged::BadSignature));
    }

    #[test]
    fn f45_every_header_is_needed() {
        let all = [(ID, EVENT), (TIMESTAMP, "1614265330"), (SIGNATURE, GOLDEN)];
        let now = Timestamp::from_second(AT_S).unwrap();
        for missing in [ID, TIMESTAMP, SIGNATURE] {
            let headers = WebhookHeaders::new(all.into_iter().filter(|(name, _)| *name != missing));
            let refusal = key(SECRET).verify(&headers, BODY.as_bytes(), now).map(drop);
            assert_eq!(refusal, Err(Forged::MissingHeader(missing)));
        }
    }

    #[test]
    fn f45_bytes_cannot_move_between_the_signed_parts() {
        let signature = key(SECRET).sign("a", 1_614_265_330, b"1614265330.{}").unwrap();
        let headers = [(ID, "a.1614265330"), (TIMESTAMP, "1614265330"), (SIGNATURE, signature.as_str())];
        let now = Timestamp::from_second(AT_S).unwrap();
        let refusal = key(SECRET).verify(&WebhookHeaders::new(headers), b"{}", now).map(drop);
        assert_eq!(refusal, Err(Forged::BadSignature));
    }

    #[test]
    fn f46_time_stamps_are_good_for_five_minutes_either_way() {
        let stale = Err(Forged::Stale { tolerance_s: 300 });
        assert_eq!(check(GOLDEN, BODY.as_bytes(), AT_S + 299), Ok(()));
        assert_eq!(check(GOLDEN, BODY.as_bytes(), AT_S + 300), Ok(()));
        assert_eq!(check(GOLDEN, BODY.as_bytes(), AT_S + 301), stale);
        assert_eq!(check(GOLDEN, BODY.as_bytes(), AT_S - 299), Ok(()));
        assert_eq!(check(GOLDEN, BODY.as_bytes(), AT_S - 400), stale);
    }

    #[test]
    fn secrets_come_in_base64_or_as_they_are() {
        let raw = key("plain secret").sign(EVENT, AT_S, BODY.as_bytes());
        let encoded = key("whsec_cGxhaW4gc2VjcmV0").sign(EVENT, AT_S, BODY.as_bytes());
        assert_eq!(raw, encoded);
        for secret in ["", "whsec_", "whsec_%"] {
            assert!(SigningKey::new(&Secret::new(secret.to_owned())).is_err(), "{secret:?}");
        }
    }
}
