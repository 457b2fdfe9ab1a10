//! What an import says afterwards: findings by row and column, and books that balance.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use traguardo_domain::finding::{Finding, Severity};

use crate::limits::Limits;
use crate::record::Record;
use crate::rows::Row;
use crate::totals::Totals;

/// A finding at a cell or a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowFinding {
    /// Row as a spreadsheet counts: the first row of the file is 1.
    pub row: u64,
    /// The kind's column, where the finding is of a cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The file's column that the value came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What the cell holds, shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Code, message and remedy; its path is `row 12, column Sales`.
    #[serde(flatten)]
    pub finding: Finding,
}

impl RowFinding {
    /// A finding of a whole row.
    pub fn of_row(row: u64, finding: Finding) -> Self {
        Self {
            row,
            column: None,
            source: None,
            value: None,
            finding: Finding { path: format!("row {row}"), ..finding },
        }
    }

    /// A finding of the cell of `column`, read from the file's column `source`.
    pub fn of_cell(row: u64, column: &str, source: Option<&str>, value: &str, finding: Finding) -> Self {
        Self {
            row,
            column: Some(column.to_owned()),
            source: source.map(str::to_owned),
            value: (!value.is_empty()).then(|| crate::check::shown(value)),
            finding: Finding { path: format!("row {row}, column {}", source.unwrap_or(column)), ..finding },
        }
    }
}

/// How often a finding occurred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The finding's code.
    pub code: String,
    /// The kind's column, where it is of a cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Its weight.
    pub severity: Severity,
    /// How often.
    pub times: u64,
    /// The first row that has it.
    pub first_row: u64,
}

/// Findings, the first ones in full, all of them counted. Its memory does not grow with the file.
#[derive(Debug, Clone)]
pub struct Log {
    kept: Vec<RowFinding>,
    counts: BTreeMap<(String, Option<String>), Count>,
    most: usize,
    most_of_a_sort: usize,
}

impl Log {
    /// An empty log.
    pub fn new(limits: &Limits) -> Self {
        Self {
            kept: Vec::new(),
            counts: BTreeMap::new(),
            most: limits.findings,
            most_of_a_sort: limits.findings_of_a_sort,
        }
    }

    /// Adds a finding.
    pub fn add(&mut self, finding: &RowFinding) {
        let key = (finding.finding.code.clone(), finding.column.clone());
        let count = self.counts.entry(key).or_insert_with(|| Count {
            code: finding.finding.code.clone(),
            column: finding.column.clone(),
            severity: finding.finding.severity,
            times: 0,
            first_row: finding.row,
        });
        count.times += 1;
        if self.kept.len() < self.most && count.times <= self.most_of_a_sort as u64 {
            self.kept.push(finding.clone());
        }
    }

    /// The findings kept in full, in the order of the rows.
    pub fn kept(&self) -> &[RowFinding] {
        &self.kept
    }

    /// Every sort of finding with its count.
    pub fn counts(&self) -> impl Iterator<Item = &Count> {
        self.counts.values()
    }

    /// Whether anything was refused.
    pub fn has_errors(&self) -> bool {
        self.counts.values().any(|count| count.severity == Severity::Error)
    }
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is good.
    Accepted,
    /// It has an error.
    Rejected,
    /// It is there already.
    Duplicate,
}

/// Rows read, each with exactly one verdict: rows in = accepted + rejected + duplicates. Only [`Tally::close`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Balance {
    rows: u64,
    accepted: u64,
    rejected: u64,
    duplicates: u64,
}

impl Balance {
    /// Rows in, without header and blank rows.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Good rows.
    pub const fn accepted(&self) -> u64 {
        self.accepted
    }

    /// Rows with an error.
    pub const fn rejected(&self) -> u64 {
        self.rejected
    }

    /// Rows that were there already.
    pub const fn duplicates(&self) -> u64 {
        self.duplicates
    }
}

/// Verdicts as they are given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    accepted: u64,
    rejected: u64,
    duplicates: u64,
}

/// The verdicts are not as many as the rows: a defect of ours, nothing may be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unbalanced {
    /// Rows that the reader gave.
    pub rows: u64,
    /// The verdicts entered.
    pub tally: Tally,
}

impl std::fmt::Display for Unbalanced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Tally { accepted, rejected, duplicates } = self.tally;
        write!(
            f,
            "`{}` rows were read but `{accepted}` accepted, `{rejected}` rejected and `{duplicates}` duplicate",
            self.rows
        )
    }
}

impl std::error::Error for Unbalanced {}

impl Tally {
    /// Enters a row's verdict.
    pub fn enter(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Accepted => self.accepted += 1,
            Verdict::Rejected => self.rejected += 1,
            Verdict::Duplicate => self.duplicates += 1,
        }
    }

    /// The balance, when every row that was read has its verdict.
    pub fn close(self, rows: u64) -> Result<Balance, Unbalanced> {
        let Self { accepted, rejected, duplicates } = self;
        if accepted + rejected + duplicates != rows {
            return Err(Unbalanced { rows, tally: self });
        }
        Ok(Balance { rows, accepted, rejected, duplicates })
    }
}

/// The books of one import: every row is entered once, with what became of it.
#[derive(Debug, Clone)]
pub struct Books {
    /// Verdicts.
    pub tally: Tally,
    /// Control totals.
    pub totals: Totals,
    /// Findings.
    pub log: Log,
}

impl Books {
    /// Empty books.
    pub fn new(limits: &Limits) -> Self {
        Self { tally: Tally::default(), totals: Totals::default(), log: Log::new(limits) }
    }

    /// Enters a row as the file alone says.
    pub fn enter(&mut self, row: &Row<'_>) {
        self.enter_as(row.verdict, row.record.as_ref(), row.amount, row.findings);
    }

    /// Enters a row with the verdict and findings of a caller that knows more than the file.
    pub fn enter_as(
        &mut self,
        verdict: Verdict,
        record: Option<&Record>,
        amount: Option<rust_decimal::Decimal>,
        findings: &[RowFinding],
    ) {
        self.tally.enter(verdict);
        self.totals.enter(verdict, record, amount);
        for finding in findings {
            self.log.add(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_counts_what_it_does_not_keep() {
        let limits = Limits { findings: 5, findings_of_a_sort: 3, ..Limits::default() };
        let mut log = Log::new(&limits);
        for row in 1..=10_000 {
            log.add(&RowFinding::of_cell(row, "amount", Some("Sales"), "x", Finding::error("not_a_number", "", "")));
            log.add(&RowFinding::of_row(row, Finding::warning("equal_line", "", "")));
        }
        assert_eq!(log.kept().len(), 5);
        assert_eq!(log.kept()[0].finding.path, "row 1, column Sales");
        let counts: Vec<_> = log.counts().map(|count| (count.code.as_str(), count.times)).collect();
        assert_eq!(counts, [("equal_line", 10_000), ("not_a_number", 10_000)]);
        assert!(log.has_errors());
    }

    #[test]
    fn books_that_do_not_balance_cannot_be_closed() {
        let mut tally = Tally::default();
        tally.enter(Verdict::Accepted);
        tally.enter(Verdict::Duplicate);
        assert!(tally.close(3).is_err());
        tally.enter(Verdict::Rejected);
        let balance = tally.close(3).unwrap();
        assert_eq!((balance.rows(), balance.accepted(), balance.rejected(), balance.duplicates()), (3, 1, 1, 1));
    }
}
