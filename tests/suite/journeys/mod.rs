//! Journeys: what the brief accepts the desk by, and each of the processor's moods, from request to letter.

mod acceptance;
mod evidence;
mod letters;
mod messages;
mod modes;
mod people;
