//! Who may do what: every route and every role, signing in and what attacks it, links, sessions, people, tokens.

mod matrix;
mod sign_in;
