//! What all pages share for as long as the process lives.

use std::sync::Arc;

use actix_web::cookie::Key;

use super::frame::Environment;
use crate::mail::Folder;
use crate::services::Desk;

/// What pages need from the house beside the desk and the edge.
#[derive(Clone)]
pub struct Site {
    /// The desk, which keeps sessions too.
    pub desk: Arc<Desk>,
    /// How serious it is.
    pub environment: Environment,
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
