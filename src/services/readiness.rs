//! Whether this process can serve: asked by load balancers, so it touches nothing but the database.

use super::desk::Desk;

/// What the database says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// Whether it answers.
    pub database: bool,
    /// Whether its schema is this program's.
    pub migrations: bool,
}

/// Asks the database.
pub async fn check(desk: &Desk) -> Readiness {
    match desk.db.pending_migrations().await {
        Ok(pending) => Readiness { database: true, migrations: pending.is_empty() },
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            Readiness { database: false, migrations: false }
        }
    }
}
