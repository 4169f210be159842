//! What all pages share for as long as the process lives.

use std::sync::Arc;

use actix_web::cookie::Key;

use super::frame::Environment;
use crate::app::{Clock, Ids};
use crate::l10n::L10n;
use crate::mail::Folder;
use crate::services::Desk;

/// Everything that pages need from the house.
#[derive(Clone)]
pub struct Site {
    /// The desk that use cases work on.
    pub desk: Arc<Desk>,
    /// Texts.
    pub l10n: Arc<L10n>,
    /// The time.
    pub clock: Clock,
    /// New ids.
    pub ids: Ids,
    /// How serious it is.
    pub environment: Environment,
    /// Whether the public address is https, so that cookies travel by it only.
    pub secure: bool,
    /// Keys for cookies and forms.
    pub keys: SiteKeys,
    /// Where mail lands that is not sent; shown outside live mode only.
    pub letters: Option<Arc<Folder>>,
}

/// Keys that no other part of the house uses.
#[derive(Clone)]
pub struct SiteKeys {
    /// Seals the session's cookie.
    pub session: Key,
    /// Makes the tokens of forms.
    pub forms: [u8; 32],
}

impl SiteKeys {
    /// Derives both from the desk's secret.
    pub fn derive(secret: &[u8; 32]) -> Self {
        let derive = |purpose: &str| super::csrf::digest(secret, &[purpose.as_bytes()]);
        let halves = [derive("makegood session cookie 1"), derive("makegood session cookie 2")].concat();
        Self { session: Key::from(&halves), forms: derive("makegood forms 1") }
    }
}

impl Site {
    /// Whether pseudo-locales can be chosen, and letters be looked at.
    pub fn is_live(&self) -> bool {
        self.environment == Environment::Live
    }
}
