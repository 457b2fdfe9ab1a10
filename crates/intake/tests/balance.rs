//! Generated files: rows in = accepted + rejected + duplicates, and the sums agree, whatever the file holds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::BTreeMap;

use common::import;
use proptest::prelude::*;
use traguardo_intake::kind::Kind;
use traguardo_intake::report::Verdict;

#[derive(Debug, Clone)]
struct Line {
    /// Hundredths.
    amount: i64,
    id: Option<u8>,
    currency: &'static str,
    fault: Option<u8>,
}

fn line() -> impl Strategy<Value = Line> {
    let currency = prop_oneof![Just("EUR"), Just("USD")];
    let fault = prop_oneof![4 => Just(None), 1 => (0..6u8).prop_map(Some)];
    (-1_000_000_000i64..1_000_000_000, proptest::option::of(0..30u8), currency, fault)
        .prop_map(|(amount, id, currency, fault)| Line { amount, id, currency, fault })
}

fn hundredths(amount: i64, mark: char) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    format!("{sign}{}{mark}{:02}", amount.unsigned_abs() / 100, amount.unsigned_abs() % 100)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn books_balance(lines in proptest::collection::vec(line(), 1..60), italian in any::<bool>(), cut in 0..200usize) {
        let (delimiter, mark) = if italian { (';', ',') } else { (',', '.') };
        let mut text = ["date", "product", "amount", "participant", "currency", "external_id"].join(&delimiter.to_string());
        text.push('\n');
        // The rows as an oracle sees them: (amount, currency, key, content, readable).
        let mut expected: BTreeMap<(Verdict, &str), i128> = BTreeMap::new();
        let mut seen: BTreeMap<u8, (i64, &str)> = BTreeMap::new();
        let mut verdicts = Vec::new();
        for line in &lines {
            let quoted = if line.fault.is_none() { "\"P\"" } else { "P" };
            let amount = hundredths(line.amount, mark);
            let id = line.id.map(|id| format!("id{id}")).unwrap_or_default();
            let mut cells = vec!["2026-01-31".to_owned(), quoted.to_owned(), amount, "R".to_owned(), line.currency.to_owned(), id];
            match line.fault {
                Some(0) => cells[0] = "2026-02-30".to_owned(),
                Some(1) => cells[2] = "much".to_owned(),
                Some(2) => cells[3].clear(),
                Some(3) => cells[4] = "E".to_owned(),
                Some(4) => cells.push("surplus".to_owned()),
                Some(_) => cells[1] = "\"open".to_owned(),
                None => {}
            }
            text.push_str(&cells.join(&delimiter.to_string()));
            text.push('\n');
            let verdict = match (line.fault, line.id) {
                (Some(_), _) => Verdict::Rejected,
                (None, Some(id)) if seen.get(&id) == Some(&(line.amount, line.currency)) => Verdict::Duplicate,
                (None, _) => Verdict::Accepted,
            };
            if let (None, Some(id)) = (line.fault, line.id) {
                seen.insert(id, (line.amount, line.currency));
            }
            if verdict == Verdict::Accepted {
                *expected.entry((verdict, line.currency)).or_default() += i128::from(line.amount) * 10_000;
            }
            verdicts.push(verdict);
        }
        let whole = import(text.as_bytes(), "a.csv", Kind::Sales, None);
        let whole = whole.map_err(|findings| TestCaseError::fail(format!("{findings:?}")))?;
        prop_assert_eq!(whole.balance.rows(), lines.len() as u64);
        prop_assert_eq!(whole.verdicts.iter().map(|(_, verdict)| *verdict).collect::<Vec<_>>(), verdicts);
        let got: BTreeMap<(Verdict, &str), i128> = whole.books.totals.by.get("currency").into_iter()
            .flat_map(|keys| keys.sorted().into_iter().map(|(key, group)| ((Verdict::Accepted, key), group.amount.millionths())))
            .collect();
        prop_assert_eq!(got, expected);
        let accepted = whole.books.totals.verdicts.get("accepted").copied().unwrap_or_default();
        prop_assert_eq!(accepted.rows, whole.balance.accepted());

        // The same file cut anywhere still balances, and never has more good rows.
        let at = text.len().saturating_sub(cut);
        if let Ok(part) = import(&text.as_bytes()[..at], "a.csv", Kind::Sales, None) {
            prop_assert!(part.balance.rows() <= whole.balance.rows());
            prop_assert!(part.balance.accepted() + part.balance.duplicates() <= whole.balance.accepted() + whole.balance.duplicates() + u64::from(cut > 0));
        }
    }
}
