//! How we try it: what the tests of several crates share.
//!
//! [`each_database!`] makes two tests of one: on SQLite in a file of its own, and on a real
//! PostgreSQL server, started once for all test processes, in a database of its own.
//! What goes wrong here panics with the reason: it is a test that fails.

#![allow(clippy::panic, reason = "what goes wrong in a test is told by a panic")]

mod database;
mod postgres;

pub use database::{TestDb, run};
pub use postgres::server as postgres_server;

/// Makes one test per database of an `async fn name(db: TestDb)`: `name::sqlite`, `name::postgres`.
/// The database has the schema and is empty.
#[macro_export]
macro_rules! each_database {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident) $body:block)+) => { $(
        mod $name {
            #[allow(unused_imports, reason = "a test may need nothing of its file")]
            use super::*;

            async fn body($db: $crate::TestDb) $body

            $(#[$meta])*
            #[test]
            fn sqlite() {
                $crate::run(async { body($crate::TestDb::sqlite().await).await });
            }

            $(#[$meta])*
            #[test]
            fn postgres() {
                $crate::run(async { body($crate::TestDb::postgres().await).await });
            }
        }
    )+ };
}
