//! What a letter says, before it is written in any language.

use jiff::Timestamp;

use crate::domain::calendar::Expected;
use crate::domain::id::{OutboxId, RefundId};
use crate::domain::message::MessageKind;
use crate::domain::money::Money;
use crate::domain::order::Rail;
use crate::l10n::Locale;

/// One letter to one customer, or to somebody at the desk.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The row of the outbox that it leaves by; the same letter sent again carries the same id.
    pub id: OutboxId,
    /// When it was written, which its date says however often it is tried.
    pub written_at: Timestamp,
    /// The reader's address.
    pub to: String,
    /// The reader's name, where it is known.
    pub name: Option<String>,
    /// The reader's language.
    pub locale: Locale,
    /// What it says.
    pub content: Content,
}

/// The refund that a letter is about.
#[derive(Clone, Debug)]
pub struct About {
    /// Which refund.
    pub refund_id: RefundId,
    /// The order, by the number that its customer knows.
    pub order_id: String,
    /// How much goes back.
    pub amount: Money,
    /// How it was paid, and so how it goes back.
    pub rail: Rail,
    /// The page that shows where it stands.
    pub status_url: String,
}

/// What a letter says, with everything that it needs to say it.
#[derive(Clone, Debug)]
pub enum Content {
    /// The request was recorded.
    Received(About),
    /// The request was recorded that asks to look again at what was denied.
    LookingAgain(About),
    /// It was approved.
    Approved(About),
    /// It was denied.
    Denied {
        /// The refund.
        about: About,
        /// The id of the sentence that says why, such as `refund.denied.cooling_off`; none where none was given.
        reason_id: Option<String>,
        /// Until when its customer can ask to look again; nothing where they cannot.
        look_again_until: Option<Timestamp>,
        /// Whether it was the second look already.
        is_final: bool,
    },
    /// Sending waits for the processor to work again.
    Delayed(About),
    /// The processor took it.
    Submitted {
        /// The refund.
        about: About,
        /// When the money usually arrives.
        expected: Expected,
    },
    /// The money went back.
    Completed {
        /// The refund.
        about: About,
        /// When the money usually shows, where that may still lie ahead.
        expected: Option<Expected>,
        /// The number by which the customer's bank finds it, where the processor gave one.
        reference: Option<String>,
    },
    /// The money could not be given back, or came back.
    Failed(About),
    /// A one-time link to sign in.
    SignInLink {
        /// The order that it opens.
        order_id: String,
        /// The link.
        url: String,
        /// Until when it works.
        until: Timestamp,
    },
    /// A message that an agent wrote.
    AgentMessage {
        /// The refund.
        about: About,
        /// What the agent wrote, word for word.
        text: String,
        /// Whether it can be answered on the refund's page.
        answerable: bool,
    },
    /// A one-time link for somebody at the desk to choose a password.
    StaffLink {
        /// Whether it is their first.
        invitation: bool,
        /// The link.
        url: String,
        /// Until when it works.
        until: Timestamp,
    },
}

impl Letter {
    /// Its kind, as it stands in the header `X-Makegood-Message`.
    pub fn kind(&self) -> MessageKind {
        match self.content {
            Content::Received(_) | Content::LookingAgain(_) => MessageKind::Received,
            Content::Approved(_) => MessageKind::Approved,
            Content::Denied { .. } => MessageKind::Denied,
            Content::Delayed(_) => MessageKind::Delayed,
            Content::Submitted { .. } => MessageKind::Submitted,
            Content::Completed { .. } => MessageKind::Completed,
            Content::Failed(_) => MessageKind::Failed,
            Content::SignInLink { .. } => MessageKind::SignInLink,
            Content::AgentMessage { .. } => MessageKind::AgentMessage,
            Content::StaffLink { invitation: true, .. } => MessageKind::Invitation,
            Content::StaffLink { invitation: false, .. } => MessageKind::PasswordLink,
        }
    }

    /// The word by which its texts are found: its kind's, but for a letter that says the same of something else.
    pub(super) fn texts(&self) -> &'static str {
        if let Content::LookingAgain(_) = self.content { "looking-again" } else { self.kind().as_str() }
    }

    /// The refund that it is about; none for a link to sign in.
    pub fn about(&self) -> Option<&About> {
        match &self.content {
            Content::Received(about)
            | Content::LookingAgain(about)
            | Content::Approved(about)
            | Content::Denied { about, .. }
            | Content::Delayed(about)
            | Content::Submitted { about, .. }
            | Content::Completed { about, .. }
            | Content::Failed(about)
            | Content::AgentMessage { about, .. } => Some(about),
            Content::SignInLink { .. } | Content::StaffLink { .. } => None,
        }
    }
}
