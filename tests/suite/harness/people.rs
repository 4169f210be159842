//! The people of a test: made by the same use cases as at the shell.

use std::collections::BTreeSet;

use makegood::domain::access::{Principal, Role, Scope};
use makegood::services::people::{self, NewUser};
use makegood::services::tokens::{self, NewToken};

use super::app::TestApp;
use super::caller::Caller;

impl TestApp {
    /// An agent with a token of theirs.
    pub(crate) async fn agent(&self, name: &str) -> Caller {
        self.person(name, Role::Agent).await
    }

    /// A senior agent with a token of theirs.
    pub(crate) async fn senior(&self, name: &str) -> Caller {
        self.person(name, Role::Senior).await
    }

    /// A person at the desk, with a token that may read, ask, decide and submit.
    pub(crate) async fn person(&self, name: &str, role: Role) -> Caller {
        let email = format!("{name}@desk.example");
        let user = NewUser {
            email: email.clone(),
            name: name.to_owned(),
            locale: "en".to_owned(),
            roles: BTreeSet::from([role]),
            password: format!("a long password of {name}"),
        };
        people::add_user(self.desk(), &self.context(Principal::Shell), user).await.expect("a person is added");
        let scopes =
            [Scope::OrdersRead, Scope::RefundsCreate, Scope::RefundsRead, Scope::RefundsDecide, Scope::RefundsSubmit];
        self.token(&format!("{name}-token"), &scopes, Some(&email)).await
    }

    /// A shop of its own, with a token that may do everything and belongs to nobody.
    pub(crate) async fn merchant(&self, name: &str) -> Caller {
        self.token(name, Scope::ALL, None).await
    }

    /// A token with these scopes.
    pub(crate) async fn token(&self, name: &str, scopes: &[Scope], owner: Option<&str>) -> Caller {
        let text = format!("{}{}", tokens::TOKEN_PREFIX, ulid::Ulid::generate());
        let new = NewToken {
            name: name.to_owned(),
            scopes: scopes.iter().copied().collect(),
            owner: owner.map(str::to_owned),
            expires_at: None,
            text: text.clone(),
        };
        tokens::create_token(self.desk(), &self.context(Principal::Shell), new).await.expect("a token is made");
        self.caller(name, Some(text))
    }

    /// Whoever holds the text of a token.
    pub(crate) fn caller_with(&self, text: &str) -> Caller {
        self.caller("a holder", Some(text.to_owned()))
    }

    /// Somebody without a token.
    pub(crate) fn stranger(&self) -> Caller {
        self.caller("a stranger", None)
    }
}
