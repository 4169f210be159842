//! Where a setting's text comes from: a flag, the environment, `makegood.toml`, or its default, in this order.
//!
//! This module finds text and knows its origin. What the text means is told by the parent module; what live mode says
//! to where a secret came from, by `live`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::Refusal;
use super::table::{Secrecy, Setting, Shape, TABLE};

/// The file that is read from the working folder where no other is named.
pub const FILE_NAME: &str = "makegood.toml";

/// No configuration or secret is larger; what is was named by mistake.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// What configuration is read from; a value, so that tests need no process of their own.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Settings given on the command line, by key.
    pub flags: Vec<(&'static str, String)>,
    /// The environment.
    pub environment: Vec<(OsString, OsString)>,
    /// The file named by `--config`, which has to exist.
    pub file: Option<PathBuf>,
    /// Where `makegood.toml` is looked for otherwise.
    pub working_folder: PathBuf,
}

impl Sources {
    /// The environment and working folder of this process.
    pub fn of_process(file: Option<PathBuf>) -> Self {
        Self { flags: Vec::new(), environment: std::env::vars_os().collect(), file, working_folder: PathBuf::from(".") }
    }

    /// The same with a setting from the command line.
    pub fn with_flag(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.flags.push((key, value.into()));
        self
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// A variable of the environment.
    Environment(String),
    /// A file that a variable or the configuration file names.
    SecretFile(PathBuf),
    /// The command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) | Self::SecretFile(path) => write!(f, "{}", path.display()),
            Self::Environment(name) => f.write_str(name),
            Self::Flag => f.write_str("command line"),
        }
    }
}

/// A setting's text and where it was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) text: Option<Zeroizing<String>>,
    pub(super) origin: Origin,
}

/// Everything that was said, before anybody asked what it means.
pub(super) struct Said {
    environment: BTreeMap<String, Zeroizing<String>>,
    flags: BTreeMap<&'static str, String>,
    pub(super) file: Option<PathBuf>,
    table: toml::Table,
}

impl Said {
    /// Reads the file, refuses keys that it should not have, and takes the environment in.
    pub(super) fn gather(sources: &Sources) -> Result<Self, Refusal> {
        let (file, table) = read_file(sources)?;
        refuse_unknown_keys(&table, file.as_deref())?;
        Ok(Self {
            environment: readable_environment(&sources.environment)?,
            flags: sources.flags.iter().cloned().collect(),
            file,
            table,
        })
    }

    /// What is said about a setting.
    pub(super) fn find(&self, setting: &Setting) -> Result<Found, Refusal> {
        if let Some(text) = self.flags.get(setting.key) {
            return Ok(Found { text: Some(Zeroizing::new(text.clone())), origin: Origin::Flag });
        }
        if let Some(found) = self.in_environment(setting)? {
            return Ok(found);
        }
        if let Some(found) = self.in_file(setting)? {
            return Ok(found);
        }
        Ok(Found { text: setting.default.map(|text| Zeroizing::new(text.to_owned())), origin: Origin::Default })
    }

    /// The entries of `[[provider]]`.
    pub(super) fn provider_entries(&self) -> Result<Vec<&toml::Table>, Refusal> {
        let refusal = || Refusal {
            setting: "provider".into(),
            origin: self.file_origin(),
            why: "is not a list of accounts".into(),
            allowed: "one [[provider]] section an account".into(),
        };
        let Some(value) = self.table.get("provider") else { return Ok(Vec::new()) };
        value.as_array().ok_or_else(refusal)?.iter().map(|entry| entry.as_table().ok_or_else(refusal)).collect()
    }

    /// The configuration file as an origin.
    pub(super) fn file_origin(&self) -> Origin {
        self.file.clone().map_or(Origin::Default, Origin::File)
    }

    /// Follows `env:NAME` and `file:PATH`; anything else is the secret itself, in clear.
    pub(super) fn follow(&self, setting: &str, text: &str) -> Result<Found, Refusal> {
        let refusal = |why: String, allowed: &str| Refusal {
            setting: setting.to_owned(),
            origin: self.file_origin(),
            why,
            allowed: allowed.to_owned(),
        };
        if let Some(name) = text.strip_prefix("env:") {
            let value = self.environment.get(name).filter(|value| !value.is_empty()).ok_or_else(|| {
                refusal(format!("names the variable {name}, which is not set"), "env:NAME of a variable that is set")
            })?;
            return Ok(Found { text: Some(value.clone()), origin: Origin::Environment(name.to_owned()) });
        }
        if let Some(path) = text.strip_prefix("file:") {
            let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
            let text = read_secret_file(&path)
                .map_err(|why| refusal(why, "file:PATH of a readable file with nothing but the secret"))?;
            return Ok(Found { text: Some(text), origin: Origin::SecretFile(path) });
        }
        Ok(Found { text: Some(Zeroizing::new(text.to_owned())), origin: self.file_origin() })
    }

    /// Variables that look like settings and are none, with the name that was probably meant.
    pub(super) fn misspelt_variables(&self) -> Vec<String> {
        let known: Vec<String> = TABLE.iter().flat_map(|setting| names_of(setting)).collect();
        let unknown = self.environment.keys().filter(|name| {
            name.starts_with("MAKEGOOD_") && !name.starts_with("MAKEGOOD_TEST_") && !known.contains(name)
        });
        unknown
            .filter(|name| !self.table_names_variable(name))
            .map(|name| match nearest(name, known.iter().map(String::as_str)) {
                Some(near) => format!("The variable {name} is no setting; did you mean {near}?"),
                None => format!("The variable {name} is no setting; `makegood config example` lists all of them."),
            })
            .collect()
    }

    /// Whether the file refers to this variable as `env:NAME`.
    fn table_names_variable(&self, name: &str) -> bool {
        fn names(value: &toml::Value, wanted: &str) -> bool {
            match value {
                toml::Value::String(text) => text.strip_prefix("env:") == Some(wanted),
                toml::Value::Array(items) => items.iter().any(|item| names(item, wanted)),
                toml::Value::Table(table) => table.values().any(|item| names(item, wanted)),
                toml::Value::Integer(_)
                | toml::Value::Float(_)
                | toml::Value::Boolean(_)
                | toml::Value::Datetime(_) => false,
            }
        }
        self.table.values().any(|value| names(value, name))
    }

    fn in_environment(&self, setting: &Setting) -> Result<Option<Found>, Refusal> {
        let set = |name: &str| self.environment.get(name).filter(|text| !text.is_empty());
        let direct = set(setting.env);
        if setting.secrecy == Secrecy::Open {
            return Ok(direct
                .map(|text| Found { text: Some(text.clone()), origin: Origin::Environment(setting.env.to_owned()) }));
        }
        let file_variable = format!("{}_FILE", setting.env);
        match (direct, set(&file_variable)) {
            (Some(_), Some(_)) => Err(Refusal {
                setting: setting.key.into(),
                origin: Origin::Environment(file_variable),
                why: format!("is given twice, also by {}", setting.env),
                allowed: "one of the two".into(),
            }),
            (Some(text), None) => {
                Ok(Some(Found { text: Some(text.clone()), origin: Origin::Environment(setting.env.to_owned()) }))
            }
            (None, Some(path)) => {
                let path = PathBuf::from(path.as_str());
                let text = read_secret_file(&path).map_err(|why| Refusal {
                    setting: setting.key.into(),
                    origin: Origin::Environment(file_variable),
                    why,
                    allowed: "the path of a readable file with nothing but the secret".into(),
                })?;
                Ok(Some(Found { text: Some(text), origin: Origin::SecretFile(path) }))
            }
            (None, None) => Ok(None),
        }
    }

    fn in_file(&self, setting: &Setting) -> Result<Option<Found>, Refusal> {
        let Some(value) = lookup(&self.table, setting.key) else { return Ok(None) };
        let text = as_text(value, setting.shape).map_err(|why| Refusal {
            setting: setting.key.into(),
            origin: self.file_origin(),
            why: why.into(),
            allowed: setting.allowed.into(),
        })?;
        if setting.secrecy == Secrecy::Open {
            return Ok(Some(Found { text: Some(Zeroizing::new(text)), origin: self.file_origin() }));
        }
        self.follow(setting.key, &text).map(Some)
    }
}

/// The known name that is nearest to a misspelt one, where one is near enough to be meant.
pub(super) fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let edits_max = (wrong.len() / 4).clamp(1, 4);
    known
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .filter(|(edits, _)| *edits <= edits_max)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name)
}

fn names_of(setting: &Setting) -> Vec<String> {
    match setting.secrecy {
        Secrecy::Open => vec![setting.env.to_owned()],
        Secrecy::Whole | Secrecy::UrlPassword => vec![setting.env.to_owned(), format!("{}_FILE", setting.env)],
    }
}

fn read_file(sources: &Sources) -> Result<(Option<PathBuf>, toml::Table), Refusal> {
    let (path, required) = match &sources.file {
        Some(path) => (path.clone(), true),
        None => (sources.working_folder.join(FILE_NAME), false),
    };
    let refusal = |why: String, allowed: &str| Refusal {
        setting: "the configuration file".into(),
        origin: Origin::File(path.clone()),
        why,
        allowed: allowed.into(),
    };
    if !required && !path.exists() {
        return Ok((None, toml::Table::new()));
    }
    let text = read_small_file(&path).map_err(|why| refusal(why, "a readable file in TOML"))?;
    match text.parse::<toml::Table>() {
        Ok(table) => Ok((Some(path), table)),
        Err(error) => {
            let offset = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1;
            let reason = error.message().replace('\n', ", ");
            let why = format!("is not valid TOML in line {line}: {reason}");
            Err(refusal(why, "TOML as `makegood config example` prints it"))
        }
    }
}

fn read_small_file(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| format!("cannot be read: {error}"))?.len();
    if size > FILE_BYTES_MAX {
        return Err(format!("cannot be read: the file is larger than {FILE_BYTES_MAX} bytes"));
    }
    std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))
}

fn read_secret_file(path: &Path) -> Result<Zeroizing<String>, String> {
    let whole =
        Zeroizing::new(read_small_file(path).map_err(|why| format!("names the file {}, which {why}", path.display()))?);
    let text = Zeroizing::new(whole.trim_end_matches(['\r', '\n']).to_owned());
    if text.is_empty() { Err(format!("names the file {}, which is empty", path.display())) } else { Ok(text) }
}

fn readable_environment(pairs: &[(OsString, OsString)]) -> Result<BTreeMap<String, Zeroizing<String>>, Refusal> {
    let mut environment = BTreeMap::new();
    for (name, value) in pairs {
        let Some(name) = name.to_str() else { continue };
        match value.to_str() {
            Some(text) => {
                environment.insert(name.to_owned(), Zeroizing::new(text.to_owned()));
            }
            None if TABLE.iter().any(|setting| names_of(setting).iter().any(|known| known == name)) => {
                return Err(Refusal {
                    setting: name.to_owned(),
                    origin: Origin::Environment(name.to_owned()),
                    why: "is not valid UTF-8".into(),
                    allowed: "text in UTF-8".into(),
                });
            }
            None => {}
        }
    }
    Ok(environment)
}

fn refuse_unknown_keys(table: &toml::Table, file: Option<&Path>) -> Result<(), Refusal> {
    let origin = || file.map_or(Origin::Default, |path| Origin::File(path.to_owned()));
    let unknown = |key: String| {
        let near = nearest(&key, TABLE.iter().map(|setting| setting.key));
        Refusal {
            setting: key,
            origin: origin(),
            why: near.map_or_else(|| "is no setting".to_owned(), |near| format!("is no setting; did you mean {near}?")),
            allowed: "what `makegood config example` lists".into(),
        }
    };
    let is_section =
        |name: &str| TABLE.iter().any(|setting| setting.key.split_once('.').is_some_and(|(s, _)| s == name));
    for (key, value) in table {
        if key == "provider" || TABLE.iter().any(|setting| setting.key == key) {
            continue;
        }
        match value.as_table() {
            Some(section) if is_section(key) => {
                let dotted = section.keys().map(|inner| format!("{key}.{inner}"));
                if let Some(wrong) = dotted.into_iter().find(|key| !TABLE.iter().any(|setting| setting.key == key)) {
                    return Err(unknown(wrong));
                }
            }
            Some(_) | None => return Err(unknown(key.clone())),
        }
    }
    Ok(())
}

fn lookup<'a>(table: &'a toml::Table, key: &str) -> Option<&'a toml::Value> {
    match key.split_once('.') {
        Some((section, key)) => table.get(section)?.get(key),
        None => table.get(key),
    }
}

fn as_text(value: &toml::Value, shape: Shape) -> Result<String, &'static str> {
    match (shape, value) {
        (Shape::Text | Shape::Switch | Shape::List, toml::Value::String(text)) => Ok(text.clone()),
        (Shape::Number, toml::Value::Integer(number)) => Ok(number.to_string()),
        (Shape::Switch, toml::Value::Boolean(true)) => Ok("on".into()),
        (Shape::Switch, toml::Value::Boolean(false)) => Ok("off".into()),
        (Shape::List, toml::Value::Array(items)) => {
            let texts: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            texts.map(|texts| texts.join(",")).ok_or("is a list of something else than texts")
        }
        (Shape::Text, _) => Err("is not a text in quotes"),
        (Shape::Number, _) => Err("is not a whole number without quotes"),
        (Shape::Switch, _) => Err("is neither on nor off"),
        (Shape::List, _) => Err("is not a list of texts"),
    }
}
