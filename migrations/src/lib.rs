//! The database schema, forward only, for SQLite and PostgreSQL.
//!
//! Each migration is one SQL file written in SQLite's dialect; [`dialect::postgres`] turns it
//! into PostgreSQL's. Both databases thereby have the same tables, columns, keys and checks,
//! and text compares byte by byte on both. What neither dialect shares (the triggers that
//! refuse changes) is generated from one list in [`guards`]. The resulting schemas are locked
//! in `golden/`.
//!
//! Conventions of every table:
//! - ids are UUIDv7 as text; `num` is a small integer key where sales lines refer to a row;
//! - amounts, shares and other decimals are integers in millionths;
//! - days are text `2026-03-31`, except in `sales_lines` and `import_batches`, where they are
//!   days since 1970-01-01; moments are text `2026-03-31T10:20:30.123456Z`, always UTC and
//!   always of that length, so that text order is time order;
//! - `valid_to` is excluded, `last_day` is included;
//! - `version` counts the changes of a row and guards against lost updates.

// The migrator's own signature hides a lifetime, and an implementation must hide it too.
#![expect(elided_lifetimes_in_paths)]

pub mod dialect;
mod guards;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// One step of the schema: a name and its SQL.
struct Step {
    name: &'static str,
    sql: &'static str,
}

const STEPS: [Step; 8] = [
    Step { name: "m0001_organization", sql: include_str!("sql/m0001_organization.sql") },
    Step { name: "m0002_session", sql: include_str!("sql/m0002_session.sql") },
    Step { name: "m0003_territory_product_period", sql: include_str!("sql/m0003_territory_product_period.sql") },
    Step { name: "m0004_sales", sql: include_str!("sql/m0004_sales.sql") },
    Step { name: "m0005_goal_plan", sql: include_str!("sql/m0005_goal_plan.sql") },
    Step { name: "m0006_run", sql: include_str!("sql/m0006_run.sql") },
    Step { name: "m0007_correction_payment", sql: include_str!("sql/m0007_correction_payment.sql") },
    Step { name: "m0008_audit_integration_job", sql: include_str!("sql/m0008_audit_integration_job.sql") },
];

struct SqlFile(&'static Step);

impl MigrationName for SqlFile {
    fn name(&self) -> &str {
        self.0.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SqlFile {
    // Left to itself, the migrator opens no transaction on SQLite, and a kill leaves half a schema.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let sql = match connection.get_database_backend() {
            DbBackend::Postgres => dialect::postgres(self.0.sql),
            _ => self.0.sql.to_owned(),
        };
        connection.execute_unprepared(&sql).await.map(|_| ())
    }
}

struct Guards;

impl MigrationName for Guards {
    fn name(&self) -> &str {
        "m0009_guards"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Guards {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let sql = match connection.get_database_backend() {
            DbBackend::Postgres => guards::postgres(),
            _ => guards::sqlite(),
        };
        connection.execute_unprepared(&sql).await.map(|_| ())
    }
}

/// All migrations, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut all: Vec<Box<dyn MigrationTrait>> = Vec::new();
        for step in &STEPS {
            all.push(Box::new(SqlFile(step)));
        }
        all.push(Box::new(Guards));
        all
    }
}

/// Sixteen hex digits that change with the schema: tests keep a prepared database under this name.
pub fn fingerprint() -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let guards = guards::postgres();
    for text in STEPS.iter().map(|step| step.sql).chain([guards.as_str()]) {
        for byte in text.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}
