//! `makegood man`: the manual page, or one page a command into a folder.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, print};

/// Prints the manual page
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  makegood man > makegood.1\n  makegood man --folder /usr/local/share/man/man1")]
pub(super) struct Arguments {
    /// Write one page for each command into this folder instead
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self.folder {
            Some(folder) => clap_mangen::generate_to(super::tree(), &folder).map_err(|error| {
                Failure::failed(format!("The pages cannot be written to {}: {error}.", folder.display()))
            }),
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(super::tree())
                    .render(&mut page)
                    .map_err(|error| Failure::failed(format!("The page cannot be made: {error}.")))?;
                print::bytes(&page)
            }
        }
    }
}
