//! What a desk asks its database: every statement, as diesel hands it over, of the desks that a test listens to.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, Once};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use super::app::TestApp;

/// What was heard, by where the database is; nothing of databases that nobody listens to.
static HEARD: LazyLock<Mutex<BTreeMap<String, Vec<String>>>> = LazyLock::new(Mutex::default);

static LISTENING: Once = Once::new();

/// Listens to connections that are opened from now on; of which desks, is said by [`Statements::of`].
pub(crate) struct Statements {
    place: String,
}

impl Statements {
    /// Before the desk is started that is to be listened to.
    pub(crate) fn listen() {
        LISTENING.call_once(|| {
            let ear: fn() -> Option<Box<dyn Instrumentation>> = || Some(Box::new(Ear::default()));
            set_default_instrumentation(ear).expect("nobody else listens");
        });
    }

    /// What this desk asks.
    pub(crate) fn of(app: &TestApp) -> Self {
        let place = app.database_url().trim_start_matches("sqlite://").to_owned();
        HEARD.lock().expect("no panic").insert(place.clone(), Vec::new());
        Self { place }
    }

    /// What was asked since this was called last, without the values.
    pub(crate) fn take(&self) -> Vec<String> {
        let mut heard = HEARD.lock().expect("no panic");
        std::mem::take(heard.get_mut(&self.place).expect("somebody listens"))
    }
}

#[derive(Default)]
struct Ear {
    place: String,
}

impl Instrumentation for Ear {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartEstablishConnection { url, .. } = &event {
            (*url).clone_into(&mut self.place);
        }
        if let InstrumentationEvent::StartQuery { query, .. } = event
            && let Some(heard) = HEARD.lock().expect("no panic").get_mut(&self.place)
        {
            let text = query.to_string();
            heard.push(text.split(" -- binds").next().unwrap_or_default().trim().to_owned());
        }
    }
}
