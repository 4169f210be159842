//! The composition root: what the rest of the program is handed, built here and nowhere else.

pub mod clock;
pub mod ids;

pub use clock::Clock;
pub use ids::Ids;
