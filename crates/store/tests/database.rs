//! The connection itself: contention, snapshots, versions, exact amounts, the schema and its dumps.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::sync::Arc;

use rust_decimal::Decimal;
use traguardo_domain::access::Scope;
use traguardo_domain::actor::Actor;
use traguardo_store::audit::{self, GENESIS, NewEvent};
use traguardo_store::organization::{self, NewUnit};
use traguardo_store::session::{self, NewUser};
use traguardo_store::{Backend, Change, Db, Listing, Scaled, StoreError, Tx};
use traguardo_testkit::{TestDb, each_database, postgres_server, run};

const WRITERS: i64 = 8;
const ROUNDS: i64 = 25;

/// Reads a counter and writes it back one larger, as any handler does.
async fn increment(db: &Db) -> Result<(), StoreError> {
    db.write_tx(async |tx: &Tx| {
        let counter = session::setting(tx, "counter").await?.ok_or(StoreError::Reference)?;
        let value: i64 = counter.value.parse().map_err(|_| StoreError::Reference)?;
        session::set_setting(tx, "counter", &(value + 1).to_string(), counter.version).await?;
        tx.note(NewEvent::new(&Actor::system("test"), "setting.change", "setting", "counter"));
        Ok(())
    })
    .await
}

each_database! {
    async fn eight_writers_lose_nothing(db) {
        db.write_tx(async |tx: &Tx| session::set_setting(tx, "counter", "0", 0).await).await.unwrap();
        let stale = Arc::new(std::sync::atomic::AtomicI64::new(0));
        let tasks: Vec<_> = (0..WRITERS).map(|_| {
            let (db, stale) = (db.db().clone(), Arc::clone(&stale));
            tokio::spawn(async move {
                for _ in 0..ROUNDS {
                    loop {
                        match increment(&db).await {
                            Ok(()) => break,
                            // On PostgreSQL two may read the same version; the later is told so.
                            Err(StoreError::Stale { .. }) => stale.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
                            Err(error) => panic!("{error}"),
                        };
                    }
                }
            })
        }).collect();
        for task in tasks {
            task.await.unwrap();
        }
        let tx = db.read().await.unwrap();
        let counter = session::setting(&tx, "counter").await.unwrap().unwrap();
        assert_eq!(counter.value, (WRITERS * ROUNDS).to_string());
        assert_eq!(audit::verify(&tx, 0, GENESIS).await.unwrap(), Ok(WRITERS * ROUNDS));
        if db.backend() == Backend::Sqlite {
            assert_eq!(stale.load(std::sync::atomic::Ordering::Relaxed), 0, "one writer at a time never reads what is stale");
        }
    }

    async fn a_snapshot_stays_what_it_was(db) {
        db.write_tx(async |tx: &Tx| session::set_setting(tx, "counter", "0", 0).await).await.unwrap();
        let snapshot = db.read().await.unwrap();
        assert_eq!(session::setting(&snapshot, "counter").await.unwrap().unwrap().value, "0");
        increment(&db).await.unwrap();
        assert_eq!(session::setting(&snapshot, "counter").await.unwrap().unwrap().value, "0");
        assert!(session::set_setting(&snapshot, "counter", "9", 1).await.is_err(), "a snapshot is only read");
        drop(snapshot);
        let now = db.read().await.unwrap();
        assert_eq!(session::setting(&now, "counter").await.unwrap().unwrap().value, "1");
    }

    async fn a_stale_version_is_told(db) {
        let tx = db.write().await.unwrap();
        let new = NewUser {
            email: "Anna@x.it".into(), email_key: "anna@x.it".into(), name: "Anna".into(),
            participant_id: None, locale: "it".into(),
        };
        let user = session::create_user(&tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        let rename = async |name: &str, version: i64| {
            let changed = session::User { name: name.to_owned(), ..user.clone() };
            db.write_tx(async |tx: &Tx| session::update_user(tx, &changed, version).await).await
        };
        rename("Anna B.", 1).await.unwrap();
        let stale = rename("Anna C.", 1).await.unwrap_err();
        assert_eq!(stale.to_string(), format!("user `{}` has changed: it is at version 2, not 1", user.id));
        let missing = session::User { id: traguardo_store::new_id(), ..user.clone() };
        let missing = db.write_tx(async |tx: &Tx| session::update_user(tx, &missing, 1).await).await.unwrap_err();
        assert!(matches!(missing, StoreError::NotFound { .. }));
        // The address is taken as long as its user is not disabled; then another may have it.
        let again = db.write_tx(async |tx: &Tx| session::create_user(tx, &new).await).await.unwrap_err();
        assert!(matches!(again, StoreError::Exists { .. }), "{again}");
        let disabled = session::User { state: "disabled".into(), ..user.clone() };
        db.write_tx(async |tx: &Tx| session::update_user(tx, &disabled, 2).await).await.unwrap();
        let second = db.write_tx(async |tx: &Tx| session::create_user(tx, &new).await).await.unwrap();
        assert_ne!(second.id, user.id);
    }

    async fn long_amounts_come_back_exactly(db) {
        let tx = db.write().await.unwrap();
        let batch = traguardo_store::sales::source(&tx, "erp").await.unwrap();
        for (version, text) in (1..).zip([
            "9223372036854.775807", "-9223372036854.775808", "1234567890123.456789", "9007199254740.993001",
            "0.000001", "99999999999.999999",
        ]) {
            let amount: Decimal = text.parse().unwrap();
            let changed = traguardo_store::sales::SalesSource {
                late_threshold: Scaled::try_from(amount).unwrap(), ..batch.clone()
            };
            traguardo_store::sales::update_source(&tx, &changed, version).await.unwrap();
            let read = traguardo_store::sales::source(&tx, "erp").await.unwrap();
            assert_eq!(read.late_threshold.decimal().to_string(), text);
        }
    }

    async fn order_is_by_bytes_on_both(db) {
        let tx = db.write().await.unwrap();
        let codes = ["b", "B", "a", "É", "z", "10", "9", "_", "à", "aa", "A"];
        for code in codes {
            let unit = NewUnit { code: code.into(), name: code.into(), parent_id: None, kind: "unit".into() };
            assert_eq!(organization::put_unit(&tx, &unit).await.unwrap().1, Change::Created);
        }
        let expected = ["10", "9", "A", "B", "_", "a", "aa", "b", "z", "É", "à"];
        let all: Vec<String> = organization::all_units(&tx).await.unwrap().into_iter().map(|unit| unit.code).collect();
        assert_eq!(all, expected);
        // Page by page it is the same order, forwards and backwards.
        for (sort, reverse) in [("code", false), ("-code", true)] {
            let mut listing = Listing { limit: 4, sort: Some(sort.into()), ..Listing::default() };
            let mut paged = Vec::new();
            loop {
                let page = organization::units(&tx, &Scope::All, &listing).await.unwrap();
                assert_eq!(page.total, 11);
                paged.extend(page.items.into_iter().map(|unit| unit.code));
                let Some(next) = page.next_cursor else { break };
                listing.cursor = Some(next);
            }
            if reverse {
                paged.reverse();
            }
            assert_eq!(paged, expected);
        }
        let bounded = Listing::default().filter("code_from", "a").filter("code_to", "b");
        assert_eq!(organization::units(&tx, &Scope::All, &bounded).await.unwrap().total, 3);
        for wrong in [
            Listing { sort: Some("colour".into()), ..Listing::default() },
            Listing { cursor: Some("zz".into()), ..Listing::default() },
            Listing::default().filter("x; DROP TABLE units", "1"),
        ] {
            assert!(matches!(organization::units(&tx, &Scope::All, &wrong).await, Err(StoreError::Listing(_))));
        }
    }

    async fn a_unit_is_never_below_itself(db) {
        let tx = db.write().await.unwrap();
        let unit = |code: &str, parent| NewUnit { code: code.into(), name: code.into(), parent_id: parent, kind: "unit".into() };
        let (top, _) = organization::put_unit(&tx, &unit("top", None)).await.unwrap();
        let (middle, _) = organization::put_unit(&tx, &unit("middle", Some(top))).await.unwrap();
        let (low, _) = organization::put_unit(&tx, &unit("low", Some(middle))).await.unwrap();
        let refused = organization::put_unit(&tx, &unit("top", Some(low))).await.unwrap_err();
        assert!(matches!(refused, StoreError::Refused { code: "unit_cycle", .. }));
        assert_eq!(organization::put_unit(&tx, &unit("low", Some(middle))).await.unwrap().1, Change::Unchanged);
        assert_eq!(organization::subtree(&tx, middle).await.unwrap(), [low, middle]);
        let scope = Scope::Within { units: vec![middle.0], participant: None, user: None };
        assert_eq!(organization::units(&tx, &scope, &Listing::default()).await.unwrap().total, 2);
    }
}

#[test]
fn migrations_are_done_once_by_however_many() {
    run(async {
        for backend in [Backend::Sqlite, Backend::Postgres] {
            let test = TestDb::empty(backend).await;
            let others: Vec<_> = (0..3)
                .map(|_| {
                    let url = test.url().to_owned();
                    tokio::spawn(async move { Db::connect(&url).await.unwrap().migrate().await })
                })
                .collect();
            for other in others {
                other.await.unwrap().unwrap();
            }
            test.migrate().await.unwrap();
            test.ready().await.unwrap();
        }
    });
}

#[test]
fn a_database_without_the_schema_is_not_ready() {
    run(async {
        for backend in [Backend::Sqlite, Backend::Postgres] {
            let test = TestDb::empty(backend).await;
            assert!(matches!(test.ready().await, Err(StoreError::Refused { code: "schema_behind", .. })));
        }
    });
}

#[test]
fn other_addresses_are_refused() {
    run(async {
        for url in ["mysql://x", "sqlite::memory:", "traguardo.db"] {
            assert!(matches!(Db::connect(url).await, Err(StoreError::Refused { code: "database_url", .. })), "{url}");
        }
    });
}

/// Compares with the dump in the repository; `TRAGUARDO_UPDATE_GOLDEN=1` writes it anew.
fn golden(name: &str, dump: &str) {
    let path = format!("{}/../../migrations/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("TRAGUARDO_UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, dump).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == dump,
        "the schema is not that of `migrations/golden/{name}`: look at the difference, then write it anew with TRAGUARDO_UPDATE_GOLDEN=1"
    );
}

#[test]
fn the_schema_of_sqlite_is_the_golden_one() {
    run(async {
        use sea_orm::ConnectionTrait;
        let test = TestDb::sqlite().await;
        let tx = test.read().await.unwrap();
        let sql =
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type, name";
        let rows = tx.query_all_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, sql)).await.unwrap();
        let dump: String =
            rows.iter().map(|row| format!("{};\n\n", row.try_get::<String>("", "sql").unwrap())).collect();
        golden("sqlite.sql", &dump);
    });
}

#[test]
fn the_schema_of_postgres_is_the_golden_one() {
    run(async {
        let test = TestDb::postgres().await;
        let mut dump = postgres_server().command("pg_dump");
        let database = test.url().split(['/', '?']).nth(3).unwrap();
        let output = dump.args(["--schema-only", "--no-owner", "--no-privileges", database]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // The heading names versions and a random key.
        let dump: String = String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .filter(|line| {
                !line.starts_with("--")
                    && !line.starts_with('\\')
                    && !line.starts_with("SET ")
                    && !line.trim().is_empty()
            })
            .filter(|line| !line.starts_with("SELECT pg_catalog.set_config"))
            .map(|line| format!("{line}\n"))
            .collect();
        golden("postgres.sql", &dump);
    });
}
