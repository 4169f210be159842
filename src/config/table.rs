//! The one table of settings: names, defaults, what each is for and what is allowed.
//!
//! Reading, printing, the example file and the warnings about misspelt names all work from it. What a value means is
//! told where it is read, in the parent module.

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Name in `makegood.toml`; a dot parts section and key.
    pub key: &'static str,
    /// Name in the environment.
    pub env: &'static str,
    /// What holds where nothing is said, as text that the reader takes; none where the setting may be absent.
    pub default: Option<&'static str>,
    /// Which types of TOML it may be written in.
    pub shape: Shape,
    /// How much of it is secret.
    pub secrecy: Secrecy,
    /// What it is for, for the example file.
    pub about: &'static str,
    /// What is allowed, as the end of a refusal: "allowed is …".
    pub allowed: &'static str,
    /// A value for the example file where there is no default.
    pub example: &'static str,
}

/// The types of TOML that a setting may be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A string.
    Text,
    /// A whole number.
    Number,
    /// `true`, `false`, `"on"`, `"off"`.
    Switch,
    /// A list of strings; in the environment parted by commas.
    List,
}

/// How much of a setting is secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// Nothing.
    Open,
    /// All of it.
    Whole,
    /// The password in the URL.
    UrlPassword,
}

macro_rules! settings {
    ($($name:ident { $($field:ident: $value:expr),* $(,)? })*) => {
        $(#[doc = concat!("The setting ", stringify!($name), ".")]
        pub const $name: Setting = Setting { $($field: $value,)* ..BLANK };)*

        /// Every setting, in the order of the example file.
        pub const TABLE: &[&Setting] = &[$(&$name),*];
    };
}

const BLANK: Setting = Setting {
    key: "",
    env: "",
    default: None,
    shape: Shape::Text,
    secrecy: Secrecy::Open,
    about: "",
    allowed: "",
    example: "",
};

settings! {
    ENVIRONMENT {
        key: "env",
        env: "MAKEGOOD_ENV",
        default: Some("test"),
        about: "test or live. Live refuses the simulator, plain-http public URLs, a shifted clock, and secrets in clear or world-readable.",
        allowed: "test or live",
    }
    LISTEN {
        key: "listen",
        env: "MAKEGOOD_LISTEN",
        default: Some("127.0.0.1:8080"),
        about: "Address and port to listen on.",
        allowed: "an address and a port, such as 127.0.0.1:8080 or [::]:8080",
    }
    PUBLIC_URL {
        key: "public_url",
        env: "MAKEGOOD_PUBLIC_URL",
        about: "The address under which browsers and processors reach the desk. Unset: http:// and the address listened on.",
        allowed: "an http or https URL without path, such as https://refunds.example.com",
        example: "https://refunds.example.com",
    }
    DATA_DIR {
        key: "data_dir",
        env: "MAKEGOOD_DATA_DIR",
        default: Some("data"),
        about: "Folder for the embedded database, evidence, mail and keys; made with mode 0700.",
        allowed: "the path of a folder",
    }
    DATABASE_URL {
        key: "database_url",
        env: "DATABASE_URL",
        secrecy: Secrecy::UrlPassword,
        about: "The database, which also chooses the engine. Unset: makegood.db in the data folder.",
        allowed: "sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE",
        example: "postgres://makegood@db.example.com/makegood",
    }
    SECRET_KEY {
        key: "secret_key",
        env: "MAKEGOOD_SECRET_KEY",
        secrecy: Secrecy::Whole,
        about: "32 bytes in base64, the same on all nodes. Unset: made once and kept in secrets/secret-key of the data folder.",
        allowed: "32 bytes in base64, such as `openssl rand -base64 32` prints",
        example: "file:/run/secrets/makegood-key",
    }
    EVIDENCE_URL {
        key: "evidence_url",
        env: "MAKEGOOD_EVIDENCE_URL",
        about: "Where evidence is kept, always encrypted. Unset: the folder evidence in the data folder.",
        allowed: "file:///FOLDER or s3://BUCKET/PREFIX",
        example: "s3://makegood-evidence/live",
    }
    CLAMD {
        key: "clamd",
        env: "MAKEGOOD_CLAMD",
        about: "The virus scanner for evidence. Unset: files are not scanned, and the desk says so.",
        allowed: "HOST:PORT or unix:/PATH",
        example: "127.0.0.1:3310",
    }
    SMTP_URL {
        key: "smtp_url",
        env: "MAKEGOOD_SMTP_URL",
        secrecy: Secrecy::UrlPassword,
        about: "The mail server. Unset: messages land in the folder mail of the data folder.",
        allowed: "smtps://USER:PASSWORD@HOST or smtp://USER:PASSWORD@HOST:587?tls=required",
        example: "smtps://refunds@mail.example.com",
    }
    MAIL_FROM {
        key: "mail_from",
        env: "MAKEGOOD_MAIL_FROM",
        default: Some("Refunds <refunds@localhost>"),
        about: "Sender of all mail.",
        allowed: "an e-mail address, such as Refunds <refunds@example.com>",
    }
    TRUSTED_PROXIES {
        key: "trusted_proxies",
        env: "MAKEGOOD_TRUSTED_PROXIES",
        default: Some(""),
        shape: Shape::List,
        about: "Reverse proxies whose Forwarded and X-Forwarded-For headers are believed.",
        allowed: "addresses or networks, such as 10.0.0.0/8, 192.0.2.7",
    }
    WORKERS {
        key: "workers",
        env: "MAKEGOOD_WORKERS",
        default: Some("on"),
        shape: Shape::Switch,
        about: "off: serve only, and leave the work to other nodes.",
        allowed: "on or off",
    }
    CLOCK_OFFSET {
        key: "clock_offset",
        env: "MAKEGOOD_CLOCK_OFFSET",
        default: Some("0s"),
        about: "Shifts business time, for rehearsals; never in live.",
        allowed: "a whole number of d, h, m or s, such as +45d, -3h or 90s, at most ten years",
    }
    LOG {
        key: "log",
        env: "MAKEGOOD_LOG",
        default: Some("info"),
        about: "How much is logged.",
        allowed: "error, warn, info, debug, trace or off, also per module: info,makegood::workers=debug",
    }
    LOG_FORMAT {
        key: "log_format",
        env: "MAKEGOOD_LOG_FORMAT",
        default: Some("auto"),
        about: "auto: pretty on a terminal, else one JSON object a line.",
        allowed: "auto, pretty or json",
    }
    OTLP_ENDPOINT {
        key: "otlp_endpoint",
        env: "MAKEGOOD_OTLP_ENDPOINT",
        about: "Collector for traces, OTLP over HTTP. Unset: no traces leave.",
        allowed: "an http or https URL, such as http://127.0.0.1:4318",
        example: "http://127.0.0.1:4318",
    }
    CREATE_PER_SECOND {
        key: "limits.create_per_second",
        env: "MAKEGOOD_LIMITS_CREATE_PER_SECOND",
        default: Some("50"),
        shape: Shape::Number,
        about: "Refunds asked for per caller; bursts of four times as many.",
        allowed: RATE,
    }
    DECIDE_PER_SECOND {
        key: "limits.decide_per_second",
        env: "MAKEGOOD_LIMITS_DECIDE_PER_SECOND",
        default: Some("20"),
        shape: Shape::Number,
        about: "Decisions per caller; bursts of four times as many.",
        allowed: RATE,
    }
    READ_PER_SECOND {
        key: "limits.read_per_second",
        env: "MAKEGOOD_LIMITS_READ_PER_SECOND",
        default: Some("500"),
        shape: Shape::Number,
        about: "Reads per caller; bursts of four times as many.",
        allowed: RATE,
    }
    SIGN_IN_PER_MINUTE {
        key: "limits.sign_in_per_minute",
        env: "MAKEGOOD_LIMITS_SIGN_IN_PER_MINUTE",
        default: Some("10"),
        shape: Shape::Number,
        about: "Failed sign-ins per account and per address.",
        allowed: RATE,
    }
    UNDO_SECONDS {
        key: "desk.undo_seconds",
        env: "MAKEGOOD_DESK_UNDO_SECONDS",
        default: Some("15"),
        shape: Shape::Number,
        about: "For how long the last approval on a page can be undone; nothing is posted, mailed or sent before.",
        allowed: "a whole number of seconds from 0 (carried out at once) to 300",
    }
    EVIDENCE_KEY {
        key: "evidence.key",
        env: "MAKEGOOD_EVIDENCE_KEY",
        secrecy: Secrecy::Whole,
        about: "Keys that wrap the key of each file: the current one first, earlier ones behind it. Unset: those of \
                secrets/evidence-keys in the data folder, and behind them one that is derived from secret_key.",
        allowed: "keys of 32 bytes in base64, parted by commas or lines",
        example: "file:/run/secrets/makegood-evidence-keys",
    }
    EVIDENCE_BYTES_MAX {
        key: "evidence.bytes_max",
        env: "MAKEGOOD_EVIDENCE_BYTES_MAX",
        default: Some("10485760"),
        shape: Shape::Number,
        about: "Bytes of one file of evidence.",
        allowed: "a whole number from 1048576 to 104857600",
    }
    EVIDENCE_FILES_MAX {
        key: "evidence.files_max",
        env: "MAKEGOOD_EVIDENCE_FILES_MAX",
        default: Some("5"),
        shape: Shape::Number,
        about: "Files of evidence of one refund.",
        allowed: "a whole number from 1 to 20",
    }
    EVIDENCE_KEPT_DAYS {
        key: "evidence.kept_days",
        env: "MAKEGOOD_EVIDENCE_KEPT_DAYS",
        default: Some("540"),
        shape: Shape::Number,
        about: "Days after a refund has ended for which its evidence is kept: as long as a card payment can be disputed. \
                Then each file's key is erased and its bytes are removed; digest, size, type and the trail stay.",
        allowed: "a whole number of days from 1 to 36500, or 0 (kept for ever)",
    }
    EVIDENCE_S3_ENDPOINT {
        key: "evidence.s3_endpoint",
        env: "MAKEGOOD_EVIDENCE_S3_ENDPOINT",
        about: "Address of the store of an s3:// URL, where it is not Amazon's own.",
        allowed: "an http or https URL without user and password",
        example: "https://s3.example.com",
    }
    EVIDENCE_S3_REGION {
        key: "evidence.s3_region",
        env: "MAKEGOOD_EVIDENCE_S3_REGION",
        about: "Region of the bucket. Unset: what AWS_REGION says.",
        allowed: "letters, digits and dashes",
        example: "eu-central-1",
    }
    EVIDENCE_S3_ACCESS_KEY_ID {
        key: "evidence.s3_access_key_id",
        env: "MAKEGOOD_EVIDENCE_S3_ACCESS_KEY_ID",
        about: "Name of the access key. Unset: what the AWS_ variables or the machine's role say.",
        allowed: "visible ASCII characters",
        example: "AKIAEXAMPLE",
    }
    EVIDENCE_S3_SECRET_ACCESS_KEY {
        key: "evidence.s3_secret_access_key",
        env: "MAKEGOOD_EVIDENCE_S3_SECRET_ACCESS_KEY",
        secrecy: Secrecy::Whole,
        about: "The access key.",
        allowed: "visible ASCII characters",
        example: "file:/run/secrets/makegood-s3-key",
    }
    TOTP_REQUIRED_ROLES {
        key: "access.totp_required_roles",
        env: "MAKEGOOD_ACCESS_TOTP_REQUIRED_ROLES",
        default: Some(""),
        shape: Shape::List,
        about: "Roles whose people have to set up a second factor before they can work, such as [\"admin\", \"finance\"].",
        allowed: ROLES,
    }
    SIMULATOR_DELAY_MS {
        key: "simulator.delay_ms",
        env: "MAKEGOOD_SIMULATOR_DELAY_MS",
        default: Some("0"),
        shape: Shape::Number,
        about: "How long the simulated processor thinks before it answers.",
        allowed: DELAY,
    }
    SIMULATOR_WEBHOOK_DELAY_MS {
        key: "simulator.webhook_delay_ms",
        env: "MAKEGOOD_SIMULATOR_WEBHOOK_DELAY_MS",
        default: Some("200"),
        shape: Shape::Number,
        about: "How long after its answer the simulated processor sends its webhook.",
        allowed: DELAY,
    }
    SIMULATOR_MODE {
        key: "simulator.mode",
        env: "MAKEGOOD_SIMULATOR_MODE",
        default: Some("succeeded"),
        about: "What the simulated processor does with payments whose id does not say it.",
        allowed: MODES,
    }
    SIMULATOR_ODDS {
        key: "simulator.odds",
        env: "MAKEGOOD_SIMULATOR_ODDS",
        default: Some(""),
        shape: Shape::List,
        about: "Other modes by chance, in per cent, such as [\"rate_limited=5\", \"slow=10\"].",
        allowed: "MODE=PERCENT, with whole per cents that come to at most 100",
    }
}

const RATE: &str = "a whole number from 0 (off) to 1000000";
const ROLES: &str = "agent, senior, finance, risk, auditor and admin";
const DELAY: &str = "a whole number of milliseconds from 0 to 600000";
const MODES: &str = "a mode of the simulator, such as succeeded, failed, timeout_lost or rate_limited";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_setting_says_what_it_is_and_what_is_allowed() {
        for setting in TABLE {
            assert!(!setting.about.is_empty() && !setting.allowed.is_empty(), "{}", setting.key);
            assert!(setting.default.is_some() || !setting.example.is_empty(), "{}", setting.key);
        }
    }

    #[test]
    fn the_environment_names_a_setting_as_the_file_does() {
        for setting in TABLE.iter().filter(|setting| setting.key != "database_url") {
            assert_eq!(setting.env, format!("MAKEGOOD_{}", setting.key.replace('.', "_").to_uppercase()));
        }
        assert_eq!(TABLE.iter().map(|setting| setting.key).collect::<BTreeSet<_>>().len(), TABLE.len());
    }
}
