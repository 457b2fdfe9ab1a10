//! The real file: 150,920 sales lines with returns, fractional quantities, months as names and no line ids. Runs where
//! the shared data lies beside the repository.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use traguardo_intake::file::File;
use traguardo_intake::kind::Kind;
use traguardo_intake::limits::Limits;
use traguardo_intake::mapping::Mapping;
use traguardo_intake::reading::Wish;
use traguardo_intake::record::Record;
use traguardo_intake::references::References;
use traguardo_intake::report::Books;
use traguardo_intake::totals::Sum;

/// The mapping of the file, as a person would write it.
const MAPPING: &str = r#"{
  "amount": "Sales", "quantity": "Quantity", "date": {"year": "Year", "month": "Month"},
  "participant": "Name of Sales Rep", "product": "Product Name", "category": "Product Class",
  "manager": "Manager", "unit": "Sales Team", "customer": "Customer Name", "channel": "Channel"
}"#;

#[test]
fn totals_of_the_real_file_are_exact() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/pharma-sales");
    let Ok(input) = std::fs::File::open(folder.join("sales-2017-2018.csv")) else {
        return;
    };
    let control: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("control-totals.json")).unwrap()).unwrap();

    let limits = Limits::default();
    let file = File::open(input, Some("sales-2017-2018.csv"), &Wish::default(), limits).unwrap();
    let proposal = file.propose(Kind::Sales);
    assert_eq!(proposal.mapping, Mapping::parse(MAPPING).unwrap());
    assert!(proposal.is_sure(), "{:?}", proposal.confidence);
    let unused = ["Distributor", "City", "Country", "Latitude", "Longitude", "Sub-channel", "Price"];
    assert_eq!(proposal.unused, unused);
    assert!(file.reading().notes.is_empty(), "{:?}", file.reading().notes);

    let mut rows = file.rows(Kind::Sales, &proposal.mapping).unwrap();
    let mut books = Books::new(&limits);
    let mut references = References::default();
    let mut by_class: BTreeMap<String, Sum> = BTreeMap::new();
    let mut returns = 0;
    while let Some(row) = rows.next_row().unwrap() {
        books.enter(&row);
        if let Some(record) = &row.record {
            references.note(row.number, record);
            let Record::Sale(sale) = record else { panic!("not a sale") };
            returns += u64::from(sale.amount.is_sign_negative());
            by_class.entry(sale.category.clone().unwrap()).or_default().add(sale.amount);
        }
    }
    let balance = books.tally.close(rows.read()).unwrap();
    assert_eq!((balance.rows(), balance.accepted()), (150_920, 150_920));
    assert_eq!(Some(returns), control["negative_rows"].as_u64());

    let group = |dimension: &str| -> BTreeMap<String, String> {
        let keys = &books.totals.by[dimension];
        keys.sorted().into_iter().map(|(key, group)| (key.to_owned(), group.amount.to_string())).collect()
    };
    let expected = |name: &str| -> BTreeMap<String, String> { serde_json::from_value(control[name].clone()).unwrap() };
    assert_eq!(group("participant"), expected("sales_by_rep"));
    assert_eq!(group("category"), expected("sales_by_class"));
    assert_eq!(group("year"), expected("sales_by_year"));
    let by_class: BTreeMap<String, String> =
        by_class.into_iter().map(|(class, sum)| (class, sum.to_string())).collect();
    assert_eq!(by_class, expected("sales_by_class"), "summed by hand");

    // What --create-missing has to make: 13 people and 4 managers in 4 teams, 240 products in 6 classes.
    assert_eq!(references.of(Kind::Participants).len(), 17);
    assert_eq!(references.of(Kind::Units).len(), 4);
    assert_eq!(references.of(Kind::Products).len(), 240);
    assert_eq!(references.of(Kind::Categories).len(), 6);
    assert!(references.conflicts().is_empty());
    let person = references.of(Kind::Participants)["Sheila Stones"].clone();
    assert_eq!((person.manager.as_deref(), person.unit.as_deref()), (Some("Britanny Bold"), Some("Delta")));

    // Three pairs of equal lines, four quantities with more decimals than are kept.
    let counts: Vec<_> = books.log.counts().map(|count| (count.code.as_str(), count.times)).collect();
    assert_eq!(counts, [("equal_line", 3), ("rounded", 4)]);
}
