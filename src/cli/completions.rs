//! `makegood completions SHELL`.

use clap::Args;
use clap_complete::Shell;

use super::{Failure, print};

/// Prints the completion script of a shell
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  makegood completions bash > /etc/bash_completion.d/makegood\n  makegood completions fish > \
                  ~/.config/fish/completions/makegood.fish"
)]
pub(super) struct Arguments {
    /// Which shell
    shell: Shell,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::tree(), "makegood", &mut script);
        print::bytes(&script)
    }
}
