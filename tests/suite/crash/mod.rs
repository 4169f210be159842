//! `kill -9` at any moment: the real program is killed, started again on the same data, and asked the same things again.
//! No accepted request is lost, nothing is done or told twice (SPEC section 16, QUALITY 2, CASES F13, F27, F70).
//!
//! `premises` is a desk's folder, database and people; `process` one process that serves from them; `diary` what its
//! callers want, in their `mood`, what they saw, and what they do about what they did not see; `aftermath` what is looked
//! at when everything has come to rest. `points` lets the program die at every step of every way, one after the other.
//! `settled` does the same where an approval is carried out that could be undone before. `uploads` kills in the middle of one, and measures what many hold. `rounds` and `starts` kill at random:
//! `MAKEGOOD_TEST_SEED` repeats what a run did, `MAKEGOOD_TEST_ROUNDS` says how often it kills.

mod aftermath;
mod chance;
mod diary;
mod mood;
mod points;
mod premises;
mod process;
mod rounds;
mod settled;
mod starts;
mod uploads;
