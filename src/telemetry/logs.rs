//! The log as JSON lines: `ts`, `level`, `msgid`, `msg`, the ids, then every other field, all at the top level.
//!
//! An event inherits the fields of the spans around it, the innermost first, so that a line tells its correlation id
//! without anybody passing it along.

use std::fmt;
use std::io::Write as _;

use jiff::Timestamp;
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::traces;

/// These come first and in this order, so that lines can be read by eye.
const LEADING: [&str; 6] = ["msgid", "msg", "correlation_id", "trace_id", "refund_id", "order_id"];

/// A layer that writes events as JSON lines, each in one write.
#[derive(Debug)]
pub struct JsonLines<W> {
    writer: W,
    now: fn() -> Timestamp,
}

impl<W> JsonLines<W> {
    /// Writes to what `writer` makes. Lines are dated by `now`, the system's time, whatever business time is.
    pub fn new(writer: W, now: fn() -> Timestamp) -> Self {
        Self { writer, now }
    }
}

impl<S, W> Layer<S> for JsonLines<W>
where
    S: Subscriber + for<'lookup> LookupSpan<'lookup>,
    W: for<'writer> MakeWriter<'writer> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            record.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(inherited) = span.extensions().get::<Fields>() {
                fields.inherit(inherited);
            }
        }
        if !fields.has("trace_id")
            && let Some(parent) = traces::current()
        {
            fields.set("trace_id", Value::from(parent.trace_id_hex()));
        }
        let line = Line { ts: (self.now)(), metadata: event.metadata(), fields: &fields };
        let Ok(mut bytes) = serde_json::to_vec(&line) else { return };
        bytes.push(b'\n');
        // A log that cannot be written stops nothing.
        let _ = self.writer.make_writer_for(event.metadata()).write_all(&bytes);
    }
}

/// Fields in the order in which they were recorded.
#[derive(Default)]
struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == name)
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    fn set(&mut self, name: &'static str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    fn inherit(&mut self, outer: &Self) {
        for (name, value) in &outer.0 {
            if !self.has(name) {
                self.0.push((name, value.clone()));
            }
        }
    }

    fn record(&mut self, field: &Field, value: impl Into<Value>) {
        self.set(if field.name() == "message" { "msg" } else { field.name() }, value.into());
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.record(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.record(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.record(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.record(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.record(field, value.to_string());
    }
}

struct Line<'a> {
    ts: Timestamp,
    metadata: &'a tracing::Metadata<'static>,
    fields: &'a Fields,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let own = ["ts", "level", "module"];
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("ts", &format_args!("{:.6}", self.ts))?;
        map.serialize_entry("level", &self.metadata.level().as_str().to_ascii_lowercase())?;
        for name in LEADING {
            if let Some(value) = self.fields.get(name) {
                map.serialize_entry(name, value)?;
            }
        }
        map.serialize_entry("module", self.metadata.target())?;
        for (name, value) in &self.fields.0 {
            if !LEADING.contains(name) && !own.contains(name) {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::super::msgid;
    use super::*;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lines(work: impl FnOnce()) -> Vec<String> {
        let sink = Sink::default();
        let writer = sink.clone();
        let subscriber =
            tracing_subscriber::registry().with(JsonLines::new(move || writer.clone(), Timestamp::default));
        tracing::subscriber::with_default(subscriber, work);
        let text = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_line_is_flat_and_inherits_from_its_spans() {
        let lines = lines(|| {
            let request = tracing::info_span!("request", correlation_id = "c-1", refund_id = tracing::field::Empty);
            let _request = request.enter();
            request.record("refund_id", "rf_1");
            let step = tracing::info_span!("step", attempt = 2, correlation_id = "c-2");
            let _step = step.enter();
            tracing::warn!(msgid = msgid::REFUND_FAILED, ms = 7, ts = "mine", retryable = true, "refused\nfor good");
        });
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        let value: serde_json::Map<String, Value> = serde_json::from_str(line).unwrap();
        assert_eq!(value["msgid"], "MSG.refund.failed");
        assert_eq!(value["msg"], "refused\nfor good");
        assert_eq!(value["level"], "warn");
        assert_eq!(value["correlation_id"], "c-2");
        assert_eq!(value["refund_id"], "rf_1");
        assert_eq!((&value["attempt"], &value["ms"], &value["retryable"]), (&2.into(), &7.into(), &true.into()));
        assert_eq!(value["ts"], "1970-01-01T00:00:00.000000Z");
        assert!(line.starts_with("{\"ts\":\"") && line.find("msgid") < line.find("correlation_id"), "{line}");
        assert_eq!(line.matches("\"ts\"").count(), 1);
    }
}
