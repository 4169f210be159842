//! The audit trail: the hash of a record, the seal over a batch of records, and the search for the first that is wrong.
//!
//! A record is hashed over its own canonical form when it is written; later a batch of hashes is sealed under a key,
//! each seal over the one before. Personal text is in a record only as a salted digest, so that erasing text and salt
//! leaves every hash and seal as it was. Who writes and seals is the business of `store` and `workers`. Source: SPEC
//! section 14, DESIGN section 4.

use std::fmt;
use std::str::FromStr;

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// 32 bytes of SHA-256: the hash of a record or text, or a seal. Written and read as lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash([u8; 32]);

/// The seal before the first one.
pub const GENESIS: Hash = Hash([0; 32]);

/// The text is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 64 digits and letters from a to f")]
pub struct BadHash;

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = BadHash;

    fn from_str(text: &str) -> Result<Self, BadHash> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| BadHash)?;
        let hash = Self(bytes);
        if hash.to_string() == text { Ok(hash) } else { Err(BadHash) }
    }
}

/// Keeps the hashes of records, texts and seals apart from each other and from everything else that is hashed.
const RECORD_DOMAIN: &str = "makegood.audit.record.1";
const TEXT_DOMAIN: &str = "makegood.audit.text.1";
const SEAL_DOMAIN: &str = "makegood.audit.seal.1";

/// One record: who did what to what, when, why, from where, and what changed by it. All as the text that is stored, so
/// that a record can be checked whatever was made of it; what does not apply is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The record's id, minted by the caller.
    pub audit_id: String,
    /// When, in microseconds of UTC.
    pub at_us: i64,
    /// Who, as a principal's text.
    pub actor: String,
    /// What was done, as a dotted word: `refund.approve`.
    pub action: String,
    /// What it was done to, as kind and id: `refund:rf_…`.
    pub subject: String,
    /// Why, as a code; text that people wrote stands in its own erasable row.
    pub reason_code: String,
    /// What ties it to the request that caused it.
    pub correlation_id: String,
    /// From where: a salted digest of the address, never the address.
    pub origin_digest: String,
    /// What it was before, as JSON text without personal data.
    pub before_json: String,
    /// What it is after, as JSON text without personal data.
    pub after_json: String,
    /// The digest of the erasable text that belongs to it, by [`text_digest`].
    pub text_digest: String,
}

impl Record {
    /// SHA-256 over every field, each with its length, so that no two different records have the same form.
    pub fn hash(&self) -> Hash {
        let mut form = Sha256::new();
        write_field(&mut form, RECORD_DOMAIN.as_bytes());
        write_field(&mut form, self.audit_id.as_bytes());
        write_field(&mut form, &self.at_us.to_be_bytes());
        write_field(&mut form, self.actor.as_bytes());
        write_field(&mut form, self.action.as_bytes());
        write_field(&mut form, self.subject.as_bytes());
        write_field(&mut form, self.reason_code.as_bytes());
        write_field(&mut form, self.correlation_id.as_bytes());
        write_field(&mut form, self.origin_digest.as_bytes());
        write_field(&mut form, self.before_json.as_bytes());
        write_field(&mut form, self.after_json.as_bytes());
        write_field(&mut form, self.text_digest.as_bytes());
        Hash(form.finalize().into())
    }
}

/// The digest that stands for erasable text in hashed rows. Once text and salt are gone it tells nothing.
pub fn text_digest(salt: &[u8], text: &str) -> Hash {
    let mut form = Sha256::new();
    write_field(&mut form, TEXT_DOMAIN.as_bytes());
    write_field(&mut form, salt);
    write_field(&mut form, text.as_bytes());
    Hash(form.finalize().into())
}

/// The seal over a batch: HMAC-SHA256 of the seal before it and the hashes of its records, in order.
pub fn seal(key: &[u8; 32], previous: &Hash, record_hashes: &[Hash]) -> Hash {
    // HMAC fills a key that is shorter than its block with zeros; done here because a full block cannot be refused.
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(place, byte)| *place = *byte);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(SEAL_DOMAIN.as_bytes());
    mac.update(&previous.0);
    for hash in record_hashes {
        mac.update(&hash.0);
    }
    Hash(mac.finalize().into_bytes().into())
}

/// A sealed batch as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its records in the order of sealing, each with the hash stored beside it, as text.
    pub records: Vec<(Record, String)>,
    /// Its seal, as text.
    pub seal: String,
}

/// Where a trail is not what was sealed. Batches and records count from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The record's content does not give its stored hash: it was edited.
    #[error("record {record} of batch {batch} ({audit_id}) was edited after it was written")]
    Edited {
        /// Which batch.
        batch: u64,
        /// Which record of it.
        record: u64,
        /// The record's id.
        audit_id: String,
    },
    /// The records do not give the stored seal: one was removed, inserted or moved, or a batch before this one was.
    #[error("batch {batch} does not fit its seal: a record or batch was removed, inserted, moved or replaced")]
    SealBroken {
        /// Which batch.
        batch: u64,
    },
}

/// Walks a trail batch by batch, in constant memory.
#[derive(Clone, Debug)]
pub struct Verifier<'a> {
    key: &'a [u8; 32],
    head: Hash,
    batches: u64,
    records: u64,
}

impl<'a> Verifier<'a> {
    /// Begins before the first batch.
    pub fn new(key: &'a [u8; 32]) -> Self {
        Self { key, head: GENESIS, batches: 0, records: 0 }
    }

    /// Checks the next batch and moves on behind it, or says where it is wrong.
    pub fn check(&mut self, batch: &Batch) -> Result<(), Fault> {
        let mut hashes = Vec::with_capacity(batch.records.len());
        for (position, (record, stored)) in (0_u64..).zip(&batch.records) {
            let hash = record.hash();
            if hash.to_string() != *stored {
                let audit_id = record.audit_id.clone();
                return Err(Fault::Edited { batch: self.batches, record: position, audit_id });
            }
            hashes.push(hash);
        }
        let expected = seal(self.key, &self.head, &hashes);
        if expected.to_string() != batch.seal {
            return Err(Fault::SealBroken { batch: self.batches });
        }
        self.head = expected;
        self.batches = self.batches.saturating_add(1);
        self.records = self.records.saturating_add(u64::try_from(hashes.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    /// Goes on behind a batch that is wrong as if its seal were right, so that faults after it are found too.
    pub fn skip(&mut self, batch: &Batch) -> Result<(), BadHash> {
        self.head = batch.seal.parse()?;
        self.batches = self.batches.saturating_add(1);
        Ok(())
    }

    /// The seal of the last batch that was checked; noted elsewhere, it shows a tail that is cut off later.
    pub fn head(&self) -> Hash {
        self.head
    }

    /// Batches that were checked and found right.
    pub fn batches(&self) -> u64 {
        self.batches
    }

    /// Records that were checked and found right.
    pub fn records(&self) -> u64 {
        self.records
    }
}

fn write_field(form: &mut Sha256, bytes: &[u8]) {
    form.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
    form.update(bytes);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &[u8; 32] = b"an audit key that is 32 bytes...";

    fn record(n: u32) -> Record {
        Record {
            audit_id: format!("au_{n}"),
            at_us: 1_700_000_000_000_000,
            actor: "system".into(),
            action: "refund.approve".into(),
            subject: format!("refund:{n}"),
            reason_code: "policy".into(),
            correlation_id: "c-1".into(),
            origin_digest: String::new(),
            before_json: "{\"state\":\"requested\"}".into(),
            after_json: "{\"state\":\"approved\"}".into(),
            text_digest: text_digest(b"salt", "please").to_string(),
        }
    }

    fn trail(sizes: &[usize]) -> Vec<Batch> {
        let (mut head, mut n) = (GENESIS, 0);
        sizes
            .iter()
            .map(|size| {
                let records: Vec<_> = (0..*size)
                    .map(|_| {
                        n += 1;
                        (record(n), record(n).hash().to_string())
                    })
                    .collect();
                let hashes: Vec<_> = records.iter().map(|(record, _)| record.hash()).collect();
                head = seal(KEY, &head, &hashes);
                Batch { records, seal: head.to_string() }
            })
            .collect()
    }

    fn verify(batches: &[Batch]) -> Result<String, Fault> {
        let mut verifier = Verifier::new(KEY);
        batches.iter().try_for_each(|batch| verifier.check(batch))?;
        Ok(verifier.head().to_string())
    }

    #[test]
    fn every_field_is_in_the_hash() {
        let base = record(1);
        let changed = [
            Record { audit_id: "au_2".into(), ..base.clone() },
            Record { at_us: base.at_us + 1, ..base.clone() },
            Record { actor: "shell".into(), ..base.clone() },
            Record { action: "refund.deny".into(), ..base.clone() },
            Record { subject: "refund:2".into(), ..base.clone() },
            Record { reason_code: String::new(), ..base.clone() },
            Record { correlation_id: "c-2".into(), ..base.clone() },
            Record { origin_digest: "o".into(), ..base.clone() },
            Record { before_json: String::new(), ..base.clone() },
            Record { after_json: String::new(), ..base.clone() },
            Record { before_json: base.after_json.clone(), after_json: base.before_json.clone(), ..base.clone() },
            Record { text_digest: String::new(), ..base.clone() },
            // Text that moves over the border of two fields.
            Record { action: "refund.approver".into(), subject: "efund:1".into(), ..base.clone() },
        ];
        let hashes: std::collections::BTreeSet<_> = changed.iter().chain([&base]).map(Record::hash).collect();
        assert_eq!(hashes.len(), changed.len() + 1);
    }

    #[test]
    fn the_forms_are_stable() {
        // Seals of years ago are verified with these forms: a change needs a new domain and both readers.
        assert_eq!(record(1).hash().to_string(), "de3e740dafbf35bf78a51fe399de2de1d763ab5ce786dd52f700a3d3df1d901a");
        assert_eq!(
            seal(KEY, &GENESIS, &[record(1).hash()]).to_string(),
            "ab26030334c2f6889122a65e7cf67c1e1f5ea74a75f6ccf8de2c8ec74d736c26"
        );
    }

    #[test]
    fn a_hash_reads_back_and_nothing_else_reads() {
        let hash = record(1).hash();
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for text in ["", "00", &hash.to_string().to_uppercase(), &format!("{hash}0"), &"g".repeat(64)] {
            assert_eq!(text.parse::<Hash>(), Err(BadHash), "{text}");
        }
    }

    #[test]
    fn a_text_cannot_be_found_without_its_salt() {
        assert_ne!(text_digest(b"one", "please"), text_digest(b"two", "please"));
        assert_ne!(text_digest(b"one", "please"), text_digest(b"on", "eplease"));
    }

    #[test]
    fn i9_a_fault_is_found_where_it_is() {
        let whole = trail(&[2, 3, 1]);
        assert_eq!(verify(&whole), Ok(whole[2].seal.clone()));

        let mut edited = whole.clone();
        edited[1].records[2].0.action = "refund.deny".into();
        let audit_id = edited[1].records[2].0.audit_id.clone();
        assert_eq!(verify(&edited), Err(Fault::Edited { batch: 1, record: 2, audit_id }));

        // Whoever also writes the fitting hash is stopped by the seal.
        edited[1].records[2].1 = edited[1].records[2].0.hash().to_string();
        assert_eq!(verify(&edited), Err(Fault::SealBroken { batch: 1 }));

        let mut without_a_batch = whole.clone();
        without_a_batch.remove(0);
        assert_eq!(verify(&without_a_batch), Err(Fault::SealBroken { batch: 0 }));

        let mut swapped = whole.clone();
        swapped.swap(1, 2);
        assert_eq!(verify(&swapped), Err(Fault::SealBroken { batch: 1 }));

        // Behind a fault the rest is looked at all the same.
        let mut verifier = Verifier::new(KEY);
        let faults: Vec<_> = edited
            .iter()
            .filter_map(|batch| {
                let fault = verifier.check(batch).err()?;
                verifier.skip(batch).unwrap();
                Some(fault)
            })
            .collect();
        assert_eq!(faults, [Fault::SealBroken { batch: 1 }]);
        assert_eq!((verifier.batches(), verifier.records()), (3, 3));

        // A cut-off tail fits by itself; its head is not the one that was noted.
        assert_ne!(verify(&whole[..2]), Ok(whole[2].seal.clone()));

        let other_key = seal(b"another key that has 32 bytes...", &GENESIS, &[record(1).hash()]);
        assert_ne!(other_key.to_string(), trail(&[1])[0].seal);
    }

    proptest! {
        #[test]
        fn i9_removal_insertion_and_reordering_break_the_seal(
            sizes in prop::collection::vec(1_usize..6, 1..5),
            batch in any::<prop::sample::Index>(),
            one in any::<prop::sample::Index>(),
            two in any::<prop::sample::Index>(),
            kind in 0_u8..3,
        ) {
            let mut batches = trail(&sizes);
            let position = batch.index(batches.len());
            let records = &mut batches[position].records;
            let (one, two) = (one.index(records.len()), two.index(records.len()));
            match kind {
                0 => drop(records.remove(one)),
                1 => records.insert(one, (record(1_000), record(1_000).hash().to_string())),
                _ => {
                    prop_assume!(one != two);
                    records.swap(one, two);
                }
            }
            let position = u64::try_from(position).unwrap();
            prop_assert_eq!(verify(&batches), Err(Fault::SealBroken { batch: position }));
        }
    }
}
