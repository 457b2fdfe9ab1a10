//! What came of an import: the report that job and command line give, and what is kept of it.

use serde::Serialize;
use traguardo_domain::finding::Severity;
use traguardo_domain::id::BatchId;
use traguardo_intake::report::{Books, Count, RowFinding};
use traguardo_store::sales::{BatchFinding, Counts, Reject};

/// Rejected rows kept for the file of rejected rows; more are only counted.
pub const REJECTS: usize = 50_000;
/// Findings shown in the report itself.
const SHOWN: usize = 20;

/// What came of an import.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The import.
    pub import: String,
    /// `published`, `refused`, `cancelled` or `dry_run`.
    pub state: &'static str,
    /// Rows of the file.
    pub rows_in: i64,
    /// Kept, or what would be.
    pub accepted: i64,
    /// Wrong.
    pub rejected: i64,
    /// There already.
    pub duplicates: i64,
    /// Earlier lines that new ones take the place of.
    pub superseded: i64,
    /// Things that were made because the file names them, by kind.
    pub created: std::collections::BTreeMap<&'static str, usize>,
    /// The import that brought this very file before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub already: Option<String>,
    /// Every sort of finding with its count.
    pub counts: Vec<Count>,
    /// The first findings.
    pub findings: Vec<RowFinding>,
    /// Control totals.
    pub totals: serde_json::Value,
}

impl Report {
    /// A report that says only of which import it is.
    pub fn new(id: BatchId, state: &'static str) -> Self {
        Self {
            import: id.to_string(),
            state,
            rows_in: 0,
            accepted: 0,
            rejected: 0,
            duplicates: 0,
            superseded: 0,
            created: std::collections::BTreeMap::new(),
            already: None,
            counts: Vec::new(),
            findings: Vec::new(),
            totals: serde_json::Value::Null,
        }
    }

    /// Takes counts, findings and totals over.
    #[must_use]
    pub fn with(mut self, counts: Counts, books: &Books) -> Self {
        (self.rows_in, self.accepted) = (counts.rows_in, counts.accepted);
        (self.rejected, self.duplicates) = (counts.rejected, counts.duplicates);
        self.counts = books.log.counts().cloned().collect();
        self.findings = books.log.kept().iter().take(SHOWN).cloned().collect();
        self.totals = totals(books);
        self
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "import {}: {}", self.import, self.state)?;
        if let Some(earlier) = &self.already {
            writeln!(f, "this very file was imported before, as {earlier}: nothing is imported")?;
        }
        writeln!(
            f,
            "rows {} = accepted {} + rejected {} + duplicates {}",
            self.rows_in, self.accepted, self.rejected, self.duplicates
        )?;
        if self.superseded > 0 {
            writeln!(f, "superseded earlier lines: {}", self.superseded)?;
        }
        for (kind, made) in &self.created {
            writeln!(f, "created {kind}: {made}")?;
        }
        if let Some(currencies) = self.totals.pointer("/by/currency").and_then(serde_json::Value::as_object) {
            for (currency, group) in currencies {
                let amount = group.get("amount").and_then(serde_json::Value::as_str).unwrap_or("0");
                writeln!(f, "accepted amount {currency}: {amount}")?;
            }
        }
        for count in &self.counts {
            let column = count.column.as_deref().map(|column| format!(", column {column}")).unwrap_or_default();
            writeln!(f, "finding {}{column}: {} times, first in row {}", count.code, count.times, count.first_row)?;
        }
        self.findings.iter().try_for_each(|found| writeln!(f, "  {}", found.finding))
    }
}

/// The control totals as JSON.
pub fn totals(books: &Books) -> serde_json::Value {
    serde_json::to_value(&books.totals).unwrap_or_default()
}

/// The findings as they are kept.
pub fn kept(books: &Books) -> Vec<BatchFinding> {
    let place = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let findings = (1_i64..).zip(books.log.kept());
    findings
        .map(|(no, found)| BatchFinding {
            no,
            row_no: (found.row > 0).then(|| place(found.row)),
            column_name: found.source.clone().or_else(|| found.column.clone()),
            severity: match found.finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            }
            .to_owned(),
            code: found.finding.code.clone(),
            message: found.finding.message.clone(),
            help: found.finding.help.clone(),
        })
        .collect()
}

/// A rejected row as it is kept: its cells as a JSON array, and why.
pub fn reject<'c>(row: u64, cells: impl Iterator<Item = &'c str>, findings: &[RowFinding]) -> Reject {
    let cells: Vec<&str> = cells.collect();
    let errors = findings.iter().filter(|found| found.finding.is_error());
    let reasons: Vec<String> = errors
        .map(|found| match found.source.as_ref().or(found.column.as_ref()) {
            Some(column) => format!("{column}: {}", found.finding.message),
            None => found.finding.message.clone(),
        })
        .collect();
    Reject {
        row_no: i64::try_from(row).unwrap_or(i64::MAX),
        raw: serde_json::to_string(&cells).unwrap_or_default(),
        reason: reasons.join("; "),
    }
}
