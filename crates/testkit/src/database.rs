//! A database for one test.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use traguardo_store::{Backend, Db};

use crate::postgres;

/// A database that is removed when the test is done. It is used as a [`Db`].
#[derive(Debug)]
pub struct TestDb {
    db: Db,
    url: String,
    home: Home,
}

#[derive(Debug)]
enum Home {
    Folder(PathBuf),
    Server(String),
}

impl std::ops::Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A name that no other test of this machine has at the same time.
fn unique() -> String {
    format!("t{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

impl TestDb {
    /// A SQLite file with the schema.
    pub async fn sqlite() -> Self {
        let test = Self::empty(Backend::Sqlite).await;
        test.migrate().await.unwrap_or_else(|error| panic!("the schema of the test database: {error}"));
        test
    }

    /// A database on the PostgreSQL server with the schema, copied from a template.
    pub async fn postgres() -> Self {
        let server = postgres::server();
        let name = unique();
        server.create(&name, Some(&template(server).await));
        Self::connect(server.url(&name), Home::Server(name)).await
    }

    /// A database without a schema.
    pub async fn empty(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let folder = std::env::temp_dir().join(format!("traguardo-{}", unique()));
                // What is there was left by a dead process of the same number.
                let _ = std::fs::remove_dir_all(&folder);
                std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
                let url = format!("sqlite://{}", folder.join("test.db").display());
                Self::connect(url, Home::Folder(folder)).await
            }
            Backend::Postgres => {
                let server = postgres::server();
                let name = unique();
                server.create(&name, None);
                Self::connect(server.url(&name), Home::Server(name)).await
            }
        }
    }

    /// The address, for another process or another pool.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The database itself; clones share the connections.
    pub fn db(&self) -> &Db {
        &self.db
    }

    async fn connect(url: String, home: Home) -> Self {
        let db = Db::connect(&url).await.unwrap_or_else(|error| panic!("cannot connect to `{url}`: {error}"));
        Self { db, url, home }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        match &self.home {
            Home::Folder(folder) => {
                let _ = std::fs::remove_dir_all(folder);
            }
            Home::Server(name) => postgres::server().remove(name),
        }
    }
}

/// The name of a database with today's schema, made by whoever comes first.
async fn template(server: &postgres::Server) -> String {
    let name = format!("template_{}", traguardo_migrations::fingerprint());
    let _turn = server.turn();
    if !server.exists(&name) {
        server.create("template_new", None);
        let url = server.url("template_new");
        let db = Db::connect(&url).await.unwrap_or_else(|error| panic!("cannot connect to `{url}`: {error}"));
        db.migrate().await.unwrap_or_else(|error| panic!("the schema of the template: {error}"));
        db.close().await;
        server.rename("template_new", &name);
    }
    name
}

/// Runs one test to its end on two threads.
pub fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap_or_else(|error| panic!("no runtime: {error}"))
        .block_on(test);
}
