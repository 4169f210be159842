//! What use cases work with: the database, the processors, the limits in force, the keys, and the bells of the workers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hmac::{Hmac, Mac};
use sha2::Sha256;
use tokio::sync::Notify;

use super::watch_queue::QueueWatch;
use crate::blobs::Blobs;
use crate::domain::calendar::Timelines;
use crate::domain::flag::{Flag, FlagName};
use crate::domain::policy::Policy;
use crate::domain::risk::Limits;
use crate::providers::Registry;
use crate::store::{Conn, Db, StoreError, policies};

/// Everything that a use case needs from the house. Built once by `app`.
pub struct Desk {
    /// The database.
    pub db: Db,
    /// The processors' accounts.
    pub providers: Arc<Registry>,
    /// The bytes of evidence.
    pub blobs: Arc<Blobs>,
    /// The amounts and numbers that guards and floors look at.
    pub limits: Limits,
    /// How long each rail takes.
    pub timelines: Timelines,
    /// For how long the last approval on a page can be undone, in seconds.
    pub undo_window_s: i64,
    /// For how many days after a refund has ended its evidence is kept; nothing where it is kept for ever.
    pub evidence_kept_days: Option<i64>,
    /// Keys derived from the secret.
    pub keys: Keys,
    /// Where the desk is reached, without a slash at the end.
    pub public_url: String,
    /// Wake the workers when there is something for them.
    pub bells: Bells,
    /// What the queue looked like last, for the pages that show it live.
    pub queue_watch: QueueWatch,
    /// The policy read last; versions are immutable, so it is right whenever its version is the one wanted.
    parsed: Mutex<Option<Arc<Policy>>>,
}

/// One bell per background loop. Rung after a commit that left work; each loop also looks by itself every second.
#[derive(Default)]
pub struct Bells {
    /// Something is to be sent to a processor, or a processor to be asked.
    pub submit: Notify,
    /// An event arrived.
    pub inbox: Notify,
    /// A letter is to be sent.
    pub mail: Notify,
    /// A file is to be scanned.
    pub scan: Notify,
    /// A refund moved; for live pages.
    pub feed: Notify,
    closing: AtomicBool,
}

impl Bells {
    /// Tells what follows the desk live that the desk is about to stop.
    pub fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
        self.feed.notify_waiters();
    }

    /// Whether the desk is about to stop.
    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }
}

impl Desk {
    /// A desk over these parts.
    pub fn new(
        db: Db,
        providers: Arc<Registry>,
        blobs: Arc<Blobs>,
        limits: Limits,
        timelines: Timelines,
        keys: Keys,
        public_url: &str,
    ) -> Self {
        let public_url = public_url.trim_end_matches('/').to_owned();
        Self {
            db,
            providers,
            blobs,
            limits,
            timelines,
            undo_window_s: 0,
            evidence_kept_days: None,
            keys,
            public_url,
            bells: Bells::default(),
            queue_watch: QueueWatch::default(),
            parsed: Mutex::default(),
        }
    }

    /// The active policy.
    pub(super) fn active_policy(&self, conn: &mut Conn) -> Result<Arc<Policy>, StoreError> {
        let none = || StoreError::Corrupt("policies: there is no active policy; migrate first".to_owned());
        let version = policies::active_version(conn)?.ok_or_else(none)?;
        let mut parsed = self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(policy) = parsed.as_ref().filter(|policy| policy.version() == version) {
            return Ok(Arc::clone(policy));
        }
        let policy = Arc::new(parse_policy(version, &policies::find(conn, version)?.ok_or_else(none)?)?);
        *parsed = Some(Arc::clone(&policy));
        Ok(policy)
    }

    /// The policy of this version.
    pub(super) fn policy(&self, conn: &mut Conn, version: i64) -> Result<Arc<Policy>, StoreError> {
        if let Some(policy) = self.parsed().as_ref().filter(|policy| policy.version() == version) {
            return Ok(Arc::clone(policy));
        }
        let document = policies::find(conn, version)?
            .ok_or_else(|| StoreError::Corrupt(format!("policies: there is no version {version}")))?;
        parse_policy(version, &document).map(Arc::new)
    }

    fn parsed(&self) -> MutexGuard<'_, Option<Arc<Policy>>> {
        self.parsed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The feature flags as they stand.
    pub(super) fn flags(&self, conn: &mut Conn) -> Result<Flags, StoreError> {
        Ok(Flags(policies::flags(conn)?))
    }
}

/// The feature flags as they stood when they were read.
pub(super) struct Flags(Vec<(String, i64)>);

impl Flags {
    /// Whether a flag is on for an order.
    pub(super) fn is_on(&self, name: FlagName, order_id: &str) -> Result<bool, StoreError> {
        let Some((_, share_pct)) = self.0.iter().find(|(stored, _)| stored == name.as_str()) else {
            return Ok(Flag::shipped(name).is_on(order_id));
        };
        let share_pct =
            u8::try_from(*share_pct).map_err(|error| StoreError::Corrupt(format!("flags.share_pct: {error}")))?;
        Ok(Flag { name, share_pct }.is_on(order_id))
    }
}

/// Reads a policy's document, which was valid when it was written.
pub(super) fn parse_policy(version: i64, document: &str) -> Result<Policy, StoreError> {
    serde_json::from_str(document)
        .map_err(|error| StoreError::Corrupt(format!("policies.document of version {version}: {error}")))
}

/// Keys for single purposes, derived from the one secret, so that none of them tells another.
#[derive(Clone)]
pub struct Keys {
    /// Chains the audit trail.
    pub audit: [u8; 32],
    /// Seals what processors sent.
    pub inbox: [u8; 32],
    /// Salts digests of addresses that requests come from.
    pub origin: [u8; 32],
    /// Seals the secrets of second factors.
    pub second_factor: [u8; 32],
    /// Seals links that wait to be mailed.
    pub links: [u8; 32],
}

impl Keys {
    /// Derives the keys from the secret of 32 bytes.
    pub fn derive(secret: &[u8; 32]) -> Self {
        let derive = |purpose: &str| keyed_digest(secret, purpose.as_bytes());
        Self {
            audit: derive("makegood audit 1"),
            inbox: derive("makegood inbox 1"),
            origin: derive("makegood origin 1"),
            second_factor: derive("makegood second factor 1"),
            links: derive("makegood links 1"),
        }
    }
}

/// HMAC-SHA256.
pub(super) fn keyed_digest(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    use hmac::digest::KeyInit;
    // HMAC fills a key that is shorter than its block with zeros; done here because a full block cannot be refused.
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(place, byte)| *place = *byte);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(message);
    mac.finalize().into_bytes().into()
}
