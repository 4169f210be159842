//! The letters that were sent, as they lie in the folder.

use makegood::mail::Kept;

use super::app::TestApp;
use super::refunds::Refund;

/// More than any test sends.
const LETTERS_MAX: usize = 10_000;

impl TestApp {
    /// All letters, in the order in which their changes were written.
    pub(crate) fn mails(&self) -> Vec<Kept> {
        let folder = self.node().app.mailer.folder().expect("letters go to a folder").clone();
        let mut mails = folder.newest(LETTERS_MAX).expect("the folder can be read");
        mails.sort_by(|one, other| one.id.cmp(&other.id));
        mails
    }

    /// The kinds of the letters about a refund, in order.
    pub(crate) fn letters(&self, refund: &Refund) -> Vec<String> {
        self.mails().into_iter().filter(|mail| mail.refund_id == refund.id).map(|mail| mail.kind).collect()
    }
}
