//! Who may do what: roles and scopes give permissions, principals are counted for dual control.
//!
//! Code asks for a [`Permission`], never for a role. Segregation of duties (SPEC section 2) holds for everyone, admins
//! too, and is decided here, purely; `services` loads the facts.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::id::{CustomerId, TokenId, UserId};
use super::refund::{UnknownWord, words};

words! {
    /// What a person at the desk is; several per person.
    Role {
        /// Works the queue.
        Agent = "agent",
        /// The second pair of eyes; goodwill; amounts over the agents' limit.
        Senior = "senior",
        /// Books.
        Finance = "finance",
        /// Policies, limits, lists.
        Risk = "risk",
        /// Reads everything, changes nothing.
        Auditor = "auditor",
        /// Users, tokens, accounts, dead letters, settings.
        Admin = "admin",
    }
}

words! {
    /// What an API token may be used for. Source: SPEC section 5.
    Scope {
        /// Push orders.
        OrdersWrite = "orders:write",
        /// Read orders.
        OrdersRead = "orders:read",
        /// Ask for refunds.
        RefundsCreate = "refunds:create",
        /// Read refunds.
        RefundsRead = "refunds:read",
        /// Approve and deny.
        RefundsDecide = "refunds:decide",
        /// Hurry and retry submission.
        RefundsSubmit = "refunds:submit",
        /// Read the books.
        FinanceRead = "finance:read",
        /// Change the books' periods and breaks.
        FinanceWrite = "finance:write",
        /// Read policies.
        PolicyRead = "policy:read",
        /// Change policies.
        PolicyWrite = "policy:write",
        /// Read the audit trail.
        AuditRead = "audit:read",
        /// Administer.
        Admin = "admin",
    }
}

words! {
    /// A single right. A route or command names exactly one.
    Permission {
        /// Push orders.
        OrderWrite = "order.write",
        /// Read orders.
        OrderRead = "order.read",
        /// Ask for a refund.
        RefundCreate = "refund.create",
        /// Read refunds.
        RefundRead = "refund.read",
        /// See evidence: what customers sent.
        EvidenceRead = "evidence.read",
        /// Approve, deny.
        RefundDecide = "refund.decide",
        /// Hurry, retry.
        RefundSubmit = "refund.submit",
        /// Take back.
        RefundCancel = "refund.cancel",
        /// Read the ledger and reports.
        FinanceRead = "finance.read",
        /// Close periods, resolve breaks.
        FinanceWrite = "finance.write",
        /// Read policies.
        PolicyRead = "policy.read",
        /// Change policies, limits, lists.
        PolicyWrite = "policy.write",
        /// Read the audit trail.
        AuditRead = "audit.read",
        /// See users, roles, tokens, outbox, settings.
        AdminRead = "admin.read",
        /// Change them.
        Operate = "operate",
    }
}

words! {
    /// What a one-time link for people at the desk is good for; each for one thing only.
    LinkPurpose {
        /// Making the first administrator.
        Setup = "setup",
        /// Choosing the first password.
        Invitation = "invitation",
        /// Choosing a new password.
        Password = "password",
    }
}

impl Role {
    /// What the role may do.
    pub fn permissions(self) -> &'static [Permission] {
        use Permission::*;
        match self {
            Role::Agent | Role::Senior => {
                &[OrderRead, RefundRead, EvidenceRead, RefundCreate, RefundDecide, RefundCancel, RefundSubmit]
            }
            Role::Finance => &[OrderRead, RefundRead, FinanceRead, FinanceWrite],
            Role::Risk => &[OrderRead, RefundRead, EvidenceRead, PolicyRead, PolicyWrite],
            Role::Auditor => &[OrderRead, RefundRead, EvidenceRead, FinanceRead, PolicyRead, AuditRead, AdminRead],
            Role::Admin => Permission::ALL,
        }
    }

    /// How high the role stands where a policy asks for a minimum: agents below seniors, the others not at all.
    pub fn approval_rank(self) -> u8 {
        match self {
            Role::Agent => 1,
            Role::Senior | Role::Admin => 2,
            Role::Finance | Role::Risk | Role::Auditor => 0,
        }
    }
}

/// Everything that a person with these roles may do.
pub fn permissions_of(roles: &BTreeSet<Role>) -> BTreeSet<Permission> {
    roles.iter().flat_map(|role| role.permissions()).copied().collect()
}

impl Scope {
    /// Whether a person with these permissions may give the scope to a token of theirs.
    pub fn is_within(self, permissions: &BTreeSet<Permission>) -> bool {
        self.permissions().iter().all(|permission| permissions.contains(permission))
    }

    /// What a token with the scope may do.
    pub fn permissions(self) -> &'static [Permission] {
        use Permission::*;
        match self {
            Scope::OrdersWrite => &[OrderWrite],
            Scope::OrdersRead => &[OrderRead],
            Scope::RefundsCreate => &[RefundCreate, RefundCancel],
            Scope::RefundsRead => &[RefundRead],
            Scope::RefundsDecide => &[RefundDecide],
            Scope::RefundsSubmit => &[RefundSubmit],
            Scope::FinanceRead => &[FinanceRead],
            Scope::FinanceWrite => &[FinanceWrite],
            Scope::PolicyRead => &[PolicyRead],
            Scope::PolicyWrite => &[PolicyWrite],
            Scope::AuditRead => &[AuditRead],
            Scope::Admin => &[AdminRead, Operate],
        }
    }
}

/// Somebody or something that acts, as counted for dual control and written into the trail.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// A person at the desk, by page or by a token of theirs.
    User(UserId),
    /// A token without an owner, by name, so that rotation does not change who it is.
    Token(String),
    /// A customer.
    Customer(CustomerId),
    /// The policy of this version.
    Policy(i64),
    /// The desk itself: workers, housekeeping.
    System,
    /// A processor's own word, by account.
    Provider(String),
    /// A person at the shell.
    Shell,
}

impl Principal {
    /// The person, where it is one.
    pub fn user_id(&self) -> Option<&UserId> {
        if let Principal::User(user_id) = self { Some(user_id) } else { None }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Principal::User(id) => write!(f, "user:{id}"),
            Principal::Token(name) => write!(f, "token:{name}"),
            Principal::Customer(id) => write!(f, "customer:{id}"),
            Principal::Policy(version) => write!(f, "policy:{version}"),
            Principal::System => f.write_str("system"),
            Principal::Provider(account) => write!(f, "provider:{account}"),
            Principal::Shell => f.write_str("shell"),
        }
    }
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Principal {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let unknown = || UnknownWord {
            what: "principal",
            word: text.chars().take(40).collect(),
            allowed: &["user:", "token:", "customer:", "policy:", "provider:", "system", "shell"],
        };
        match text.split_once(':') {
            Some(("user", id)) => UserId::parse(id).map(Principal::User).map_err(|_| unknown()),
            Some(("token", name)) => Ok(Principal::Token(name.to_owned())),
            Some(("customer", id)) => CustomerId::parse(id).map(Principal::Customer).map_err(|_| unknown()),
            Some(("policy", version)) => version.parse().map(Principal::Policy).map_err(|_| unknown()),
            Some(("provider", account)) => Ok(Principal::Provider(account.to_owned())),
            _ if text == "system" => Ok(Principal::System),
            _ if text == "shell" => Ok(Principal::Shell),
            _ => Err(unknown()),
        }
    }
}

/// A principal with its rights, as established at the edge for one request.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Who.
    pub principal: Principal,
    /// The token used, where one was.
    pub token: Option<TokenId>,
    /// Roles that count for minimum role and limits; a token without owner decides as a senior (SPEC section 6).
    pub roles: BTreeSet<Role>,
    permissions: BTreeSet<Permission>,
}

impl Actor {
    /// A person with all that their roles give.
    pub fn user(id: UserId, roles: BTreeSet<Role>) -> Self {
        let permissions = permissions_of(&roles);
        Self { principal: Principal::User(id), token: None, roles, permissions }
    }

    /// A token: the rights of its scopes.
    pub fn token(
        token: TokenId,
        name: &str,
        scopes: &BTreeSet<Scope>,
        owner: Option<(UserId, BTreeSet<Role>)>,
    ) -> Self {
        let scoped: BTreeSet<Permission> = scopes.iter().flat_map(|scope| scope.permissions()).copied().collect();
        match owner {
            None => Self {
                principal: Principal::Token(name.to_owned()),
                token: Some(token),
                roles: BTreeSet::from([Role::Senior]),
                permissions: scoped,
            },
            Some((user, roles)) => {
                Self { principal: Principal::User(user), token: Some(token), roles, permissions: scoped }
            }
        }
    }

    /// The same bounded by what the roles give: a token whose owner made it can do no more than its owner can today.
    #[must_use]
    pub fn bounded_by_roles(mut self) -> Self {
        let given = permissions_of(&self.roles);
        self.permissions.retain(|permission| given.contains(permission));
        self
    }

    /// A customer: may ask for refunds and read and withdraw their own; ownership is checked object by object.
    pub fn customer(id: CustomerId) -> Self {
        let permissions = BTreeSet::from([
            Permission::RefundCreate,
            Permission::RefundRead,
            Permission::RefundCancel,
            Permission::OrderRead,
        ]);
        Self { principal: Principal::Customer(id), token: None, roles: BTreeSet::new(), permissions }
    }

    /// The desk itself, a processor or a person at the shell: everything, by being there.
    pub fn internal(principal: Principal) -> Self {
        Self { principal, token: None, roles: BTreeSet::new(), permissions: Permission::ALL.iter().copied().collect() }
    }

    /// Whether the actor has the permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Whether the actor may give the scope to a token of theirs.
    pub fn may_give(&self, scope: Scope) -> bool {
        scope.is_within(&self.permissions)
    }

    /// The customer behind the actor, where it is one.
    pub fn customer_id(&self) -> Option<&CustomerId> {
        match &self.principal {
            Principal::Customer(id) => Some(id),
            Principal::User(_)
            | Principal::Token(_)
            | Principal::Policy(_)
            | Principal::System
            | Principal::Provider(_)
            | Principal::Shell => None,
        }
    }

    /// The highest approval rank among the actor's roles; 0 where none may approve.
    pub fn approval_rank(&self) -> u8 {
        self.roles.iter().map(|role| role.approval_rank()).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> ulid::Ulid {
        ulid::Ulid::from_parts(1, 1)
    }

    #[test]
    fn the_auditor_reads_everything_and_changes_nothing() {
        let auditor = permissions_of(&BTreeSet::from([Role::Auditor]));
        for permission in Permission::ALL.iter().filter(|permission| permission.as_str().ends_with(".read")) {
            assert!(auditor.contains(permission), "{permission}");
        }
        assert!(auditor.iter().all(|permission| permission.as_str().ends_with(".read")), "{auditor:?}");
    }

    #[test]
    fn a_bounded_token_can_do_what_scope_and_roles_both_give() {
        let scopes = BTreeSet::from([Scope::RefundsDecide, Scope::FinanceRead]);
        let owner = (UserId::from_ulid(id()), BTreeSet::from([Role::Agent]));
        let token = Actor::token(TokenId::from_ulid(id()), "mine", &scopes, Some(owner));
        assert!(token.may(Permission::FinanceRead));
        let bounded = token.bounded_by_roles();
        assert!(bounded.may(Permission::RefundDecide));
        assert!(!bounded.may(Permission::FinanceRead) && !bounded.may(Permission::RefundRead));
    }

    #[test]
    fn a_scope_is_given_by_who_has_all_of_it() {
        let agent = permissions_of(&BTreeSet::from([Role::Agent]));
        assert!(Scope::RefundsDecide.is_within(&agent) && Scope::RefundsCreate.is_within(&agent));
        assert!(!Scope::Admin.is_within(&agent) && !Scope::OrdersWrite.is_within(&agent));
        let admin = permissions_of(&BTreeSet::from([Role::Admin]));
        assert!(Scope::ALL.iter().all(|scope| scope.is_within(&admin)));
    }
}
