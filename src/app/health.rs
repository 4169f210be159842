//! How the background loops of this process are, for `/readyz` and for whoever waits for them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The board on which each loop has its line.
#[derive(Debug, Default)]
pub struct Health {
    loops: Mutex<BTreeMap<&'static str, LoopHealth>>,
}

/// One background loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoopHealth {
    /// How it is now.
    pub state: LoopState,
    /// How often it broke off and was started again.
    pub restarts: u64,
}

/// How a background loop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopState {
    /// At work.
    Running,
    /// Broke off; started again after a pause.
    Restarting,
    /// Ended, because the process ends.
    Stopped,
}

impl LoopState {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Restarting => "restarting",
            Self::Stopped => "stopped",
        }
    }
}

impl Health {
    /// Notes how a loop is; breaking off is counted.
    pub fn note(&self, name: &'static str, state: LoopState) {
        let mut loops = self.loops();
        let line = loops.entry(name).or_insert(LoopHealth { state, restarts: 0 });
        line.state = state;
        line.restarts += u64::from(state == LoopState::Restarting);
    }

    /// Every loop by name.
    pub fn all(&self) -> Vec<(&'static str, LoopHealth)> {
        self.loops().iter().map(|(name, line)| (*name, *line)).collect()
    }

    fn loops(&self) -> MutexGuard<'_, BTreeMap<&'static str, LoopHealth>> {
        self.loops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaking_off_is_counted() {
        let health = Health::default();
        for state in [LoopState::Running, LoopState::Restarting, LoopState::Running, LoopState::Restarting] {
            health.note("poller", state);
        }
        assert_eq!(health.all(), [("poller", LoopHealth { state: LoopState::Restarting, restarts: 2 })]);
    }
}
