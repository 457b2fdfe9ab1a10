//! How fast a sales file is read and checked: sniffing, typing, twins, totals and references of 100,000 lines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::io::{Cursor, Write as _};

use traguardo_intake::file::File;
use traguardo_intake::kind::Kind;
use traguardo_intake::limits::Limits;
use traguardo_intake::reading::Wish;
use traguardo_intake::references::References;
use traguardo_intake::report::Books;

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

const ROWS: usize = 100_000;

fn main() {
    divan::main();
}

/// Lines like those of a wholesaler: eighteen columns, some of them quoted.
fn csv(ids: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let id = if ids { ",External id" } else { "" };
    writeln!(out, "Distributor,Customer Name,City,Country,Latitude,Longitude,Channel,Sub-channel,Product Name,Product Class,Quantity,Price,Sales,Month,Year,Name of Sales Rep,Manager,Sales Team{id}").unwrap();
    for row in 0..ROWS {
        let id = if ids { format!(",L{row}") } else { String::new() };
        let (person, product) = (row % 500, row % 240);
        writeln!(
            out,
            "Gerlach LLC,\"Wiegand, Jast {row}\",Stuttgart,Germany,48.8264,9.0667,Hospital,Private,Product {product},Class {},{},567,{}.{:02},January,2017,Person {person},Manager {},Team {}{id}",
            product % 6, row % 300, row * 7, row % 100, person % 20, person % 4
        )
        .unwrap();
    }
    out
}

fn ndjson() -> Vec<u8> {
    let mut out = Vec::new();
    for row in 0..ROWS {
        writeln!(out, "{{\"date\":\"2026-01-{:02}\",\"product\":\"P{}\",\"amount\":{}.5,\"participant\":\"R{}\",\"external_id\":\"L{row}\"}}", row % 28 + 1, row % 240, row, row % 500).unwrap();
    }
    out
}

fn read(bytes: &[u8], name: &str) -> u64 {
    let limits = Limits::default();
    let file = File::open(Cursor::new(bytes), Some(name), &Wish::default(), limits).unwrap();
    let mapping = file.propose(Kind::Sales).mapping;
    let mut rows = file.rows(Kind::Sales, &mapping).unwrap();
    let mut books = Books::new(&limits);
    let mut references = References::default();
    while let Some(row) = rows.next_row().unwrap() {
        books.enter(&row);
        if let Some(record) = &row.record {
            references.note(row.number, record);
        }
    }
    books.tally.close(rows.read()).unwrap().accepted()
}

#[divan::bench(args = [false, true], sample_count = 10)]
fn csv_lines(bencher: divan::Bencher<'_, '_>, ids: bool) {
    let bytes = csv(ids);
    bencher.counter(divan::counter::ItemsCount::new(ROWS)).bench(|| assert_eq!(read(&bytes, "a.csv"), ROWS as u64));
}

#[divan::bench(sample_count = 10)]
fn ndjson_lines(bencher: divan::Bencher<'_, '_>) {
    let bytes = ndjson();
    bencher.counter(divan::counter::ItemsCount::new(ROWS)).bench(|| assert_eq!(read(&bytes, "a.ndjson"), ROWS as u64));
}
