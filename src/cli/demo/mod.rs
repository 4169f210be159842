//! `makegood demo`: a desk with sample life in every state, in a folder that is thrown away at the end.

mod life;
mod pictures;

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use clap::Args;

use super::serve::serve;
use super::{Failure, running};
use crate::config::{Config, Sources, table};
use crate::http::opening::Environment;

/// What the simulator of the demo does otherwise than by default: pending refunds stay pending long enough to be looked
/// at, and one account cannot be reached, so that its refunds wait.
const SETTINGS: &str = r#"
[simulator]
webhook_delay_ms = 600000

[[provider]]
account = "simulator"
connector = "simulator"

[[provider]]
account = "simulator-down"
connector = "simulator"
api_base = "http://127.0.0.1:9"
secret_key = "demo-only"
webhook_secret = "whsec_ZGVtby1vbmx5LW5vdC1hLXNlY3JldC1hdC1hbGw="
"#;

/// Opens a desk with sample customers, orders and refunds in every state, in a folder that is thrown away
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  makegood demo\n  makegood demo --listen 127.0.0.1:9000")]
pub(super) struct Arguments {
    /// Where to listen, instead of 127.0.0.1:8080 or what MAKEGOOD_LISTEN says
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Failure> {
        let folder = tempfile::Builder::new().prefix("makegood-demo-").tempdir().map_err(no_folder)?;
        let config = self.config(folder.path())?;
        running::with_telemetry(
            &config.clone(),
            serve(config, async |app| {
                let life = life::begin(app).await?;
                Ok((Environment::Demo, greeting(&life)))
            }),
        )
    }

    fn config(&self, folder: &Path) -> Result<Config, Failure> {
        let file = folder.join("makegood.toml");
        std::fs::write(&file, SETTINGS).map_err(no_folder)?;
        let mut sources = Sources::of_process(Some(file));
        if let Some(address) = self.listen {
            sources = sources.with_flag(table::LISTEN.key, address.to_string());
        }
        let sources = sources
            .with_flag(table::DATA_DIR.key, folder.join("data").display().to_string())
            .with_flag(table::DATABASE_URL.key, format!("sqlite://{}", folder.join("data/makegood.db").display()))
            .with_flag(table::LOG.key, "warn");
        Config::load(&sources).map(|loaded| loaded.config).map_err(|refusal| Failure::usage(refusal.to_string()))
    }
}

fn no_folder(error: std::io::Error) -> Failure {
    Failure::failed(format!("The demo needs a temporary folder to write to: {error}."))
}

/// Where to click, and who to be.
fn greeting(life: &life::Life) -> String {
    let mut text = String::from(
        "Makegood demo: nothing leaves this process, and all of it is gone when you stop it (Ctrl+C).\n\n",
    );
    let url = &life.url;
    let mut line = |line: String| {
        // Writing to a string does not fail.
        let _written = writeln!(text, "{line}");
    };
    line(format!("Customers  {url}/refunds"));
    for door in &life.doors {
        line(format!("  order {:<6} {:<22} {}", door.order_id, door.email, door.url));
    }
    line(format!("Letters    {url}/dev/mail"));
    line(format!("Reference  {url}/docs"));
    line(format!("Token      {}", life.token));
    line(format!("Staff      {url}/login"));
    for person in &life.people {
        line(format!("  {:<8} {:<26} {}", person.role, person.email, person.password));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_s_settings_are_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let arguments = Arguments { listen: "127.0.0.1:0".parse().ok() };
        assert!(arguments.config(folder.path()).is_ok());
    }
}
