//! Identifiers: a prefix that says what a thing is, and a ULID that sorts by time and cannot be guessed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A sequence of ids that starts at one minted at the edge: the same each time it is started, so that a transaction
/// that runs again writes the same rows.
#[derive(Clone, Debug)]
pub struct Mint {
    next: ulid::Ulid,
}

impl Mint {
    /// A sequence that starts at `first`.
    pub fn starting_at(first: ulid::Ulid) -> Self {
        Self { next: first }
    }

    /// The next id of the sequence.
    pub fn next_ulid(&mut self) -> ulid::Ulid {
        let minted = self.next;
        self.next = ulid::Ulid(minted.0.wrapping_add(1));
        minted
    }

    /// The next id, made to sort behind `earlier`: calls mint when they begin, and the one that commits last may have begun
    /// first, or on a machine whose clock is slow.
    pub fn next_ulid_behind(&mut self, earlier: ulid::Ulid) -> ulid::Ulid {
        let minted = self.next_ulid();
        if minted > earlier {
            minted
        } else {
            ulid::Ulid::from_parts(earlier.timestamp_ms().saturating_add(1), minted.random())
        }
    }
}

/// The text is not an identifier of this kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid identifier: it should start with {prefix:?} and go on with 26 letters and digits")]
pub struct BadId {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// What every identifier of this kind starts with.
            pub const PREFIX: &'static str = $prefix;

            /// The identifier made of a ULID minted by the caller.
            pub fn from_ulid(ulid: ulid::Ulid) -> Self {
                Self(format!("{}{}", $prefix, ulid))
            }

            /// Reads an identifier, refusing anything but the prefix and a ULID in capitals.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                let rest = text.strip_prefix($prefix).ok_or(BadId { prefix: $prefix })?;
                let ulid = ulid::Ulid::from_string(rest).map_err(|_| BadId { prefix: $prefix })?;
                if ulid.to_string() == rest { Ok(Self(text.to_owned())) } else { Err(BadId { prefix: $prefix }) }
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The ULID that the identifier was made of.
            pub fn ulid(&self) -> ulid::Ulid {
                // Every identifier was made of one, or parsed as one.
                ulid::Ulid::from_string(self.0.trim_start_matches($prefix)).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;

            fn try_from(text: String) -> Result<Self, BadId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

id!(
    /// One request to give money back.
    RefundId, "rf_"
);
id!(
    /// A customer, whoever they are by name.
    CustomerId, "cu_"
);
id!(
    /// A person who works at the desk.
    UserId, "us_"
);
id!(
    /// An API token.
    TokenId, "tk_"
);
id!(
    /// An entry of the ledger.
    LedgerEntryId, "le_"
);
id!(
    /// A record of the audit trail.
    AuditId, "au_"
);
id!(
    /// A file that somebody gave as evidence.
    EvidenceId, "ev_"
);
id!(
    /// A row of the outbox.
    OutboxId, "ob_"
);
id!(
    /// A row of the inbox.
    InboxId, "ib_"
);
id!(
    /// A canned reply.
    ReplyId, "rp_"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_minted_behind_another_id_sorts_behind_it() {
        let early = ulid::Ulid::from_parts(1_700_000_000_000, 77);
        let late = ulid::Ulid::from_parts(1_700_000_000_500, 5);
        let mut mint = Mint::starting_at(early);
        let behind = mint.next_ulid_behind(late);
        assert_eq!((behind.timestamp_ms(), behind.random()), (1_700_000_000_501, 77));
        assert_eq!(Mint::starting_at(late).next_ulid_behind(early), late);
        assert_ne!(mint.next_ulid_behind(late), behind);
    }

    #[test]
    fn only_the_exact_form_parses() {
        let ulid = ulid::Ulid::from_parts(1_700_000_000_000, 0xABC_DEF0_1234_5678);
        let id = RefundId::from_ulid(ulid);
        assert_eq!((RefundId::parse(id.as_str()).unwrap(), id.ulid()), (id.clone(), ulid));
        for text in
            ["", "rf_", "rf_123", "cu_00000000010000000000000002", "rf_0000000001000000000000000z", "rf_'; drop table"]
        {
            assert!(RefundId::parse(text).is_err(), "{text}");
        }
        assert!(RefundId::parse(&id.as_str().to_lowercase()).is_err());
    }
}
