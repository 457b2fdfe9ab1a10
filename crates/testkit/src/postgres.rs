//! A real PostgreSQL server for tests, shared by all test processes of this work tree.
//!
//! The first process that needs it starts it in a folder below the system's temporary one, on a
//! Unix socket only, without fsync. Every process holds a shared lock on `users` while it lives; a
//! watchdog that the starter leaves behind tries that lock, and when nobody has held it twice in a
//! row, ten seconds apart, stops the server and removes the folder. Nothing is left running.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The running server.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    binaries: PathBuf,
    /// Held while this process lives.
    _user: File,
}

/// Stops the server when nobody uses it any more. `$1` the folder, `$2` the binaries; it runs as the
/// user of the server. The start lock keeps a process that is about to use it waiting meanwhile.
const WATCHDOG: &str = r#"
idle=0
while sleep 10; do
  [ -f "$1/data/postmaster.pid" ] || exit 0
  if flock -n -x "$1/users" true; then idle=$((idle + 1)); else idle=0; fi
  if [ "$idle" -ge 2 ]; then
    exec 9>"$1/start"
    flock -x 9
    if flock -n -x "$1/users" true; then
      "$2/pg_ctl" -D "$1/data" -m immediate -w stop
      rm -rf "$1/data" "$1/ready"
      exit 0
    fi
    exec 9>&-
    idle=0
  fi
done
"#;

/// The server, started if none of this work tree's is running.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

impl Server {
    fn start() -> Self {
        let binaries = binaries();
        let folder = folder();
        let user = unprivileged();
        fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let start = open(&folder.join("start"));
        let users = open(&folder.join("users"));
        if let Some((uid, gid)) = user {
            for path in [folder.clone(), folder.join("start"), folder.join("users")] {
                chown(&path, Some(uid), Some(gid)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            }
        }
        start.lock().unwrap_or_else(|error| panic!("the start lock: {error}"));
        users.lock_shared().unwrap_or_else(|error| panic!("the users lock: {error}"));
        let server = Self { folder, binaries, _user: users };
        if !server.answers() {
            server.launch(user);
        }
        server
    }

    fn answers(&self) -> bool {
        self.folder.join("ready").exists()
            && self.command("pg_isready").arg("-q").status().is_ok_and(|status| status.success())
    }

    fn launch(&self, user: Option<(u32, u32)>) {
        let data = self.folder.join("data");
        let _ = fs::remove_dir_all(&data);
        let _ = fs::remove_file(self.folder.join("ready"));
        let run_as = |command: &mut Command| {
            if let Some((uid, gid)) = user {
                command.gid(gid).uid(uid);
            }
            command.current_dir(&self.folder).stdin(Stdio::null());
        };
        // A linguistic collation, so that a column that forgot to compare bytes is noticed.
        let mut initdb = Command::new(self.binaries.join("initdb"));
        initdb.args(["-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--no-instructions"]);
        initdb.args(["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=it-IT", "-D"]).arg(&data);
        run_as(&mut initdb);
        finished("initdb", initdb.output());
        let settings = format!(
            "-c listen_addresses= -c unix_socket_directories={} -c fsync=off -c synchronous_commit=off \
             -c full_page_writes=off -c max_connections=300 -c autovacuum=off",
            self.folder.display()
        );
        let mut pg_ctl = Command::new(self.binaries.join("pg_ctl"));
        pg_ctl.arg("-D").arg(&data).arg("-l").arg(self.folder.join("log")).args(["-w", "-o", &settings, "start"]);
        run_as(&mut pg_ctl);
        // Not `output`: the server would keep a pipe open.
        let started = pg_ctl.stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !started.is_ok_and(|status| status.success()) {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            panic!("the PostgreSQL server does not start: {log}");
        }
        let mut watchdog = Command::new("setsid");
        watchdog.args(["sh", "-c", WATCHDOG, "watchdog"]).arg(&self.folder).arg(&self.binaries);
        run_as(&mut watchdog);
        watchdog.stdout(Stdio::null()).stderr(Stdio::null());
        #[expect(
            clippy::zombie_processes,
            reason = "it outlives this process: it stops the server when the tests are over"
        )]
        watchdog.spawn().unwrap_or_else(|error| panic!("the watchdog of the PostgreSQL server: {error}"));
        fs::write(self.folder.join("ready"), "").unwrap_or_else(|error| panic!("the ready mark: {error}"));
    }

    /// The address of a database on the server.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.display())
    }

    /// The folder of the server's programs (`psql`, `pg_dump`).
    pub fn binaries(&self) -> &Path {
        &self.binaries
    }

    /// One of the server's programs, set to reach it.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.join(program));
        command.arg("-h").arg(&self.folder).args(["-U", "postgres"]).stdin(Stdio::null());
        command
    }

    /// Makes a database, as a copy of `template` if given.
    pub(crate) fn create(&self, name: &str, template: Option<&str>) {
        self.remove(name);
        let template = template.map(|template| format!(" TEMPLATE {template}")).unwrap_or_default();
        self.sql(&format!("CREATE DATABASE {name}{template}"));
    }

    pub(crate) fn remove(&self, name: &str) {
        self.sql(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        self.sql(&format!("ALTER DATABASE {from} RENAME TO {to}"));
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        !self.sql(&format!("SELECT 1 FROM pg_database WHERE datname = '{name}'")).trim().is_empty()
    }

    /// What only one process may do at a time; until the file is dropped.
    pub(crate) fn turn(&self) -> File {
        let file = open(&self.folder.join("turn"));
        file.lock().unwrap_or_else(|error| panic!("the turn lock: {error}"));
        file
    }

    fn sql(&self, sql: &str) -> String {
        let mut psql = self.command("psql");
        psql.args(["-d", "postgres", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql]);
        psql.env("PGOPTIONS", "-c client_min_messages=warning");
        finished(sql, psql.output())
    }
}

fn finished(what: &str, output: std::io::Result<Output>) -> String {
    match output {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
        Ok(output) => panic!("`{what}` failed: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("`{what}` does not start: {error}"),
    }
}

fn open(path: &Path) -> File {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // The watchdog is another user.
    let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o666));
    file
}

/// One folder per work tree, with a short name: a socket's path has at most 107 bytes.
fn folder() -> PathBuf {
    let tree = env!("CARGO_MANIFEST_DIR");
    let number = tree.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    std::env::temp_dir().join(format!("traguardo-pg-{number:08x}"))
}

/// The newest of Debian's versions, or what the path offers.
fn binaries() -> PathBuf {
    let version = |path: &PathBuf| {
        path.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok()).unwrap_or(0)
    };
    let debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let elsewhere = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    debian
        .filter(|bin| bin.join("initdb").exists())
        .max_by_key(version)
        .or_else(|| elsewhere.into_iter().flatten().find(|bin| bin.join("initdb").exists()))
        .unwrap_or_else(|| panic!("there is no PostgreSQL server here: install the package `postgresql`"))
}

/// PostgreSQL refuses to run as root; root lends itself the user `postgres`.
fn unprivileged() -> Option<(u32, u32)> {
    let root = fs::metadata("/proc/self").is_ok_and(|metadata| std::os::unix::fs::MetadataExt::uid(&metadata) == 0);
    if !root {
        return None;
    }
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let line = passwd.lines().find(|line| line.starts_with("postgres:"));
    let ids = line.and_then(|line| {
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    });
    Some(ids.unwrap_or_else(|| panic!("there is no user `postgres`: install the package `postgresql`")))
}
