//! What docs/performance.md claims of the store: staging, publication and whole-period reads of
//! sales lines, and on PostgreSQL beside them a bare COPY of the same lines.
//! `TRAGUARDO_BENCH_LINES` sets how many (1,000,000).

#![allow(clippy::print_stdout, reason = "the figures are what it is for")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark that fails says so")]
#![allow(clippy::float_arithmetic, reason = "rates for people")]

use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use traguardo_store::sales::line::{self, Currency, NewLine};
use traguardo_store::sales::total::{self, Grouping, Scan};
use traguardo_store::sales::{self, Counts, NewBatch};
use traguardo_store::{Backend, Scaled, StoreError, Tx, organization, product};
use traguardo_testkit::{TestDb, postgres_server, run};

const PARTICIPANTS: i64 = 5_000;
const PRODUCTS: i64 = 60;
const PIECE: i64 = 20_000;

fn first_day() -> NaiveDate {
    "2026-01-01".parse().unwrap()
}

/// The same lines every time: a small generator in place of chance.
fn lines(from: i64, to: i64) -> Vec<NewLine> {
    (from..to)
        .map(|row| {
            let mixed = row.wrapping_mul(6_364_136_223_846_793_005).rotate_left(23).unsigned_abs();
            let part = |of: u64, modulo: i64| i64::try_from(of % modulo.unsigned_abs()).unwrap();
            NewLine {
                row,
                day: first_day() + Days::new(mixed / 7 % 90),
                product: 1 + part(mixed / 11, PRODUCTS),
                participant: Some(1 + part(mixed / 13, PARTICIPANTS)),
                territory: None,
                channel: None,
                customer: None,
                amount: Scaled(part(mixed / 17, 1_000_000_000)),
                quantity: Some(Scaled(part(mixed / 19, 100) * 1_000_000)),
                margin: None,
                currency: Currency::parse("EUR").unwrap(),
                external_id: None,
            }
        })
        .collect()
}

async fn prepare(test: &TestDb) -> sales::Batch {
    test.write_tx(async |tx: &Tx| {
        for n in 0..PRODUCTS {
            product::put(tx, &format!("P{n}"), "product").await?;
        }
        for n in 0..PARTICIPANTS {
            let new = organization::NewParticipant {
                code: format!("R{n}"),
                name: "rep".into(),
                email: None,
                hire_date: first_day(),
                leave_date: None,
            };
            organization::put_participant(tx, &new).await?;
        }
        let new = NewBatch {
            kind: "sales".into(),
            source_code: "erp".into(),
            file_name: "sales.csv".into(),
            file_id: None,
            file_sha256: "x".into(),
            file_bytes: 0,
            mapping: "{}".into(),
            options: "{}".into(),
            job_id: None,
            created_by: None,
        };
        sales::begin_batch(tx, &new).await
    })
    .await
    .unwrap()
}

fn report(what: &str, lines: i64, took: Duration) {
    println!("  {what:<28} {:>8.3} s {:>12.0} lines/s", took.as_secs_f64(), lines as f64 / took.as_secs_f64());
}

async fn measure(backend: Backend, count: i64) {
    let test = match backend {
        Backend::Sqlite => TestDb::sqlite().await,
        Backend::Postgres => TestDb::postgres().await,
    };
    println!("{backend:?}, {count} lines");
    let batch = prepare(&test).await;
    let mut staged = Duration::ZERO;
    let mut row = 1;
    while row <= count {
        let next = (row + PIECE).min(count + 1);
        let piece = lines(row, next);
        let begin = Instant::now();
        test.write_tx(async |tx: &Tx| line::stage(tx, batch.num, &piece).await).await.unwrap();
        staged += begin.elapsed();
        row = next;
    }
    report("stage", count, staged);
    let counts = Counts { rows_in: count, accepted: count, ..Counts::default() };
    let begin = Instant::now();
    test.write_tx(async |tx: &Tx| line::publish(tx, batch.id, counts, None).await).await.unwrap();
    report("publish", count, begin.elapsed());

    let which = Scan { first: first_day(), last: first_day() + Days::new(89), as_of: 1 };
    let tx = test.read().await.unwrap();
    let begin = Instant::now();
    let mut seen = 0_i64;
    total::scan(&tx, which, |_| {
        seen += 1;
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
    report("scan", seen, begin.elapsed());
    let begin = Instant::now();
    let groups = (1..=PRODUCTS).map(|product| (product, product % 3)).collect();
    let grouping = Grouping { products: Some(groups), ..Grouping::default() };
    let sums = total::totals(&tx, which, &grouping).await.unwrap();
    report("sum by person and group", count, begin.elapsed());
    println!("  {} sums; {}", sums.len(), peak_memory());
    drop(tx);
    if backend == Backend::Postgres {
        bare_copy(&test, count);
    }
}

fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("").to_owned()
}

/// The same lines by the database's own tool, into a table with the same key and index.
fn bare_copy(test: &TestDb, count: i64) {
    let database = test.url().split(['/', '?']).nth(3).unwrap().to_owned();
    let file = std::env::temp_dir().join(format!("{database}.csv"));
    let psql = |sql: &str| {
        let done = postgres_server().command("psql").args(["-X", "-q", "-d", &database, "-c", sql]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    psql(&format!("\\copy sales_lines TO '{}' CSV", file.display()));
    psql("CREATE TABLE bare (LIKE sales_lines INCLUDING ALL)");
    let begin = Instant::now();
    psql(&format!("\\copy bare FROM '{}' CSV", file.display()));
    report("bare COPY of a CSV file", count, begin.elapsed());
    std::fs::remove_file(file).unwrap();
}

fn main() {
    // `cargo test` runs benchmarks too, to see that they work: then with few lines.
    let few = !std::env::args().any(|argument| argument == "--bench");
    let count = std::env::var("TRAGUARDO_BENCH_LINES").ok().and_then(|text| text.parse().ok()).unwrap_or(if few {
        1_000
    } else {
        1_000_000
    });
    for backend in [Backend::Sqlite, Backend::Postgres] {
        run(measure(backend, count));
    }
}
