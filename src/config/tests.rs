use std::fs;
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::*;
use crate::providers::simulator::mode::Mode;

/// A working folder with an optional `makegood.toml` and an environment of its own.
struct Desk {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new() }
    }

    fn live() -> Self {
        Self::new().var("MAKEGOOD_ENV", "live").var("MAKEGOOD_PUBLIC_URL", "https://refunds.example.com")
    }

    fn toml(self, text: &str) -> Self {
        fs::write(self.folder.path().join(FILE_NAME), text).unwrap();
        self
    }

    fn var(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    fn file(&self, name: &str, text: &str, mode: u32) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path.display().to_string()
    }

    fn load(&self) -> Result<Loaded, Refusal> {
        Config::load(&Sources {
            flags: Vec::new(),
            environment: self.environment.iter().map(|(name, value)| (name.into(), value.into())).collect(),
            file: None,
            working_folder: self.folder.path().to_owned(),
        })
    }

    fn config(&self) -> Config {
        self.load().unwrap_or_else(|refusal| panic!("{refusal}")).config
    }

    /// The refusal's sentence, in which the temporary folder is cut out.
    #[track_caller]
    fn refusal(&self) -> String {
        let sentence = self.load().expect_err("should be refused").to_string();
        assert_eq!(sentence.matches('\n').count(), 0, "{sentence}");
        assert!(sentence.contains("; allowed is ") && sentence.ends_with('.'), "{sentence}");
        sentence.replace(&format!("{}/", self.folder.path().display()), "")
    }
}

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn names(config: &Config) -> Vec<&str> {
    config.providers.iter().map(ProviderAccount::name).collect()
}

#[test]
fn without_a_word_the_defaults_hold() {
    let loaded = Desk::new().load().unwrap();
    let config = loaded.config;
    assert_eq!(config.listen, "127.0.0.1:8080".parse().unwrap());
    assert_eq!(config.public_url.as_str(), "http://127.0.0.1:8080/");
    assert_eq!(config.database, DatabaseUrl::Sqlite("data/makegood.db".into()));
    assert_eq!((config.limits.create_per_second, config.limits.sign_in_per_minute), (50, 10));
    assert!(config.workers && config.clock_offset.is_zero() && config.secret_key.is_none());
    assert_eq!(names(&config), ["simulator"]);
    assert!(loaded.warnings.is_empty() && loaded.file.is_none());
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file() {
    let desk = Desk::new().toml("listen = \"127.0.0.1:1\"\nlog = \"debug\"").var("MAKEGOOD_LISTEN", "127.0.0.1:2");
    assert_eq!(desk.config().listen.port(), 2);
    let sources = Sources {
        environment: vec![("MAKEGOOD_LISTEN".into(), "127.0.0.1:2".into())],
        working_folder: desk.folder.path().to_owned(),
        ..Sources::default()
    };
    let loaded = Config::load(&sources.with_flag("listen", "127.0.0.1:3")).unwrap();
    assert_eq!(loaded.config.listen.port(), 3);
    let origin = |key: &str| loaded.config.lines.iter().find(|line| line.key == key).unwrap().origin.clone();
    assert_eq!(origin("listen"), "command line");
    assert!(origin("log").ends_with(FILE_NAME));
    assert_eq!(origin("workers"), "default");
}

#[test]
fn an_empty_variable_is_as_good_as_none() {
    assert!(Desk::new().var("MAKEGOOD_SMTP_URL", "").config().smtp_url.is_none());
}

#[test]
fn the_example_is_a_configuration_that_changes_nothing() {
    let text = example();
    assert_eq!(Desk::new().toml(&text).load().unwrap().config.lines, Desk::new().load().unwrap().config.lines);
    let uncommented: String = text
        .lines()
        .filter_map(|line| {
            let setting = line.strip_prefix("# ").filter(|rest| {
                rest.split_once(" = ").is_some_and(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
            });
            setting.or_else(|| line.starts_with('[').then_some(line))
        })
        .filter(|line| !["secret_key", "key", "s3"].iter().any(|start| line.starts_with(start)))
        .take_while(|line| !line.starts_with("account"))
        .collect::<Vec<_>>()
        .join("\n");
    let config = Desk::new().toml(&uncommented).config();
    assert_eq!(config.limits, Desk::new().config().limits);
    assert_eq!(config.public_url.as_str(), "https://refunds.example.com/");
    for setting in table::TABLE {
        assert!(text.contains(setting.env), "{}", setting.env);
    }
}

#[test]
fn every_setting_refuses_what_it_cannot_be_in_one_sentence() {
    for setting in table::TABLE.iter().filter(|setting| setting.key != "data_dir") {
        let sentence = Desk::new().var(setting.env, "://\u{1}").refusal();
        assert!(sentence.starts_with(&format!("{} ({})", setting.key, setting.env)), "{sentence}");
        assert!(sentence.ends_with(&format!("allowed is {}.", setting.allowed)), "{sentence}");
    }
}

#[test]
fn a_refusal_says_which_why_and_what_is_allowed() {
    assert_eq!(
        Desk::new().toml("listen = \"8080\"").refusal(),
        "listen (makegood.toml) is \"8080\", which is no address with a port; allowed is an address and a port, such as \
         127.0.0.1:8080 or [::]:8080."
    );
    assert_eq!(
        Desk::new().var("MAKEGOOD_ENV", "production").refusal(),
        "env (MAKEGOOD_ENV) is \"production\"; allowed is test or live."
    );
}

#[test]
fn the_file_is_refused_where_it_is_no_toml_or_has_what_is_no_setting() {
    let cases = [
        ("listen = ", "is not valid TOML in line 1"),
        ("log = \"info\"\nlog = \"warn\"", "line 2"),
        ("listne = \"127.0.0.1:1\"", "listne (makegood.toml) is no setting; did you mean listen?"),
        ("[limits]\ncreate_per_secnd = 3", "did you mean limits.create_per_second?"),
        ("[limit]\nx = 3", "limit (makegood.toml) is no setting"),
        ("limits = 3", "limits (makegood.toml) is no setting"),
        ("[limits]\ncreate_per_second = \"50\"", "is not a whole number"),
        ("[limits]\ncreate_per_second = 1.5", "is not a whole number"),
        ("listen = 8080", "is not a text in quotes"),
        ("trusted_proxies = [1]", "is a list of something else than texts"),
        ("workers = 3", "is neither on nor off"),
        ("provider = 3", "provider (makegood.toml) is not a list of accounts"),
    ];
    for (text, expected) in cases {
        let sentence = Desk::new().toml(text).refusal();
        assert!(sentence.contains(expected), "{text}: {sentence}");
    }
}

#[test]
fn a_file_that_was_named_has_to_exist() {
    let sources = Sources { file: Some("/nowhere/makegood.toml".into()), ..Sources::default() };
    let sentence = Config::load(&sources).unwrap_err().to_string();
    assert!(sentence.starts_with("the configuration file (/nowhere/makegood.toml) cannot be read"), "{sentence}");
}

#[test]
fn a_misspelt_variable_is_told() {
    let desk = Desk::new()
        .var("MAKEGOOD_LISTNE", "x")
        .var("MAKEGOOD_SECRET_KEY_FIEL", "x")
        .var("MAKEGOOD_QUITE_ELSE", "x")
        .var("MAKEGOOD_TEST_ENGINE", "sqlite");
    assert_eq!(
        desk.load().unwrap().warnings,
        [
            "The variable MAKEGOOD_LISTNE is no setting; did you mean MAKEGOOD_LISTEN?",
            "The variable MAKEGOOD_QUITE_ELSE is no setting; `makegood config example` lists all of them.",
            "The variable MAKEGOOD_SECRET_KEY_FIEL is no setting; did you mean MAKEGOOD_SECRET_KEY_FILE?",
        ]
    );
}

#[test]
fn a_secret_may_stand_in_a_file() {
    let desk = Desk::new();
    let path = desk.file("key", &format!("{KEY}\n"), 0o600);
    assert!(Desk::new().var("MAKEGOOD_SECRET_KEY_FILE", &path).config().secret_key.is_some());
    assert!(Desk::new().toml(&format!("secret_key = \"file:{path}\"")).config().secret_key.is_some());
    assert!(Desk::new().toml("secret_key = \"env:DESK_KEY\"").var("DESK_KEY", KEY).config().secret_key.is_some());

    let twice = Desk::new().var("MAKEGOOD_SECRET_KEY_FILE", &path).var("MAKEGOOD_SECRET_KEY", KEY).refusal();
    assert!(twice.contains("is given twice"), "{twice}");
    let nowhere = Desk::new().var("MAKEGOOD_SECRET_KEY_FILE", "/nowhere/key").refusal();
    assert!(nowhere.contains("names the file /nowhere/key, which cannot be read"), "{nowhere}");
    let empty = desk.file("empty", "\n", 0o600);
    let empty = Desk::new().var("MAKEGOOD_SECRET_KEY_FILE", &empty).refusal();
    assert!(empty.contains("which is empty"), "{empty}");
    let unset = Desk::new().toml("secret_key = \"env:DESK_KEY\"").refusal();
    assert!(unset.contains("names the variable DESK_KEY, which is not set"), "{unset}");
}

#[test]
fn a_secret_shows_nowhere() {
    let desk = Desk::new()
        .toml("[[provider]]\naccount = \"stripe-eu\"\nconnector = \"stripe\"\nsecret_key = \"sk_MARK\"\nwebhook_secret = \"wh_MARK\"")
        .var("MAKEGOOD_SECRET_KEY", KEY)
        .var("MAKEGOOD_SMTP_URL", "smtps://desk:MARK@mail.example.com")
        .var("DATABASE_URL", "postgres://desk:MARK@db.example.com/makegood");
    let loaded = desk.load().unwrap();
    let shown = format!("{loaded:?}");
    assert!(!shown.contains("MARK") && !shown.contains(KEY), "{shown}");
    let value = |key: &str| loaded.config.lines.iter().find(|line| line.key == key).unwrap().value.clone().unwrap();
    assert_eq!(value("smtp_url"), "smtps://desk:••••••@mail.example.com");
    assert_eq!(value("database_url"), "postgres://desk:••••••@db.example.com/makegood");
    assert_eq!((value("secret_key").as_str(), value("provider.stripe-eu.secret_key").as_str()), ("••••••", "••••••"));
    let sentence = Desk::new().var("MAKEGOOD_SECRET_KEY", "MARK").refusal();
    assert!(!sentence.contains("MARK"), "{sentence}");
}

#[test]
fn accounts_are_read_with_their_secrets() {
    let text = "[[provider]]\naccount = \"adyen-sg\"\nconnector = \"adyen\"\napi_base = \"https://a.example/v72\"\n\
                api_key = \"env:KEY\"\nmerchant_account = \"ExampleSG\"\nhmac_key = \"00ff\"";
    let config = Desk::new().toml(text).var("KEY", "k").config();
    assert_eq!(names(&config), ["adyen-sg", "simulator"]);
    let settings = &config.providers.first().unwrap().settings;
    assert_eq!((settings.connector.as_str(), settings.merchant_account.as_deref()), ("adyen", Some("ExampleSG")));
    assert_eq!(settings.api_key.as_ref().unwrap().reveal(), "k");

    let own = "[[provider]]\naccount = \"simulator\"\nconnector = \"simulator\"\nmode = \"slow\"";
    let config = Desk::new().toml(own).var("MAKEGOOD_SIMULATOR_ODDS", "failed=7").config();
    assert_eq!(names(&config), ["simulator"]);
    assert_eq!(config.providers.first().unwrap().mode, Some(Mode::Slow));
    assert_eq!(config.simulator.behaviour, Behaviour { default: Mode::Succeeded, odds: vec![(Mode::Failed, 7)] });
}

#[test]
fn an_account_that_cannot_be_is_refused() {
    let cases = [
        ("connector = \"stripe\"", "provider.account (makegood.toml) is missing"),
        ("account = \"payments\"\nconnector = \"stripe\"", "provider.account (makegood.toml) is \"payments\""),
        ("account = \"Stripe EU\"\nconnector = \"stripe\"", "is \"Stripe EU\""),
        ("account = \"s\"", "provider s: connector (makegood.toml) is missing"),
        ("account = \"s\"\nconnector = \"stripe\"\nsecret_kye = \"x\"", "did you mean secret_key?"),
        (
            "account = \"s\"\nconnector = \"simulator\"\ncolour = \"x\"",
            "is no setting of an account; allowed is one of account",
        ),
        ("account = \"s\"\nconnector = \"stripe\"\nmode = \"slow\"", "is no setting of a real processor"),
        ("account = \"s\"\nconnector = \"simulator\"\nmode = \"fast\"", "which is none of succeeded, failed"),
        (
            "account = \"s\"\nconnector = \"simulator\"\napi_base = \"/v1\"",
            "provider s: api_base (makegood.toml) is no URL",
        ),
        ("account = \"s\"\nconnector = \"simulator\"\nsecret_key = 3", "is not a text in quotes"),
        (
            "account = \"s\"\nconnector = \"simulator\"\n[[provider]]\naccount = \"s\"\nconnector = \"simulator\"",
            "twice",
        ),
    ];
    for (entry, expected) in cases {
        let sentence = Desk::new().toml(&format!("[[provider]]\n{entry}")).refusal();
        assert!(sentence.contains(expected), "{entry}: {sentence}");
    }
}

#[test]
fn live_mode_stands_on_tls_and_real_processors() {
    let config = Desk::live().config();
    assert!(config.is_live() && config.providers.is_empty());

    let plain = Desk::new().var("MAKEGOOD_ENV", "live").refusal();
    assert!(plain.starts_with("public_url (default) is http://127.0.0.1:8080/, and live mode needs TLS"), "{plain}");
    let shifted = Desk::live().var("MAKEGOOD_CLOCK_OFFSET", "+1d").refusal();
    assert!(shifted.starts_with("clock_offset (MAKEGOOD_CLOCK_OFFSET) shifts the clock in live mode"), "{shifted}");
    let simulated = Desk::live().toml("[[provider]]\naccount = \"s\"\nconnector = \"simulator\"").refusal();
    assert!(simulated.starts_with("provider s: connector (makegood.toml) is simulator in live mode"), "{simulated}");
    let stripe =
        "[[provider]]\naccount = \"s\"\nconnector = \"stripe\"\nsecret_key = \"env:A\"\nwebhook_secret = \"env:A\"";
    let in_clear = format!("{stripe}\napi_base = \"http://stripe.example\"");
    let in_clear = Desk::live().var("A", "x").toml(&in_clear).refusal();
    assert!(in_clear.starts_with("provider s: api_base (makegood.toml) is plain http"), "{in_clear}");
    assert_eq!(Desk::live().var("A", "x").toml(stripe).config().providers.len(), 1);
}

#[test]
fn live_mode_refuses_secrets_that_others_can_read() {
    let clear =
        "[[provider]]\naccount = \"s\"\nconnector = \"stripe\"\nsecret_key = \"sk\"\nwebhook_secret = \"env:A\"";
    let clear = Desk::live().var("A", "x").toml(clear).refusal();
    assert!(clear.starts_with("provider s: secret_key (makegood.toml) is a secret in clear in live mode"), "{clear}");
    let url = Desk::live().toml("database_url = \"postgres://u:p@h/d\"").refusal();
    assert!(url.starts_with("database_url (makegood.toml) is a secret in clear"), "{url}");
    Desk::live().toml("database_url = \"postgres://u@h/d\"").config();

    let desk = Desk::live();
    let open = desk.file("open", KEY, 0o644);
    let shut = desk.file("shut", KEY, 0o640);
    let sentence = Desk::live().var("MAKEGOOD_SECRET_KEY_FILE", &open).refusal();
    assert!(sentence.contains("is a file that everybody on this machine can read"), "{sentence}");
    assert!(Desk::new().var("MAKEGOOD_SECRET_KEY_FILE", &open).load().is_ok());
    assert!(Desk::live().var("MAKEGOOD_SECRET_KEY_FILE", &shut).load().is_ok());
}

#[test]
fn live_mode_refuses_a_kept_key_that_others_can_read() {
    let data = tempfile::tempdir().unwrap();
    let data_dir = data.path().join("data").display().to_string();
    let desk = || Desk::live().var("MAKEGOOD_DATA_DIR", &data_dir);
    DataFolder::prepare(&desk().config()).unwrap();
    assert!(desk().load().is_ok());
    let key = data.path().join("data/secrets/secret-key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o604)).unwrap();
    let sentence = desk().refusal();
    assert!(sentence.starts_with("secret_key (") && sentence.contains("everybody on this machine"), "{sentence}");
}

#[test]
fn the_data_folder_is_private_and_keeps_its_key() {
    let data = tempfile::tempdir().unwrap();
    let path = data.path().join("deep/data");
    let config = Desk::new().var("MAKEGOOD_DATA_DIR", &path.display().to_string()).config();
    let first = DataFolder::prepare(&config).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(&path.join("secrets"))), (0o700, 0o700));
    assert_eq!(mode(&path.join("secrets/secret-key")), 0o600);
    assert_eq!(fs::read_dir(path.join("secrets")).unwrap().count(), 1);
    let again = DataFolder::prepare(&config).unwrap();
    assert_eq!(first.secret_key.fingerprint(), again.secret_key.fingerprint());

    fs::write(path.join("secrets/secret-key"), "half a k").unwrap();
    let sentence = DataFolder::prepare(&config).unwrap_err().to_string();
    assert!(sentence.contains("is not 32 bytes in base64"), "{sentence}");

    let occupied = data.path().join("occupied");
    fs::write(&occupied, "").unwrap();
    let config = Desk::new().var("MAKEGOOD_DATA_DIR", &occupied.display().to_string()).config();
    let sentence = DataFolder::prepare(&config).unwrap_err().to_string();
    assert!(sentence.starts_with("data_dir (") && sentence.contains("cannot be used"), "{sentence}");
}
