//! `makegood setup-link`: the one-time link by which the first administrator is made, told again or made anew.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::open::{on_desk, refused};
use super::{Failure, Global, print, token};
use crate::app::App;
use crate::domain::access::Principal;
use crate::services::set_up::{self, SECRET_PREFIX};
use crate::services::tokens::TOKEN_PREFIX;

/// What stands before the link's text in its address.
const BEFORE_TEXT: &str = "/setup?token=";

/// Prints the one-time link that makes the first administrator, alone on the last line
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  makegood setup-link\n  makegood setup-link --new")]
pub(super) struct Arguments {
    /// Make a new one; all that were made before stop working
    #[arg(long)]
    new: bool,
}

/// A link that works.
pub(super) struct Link {
    /// Its address.
    pub(super) url: String,
    /// The file that it stands in.
    pub(super) path: PathBuf,
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let link = on_desk(global, async |app| current(&app, self.new).await)?;
        let link = link
            .ok_or_else(|| Failure::failed("There is an administrator already. Add people with: makegood user add"))?;
        print::text(&format!("It works once, within a day:\n{}\n", link.url))
    }
}

/// The link that is kept in the data folder, where it still works; otherwise a new one, kept there. Nothing where there
/// is an administrator.
pub(super) async fn current(app: &Arc<App>, anew: bool) -> Result<Option<Link>, Failure> {
    let path = app.config.data_dir.join("secrets").join("setup-token");
    let unwritable = |error: io::Error| Failure::failed(format!("{} cannot be written: {error}.", path.display()));
    let told = |refusal| refused(app, &refusal);
    if !set_up::is_open(&app.desk).await.map_err(told)? {
        remove(&path).map_err(unwritable)?;
        return Ok(None);
    }
    let context = app.context(Principal::Shell);
    if !anew
        && let Some(secret) = kept(&path)
        && set_up::works(&app.desk, &context, &secret).await.map_err(told)?
    {
        return Ok(Some(Link { url: set_up::url(&app.desk, &secret), path }));
    }
    let secret = token::text()?.replacen(TOKEN_PREFIX, SECRET_PREFIX, 1);
    let made = set_up::make_link(&app.desk, &context, &secret, anew).await.map_err(told)?;
    keep(&path, &made.url).map_err(unwritable)?;
    Ok(Some(Link { url: made.url, path }))
}

fn kept(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    text.trim().split_once(BEFORE_TEXT).map(|(_, secret)| secret.to_owned())
}

fn keep(path: &Path, url: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    // The mode above counts only where the file is new.
    file.set_permissions(Permissions::from_mode(0o600))?;
    writeln!(file, "{url}")?;
    file.sync_all()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_kept_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("setup-token");
        fs::write(&path, "old").unwrap();
        keep(&path, "https://desk.example/setup?token=st_1").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(kept(&path).as_deref(), Some("st_1"));
        remove(&path).unwrap();
        remove(&path).unwrap();
        assert_eq!(kept(&path), None);
    }
}
