//! The letters that were sent, as they lie in the folder, or as a mail server took them.

use std::sync::Arc;

use makegood::mail::{Folder, Kept};

use super::app::TestApp;
use super::post::PostOffice;
use super::refunds::Refund;
use super::witness::Witness;

/// More than any test sends.
const LETTERS_MAX: usize = 10_000;

/// Where letters go.
#[derive(Clone, Debug)]
pub(crate) enum Letters {
    /// To a folder.
    Folder(Arc<Folder>),
    /// To a mail server.
    Server(PostOffice),
}

impl Witness {
    /// All letters, in the order in which their changes were written.
    pub(crate) fn mails(&self) -> Vec<Kept> {
        let mut mails = match &self.letters {
            Letters::Folder(folder) => folder.newest(LETTERS_MAX).expect("the folder can be read"),
            Letters::Server(server) => server.taken(),
        };
        mails.sort_by(|one, other| one.id.cmp(&other.id));
        mails
    }
}

impl TestApp {
    /// All letters, in the order in which their changes were written.
    pub(crate) fn mails(&self) -> Vec<Kept> {
        self.witness().mails()
    }

    /// The kinds of the letters about a refund, in order.
    pub(crate) fn letters(&self, refund: &Refund) -> Vec<String> {
        self.mails().into_iter().filter(|mail| mail.refund_id == refund.id).map(|mail| mail.kind).collect()
    }
}
