//! How a command ends other than well: one sentence on standard error and an exit code.

use std::fmt;
use std::io::Write as _;
use std::process::ExitCode;

use crate::app::BuildError;

/// Exit codes. Source: SPEC section 16, UX section 5.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It did not work.
    Failed = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// Breaks were found, or the desk is not healthy.
    Unhealthy = 3,
    /// The database needs migration.
    NeedsMigration = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Unhealthy => 3,
            Exit::NeedsMigration => 4,
        })
    }
}

/// Why a command did not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    exit: Exit,
    sentence: String,
}

impl Failure {
    /// Ends with this code and this sentence.
    pub fn new(exit: Exit, sentence: impl Into<String>) -> Self {
        Self { exit, sentence: sentence.into() }
    }

    /// It did not work.
    pub fn failed(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Failed, sentence)
    }

    /// The command line or the configuration is wrong.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Usage, sentence)
    }

    /// Which code it ends with.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// Says it and gives the code.
    pub(super) fn tell(&self) -> ExitCode {
        complain(self);
        self.exit.into()
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        let exit = match &error {
            BuildError::Setting(_)
            | BuildError::Provider(_)
            | BuildError::MailFrom(_)
            | BuildError::MailServer(_)
            | BuildError::NeedsServer => Exit::Usage,
            BuildError::NeedsMigration(_) => Exit::NeedsMigration,
            BuildError::MailFolder { .. }
            | BuildError::Taken(_)
            | BuildError::Lock { .. }
            | BuildError::Store(_)
            | BuildError::FirstStart(_)
            | BuildError::Evidence(_)
            | BuildError::Simulator(_)
            | BuildError::Texts(_) => Exit::Failed,
        };
        Self::new(exit, error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// A sentence on standard error; where nobody listens, nobody is told.
pub(super) fn complain(sentence: impl fmt::Display) {
    let _ = writeln!(std::io::stderr(), "makegood: {sentence}");
}
