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
    get("/desk/refunds/{refund_id}/evidence/{nth}/image", Entry::Staff(Permission::EvidenceRead)),
    get("/desk/refunds/{refund_id}/evidence/{nth}/original", Entry::Staff(Permission::EvidenceRead)),
    post("/desk/refunds/{refund_id}/evidence/{nth}/alt", Entry::Staff(Permission::RefundDecide)),
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
    post("/desk/refunds/{refund_id}/messages", Entry::Staff(Permission::RefundDecide)),
    post("/desk/refunds/{refund_id}/cancel", Entry::Staff(Permission::RefundCancel)),
    post("/desk/refunds/{refund_id}/retry", Entry::Staff(Permission::RefundSubmit)),
    get("/dev/mail", LETTERS),
    get("/dev/mail/{letter}", LETTERS),
    get("/dev/mail/{letter}/html", LETTERS),
    get("/docs", PAPERS),
    get("/problems", PAPERS),
    get("/problems/{slug}", PAPERS),
];
