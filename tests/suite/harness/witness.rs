//! Who looks at a desk from beside it, whether it runs in this process or in one of its own: at its rows, at the letters
//! that it sent, at its processor's book.

use makegood::store::Db;

use super::app::TestApp;
use super::caller::Caller;
use super::mails::Letters;

/// Somebody who sees everything and changes nothing.
#[derive(Clone)]
pub(crate) struct Witness {
    /// The desk's database.
    pub(crate) db: Db,
    /// Where its letters go.
    pub(crate) letters: Letters,
    /// Somebody without a token, at the desk's address.
    pub(crate) stranger: Caller,
}

impl TestApp {
    /// Somebody who looks at this desk.
    pub(super) fn witness(&self) -> Witness {
        let letters = match &self.post {
            Some(post) => Letters::Server(post.clone()),
            None => Letters::Folder(self.node().app.mailer.folder().expect("letters go to a folder").clone()),
        };
        Witness { db: self.desk().db.clone(), letters, stranger: self.stranger() }
    }
}
