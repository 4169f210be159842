//! What all pages share for as long as the process lives.

use std::collections::BTreeSet;
use std::sync::Arc;

use actix_web::cookie::Key;
use futures_util::future::LocalBoxFuture;

use super::frame::Environment;
use crate::app::App;
use crate::app::doctor::Finding;
use crate::config::Line;
use crate::domain::access::Role;
use crate::mail::Folder;
use crate::services::{Context, Desk};

/// What pages need from the house beside the desk and the edge.
#[derive(Clone)]
pub struct Site {
    /// The desk, which keeps sessions too.
    pub desk: Arc<Desk>,
    /// How serious it is.
    pub environment: Environment,
    /// Keys for cookies and forms.
    pub keys: SiteKeys,
    /// Where mail lands that is not sent; shown outside live mode only.
    pub letters: Option<Arc<Folder>>,
    /// Roles whose people cannot work without a second factor.
    pub totp_required_roles: BTreeSet<Role>,
    /// Every setting of this process with its origin, secrets masked.
    pub settings: Arc<[Line]>,
    /// Looks whether everything is there and answers.
    pub look_around: LookAround,
}

/// Looks at everything that the desk needs.
pub type LookAround = Arc<dyn Fn(Context) -> LocalBoxFuture<'static, Vec<Finding>> + Send + Sync>;

/// Keys that no other part of the house uses.
#[derive(Clone)]
pub struct SiteKeys {
    /// Seals the session's cookie.
    pub session: Key,
    /// Makes the tokens of forms.
    pub forms: [u8; 32],
    /// Tells devices on which somebody signed in before.
    pub devices: [u8; 32],
}

impl Site {
    /// What the pages take of the house that was put together.
    pub fn of(app: &Arc<App>, environment: Environment) -> Self {
        let live = environment == Environment::Live;
        let halves = [*app.secret_key.derive("pages session 1"), *app.secret_key.derive("pages session 2")].concat();
        Self {
            desk: Arc::clone(&app.desk),
            environment,
            keys: SiteKeys {
                session: Key::from(&halves),
                forms: *app.secret_key.derive("pages forms 1"),
                devices: *app.secret_key.derive("pages devices 1"),
            },
            letters: app.mailer.folder().filter(|_| !live).cloned(),
            totp_required_roles: app.config.totp_required_roles.clone(),
            settings: app.config.lines.clone().into(),
            look_around: look_around(app),
        }
    }
}

fn look_around(app: &Arc<App>) -> LookAround {
    let app = Arc::clone(app);
    Arc::new(move |context| {
        let app = Arc::clone(&app);
        Box::pin(async move { app.look_around(&context).await })
    })
}
