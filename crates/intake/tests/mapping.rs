//! Mappings: what is wrong has its place; proposals from headers; each kind has a file that passes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::io::Cursor;

use common::import;
use traguardo_domain::finding::Finding;
use traguardo_intake::file::File;
use traguardo_intake::kind::Kind;
use traguardo_intake::limits::Limits;
use traguardo_intake::mapping::Mapping;
use traguardo_intake::reading::Wish;

fn places(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{} {}", finding.path, finding.code)).collect()
}

#[test]
fn mapping_documents_and_their_faults() {
    let header: Vec<String> = ["Sales", "Year", "Month", "Rep", "Product", "Twice", "Twice"].map(str::to_owned).into();
    let good =
        r#""amount": "Sales", "date": {"year": "Year", "month": "Month"}, "participant": "Rep", "product": "Product""#;
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        (r#", "currency": {"constant": "EUR"}"#, &[]),
        (r#", "currency": {"constant": "euro"}"#, &["$.currency.constant not_a_currency"]),
        (r#", "channel": {"column": "Rep", "values": {"a": "b"}, "otherwise": "reject"}"#, &[]),
        (r#", "channel": {"column": "Rep", "values": {"a": 1}}"#, &["$.channel.values.a not_a_text"]),
        (r#", "channel": {"column": "Rep", "otherwise": "panic"}"#, &["$.channel.otherwise unknown_word"]),
        (r#", "channel": {"column": "Rep", "decimals": ","}"#, &["$.channel.decimals unknown_key"]),
        (r#", "quantity": {"column": "Sales", "decimal": ";"}"#, &["$.quantity.decimal unknown_word"]),
        (r#", "channel": 7"#, &["$.channel not_a_source"]),
        (r#", "channel": {}"#, &["$.channel not_a_source"]),
        (r#", "channel": "Kanal""#, &["$.channel unknown_column"]),
        (r#", "channel": "Twice""#, &["$.channel ambiguous_column"]),
        (r#", "colour": "Rep""#, &["$.colour unknown_target"]),
        (r#", "a b": "Rep""#, &["$[\"a b\"] unknown_target"]),
        (r#", "quantity": {"year": "Year", "month": "Month"}"#, &["$.quantity not_a_date"]),
        (r#", "channel": {"year": "Year"}"#, &["$.channel.month not_a_text"]),
    ];
    for (more, expected) in cases {
        let findings = match Mapping::parse(&format!("{{{good}{more}}}")) {
            Ok(mapping) => {
                let again = Mapping::from_json(&mapping.to_json()).unwrap();
                assert_eq!(again, mapping, "{more}");
                mapping.check(Kind::Sales, Some(&header))
            }
            Err(findings) => findings,
        };
        assert_eq!(places(&findings), *expected, "{more}");
    }
    let bare = Mapping::parse("{}").unwrap().check(Kind::Sales, Some(&header));
    assert_eq!(
        places(&bare),
        ["$.date missing_target", "$.product missing_target", "$.amount missing_target", "$.territory missing_target"]
    );
    assert_eq!(places(&Mapping::parse("[]").unwrap_err()), ["$ not_an_object"]);
    assert_eq!(places(&Mapping::parse("{").unwrap_err()), ["$ not_json"]);
}

#[test]
fn values_are_mapped_and_parts_make_days() {
    let text = "Anno;Mese;Giorno;Prod;Imp;Chi;Can\n2026;gennaio;31;P;1;R;Hospital\n2026;feb;30;P;2;R;Other\n2026;13;1;P;3;R;\n";
    let mapping = |otherwise: &str, day: &str| {
        format!(
            r#"{{"date": {{"year": "Anno", "month": "Mese"{day}}}, "product": "Prod", "amount": "Imp", "participant": "Chi",
                "channel": {{"column": "Can", "values": {{"Hospital": "HOSP"}}, "otherwise": "{otherwise}"}}}}"#
        )
    };
    let run = |otherwise: &str, day: &str| import(text, "a.csv", Kind::Sales, Some(&mapping(otherwise, day))).unwrap();
    let outcome = run("keep", "");
    let lines: Vec<_> =
        outcome.records.iter().map(|r| r.sale().unwrap()).map(|s| (s.date.to_string(), s.channel.clone())).collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(lines, [("2026-01-01".to_owned(), some("HOSP")), ("2026-02-01".to_owned(), some("Other"))]);
    assert_eq!(outcome.findings, ["4 date not_a_date"]);
    assert_eq!(run("empty", "").records[1].sale().unwrap().channel, None);
    assert_eq!(run("reject", "").findings, ["3 channel unmapped_value", "4 date not_a_date"]);
    let outcome = run("keep", r#", "day": "Giorno""#);
    assert_eq!(outcome.records[0].sale().unwrap().date.to_string(), "2026-01-31");
    assert_eq!(outcome.findings, ["3 date not_a_date", "4 date not_a_date"]);
}

#[test]
fn headers_are_understood_in_both_languages() {
    let cases: &[(Kind, &str, &str)] = &[
        (Kind::Participants, "Matricola;Nominativo;Ruolo;Linea;Data assunzione", "R1;Anna;isf;cardio;01/02/2020"),
        (Kind::Units, "code,name", "cardio,Cardio"),
        (Kind::Territories, "Codice;Territorio;Livello;Potenziale", "T1;Lazio;area;1.000,5"),
        (Kind::Assignments, "Agente;Territorio;Quota;Dal", "R1;T1;50%;01/01/2026"),
        (Kind::Absences, "matricola;inizio;fine;causale", "R1;01/01/2026;31/01/2026;maternita"),
        (Kind::Products, "AIC;Descrizione;Classe;Prezzo", "A1;Aurora;cardio;12,50"),
        (Kind::Categories, "codice;categoria;unita", "cardio;Cardio;u1"),
        (Kind::Sales, "Data;Prodotto;Fatturato;Informatore;Quantità (pz)", "31/01/2026;P;1.000,00;R;-5"),
        (Kind::Kpis, "Agente;Indicatore;Trimestre;Valore", "R1;visite;Q1 2026;12,5"),
        (Kind::Goals, "Periodo;Categoria;Territorio;Obiettivo", "2026-Q1;cardio;T1;100000"),
        (Kind::Results, "Trimestre;Matricola;Premio", "T1 2026;R1;1.234,56"),
    ];
    for (kind, header, row) in cases {
        let text = format!("{header}\n{row}\n");
        let file = File::open(Cursor::new(text.clone()), Some("a.csv"), &Wish::default(), Limits::default()).unwrap();
        let proposal = file.propose(*kind);
        assert!(proposal.is_sure(), "{kind}: {:?} missing {:?}", proposal.confidence, proposal.missing);
        assert!(proposal.unused.is_empty(), "{kind}: {:?}", proposal.unused);
        let outcome = import(text, "a.csv", *kind, None).unwrap();
        assert_eq!(outcome.findings, Vec::<String>::new(), "{kind}");
        assert_eq!(outcome.records.len(), 1, "{kind}");
        assert_eq!(outcome.records[0].kind(), *kind);
        let json = serde_json::to_string(&outcome.records[0]).unwrap();
        let back: traguardo_intake::record::Record = serde_json::from_str(&json).unwrap();
        assert_eq!(back, outcome.records[0]);
    }
}

#[test]
fn a_doubtful_proposal_is_not_sure() {
    let text = "when,thing,amuont,who is the sales rep\n2026-01-01,P,1,R\n";
    let file = File::open(Cursor::new(text), Some("a.csv"), &Wish::default(), Limits::default()).unwrap();
    let proposal = file.propose(Kind::Sales);
    assert!(!proposal.is_sure());
    assert_eq!(proposal.missing, ["date", "product"]);
    assert_eq!((proposal.confidence["amount"], proposal.confidence["participant"]), (75, 60));
    // A column that is named like a date and holds none is not taken for one.
    let text = "date,product,amount,rep\nspring,P,1,R\n";
    let file = File::open(Cursor::new(text), Some("a.csv"), &Wish::default(), Limits::default()).unwrap();
    assert!(file.propose(Kind::Sales).confidence["date"] < 90);
}

#[test]
fn rules_between_columns_and_twins_of_master_data() {
    let units = import("code,name\nu1,A\nu1,A\nu1,B\n", "a.csv", Kind::Units, None).unwrap();
    assert_eq!(units.findings, ["3 duplicate_row", "4 key_twice"]);
    assert_eq!((units.balance.accepted(), units.balance.duplicates(), units.balance.rejected()), (1, 1, 1));
    let absences = "participant_code,from,to,kind\nR,2026-02-01,2026-01-01,leave\n";
    let absences = import(absences, "a.csv", Kind::Absences, None).unwrap();
    assert_eq!(absences.findings, ["2 to ends_before_it_begins"]);
    let sales = "date,product,amount,rep,external_id\n2026-01-01,P,1,R,x\n2026-01-01,P,1.00,R,x\n2026-01-01,P,2,R,x\n";
    let sales = import(sales, "a.csv", Kind::Sales, None).unwrap();
    assert_eq!(sales.findings, ["3 duplicate_row", "4 superseding_row"]);
    assert_eq!((sales.balance.accepted(), sales.balance.duplicates()), (2, 1));
}
