//! Settings: from the environment and an optional file of `NAME=value` lines, environment first.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// How strict the program is with itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// On one's own machine: plain HTTP on a loopback address, a secret made at the start.
    Development,
    /// For real: HTTPS in front, a strong secret in a file only the program can read.
    Production,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// The secret from which keys are derived. It is never shown.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// A key for one purpose.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"traguardo/1\0");
        hash.update(purpose.as_bytes());
        hash.update(b"\0");
        hash.update(&self.0);
        hash.finalize().into()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The settings, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Address to listen on.
    pub bind: SocketAddr,
    /// The origin under which browsers see the application (`https://traguardo.example`).
    pub origin: String,
    /// Development or production.
    pub profile: Profile,
    /// Keys are derived from it.
    pub secret: Secret,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Filter of the log, as `info` or `traguardo=debug,info`.
    pub log: String,
    /// Form of the log.
    pub log_format: LogFormat,
    /// Threads that answer requests.
    pub workers: usize,
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("setting `{name}`: {message}")]
pub struct ConfigError {
    /// The setting.
    pub name: &'static str,
    /// What is wrong and what to do about it.
    pub message: String,
}

fn wrong(name: &'static str, message: impl Into<String>) -> ConfigError {
    ConfigError { name, message: message.into() }
}

const NAMES: &[&str] = &[
    "TRAGUARDO_CONFIG",
    "TRAGUARDO_DATABASE_URL",
    "TRAGUARDO_BIND",
    "TRAGUARDO_ORIGIN",
    "TRAGUARDO_SECRET_FILE",
    "TRAGUARDO_PROFILE",
    "TRAGUARDO_TRUSTED_PROXIES",
    "TRAGUARDO_LOG",
    "TRAGUARDO_LOG_FORMAT",
    "TRAGUARDO_WORKERS",
];

impl Config {
    /// Reads the environment and the file that `TRAGUARDO_CONFIG` names.
    pub fn load() -> Result<Self, ConfigError> {
        let env: BTreeMap<String, String> =
            std::env::vars().filter(|(name, _)| NAMES.contains(&name.as_str())).collect();
        let mut values = match env.get("TRAGUARDO_CONFIG") {
            Some(path) => read_file(Path::new(path))?,
            None => BTreeMap::new(),
        };
        values.extend(env);
        Self::from_values(&values)
    }

    /// From given values; nothing else is read but the secret's file.
    pub fn from_values(values: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let get = |name: &str| values.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let profile = match get("TRAGUARDO_PROFILE").unwrap_or("development") {
            "development" => Profile::Development,
            "production" => Profile::Production,
            other => {
                return Err(wrong("TRAGUARDO_PROFILE", format!("`{other}` is neither `development` nor `production`")));
            }
        };
        let bind_text = get("TRAGUARDO_BIND").unwrap_or("127.0.0.1:8080");
        let bind: SocketAddr = bind_text.parse().map_err(|_| {
            wrong("TRAGUARDO_BIND", format!("`{bind_text}` is not an address with a port, as `127.0.0.1:8080`"))
        })?;
        let origin = get("TRAGUARDO_ORIGIN")
            .map_or_else(|| format!("http://{bind}"), |text| text.trim_end_matches('/').to_owned());
        check_origin(&origin, profile, bind)?;
        let log_format = match get("TRAGUARDO_LOG_FORMAT").unwrap_or("text") {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            other => return Err(wrong("TRAGUARDO_LOG_FORMAT", format!("`{other}` is neither `text` nor `json`"))),
        };
        let workers_text = get("TRAGUARDO_WORKERS").unwrap_or("2");
        let workers = workers_text.parse().ok().filter(|count| (1..=256).contains(count));
        Ok(Self {
            database_url: get("TRAGUARDO_DATABASE_URL").unwrap_or("sqlite://./traguardo.db").to_owned(),
            bind,
            origin,
            profile,
            secret: secret(get("TRAGUARDO_SECRET_FILE"), profile)?,
            trusted_proxies: proxies(get("TRAGUARDO_TRUSTED_PROXIES").unwrap_or(""))?,
            log: get("TRAGUARDO_LOG").unwrap_or("info").to_owned(),
            log_format,
            workers: workers
                .ok_or_else(|| wrong("TRAGUARDO_WORKERS", format!("`{workers_text}` is not a number from 1 to 256")))?,
        })
    }

    /// Whether browsers reach the application over HTTPS.
    pub fn is_secure(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// Name of the session cookie. Over plain HTTP (development on loopback only) browsers refuse
    /// the `__Host-` prefix, so that another name is used there.
    pub fn cookie_name(&self) -> &'static str {
        if self.is_secure() { "__Host-traguardo" } else { "traguardo-development" }
    }
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let name = "TRAGUARDO_CONFIG";
    let text = std::fs::read_to_string(path)
        .map_err(|error| wrong(name, format!("cannot read `{}`: {error}", path.display())))?;
    let mut values = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = format!("`{}` line {}", path.display(), index + 1);
        let (key, value) = line.split_once('=').ok_or_else(|| wrong(name, format!("{place}: write `NAME=value`")))?;
        let key = key.trim();
        if !NAMES.contains(&key) {
            return Err(wrong(name, format!("{place}: there is no setting `{key}`; there are {}", NAMES.join(", "))));
        }
        values.insert(key.to_owned(), value.trim().to_owned());
    }
    Ok(values)
}

fn check_origin(origin: &str, profile: Profile, bind: SocketAddr) -> Result<(), ConfigError> {
    let name = "TRAGUARDO_ORIGIN";
    let Some((scheme, host)) = origin.split_once("://") else {
        return Err(wrong(name, format!("`{origin}` is not an origin, as `https://traguardo.example`")));
    };
    if !matches!(scheme, "http" | "https") || host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
        return Err(wrong(name, format!("`{origin}` is not an origin, as `https://traguardo.example`")));
    }
    if scheme == "http" && profile == Profile::Production {
        return Err(wrong(
            name,
            "the production profile needs an origin that begins with `https://`: session cookies never travel in the clear",
        ));
    }
    if scheme == "http" && !bind.ip().is_loopback() {
        return Err(wrong(
            name,
            "plain HTTP is for loopback addresses only: bind to 127.0.0.1 or name an `https://` origin",
        ));
    }
    Ok(())
}

fn proxies(text: &str) -> Result<Vec<IpAddr>, ConfigError> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.parse().map_err(|_| wrong("TRAGUARDO_TRUSTED_PROXIES", format!("`{part}` is not an IP address")))
        })
        .collect()
}

fn secret(path: Option<&str>, profile: Profile) -> Result<Secret, ConfigError> {
    let name = "TRAGUARDO_SECRET_FILE";
    let Some(path) = path.map(PathBuf::from) else {
        if profile == Profile::Production {
            return Err(wrong(
                name,
                "the production profile needs a file with at least 32 random bytes: `head -c 48 /dev/urandom | base64 > FILE && chmod 600 FILE`",
            ));
        }
        return crate::session::random::<32>()
            .map(|bytes| Secret(bytes.to_vec()))
            .map_err(|error| wrong(name, format!("the system gives no random bytes: {error}")));
    };
    let shown = path.display();
    refuse_readable(&path)?;
    let bytes = std::fs::read(&path).map_err(|error| wrong(name, format!("cannot read `{shown}`: {error}")))?;
    let trimmed = bytes.trim_ascii();
    let mut distinct = trimmed.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if trimmed.len() < 32 || distinct.len() < 12 {
        return Err(wrong(name, format!("`{shown}` holds a weak secret: put at least 32 random bytes there")));
    }
    Ok(Secret(trimmed.to_vec()))
}

#[cfg(unix)]
fn refuse_readable(path: &Path) -> Result<(), ConfigError> {
    use std::os::unix::fs::PermissionsExt;
    let name = "TRAGUARDO_SECRET_FILE";
    let shown = path.display();
    let meta = std::fs::metadata(path).map_err(|error| wrong(name, format!("cannot read `{shown}`: {error}")))?;
    if meta.permissions().mode() & 0o077 != 0 {
        return Err(wrong(name, format!("others may read `{shown}`: `chmod 600 {shown}`")));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_readable(_: &Path) -> Result<(), ConfigError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(rows: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_values(&rows.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn secret_file(name: &str, text: &str, mode: u32) -> String {
        use std::os::unix::fs::PermissionsExt;
        let path = std::env::temp_dir().join(format!("traguardo-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path.display().to_string()
    }

    #[test]
    fn refusals() {
        let good = secret_file("good", "q8Xv0bYk3mZr7tLw9sJd2fHg5nPc1aQe", 0o600);
        let open = secret_file("open", "q8Xv0bYk3mZr7tLw9sJd2fHg5nPc1aQe", 0o644);
        let short = secret_file("short", "tooshort", 0o600);
        let dull = secret_file("dull", &"ab".repeat(40), 0o600);
        let production = ("TRAGUARDO_PROFILE", "production");
        let https = ("TRAGUARDO_ORIGIN", "https://traguardo.example");
        let rows: &[(&[(&str, &str)], &str)] = &[
            (&[("TRAGUARDO_PROFILE", "prod")], "TRAGUARDO_PROFILE"),
            (&[("TRAGUARDO_BIND", "localhost")], "TRAGUARDO_BIND"),
            (&[("TRAGUARDO_BIND", "0.0.0.0:8080")], "TRAGUARDO_ORIGIN"),
            (&[("TRAGUARDO_ORIGIN", "ftp://x")], "TRAGUARDO_ORIGIN"),
            (&[("TRAGUARDO_ORIGIN", "https://x/path")], "TRAGUARDO_ORIGIN"),
            (&[("TRAGUARDO_TRUSTED_PROXIES", "proxy")], "TRAGUARDO_TRUSTED_PROXIES"),
            (&[("TRAGUARDO_LOG_FORMAT", "xml")], "TRAGUARDO_LOG_FORMAT"),
            (&[("TRAGUARDO_WORKERS", "0")], "TRAGUARDO_WORKERS"),
            (&[("TRAGUARDO_SECRET_FILE", &open)], "TRAGUARDO_SECRET_FILE"),
            (&[("TRAGUARDO_SECRET_FILE", &short)], "TRAGUARDO_SECRET_FILE"),
            (&[("TRAGUARDO_SECRET_FILE", &dull)], "TRAGUARDO_SECRET_FILE"),
            (&[("TRAGUARDO_SECRET_FILE", "/nowhere/secret")], "TRAGUARDO_SECRET_FILE"),
            (&[production, https], "TRAGUARDO_SECRET_FILE"),
            (&[production, ("TRAGUARDO_SECRET_FILE", &good)], "TRAGUARDO_ORIGIN"),
        ];
        for (values, name) in rows {
            assert_eq!(config(values).map(|_| ()).unwrap_err().name, *name, "{values:?}");
        }
        let strict = config(&[production, https, ("TRAGUARDO_SECRET_FILE", &good)]).unwrap();
        assert_eq!(strict.cookie_name(), "__Host-traguardo");
        assert!(!format!("{strict:?}").contains("q8Xv"), "the secret is not shown");
        let plain = config(&[]).unwrap();
        assert_eq!(plain.cookie_name(), "traguardo-development");
        assert_ne!(plain.secret.derive("a"), plain.secret.derive("b"));
    }
}
