//! Why the program cannot be put together; each a sentence for the operator.

use std::io;
use std::path::PathBuf;

use crate::blobs;
use crate::config;
use crate::l10n::L10nError;
use crate::mail::{BadSmtpUrl, NotASender};
use crate::providers::BadProvider;
use crate::providers::simulator::server::StartError;
use crate::services::Refusal;
use crate::store::StoreError;

/// Why the program cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A setting cannot be used.
    #[error(transparent)]
    Setting(#[from] config::Refusal),
    /// An account at a processor cannot be used.
    #[error("{0}.")]
    Provider(#[from] BadProvider),
    /// The sender of mail is no address.
    #[error("mail_from {0}.")]
    MailFrom(#[from] NotASender),
    /// The mail server's address cannot be used.
    #[error("MAKEGOOD_SMTP_URL {0}.")]
    MailServer(#[from] BadSmtpUrl),
    /// The folder that mail lands in cannot be used.
    #[error("Mail cannot be kept in {}: {source}.", path.display())]
    MailFolder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another process serves from the data folder.
    #[error(
        "Another makegood is serving from {}: stop it first, or give this one a data folder of its own \
         (MAKEGOOD_DATA_DIR).", .0.display()
    )]
    Taken(PathBuf),
    /// The data folder cannot be locked.
    #[error("The data folder cannot be locked with {}: {source}.", path.display())]
    Lock {
        /// The lock's file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A worker beside a SQLite file.
    #[error(
        "Workers of their own need PostgreSQL: set DATABASE_URL=postgres://…, or let makegood serve do the work (it \
         does, unless MAKEGOOD_WORKERS=off)."
    )]
    NeedsServer,
    /// A command met a database of an older program.
    #[error("The database needs migration ({} pending): run makegood migrate, or start makegood serve.", .0.len())]
    NeedsMigration(Vec<String>),
    /// The database cannot be used.
    #[error("The database cannot be used: {0}.")]
    Store(#[from] StoreError),
    /// The first rows could not be written.
    #[error("The first policy cannot be written: {}.", .0.cause.as_deref().unwrap_or_default())]
    FirstStart(Refusal),
    /// Evidence cannot be kept.
    #[error("{0}.")]
    Evidence(#[from] blobs::Unusable),
    /// The embedded simulator does not start.
    #[error("{0}.")]
    Simulator(#[from] StartError),
    /// The texts in the binary cannot be used: a defect of ours.
    #[error("{0}.")]
    Texts(#[from] L10nError),
}
