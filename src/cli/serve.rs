//! `makegood serve`: migrates, listens, works. What `makegood` alone does too.

use std::io::IsTerminal as _;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use clap::Args;

use super::running::{self, Signals};
use super::{Failure, Global, setup_link};
use crate::app::{App, Purpose};
use crate::config::{Config, DatabaseUrl, Sources, table};
use crate::http::opening::{self, Environment};
use crate::workers;

/// Migrates the database, serves, and does the background work
#[derive(Debug, Default, Args)]
#[command(
    after_help = "Examples:\n  makegood serve\n  makegood serve --listen 0.0.0.0:8080 --config /etc/makegood.toml"
)]
pub(super) struct Arguments {
    /// Where to listen, instead of what is configured
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let sources = Sources::of_process(global.config.clone());
        let sources = match self.listen {
            Some(address) => sources.with_flag(table::LISTEN.key, address.to_string()),
            None => sources,
        };
        let config = global.load_from(sources)?.config;
        running::with_telemetry(
            &config.clone(),
            serve(config, async |app| Ok((opening::environment(app), greeting(app).await?))),
        )
    }
}

/// Serves until told to stop. `prepare` runs when the desk is built and nothing works or listens yet; it says which
/// ribbon the pages carry and what stands on the terminal.
pub(super) async fn serve(
    config: Config,
    prepare: impl AsyncFnOnce(&Arc<App>) -> Result<(Environment, String), Failure>,
) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    let listen = config.listen;
    let cannot_listen = |error| {
        Failure::failed(format!(
            "Cannot listen on {listen}: {error}. Choose another address with --listen or MAKEGOOD_LISTEN."
        ))
    };
    let listener = TcpListener::bind(listen).map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    // With the port that the system chose, if none was asked for: the terminal tells it.
    let config = Config { listen: address, ..config };
    let app = App::build(config, Purpose::Serve { address }).await?;
    let (environment, greeting) = prepare(&app).await?;
    let server = opening::open(&app, listener, environment).map_err(cannot_listen)?;
    let handle = server.handle();
    let mut serving = tokio::spawn(server);
    let workers = app.config.workers.then(|| workers::start(&app));
    running::tell(&greeting);
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "serving");
    let result = tokio::select! {
        () = signals.heard() => Ok(()),
        ended = &mut serving => Err(Failure::failed(match ended {
            Ok(Ok(())) => "The server ended by itself.".to_owned(),
            Ok(Err(error)) => format!("The server ended: {error}."),
            Err(error) => format!("The server broke off: {error}."),
        })),
    };
    app.desk.bells.close();
    running::stop(async {
        let work = async {
            if let Some(workers) = workers {
                workers.stop().await;
            }
        };
        tokio::join!(handle.stop(true), work);
        app.stop().await;
    })
    .await;
    result
}

/// What stands on the terminal after the start: where it is, what it uses, how to get in.
async fn greeting(app: &Arc<App>) -> Result<String, Failure> {
    let config = &app.config;
    let address = config.listen;
    let url = app.public_url();
    let database = match &config.database {
        DatabaseUrl::Sqlite(path) => format!("SQLite, {}", path.display()),
        DatabaseUrl::Postgres(_) => "PostgreSQL".to_owned(),
    };
    let mail = match &config.smtp_url {
        Some(_) => "sent by SMTP".to_owned(),
        None => format!("kept in {}", config.mail_folder().display()),
    };
    let accounts = config.providers.iter().map(|account| {
        let kind = if account.is_embedded() { "simulated here" } else { account.settings.connector.as_str() };
        format!("{} ({kind})", account.name())
    });
    let accounts = accounts.collect::<Vec<_>>().join(", ");
    let entrance = match setup_link::current(app, false).await? {
        None => format!("sign in   {url}/login"),
        Some(link) if std::io::stdout().is_terminal() => format!("set up    {} (once, within a day)", link.url),
        // What is not a terminal is kept somewhere and read by others.
        Some(link) => format!("set up    open the link in {}", link.path.display()),
    };
    let workers = if config.workers { "on" } else { "off: nothing is sent from here" };
    Ok(format!(
        "Makegood {version}, {environment} mode\n  \
         open      {url}\n  \
         listens   {address}\n  \
         data      {folder}\n  \
         database  {database}\n  \
         mail      {mail}\n  \
         accounts  {accounts}\n  \
         workers   {workers}\n  \
         {entrance}\n  \
         stop      Ctrl+C\n",
        version = env!("CARGO_PKG_VERSION"),
        environment = config.environment,
        folder = config.data_dir.display(),
    ))
}
