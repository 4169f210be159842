//! Who looks at a page, as established from the session for one request: nobody, a customer, or a person of the desk with
//! the rights that they have now.

use std::rc::Rc;

use actix_session::Session;
use actix_web::{HttpMessage, HttpRequest};

use super::session;
use super::site::Site;
use crate::domain::access::{Actor, Permission, Principal};
use crate::domain::id::CustomerId;
use crate::services::refusal::Refusal;
use crate::services::sign_in::{self, Present};

/// Who looks.
#[derive(Clone, Default)]
pub enum Viewer {
    /// Nobody who is known.
    #[default]
    Nobody,
    /// A customer who opened a link.
    Customer(CustomerId),
    /// A person of the desk.
    Person(Rc<Present>),
}

impl Viewer {
    /// Who the session says it is, as they are now. A person who was suspended, or whose sessions ended, is nobody.
    pub async fn of_session(session: &Session, site: &Site) -> Result<Self, Refusal> {
        match session::principal(session) {
            Some(Principal::User(user_id)) => {
                let Some(epoch) = session::epoch(session) else { return Ok(Viewer::Nobody) };
                let present = sign_in::present(&site.desk, &user_id, epoch).await?;
                Ok(present.map_or(Viewer::Nobody, |present| Viewer::Person(Rc::new(present))))
            }
            Some(Principal::Customer(customer_id)) => Ok(Viewer::Customer(customer_id)),
            Some(
                Principal::Token(_)
                | Principal::Policy(_)
                | Principal::System
                | Principal::Provider(_)
                | Principal::Shell,
            )
            | None => Ok(Viewer::Nobody),
        }
    }

    /// Who was established for the request.
    pub fn of_request(request: &HttpRequest) -> Self {
        request.extensions().get::<Viewer>().cloned().unwrap_or_default()
    }

    /// The person of the desk, where it is one.
    pub fn person(&self) -> Option<&Present> {
        match self {
            Viewer::Person(present) => Some(present),
            Viewer::Nobody | Viewer::Customer(_) => None,
        }
    }

    /// The person with their rights, or the customer.
    pub fn actor(&self) -> Option<Actor> {
        match self {
            Viewer::Nobody => None,
            Viewer::Customer(customer_id) => Some(Actor::customer(customer_id.clone())),
            Viewer::Person(present) => Some(present.actor.clone()),
        }
    }

    /// Whether it is a person of the desk with this permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.person().is_some_and(|present| present.actor.may(permission))
    }

    /// Whether the person has to set up a second factor before they can work.
    pub fn owes_second_factor(&self, site: &Site) -> bool {
        self.person().is_some_and(|present| {
            !present.has_second_factor && !present.user.roles.is_disjoint(&site.totp_required_roles)
        })
    }
}
