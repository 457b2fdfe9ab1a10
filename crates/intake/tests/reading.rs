//! Files as people have them: encodings, delimiters, number and date styles, formats.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{import, import_with, refusal, workbook};
use traguardo_intake::file::File;
use traguardo_intake::kind::Kind;
use traguardo_intake::limits::Limits;
use traguardo_intake::reading::{DateOrder, Encoding, Format, Mark, Wish};
use traguardo_intake::record::Record;

fn sales(bytes: impl Into<Vec<u8>>, name: &str) -> Vec<String> {
    let outcome = import(bytes, name, Kind::Sales, None).unwrap_or_else(|findings| panic!("{name}: {findings:#?}"));
    let errors: Vec<_> = outcome.books.log.kept().iter().filter(|f| f.finding.is_error()).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
    let line = |record: &Record| {
        let sale = record.sale().unwrap();
        format!("{} {} {} {}", sale.date, sale.product, sale.amount, sale.participant.as_deref().unwrap_or("-"))
    };
    outcome.records.iter().map(line).collect()
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

#[test]
fn one_table_in_many_clothes() {
    let italian = "Data;Prodotto;Importo;Agente\r\n31/01/2026;Caffè;1.234,50;R-1\r\n01/02/2026;Tè;-10,25;R-2\r\n";
    let english = "date,product,amount,sales rep\n2026-01-31,Caffè,\"1,234.50\",R-1\n2026-02-01,Tè,-10.25,R-2\n";
    let expected = ["2026-01-31 Caffè 1234.50 R-1", "2026-02-01 Tè -10.25 R-2"];
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("italian.csv", italian.into()),
        ("bom.csv", [b"\xef\xbb\xbf", italian.as_bytes()].concat()),
        ("latin.csv", latin1(italian)),
        ("wide-le.csv", utf16(italian, true)),
        ("wide-be.csv", utf16(italian, false)),
        ("english.csv", english.into()),
        ("tabs.tsv", italian.replace(';', "\t").into()),
        ("pipes.txt", italian.replace(';', "|").into()),
        ("mac.csv", italian.replace("\r\n", "\r").into()),
        ("sep.csv", format!("sep=;\r\n{italian}").into()),
        ("titles.csv", format!("Vendite 2026;;;\r\n\r\n{italian}").into()),
        ("trailing.csv", italian.replace("\r\n", ";;\r\n").into()),
        ("american.csv", english.replace("2026-01-31", "01/31/2026").replace("2026-02-01", "02/01/2026").into()),
        (
            "lines.ndjson",
            "{\"date\":\"2026-01-31\",\"product\":\"Caffè\",\"amount\":1234.50,\"participant\":\"R-1\"}\n\n{\"date\":\"2026-02-01\",\"product\":\"Tè\",\"amount\":\"-10.25\",\"participant\":\"R-2\"}\n".into(),
        ),
    ];
    for (name, bytes) in files {
        assert_eq!(sales(bytes, name), expected, "{name}");
    }
}

#[test]
fn the_reading_is_shown_and_can_be_overridden() {
    let text = "data;prodotto;importo;agente\n03/04/2026;P;1.234;R\n";
    let open = |wish: &Wish| {
        File::open(std::io::Cursor::new(text.as_bytes()), Some("a.csv"), wish, Limits::default()).unwrap()
    };
    let file = open(&Wish::default());
    let reading = file.reading();
    assert_eq!((reading.format, reading.encoding, reading.delimiter), (Format::Csv, Encoding::Utf8, Some(';')));
    assert_eq!((reading.decimal, reading.date_order, reading.header_row), (Mark::Comma, DateOrder::Dmy, 1));
    assert_eq!(reading.columns, ["data", "prodotto", "importo", "agente"]);
    assert_eq!(reading.sample, [["03/04/2026", "P", "1.234", "R"]]);
    let notes: Vec<_> = reading.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(notes, ["ambiguous_numbers", "ambiguous_dates"]);
    let json = serde_json::to_value(reading).unwrap();
    assert_eq!(json["decimal"], ",");
    assert_eq!(json["encoding"], "utf-8");

    let wish: Wish = serde_json::from_str(r#"{"decimal": ".", "date_order": "mdy"}"#).unwrap();
    assert!(open(&wish).reading().notes.is_empty());
    let outcome = import_with(text, "a.csv", Kind::Sales, None, &wish, Limits::default()).unwrap();
    let sale = outcome.records[0].sale().unwrap();
    assert_eq!((sale.date.to_string(), sale.amount.to_string()), ("2026-03-04".to_owned(), "1.234".to_owned()));

    let wish = |json: &str| serde_json::from_str::<Wish>(json).unwrap();
    let refused = |json: &str| refusal(import_with(text, "a.csv", Kind::Sales, None, &wish(json), Limits::default()));
    assert_eq!(refused(r#"{"delimiter": "x"}"#), ["bad_delimiter"]);
    assert_eq!(refused(r#"{"header_row": 9}"#), ["no_header"]);
    assert!(serde_json::from_str::<Wish>(r#"{"decimals": "."}"#).is_err());
}

#[test]
fn a_workbook_is_read_from_its_raw_cells() {
    let rows = concat!(
        // A date by style, a rich text, the artefact of 1.1, a code stored as a number.
        r#"<row r="2"><c r="A2" s="1"><v>46053</v></c><c r="B2" t="s"><v>4</v></c><c r="C2"><v>1.1000000000000001</v></c><c r="D2"><v>1001</v></c></row>"#,
        // No references, an inline text with an entity, ISO date, exact digits beyond a float.
        r#"<row><c t="d"><v>2026-02-01</v></c><c t="inlineStr"><is><t>B &lt;x&gt;</t></is></c><c><v>123456789012.123456</v></c><c t="s"><v>5</v></c></row>"#,
        r#"<row r="4"/><row r="5"><c r="A5" s="1"/></row>"#,
        // A formula with its value, a day count without style.
        r#"<row r="7"><c r="A7"><v>46054.75</v></c><c r="B7" t="str"><f>"C"</f><v>C</v></c><c r="C7"><f>1+1</f><v>2</v></c><c r="D7" t="str"><v>R</v></c></row>"#,
    );
    let got = sales(workbook(rows), "book.xlsx");
    let expected = ["2026-01-31 Aurora 1.1 1001", "2026-02-01 B <x> 123456789012.123 R & B é", "2026-02-01 C 2 R"];
    assert_eq!(got, expected);
}

#[test]
fn cells_that_hold_no_value_are_told() {
    let rows = concat!(
        r#"<row r="2"><c r="A2" s="1"><v>46053</v></c><c r="B2" t="e"><v>#REF!</v></c><c r="C2"><f>A1</f></c><c r="D2" t="s"><v>99</v></c></row>"#,
        r#"<row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3" t="s"><v>4</v></c><c r="C3"><v>1e999</v></c><c r="D3" t="s"><v>4</v></c><c r="F3"><v>1</v></c></row>"#,
        r#"<row r="4"><c r="A4"><v>5</v></c><c r="B4" t="s"><v>4</v></c><c r="C4" t="s"><v>4</v></c><c r="D4" t="s"><v>4</v></c></row>"#,
    );
    let outcome = import(workbook(rows), "book.xlsx", Kind::Sales, None).unwrap();
    let expected = [
        "2 product cell_error",
        "2 amount cell_error",
        "2 participant cell_error",
        "3 too_many_cells",
        "4 date not_a_date",
        "4 amount not_a_number",
    ];
    assert_eq!(outcome.findings, expected);
    assert_eq!((outcome.balance.accepted(), outcome.balance.rejected()), (0, 3));
}

#[test]
fn what_is_no_table_is_refused() {
    let cases: &[(&str, &[u8], &str)] = &[
        ("a.csv", b"", "empty_file"),
        ("a.csv", b" \n\n", "empty_file"),
        ("a.csv", b",,\n,,\n", "empty_file"),
        ("a.csv", b"a,b\0\n1,2\n", "nul_byte"),
        ("a.csv", b"2026-01-01,1,2\n2026-01-02,3,4\n", "no_header"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "wrong_file_type"),
        ("a.csv", b"%PDF-1.7", "wrong_file_type"),
        ("a.csv", b"<html><table>", "wrong_file_type"),
        ("a.csv", b"[{\"a\":1}]", "wrong_file_type"),
        ("a.xlsx", b"a,b\n1,2\n", "wrong_file_type"),
        ("a.csv", b"{\"a\":1}\n", "wrong_file_type"),
        ("a.exe", b"a,b\n1,2\n", "wrong_file_type"),
        ("a.ndjson", b"{}\n", "no_header"),
        ("a.csv", b"\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17", "binary_file"),
    ];
    for (name, bytes, code) in cases {
        let refused = refusal(import(*bytes, name, Kind::Sales, None));
        assert_eq!(refused, [*code], "{name} {:?}", String::from_utf8_lossy(bytes));
    }
    let small = Limits { file_bytes: 10, ..Limits::default() };
    assert_eq!(
        refusal(import_with("a,b\n1,2\n3,4\n", "a.csv", Kind::Sales, None, &Wish::default(), small)),
        ["file_too_large"]
    );
}

#[test]
fn damaged_text_is_told_row_by_row() {
    let header = "date,product,amount,participant\n";
    let good = "2026-01-01,P,1,R\n";
    let cases: &[(&str, String, &[&str], (u64, u64))] = &[
        ("cut", format!("{header}{good}2026-01-0"), &["3 too_few_cells"], (1, 1)),
        (
            "open quote",
            format!("{header}{good}2026-01-01,\"P,1,R\n{good}{good}"),
            &["3 unclosed_quote", "4 equal_line", "5 equal_line"],
            (3, 1),
        ),
        ("text after quote", format!("{header}2026-01-01,\"P\"x,1,R\n{good}"), &["2 text_after_quote"], (1, 1)),
        ("too wide", format!("{header}2026-01-01,P,1,5,R\n{good}"), &["2 too_many_cells"], (1, 1)),
        ("long line", format!("{header}{}\n{good}", "x".repeat(2 << 20)), &["2 row_too_long"], (1, 1)),
        ("long cell", format!("{header}2026-01-01,{},1,R\n{good}", "x".repeat(200_000)), &["2 cell_too_long"], (1, 1)),
        (
            "long name",
            format!("{header}2026-01-01,{},1,R\n{good}", "x".repeat(501)),
            &["2 product text_too_long"],
            (1, 1),
        ),
        ("blank lines", format!("{header}\n\n{good},,,\n"), &[], (1, 0)),
        ("no one", format!("{header}2026-01-01,P,1,\n"), &["2 missing_value"], (0, 1)),
        ("empty amount", format!("{header}2026-01-01,P,,R\n"), &["2 amount missing_value"], (0, 1)),
        (
            "many faults",
            format!("{header}2026-02-30,,x,\u{1}\n"),
            &[
                "2 date no_such_day",
                "2 product missing_value",
                "2 amount not_a_number",
                "2 participant control_character",
            ],
            (0, 1),
        ),
    ];
    for (name, text, findings, (accepted, rejected)) in cases {
        let outcome = import(text.as_bytes(), "a.csv", Kind::Sales, None).unwrap();
        assert_eq!(outcome.findings, *findings, "{name}");
        assert_eq!((outcome.balance.accepted(), outcome.balance.rejected()), (*accepted, *rejected), "{name}");
    }
    // Bytes that are no UTF-8 make the whole file Windows-1252; a person can insist on UTF-8 and is told the rows.
    let mut bytes = format!("{header}{good}").into_bytes();
    bytes.extend(b"2026-01-01,Caff\xe8,1,R\n");
    let outcome = import(bytes.clone(), "a.csv", Kind::Sales, None).unwrap();
    assert_eq!(outcome.records[1].sale().unwrap().product, "Caffè");
    let wish = Wish { encoding: Some(Encoding::Utf8), ..Wish::default() };
    let outcome = import_with(bytes, "a.csv", Kind::Sales, None, &wish, Limits::default()).unwrap();
    assert_eq!(outcome.findings, ["3 wrong_encoding"]);
}

#[test]
fn ten_thousand_bad_rows_are_all_counted() {
    let mut text = "date,product,amount,participant\n".to_owned();
    for row in 0..10_000 {
        text.push_str(&format!("2026-01-01,P{row},n/a,R\n"));
    }
    let outcome = import(text, "a.csv", Kind::Sales, None);
    // Even the proposal must not be misled by bad cells.
    let outcome = outcome.unwrap_or_else(|_| panic!("the header names all columns"));
    assert_eq!((outcome.balance.rows(), outcome.balance.rejected()), (10_000, 10_000));
    assert_eq!(outcome.books.log.kept().len(), 100);
    assert_eq!(
        outcome.books.log.counts().map(|c| (c.code.as_str(), c.times)).collect::<Vec<_>>(),
        [("not_a_number", 10_000)]
    );
}
