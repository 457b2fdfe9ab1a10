//! Files made to hurt: each is refused with its finding, before it takes memory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

mod common;

use common::{
    BOOK, HEADER, Lie, ROOT_RELS, SHEET, Zip, book, book_with, book_without_texts, import, import_with, refusal, sheet,
    workbook,
};
use traguardo_intake::kind::Kind;
use traguardo_intake::limits::Limits;
use traguardo_intake::reading::Wish;

const GOOD: &str = r#"<row r="2"><c r="A2" s="1"><v>46053</v></c><c r="B2" t="s"><v>4</v></c><c r="C2"><v>1</v></c><c r="D2"><v>7</v></c></row>"#;

/// Memory of this process at its highest, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.trim().trim_end_matches("kB").trim().parse().unwrap_or(0)
}

fn repeat_in_sheet(head: &str, piece: &str, times: usize) -> Vec<u8> {
    book().repeated(SHEET, head.as_bytes(), piece.as_bytes(), times).finish()
}

fn bombs() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let begin = "<worksheet><sheetData>";
    let megabyte = "A".repeat(1 << 20);
    let doctype = |dtd: &str| format!("<!DOCTYPE worksheet [{dtd}]>{}", sheet(&format!("{HEADER}{GOOD}")));
    let laughs = r#"<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">"#;
    let entity = sheet(&format!("{HEADER}{}", GOOD.replace("<v>46053</v>", "<v>&lol;</v>")));
    let attributes: String = (0..1_000).map(|n| format!(" a{n}=\"\"")).collect();
    let many = (0..3_000).fold(Zip::default(), |zip, n| zip.file(&format!("f{n}"), b""));
    vec![
        // P9: one text of 256 MiB in a small file; as shared text, in a cell, in a comment, in CDATA, in an attribute.
        (
            "shared text",
            book_without_texts()
                .repeated("xl/sharedStrings.xml", b"<sst><si><t>", megabyte.as_bytes(), 256)
                .file(SHEET, sheet(GOOD).as_bytes())
                .finish(),
            "xml_too_long",
        ),
        (
            "inline text",
            repeat_in_sheet("<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>", &megabyte, 64),
            "xml_too_long",
        ),
        ("comment", repeat_in_sheet("<worksheet><!--", &megabyte, 64), "xml_too_long"),
        ("cdata", repeat_in_sheet("<worksheet><![CDATA[", &"<a>".repeat(100_000), 64), "xml_too_long"),
        ("attribute", repeat_in_sheet("<worksheet a=\"", &megabyte, 64), "xml_too_long"),
        (
            "entities in a cell",
            repeat_in_sheet("<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>", &"&amp;".repeat(100_000), 50),
            "cell_too_long",
        ),
        (
            "many shared texts",
            book_without_texts()
                .repeated("xl/sharedStrings.xml", b"<sst>", "<si><t/></si>".repeat(100_000).as_bytes(), 200)
                .file(SHEET, b"")
                .finish(),
            "inflates_too_much",
        ),
        // P9: far corners.
        (
            "XFD1048576",
            workbook(&format!("{GOOD}<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>")),
            "extent_too_wide",
        ),
        (
            "CZZ20000",
            workbook(&format!("{GOOD}<row r=\"20000\"><c r=\"CZZ20000\"><v>1</v></c></row>")),
            "extent_too_wide",
        ),
        ("row out of order", workbook(&format!("{GOOD}{GOOD}")), "damaged_workbook"),
        ("row beyond the end", workbook("<row r=\"99999999999\"><c><v>1</v></c></row>"), "damaged_workbook"),
        // XML.
        ("doctype", book().file(SHEET, doctype("").as_bytes()).finish(), "xml_doctype"),
        (
            "external entity",
            book().file(SHEET, doctype(r#"<!ENTITY x SYSTEM "file:///etc/passwd">"#).as_bytes()).finish(),
            "xml_doctype",
        ),
        ("billion laughs", book().file(SHEET, doctype(laughs).as_bytes()).finish(), "xml_doctype"),
        (
            "laughs in the texts",
            book_with(&format!("<!DOCTYPE sst [{laughs}]><sst/>")).file(SHEET, b"").finish(),
            "xml_doctype",
        ),
        ("unknown entity", book().file(SHEET, entity.as_bytes()).finish(), "xml_entity"),
        ("thousand attributes", workbook(&format!("<row r=\"2\"><c{attributes}/></row>")), "xml_attributes"),
        ("million attributes", repeat_in_sheet("<worksheet><sheetData><row ", "a=\"1\" ", 1_000_000), "xml_too_long"),
        ("deep", repeat_in_sheet(begin, "<a>", 1_000_000), "xml_too_deep"),
        (
            "cut xml",
            book().file(SHEET, format!("{begin}{HEADER}<row r=\"2\"><c>").as_bytes()).finish(),
            "damaged_workbook",
        ),
        (
            "wrong end tag",
            book().file(SHEET, format!("{begin}{HEADER}</worksheet>").as_bytes()).finish(),
            "damaged_workbook",
        ),
        ("not utf-8", book().file(SHEET, b"<worksheet>\xff\xfe</worksheet>").finish(), "damaged_workbook"),
        // The archive.
        (
            "inflates",
            repeat_in_sheet(
                &format!("{begin}{HEADER}"),
                &format!("<row><c><v>1</v></c></row>{}", " ".repeat(4_000)),
                50_000,
            ),
            "inflates_too_much",
        ),
        ("many entries", many.finish(), "too_many_entries"),
        ("two of a name", book().file(SHEET, b"").file(SHEET, b"").finish(), "damaged_workbook"),
        (
            "encrypted",
            Zip::default().lying("xl/workbook.xml", b"x", Lie { flags: 1, ..Lie::default() }).finish(),
            "damaged_workbook",
        ),
        (
            "other method",
            Zip::default().lying("xl/workbook.xml", b"x", Lie { method: Some(14), ..Lie::default() }).finish(),
            "damaged_workbook",
        ),
        (
            "claims 3 GiB",
            book().lying(SHEET, sheet(HEADER).as_bytes(), Lie { size: Some(3 << 30), ..Lie::default() }).finish(),
            "entry_too_large",
        ),
        (
            "wrong checksum",
            book()
                .lying(SHEET, sheet(&format!("{HEADER}{GOOD}")).as_bytes(), Lie { crc: Some(7), ..Lie::default() })
                .finish(),
            "damaged_workbook",
        ),
        ("plain archive", Zip::default().file("readme.txt", b"hello").finish(), "wrong_file_type"),
        (
            "no sheet",
            Zip::default().file("_rels/.rels", ROOT_RELS.as_bytes()).file("xl/workbook.xml", BOOK.as_bytes()).finish(),
            "no_such_sheet",
        ),
    ]
}

#[test]
fn bombs_are_refused_within_bounds() {
    let before = peak();
    let bombs = bombs();
    let built = peak();
    for (name, bytes, code) in &bombs {
        assert!(bytes.len() < 1 << 20, "{name} is to be small, it has {} bytes", bytes.len());
        assert_eq!(refusal(import(bytes.clone(), "bomb.xlsx", Kind::Sales, None)), [*code], "{name}");
    }
    let grown = peak().saturating_sub(built.max(before));
    assert!(grown <= 64 * 1024, "refusing took {grown} KiB");
}

#[test]
fn a_forged_size_does_not_get_past_the_limit() {
    // The directory says 10 bytes; the limit counts what really arrives.
    let rows = format!("<row><c><v>1</v></c></row>{}", " ".repeat(100));
    let content = sheet(&format!("{HEADER}{}", rows.repeat(10_000)));
    let bytes = book().lying(SHEET, content.as_bytes(), Lie { size: Some(10), ..Lie::default() }).finish();
    let limits = Limits { entry_bytes: 100_000, ..Limits::default() };
    assert_eq!(refusal(import_with(bytes, "a.xlsx", Kind::Sales, None, &Wish::default(), limits)), ["entry_too_large"]);
}

#[test]
fn a_workbook_cut_anywhere_is_refused_and_never_half_read() {
    let whole = workbook(GOOD);
    assert_eq!(import(whole.clone(), "a.xlsx", Kind::Sales, None).unwrap().balance.accepted(), 1);
    for cut in (1..whole.len()).step_by(7) {
        let bytes = whole[..cut].to_vec();
        assert!(import(bytes, "a.xlsx", Kind::Sales, None).is_err(), "cut at {cut}");
    }
}

#[test]
fn a_flipped_byte_never_changes_a_figure_silently() {
    let whole = workbook(GOOD);
    let truth = import(whole.clone(), "a.xlsx", Kind::Sales, None).unwrap().records;
    for at in 0..whole.len() {
        for bit in [0x01, 0x80] {
            let mut bytes = whole.clone();
            bytes[at] ^= bit;
            // Names and fields that nothing reads may change; a part that is read has its checksum.
            if let Ok(outcome) = import(bytes, "a.xlsx", Kind::Sales, None) {
                let styles_lost = outcome.records.is_empty() || outcome.balance.rejected() > 0;
                assert!(outcome.records == truth || styles_lost, "byte {at}");
            }
        }
    }
}

#[test]
fn rows_and_columns_have_limits() {
    let limits = Limits { rows: 3, columns: 6, ..Limits::default() };
    let header = "date,product,amount,participant";
    let refused = |text: String| refusal(import_with(text, "a.csv", Kind::Sales, None, &Wish::default(), limits));
    assert_eq!(refused(format!("{header}\n{}", "2026-01-01,P,1,R\n".repeat(4))), ["too_many_rows"]);
    assert_eq!(refused(format!("{header}\n{}2026-01-01,P,1,R\n", ",,,\n".repeat(4))), ["too_many_rows"]);
    let text = format!("{header}\n2026-01-01,P,1,R,5,6,7,8\n");
    let outcome = import_with(text, "a.csv", Kind::Sales, None, &Wish::default(), limits).unwrap();
    assert_eq!(outcome.findings, ["2 too_many_cells"]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(500))]

    /// Whatever the bytes, there is an answer and no panic.
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400), magic in 0..4usize) {
        let head: &[u8] = [&b""[..], b"date,product,amount,participant\n", b"PK\x03\x04", b"{\"date\":"][magic];
        let _ = import([head, &bytes].concat(), "file", Kind::Sales, None);
    }

    /// Any part of a workbook replaced by noise is answered.
    #[test]
    fn noise_in_a_sheet_is_answered(noise in "[<>a-c/ \"=&;0-9\\[\\]!?-]{0,200}", part in 0..4usize) {
        let parts = ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", SHEET];
        let mut zip = Zip::default().file("_rels/.rels", ROOT_RELS.as_bytes()).file("xl/_rels/workbook.xml.rels", common::BOOK_RELS.as_bytes());
        let good = sheet(&format!("{HEADER}{GOOD}"));
        let contents = [BOOK, common::STYLES, common::TEXTS, good.as_str()];
        for (at, (name, content)) in parts.iter().zip(contents).enumerate() {
            let half = content.len() / 2;
            let half = (0..=half).rev().find(|at| content.is_char_boundary(*at)).unwrap_or(0);
            let noisy = format!("{}{noise}{}", &content[..half], &content[half..]);
            zip = zip.file(name, if at == part { noisy.as_bytes() } else { content.as_bytes() });
        }
        let _ = import(zip.finish(), "a.xlsx", Kind::Sales, None);
    }
}
