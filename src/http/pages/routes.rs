//! The one table of pages: who may open which, and send what where.
//!
//! A page is mounted in the file of its area; here stands who it is for. A route without a row answers nobody (`gate`), and
//! a law compares this table with what is mounted, so that neither can be forgotten.

use actix_web::http::Method;

use crate::domain::access::Permission;

/// Who a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Everybody; says why.
    Everybody(&'static str),
    /// Whoever holds a one-time link, which is judged by its text; the page's address is a secret and is told nobody.
    Linked,
    /// Customers who opened a link. That an order or a refund is theirs is asked object by object.
    Customers,
    /// People of the desk with this permission.
    Staff(Permission),
    /// Everybody who works at the desk, for what is their own.
    Own,
    /// The same, and who cannot do anything else yet because a second factor is missing.
    Protecting,
}

/// A method on a path, and who may use it.
#[derive(Clone, Debug)]
pub struct PageRoute {
    /// The method.
    pub method: Method,
    /// The path with its parameters in braces, as it is mounted.
    pub path: &'static str,
    /// Who may.
    pub entry: Entry,
}

/// The row of a method and path.
pub fn find(method: &Method, path: &str) -> Option<&'static PageRoute> {
    TABLE.iter().find(|route| route.path == path && route.method == *method)
}

/// Whether the path has a row, whatever the method.
pub fn knows(path: &str) -> bool {
    TABLE.iter().any(|route| route.path == path)
}

const fn get(path: &'static str, entry: Entry) -> PageRoute {
    PageRoute { method: Method::GET, path, entry }
}

const fn post(path: &'static str, entry: Entry) -> PageRoute {
    PageRoute { method: Method::POST, path, entry }
}

const THE_DOOR: Entry = Entry::Everybody("who is not signed in signs in here");
const LETTERS: Entry = Entry::Everybody("outside live mode only, where no letter is real");
const PAPERS: Entry = Entry::Everybody("what the desk does is no secret");
const BEFORE: Entry = Entry::Everybody("a customer is nobody yet");

/// Every page and every form.
pub const TABLE: &[PageRoute] = &[
    get("/", Entry::Everybody("leads on")),
    get("/login", THE_DOOR),
    post("/login", THE_DOOR),
    get("/login/verify", THE_DOOR),
    post("/login/verify", THE_DOOR),
    get("/login/forgot", THE_DOOR),
    post("/login/forgot", THE_DOOR),
    get("/login/forgot/sent", THE_DOOR),
    get("/welcome", Entry::Linked),
    post("/welcome", Entry::Linked),
    get("/setup", Entry::Linked),
    post("/setup", Entry::Linked),
    post("/logout", Entry::Everybody("ends whatever session there is")),
    post("/preferences", Entry::Everybody("colours are kept in a cookie")),
    get("/help", PAPERS),
    get("/refunds", BEFORE),
    post("/refunds", BEFORE),
    get("/refunds/sent", BEFORE),
    get("/refunds/verify/{token}", Entry::Linked),
    post("/refunds/verify/{token}", Entry::Linked),
    get("/refunds/orders/{order_id}", Entry::Customers),
    post("/refunds/new", Entry::Customers),
    get("/refunds/new/items", Entry::Customers),
    post("/refunds/new/items", Entry::Customers),
    get("/refunds/new/reason", Entry::Customers),
    post("/refunds/new/reason", Entry::Customers),
    get("/refunds/new/amount", Entry::Customers),
    post("/refunds/new/amount", Entry::Customers),
    get("/refunds/new/evidence", Entry::Customers),
    post("/refunds/new/evidence", Entry::Customers),
    get("/refunds/new/check", Entry::Customers),
    post("/refunds/new/check", Entry::Customers),
    get("/refunds/r/{refund_id}", Entry::Customers),
    get("/refunds/r/{refund_id}/live", Entry::Customers),
    get("/refunds/r/{refund_id}/evidence", Entry::Customers),
    post("/refunds/r/{refund_id}/evidence", Entry::Customers),
    get("/refunds/r/{refund_id}/messages", Entry::Customers),
    post("/refunds/r/{refund_id}/messages", Entry::Customers),
    get("/refunds/r/{refund_id}/appeal", Entry::Customers),
    post("/refunds/r/{refund_id}/appeal", Entry::Customers),
    get("/refunds/r/{refund_id}/withdraw", Entry::Customers),
    post("/refunds/r/{refund_id}/withdraw", Entry::Customers),
    get("/account", Entry::Own),
    post("/account", Entry::Own),
    get("/account/security", Entry::Own),
    post("/account/password", Entry::Own),
    post("/account/sessions/end", Entry::Own),
    post("/account/sessions/end-others", Entry::Own),
    get("/account/second-factor", Entry::Protecting),
    post("/account/second-factor", Entry::Protecting),
    post("/account/second-factor/begin", Entry::Protecting),
    get("/account/second-factor/off", Entry::Own),
    post("/account/second-factor/off", Entry::Own),
    get("/account/second-factor/codes", Entry::Own),
    post("/account/second-factor/codes", Entry::Own),
    get("/desk", Entry::Staff(Permission::RefundRead)),
    get("/desk/queue", Entry::Staff(Permission::RefundRead)),
    get("/desk/queue/live", Entry::Staff(Permission::RefundRead)),
    post("/desk/queue/next", Entry::Staff(Permission::RefundDecide)),
    post("/desk/queue/claim", Entry::Staff(Permission::RefundDecide)),
    get("/desk/orders/{order_id}", Entry::Staff(Permission::OrderRead)),
    post("/desk/orders/{order_id}/refunds", Entry::Staff(Permission::RefundCreate)),
    get("/search", Entry::Staff(Permission::RefundRead)),
    get("/help/shortcuts", Entry::Own),
    get("/desk/views", Entry::Staff(Permission::RefundRead)),
    post("/desk/views", Entry::Staff(Permission::RefundRead)),
    post("/desk/views/{view_id}", Entry::Staff(Permission::RefundRead)),
    post("/desk/views/{view_id}/forget", Entry::Staff(Permission::RefundRead)),
    get("/desk/hand-over", Entry::Staff(Permission::RefundDecide)),
    post("/desk/hand-over", Entry::Staff(Permission::RefundDecide)),
    get("/desk/refunds", Entry::Staff(Permission::RefundRead)),
    get("/desk/refunds.csv", Entry::Staff(Permission::RefundRead)),
    get("/desk/refunds/{refund_id}", Entry::Staff(Permission::RefundRead)),
    get("/desk/refunds/{refund_id}/review", Entry::Staff(Permission::RefundRead)),
    get("/desk/refunds/{refund_id}/evidence/{nth}", Entry::Staff(Permission::EvidenceRead)),
    get("/desk/refunds/{refund_id}/evidence/{nth}/image", Entry::Staff(Permission::EvidenceRead)),
    get("/desk/refunds/{refund_id}/evidence/{nth}/original", Entry::Staff(Permission::EvidenceRead)),
    post("/desk/refunds/{refund_id}/evidence/{nth}/alt", Entry::Staff(Permission::RefundDecide)),
    post("/desk/refunds/{refund_id}/evidence/{nth}/unreadable", Entry::Staff(Permission::RefundDecide)),
    post("/desk/refunds/{refund_id}/claim", Entry::Staff(Permission::RefundDecide)),
    post("/desk/refunds/{refund_id}/claim/renewal", Entry::Staff(Permission::RefundDecide)),
    get("/desk/refunds/{refund_id}/hand-on", Entry::Staff(Permission::RefundDecide)),
    post("/desk/refunds/{refund_id}/hand-on", Entry::Staff(Permission::RefundDecide)),
    post("/desk/refunds/{refund_id}/release", Entry::Staff(Permission::RefundDecide)),
    post("/desk/refunds/{refund_id}/skip", Entry::Staff(Permission::RefundDecide)),
    get("/desk/refunds/{refund_id}/decide", Entry::Staff(Permission::RefundDecide)),
    post("/desk/refunds/{refund_id}/decision", Entry::Staff(Permission::RefundDecide)),
    post("/desk/refunds/{refund_id}/undo", Entry::Staff(Permission::RefundDecide)),
    post("/desk/refunds/{refund_id}/notes", Entry::Staff(Permission::RefundDecide)),
    get("/desk/refunds/{refund_id}/messages", Entry::Staff(Permission::RefundRead)),
    post("/desk/refunds/{refund_id}/messages", Entry::Staff(Permission::RefundDecide)),
    post("/desk/refunds/{refund_id}/letters/{letter}/again", Entry::Staff(Permission::RefundDecide)),
    post("/desk/refunds/{refund_id}/cancel", Entry::Staff(Permission::RefundCancel)),
    post("/desk/refunds/{refund_id}/retry", Entry::Staff(Permission::RefundSubmit)),
    get("/desk/messages", Entry::Staff(Permission::RefundRead)),
    post("/desk/refunds/{refund_id}/messages/seen", Entry::Staff(Permission::RefundDecide)),
    get("/desk/replies", Entry::Staff(Permission::RefundRead)),
    get("/desk/replies/new", Entry::Staff(Permission::RefundDecide)),
    post("/desk/replies/new", Entry::Staff(Permission::RefundDecide)),
    get("/desk/replies/{reply_id}", Entry::Staff(Permission::RefundRead)),
    post("/desk/replies/{reply_id}", Entry::Staff(Permission::RefundDecide)),
    post("/desk/replies/{reply_id}/archive", Entry::Staff(Permission::RefundDecide)),
    get("/admin/mail/preview", Entry::Staff(Permission::AdminRead)),
    get("/admin/mail/preview/html", Entry::Staff(Permission::AdminRead)),
    get("/developers", Entry::Everybody("leads on")),
    get("/developers/keys", Entry::Staff(Permission::AdminRead)),
    get("/developers/keys/new", Entry::Staff(Permission::Operate)),
    post("/developers/keys/new", Entry::Staff(Permission::Operate)),
    get("/developers/keys/{token_id}/rotate", Entry::Staff(Permission::Operate)),
    post("/developers/keys/{token_id}/rotate", Entry::Staff(Permission::Operate)),
    get("/developers/keys/{token_id}/revoke", Entry::Staff(Permission::Operate)),
    post("/developers/keys/{token_id}/revoke", Entry::Staff(Permission::Operate)),
    get("/audit", Entry::Staff(Permission::AuditRead)),
    get("/audit/export", Entry::Staff(Permission::AuditRead)),
    get("/audit/verify", Entry::Staff(Permission::AuditRead)),
    post("/audit/verify", Entry::Staff(Permission::AuditRead)),
    get("/audit/{audit_id}", Entry::Staff(Permission::AuditRead)),
    get("/admin", Entry::Everybody("leads on")),
    get("/admin/users", Entry::Staff(Permission::AdminRead)),
    get("/admin/users/new", Entry::Staff(Permission::Operate)),
    post("/admin/users/new", Entry::Staff(Permission::Operate)),
    get("/admin/users/{user_id}", Entry::Staff(Permission::AdminRead)),
    post("/admin/users/{user_id}/roles", Entry::Staff(Permission::Operate)),
    get("/admin/users/{user_id}/suspend", Entry::Staff(Permission::Operate)),
    post("/admin/users/{user_id}/suspend", Entry::Staff(Permission::Operate)),
    post("/admin/users/{user_id}/reactivate", Entry::Staff(Permission::Operate)),
    post("/admin/users/{user_id}/sign-out", Entry::Staff(Permission::Operate)),
    get("/admin/users/{user_id}/second-factor", Entry::Staff(Permission::Operate)),
    post("/admin/users/{user_id}/second-factor", Entry::Staff(Permission::Operate)),
    post("/admin/users/{user_id}/link", Entry::Staff(Permission::Operate)),
    get("/admin/roles", Entry::Staff(Permission::AdminRead)),
    get("/admin/outbox", Entry::Staff(Permission::AdminRead)),
    get("/admin/dlq", Entry::Staff(Permission::AdminRead)),
    post("/admin/dlq/retry", Entry::Staff(Permission::Operate)),
    post("/admin/dlq/events/{inbox_id}/retry", Entry::Staff(Permission::Operate)),
    get("/admin/dlq/{outbox_id}", Entry::Staff(Permission::AdminRead)),
    post("/admin/dlq/{outbox_id}/retry", Entry::Staff(Permission::Operate)),
    post("/admin/dlq/{outbox_id}/give-up", Entry::Staff(Permission::Operate)),
    post("/admin/dlq/{outbox_id}/confirm", Entry::Staff(Permission::Operate)),
    post("/admin/dlq/{outbox_id}/keep", Entry::Staff(Permission::Operate)),
    get("/admin/flags", Entry::Staff(Permission::PolicyRead)),
    post("/admin/flags", Entry::Staff(Permission::PolicyWrite)),
    get("/admin/settings", Entry::Staff(Permission::AdminRead)),
    get("/admin/diagnostics", Entry::Staff(Permission::AdminRead)),
    get("/dev/mail", LETTERS),
    get("/dev/mail/{letter}", LETTERS),
    get("/dev/mail/{letter}/html", LETTERS),
    get("/docs", PAPERS),
    get("/problems", PAPERS),
    get("/problems/{slug}", PAPERS),
];
