//! The way out for letters: to a mail server, or to a folder.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::compose::{Sender, compose};
use super::folder::Folder;
use super::letter::Letter;
use super::server::Server;
use super::smtp::Smtp;
use crate::l10n::L10n;

/// What is known of a letter's fate. Source: SPEC section 11.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server, or the folder, has it.
    Taken,
    /// Surely not taken.
    NotTaken {
        /// Whether trying again later makes sense.
        retryable: bool,
        /// What was said, without addresses.
        detail: String,
    },
    /// It was handed over and nobody knows whether it was taken: never repeated by itself, shown to a person.
    Unknown {
        /// What happened, without addresses.
        detail: String,
    },
}

/// Composes letters and hands them over.
pub struct Mailer {
    l10n: Arc<L10n>,
    sender: Sender,
    sink: Sink,
}

enum Sink {
    Server(Box<Smtp>),
    Folder(Arc<Folder>),
}

impl Mailer {
    /// The longest that [`Mailer::send`] takes; a lease on a letter has to outlast it.
    pub const SEND_TIME_MAX: Duration = Duration::from_secs(120);

    /// Letters go to a mail server.
    pub fn to_server(l10n: Arc<L10n>, sender: Sender, server: Server) -> Self {
        Self { l10n, sender, sink: Sink::Server(Box::new(Smtp::new(server))) }
    }

    /// Letters land in a folder, which is made where it is missing.
    pub fn to_folder(l10n: Arc<L10n>, sender: Sender, path: &Path) -> io::Result<Self> {
        Ok(Self { l10n, sender, sink: Sink::Folder(Arc::new(Folder::open(path)?)) })
    }

    /// The folder that letters land in; none where they go to a server.
    pub fn folder(&self) -> Option<&Arc<Folder>> {
        match &self.sink {
            Sink::Server(_) => None,
            Sink::Folder(folder) => Some(folder),
        }
    }

    /// Composes the letter and hands it over.
    pub async fn send(&self, letter: &Letter) -> Delivery {
        let mail = match compose(&self.l10n, &self.sender, letter) {
            Ok(mail) => mail,
            Err(error) => return Delivery::NotTaken { retryable: false, detail: error.to_string() },
        };
        match &self.sink {
            Sink::Server(smtp) => smtp.send(mail.envelope(), &mail.formatted()).await,
            Sink::Folder(folder) => {
                let (folder, id) = (Arc::clone(folder), letter.id.clone());
                let kept = tokio::task::spawn_blocking(move || folder.keep(&id, &mail.formatted())).await;
                match kept {
                    Ok(Ok(())) => Delivery::Taken,
                    Ok(Err(error)) => Delivery::NotTaken { retryable: true, detail: error.to_string() },
                    Err(error) => Delivery::NotTaken { retryable: true, detail: error.to_string() },
                }
            }
        }
    }

    /// Whether letters could be handed over now: connects and signs in to the server. For `makegood doctor`.
    pub async fn check(&self) -> Result<(), String> {
        match &self.sink {
            Sink::Server(smtp) => smtp.check().await,
            Sink::Folder(_) => Ok(()),
        }
    }
}
