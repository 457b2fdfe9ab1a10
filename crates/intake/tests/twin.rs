//! Workbooks and tables as ordinary libraries write them: our reader and calamine must see the same; what we export we
//! read back, and no text becomes a formula.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use proptest::prelude::*;
use rust_decimal::Decimal;
use traguardo_intake::export::{Cell, CsvTable, XlsxBook};
use traguardo_intake::file::File;
use traguardo_intake::kind::Kind;
use traguardo_intake::limits::Limits;
use traguardo_intake::mapping::Mapping;
use traguardo_intake::reading::Wish;

const HEADER: [&str; 4] = ["date", "product", "amount", "participant"];

fn workbook(rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut book = XlsxBook::default();
    book.sheet("Dati", &HEADER, rows.iter().map(Vec::as_slice)).unwrap();
    let mut out = Cursor::new(Vec::new());
    book.finish(&mut out).unwrap();
    out.into_inner()
}

/// The cells as our reader gives them, without the header.
fn ours(bytes: Vec<u8>, name: &str) -> Vec<Vec<String>> {
    let mapping = Mapping::parse(
        r#"{"date": {"constant": "2026-01-01"}, "product": "product", "amount": {"constant": "1"}, "participant": "participant"}"#,
    );
    let file = File::open(Cursor::new(bytes), Some(name), &Wish::default(), Limits::default()).unwrap();
    let mut rows = file.rows(Kind::Sales, &mapping.unwrap()).unwrap();
    let mut out = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        out.push(row.cells().map(str::to_owned).collect());
    }
    out
}

fn calamines(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let formulas = book.worksheet_formula("Dati").unwrap();
    assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()), "a formula came to life");
    let range = book.worksheet_range("Dati").unwrap();
    let cell = |data: &Data| match data {
        Data::DateTime(day) => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    };
    range.rows().skip(1).map(|row| row.iter().map(cell).collect()).collect()
}

fn day(days: i32) -> Cell {
    Cell::Day(chrono::NaiveDate::from_epoch_days(days).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn calamine_reads_the_same(table in proptest::collection::vec((0..40_000i32, "[a-zA-Z=+@é<&\"' -]{1,12}", -99_999_999i64..99_999_999, 0..5u32), 1..20)) {
        let rows: Vec<Vec<Cell>> = table.iter().map(|(days, text, mantissa, scale)| {
            // Blank text would be passed over as an empty row's.
            vec![day(*days), Cell::Text(format!("x{text}x")), Cell::Number(Decimal::new(*mantissa, *scale)), Cell::from(text.as_str())]
        }).collect();
        let bytes = workbook(&rows);
        let (ours, theirs) = (ours(bytes.clone(), "a.xlsx"), calamines(bytes));
        prop_assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            prop_assert_eq!(&ours[..2], &theirs[..2]);
            let (a, b): (Decimal, Decimal) = (ours[2].parse().unwrap(), theirs[2].parse().unwrap());
            prop_assert_eq!(a, b);
            prop_assert_eq!(ours.get(3).map_or("", String::as_str), theirs[3].as_str());
        }
    }

    /// S53: no text cell of a CSV begins like a formula, numbers stay numbers, and our import gives the text back.
    #[test]
    fn exported_tables_are_inert(table in proptest::collection::vec(("[=+@\t a-z\"',;\n-]{0,8}", -99_999i64..99_999), 1..20), semicolon in any::<bool>()) {
        let delimiter = if semicolon { b';' } else { b',' };
        let mut csv_table = CsvTable::new(Vec::new(), delimiter, ["text", "number"]).unwrap();
        for (text, number) in &table {
            csv_table.row(&[Cell::from(text.as_str()), Cell::Number(Decimal::new(*number, 2))]).unwrap();
        }
        let bytes = csv_table.finish().unwrap();
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap());
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(records.len(), table.len());
        for (record, (text, number)) in records.iter().zip(&table) {
            prop_assert!(!record[0].starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{:?}", record);
            prop_assert_eq!(record[0].strip_prefix('\'').unwrap_or(&record[0]), text.strip_prefix('\'').unwrap_or(text));
            prop_assert_eq!(&record[1], &Decimal::new(*number, 2).to_string());
        }
    }
}

#[test]
fn exact_numbers_survive_a_workbook() {
    let numbers = ["0.1", "-0.01", "1234567890.12345", "999999999999.999", "123456789012345.67", "9007199254740993"];
    let rows: Vec<Vec<Cell>> = numbers
        .iter()
        .map(|n| vec![day(20_000), Cell::from("P"), Cell::Number(n.parse().unwrap()), Cell::from("R")])
        .collect();
    let read = ours(workbook(&rows), "a.xlsx");
    let read: Vec<&str> = read.iter().map(|row| row[2].as_str()).collect();
    // What a spreadsheet cannot hold exactly is written as text, with all digits.
    assert_eq!(read, numbers);
}

#[test]
fn rejected_rows_can_be_mended_and_sent_again() {
    use traguardo_intake::reject::Rejects;
    let text =
        "data;prodotto;importo;agente\n31/01/2026;P;1,5;R\n31/01/2026;-P;boh;R\n30/02/2026;\"P;\nQ\";-2,5;=cmd()\n";
    let file = File::open(Cursor::new(text), Some("a.csv"), &Wish::default(), Limits::default()).unwrap();
    let mut rejects = Rejects::new(Vec::new(), file.reading()).unwrap();
    let mapping = file.propose(Kind::Sales).mapping;
    let mut rows = file.rows(Kind::Sales, &mapping).unwrap();
    while let Some(row) = rows.next_row().unwrap() {
        if row.record.is_none() {
            rejects.write(row.number, row.cells(), row.findings).unwrap();
        }
    }
    let bytes = rejects.finish().unwrap();
    let written = String::from_utf8(bytes).unwrap();
    let expected = "\u{feff}data;prodotto;importo;agente;reject row;reject reason\r\n\
                    31/01/2026;'-P;boh;R;3;importo: `boh` is not a number\r\n\
                    30/02/2026;\"P;\nQ\";-2,5;'=cmd();4;data: `30/02/2026` is no day when read as day/month/year\r\n";
    assert_eq!(written, expected);
    let mended = written.replace("boh", "7").replace("30/02", "28/02");
    let outcome = common::import(mended, "a.csv", Kind::Sales, None).unwrap();
    let sales: Vec<_> = outcome.records.iter().map(|r| r.sale().unwrap()).collect();
    assert_eq!((sales[0].product.as_str(), sales[1].product.as_str()), ("-P", "P; Q"));
    assert_eq!(sales[1].participant.as_deref(), Some("=cmd()"));
}
