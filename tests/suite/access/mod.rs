//! Who may do what: every route and every role, signing in and what attacks it, links, sessions, people, tokens.

mod administration;
mod dead_letters;
mod keys;
mod matrix;
mod second_factor;
mod sign_in;
mod trail;
