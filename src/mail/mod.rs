//! Messages out: letters to customers, composed in their language and handed to a mail server or to a folder.
//!
//! A [`Letter`] says what is to be told; [`compose`] makes the mail of it; a [`Mailer`] hands it over and says what is
//! known of its fate ([`Delivery`]). When to write, how often to try and what to do with an unknown fate is decided by
//! `services` and `workers`; which change of a refund is told at all, by `domain::message`. Never sees the store.

mod compose;
mod folder;
mod letter;
mod mailer;
mod server;
mod smtp;

#[cfg(test)]
mod tests;

pub use self::compose::{ComposeError, NotASender, Sender, Written, compose, written};
pub use self::folder::{Folder, Kept};
pub use self::letter::{About, Content, Letter};
pub use self::mailer::{Delivery, Mailer};
pub use self::server::{BadSmtpUrl, Encryption, Server};
