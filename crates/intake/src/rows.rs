//! The stream of rows: each one a typed record, or findings by column.

use std::io::Read;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use traguardo_domain::finding::Finding;

use crate::check::{self, Checked};
use crate::delimited::Delimited;
use crate::kind::{Column, Kind, Need};
use crate::limits::Limits;
use crate::mapping::{FileColumn, Mapping, Otherwise, Source as From};
use crate::ndjson::Ndjson;
use crate::raw::{Cell, CellKind, RawRow};
use crate::reading::{Format, Reading};
use crate::record::Record;
use crate::report::{RowFinding, Verdict};
use crate::survey::unreadable;
use crate::transcode::Transcoder;
use crate::twins::{Twin, Twins};
use crate::value::{DateOrder, Mark, Value, Values, month, year};
use crate::xlsx::Sheet;

/// Where rows come from.
pub(crate) enum Source<R: Read> {
    Delimited(Delimited<Transcoder<R>>),
    Ndjson(Ndjson<Transcoder<R>>),
    Sheet(Box<Sheet<R>>),
}

impl<R: Read> Source<R> {
    fn next(&mut self, row: &mut RawRow) -> Result<bool, Box<Finding>> {
        match self {
            Self::Delimited(rows) => rows.next(row).map_err(|e| Box::new(unreadable(&e))),
            Self::Ndjson(rows) => rows.next(row).map_err(|e| Box::new(unreadable(&e))),
            Self::Sheet(rows) => rows.next(row),
        }
    }
}

/// The rows of a file. Its memory does not grow with the file, but for what it takes to find twins (bounded by
/// [`Limits::remembered`]).
pub struct Rows<R: Read> {
    source: Source<R>,
    kind: Kind,
    columns: Vec<String>,
    plan: Vec<Step>,
    /// The key columns, and the one of the figure that is summed, by place.
    key: Vec<usize>,
    figure: Option<usize>,
    format: Format,
    limits: Limits,
    raw: RawRow,
    values: Values,
    findings: Vec<RowFinding>,
    twins: Twins,
    read: u64,
    blank: u64,
}

/// How one column of the kind gets its value.
struct Step {
    column: &'static Column,
    from: Place,
}

enum Place {
    Absent,
    Constant(Value),
    Cell { at: usize, column: FileColumn, mark: Mark, order: DateOrder },
    Parts { year: usize, month: usize, day: Option<usize> },
}

/// One row of the file.
#[derive(Debug)]
pub struct Row<'a> {
    /// As a spreadsheet counts: the first row of the file is 1.
    pub number: u64,
    /// What the file alone says of it; the caller may find more (an unknown product, a closed period).
    pub verdict: Verdict,
    /// The record, unless the row is rejected.
    pub record: Option<Record>,
    /// The kind's figure (amount or value) as far as it can be read, also of a rejected row.
    pub amount: Option<Decimal>,
    /// An earlier row that is the same.
    pub twin: Option<Twin>,
    /// What is wrong or odd.
    pub findings: &'a [RowFinding],
    raw: &'a RawRow,
}

impl Row<'_> {
    /// The cells as the file holds them.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.raw.cells().map(|cell| cell.text)
    }
}

impl<R: Read> Rows<R> {
    pub(crate) fn new(
        mut source: Source<R>,
        kind: Kind,
        mapping: &Mapping,
        columns: Vec<String>,
        reading: &Reading,
        limits: Limits,
    ) -> Result<Self, Box<Finding>> {
        let mut raw = RawRow::default();
        // Titles and the header are not rows; a sheet may have left the header's neighbours out.
        while reading.header_row > 0 && raw.number < reading.header_row {
            if !source.next(&mut raw)? {
                break;
            }
        }
        let plan = kind.columns().iter().map(|column| Step::new(column, mapping, &columns, reading)).collect();
        let place = |name| kind.columns().iter().position(|column| column.name == name);
        Ok(Self {
            source,
            kind,
            columns,
            plan,
            key: kind.columns().iter().enumerate().filter(|(_, column)| column.key).map(|(at, _)| at).collect(),
            figure: place("amount").or_else(|| place("value")),
            format: reading.format,
            limits,
            raw,
            values: Values::default(),
            findings: Vec::new(),
            twins: Twins::new(limits.remembered),
            read: 0,
            blank: 0,
        })
    }

    /// The kind that rows are read as.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The file's columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Rows given so far, without header and blank rows.
    pub const fn read(&self) -> u64 {
        self.read
    }

    /// Blank rows passed over so far.
    pub const fn blank(&self) -> u64 {
        self.blank
    }

    /// Whether there were so many rows that later ones were no longer compared with all earlier ones.
    pub const fn forgot_twins(&self) -> bool {
        self.twins.is_full()
    }

    /// The next row, `None` at the end. An error means that the rest of the file cannot be read: refuse all of it.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, Box<Finding>> {
        loop {
            if !self.source.next(&mut self.raw)? {
                return Ok(None);
            }
            if self.raw.trouble.is_some() || !self.raw.is_blank() {
                break;
            }
            self.blank += 1;
            if self.blank > self.limits.rows {
                return Err(self.too_many());
            }
        }
        self.read += 1;
        if self.read > self.limits.rows {
            return Err(self.too_many());
        }
        self.findings.clear();
        self.values.clear();
        self.shape();
        let number = self.raw.number;
        if let Some(trouble) = &self.raw.trouble {
            let finding = Finding::error(trouble.code, "", &trouble.message).help(trouble.help);
            self.findings.push(RowFinding::of_row(number, finding));
        } else {
            for step in &self.plan {
                let value = step.value(&self.raw, &self.columns, &mut self.findings);
                self.values.push(value);
            }
            self.between_columns();
        }
        if let Some(key) = &self.raw.unknown {
            let message = format!("the key `{}` was not there in the first lines and is not read", check::shown(key));
            self.findings.push(RowFinding::of_row(number, Finding::warning("unknown_key", "", message)));
        }
        let amount = match self.figure.map(|at| self.values.get(at)) {
            Some(Value::Number(amount)) => Some(*amount),
            _ => None,
        };
        let mut verdict =
            if self.findings.iter().any(|f| f.finding.is_error()) { Verdict::Rejected } else { Verdict::Accepted };
        let mut twin = None;
        if verdict == Verdict::Accepted {
            twin = self.twins.see(number, self.values.all(), &self.key, self.raw.content());
            verdict = self.judge(twin);
        }
        let record = if verdict == Verdict::Rejected { None } else { Record::take(self.kind, &mut self.values) };
        if record.is_none() {
            // A required value that is missing has its finding already.
            verdict = Verdict::Rejected;
        }
        Ok(Some(Row { number, verdict, record, amount, twin, findings: &self.findings, raw: &self.raw }))
    }

    fn too_many(&self) -> Box<Finding> {
        let message = format!("the file has more than `{}` rows", self.limits.rows);
        Box::new(
            Finding::error("too_many_rows", "file", message).help("split it, or raise the limit in the configuration"),
        )
    }

    /// Whether the row has as many cells as the header.
    fn shape(&mut self) {
        if self.raw.trouble.is_some() {
            return;
        }
        let (cells, columns) = (self.raw.len(), self.columns.len());
        let surplus = (columns..cells).any(|at| !self.raw.cell(at).text.trim().is_empty());
        if surplus {
            let message = format!("the row has `{cells}` cells, the header `{columns}`");
            self.raw.fail(
                "too_many_cells",
                message,
                "put a text that holds the delimiter in quotes, or name the column",
            );
        } else if cells < columns && self.format == Format::Csv {
            let message = format!("the row has `{cells}` cells, the header `{columns}`");
            self.raw.fail("too_few_cells", message, "check whether the row was cut");
        }
    }

    /// Rules that look at more than one column.
    fn between_columns(&mut self) {
        let number = self.raw.number;
        let mut found = Vec::new();
        let place = |name: &str| self.plan.iter().position(|step| step.column.name == name);
        for (from, to) in [("valid_from", "valid_to"), ("from", "to"), ("hire_date", "leave_date")] {
            let (Some(from_at), Some(to_at)) = (place(from), place(to)) else { continue };
            if let (Value::Day(begin), Value::Day(end)) = (self.values.get(from_at), self.values.get(to_at))
                && end < begin
            {
                let message = format!("`{to}` is {end}, before `{from}` {begin}");
                let finding = Finding::error("ends_before_it_begins", "", message).help("swap or correct the dates");
                found.push(RowFinding::of_cell(number, to, None, &end.to_string(), finding));
            }
        }
        let mut asked: Option<&str> = None;
        for step in &self.plan {
            let Need::OneOf(group) = step.column.need else { continue };
            if asked == Some(group) {
                continue;
            }
            asked = Some(group);
            let members = || self.plan.iter().enumerate().filter(|(_, other)| other.column.need == Need::OneOf(group));
            // A member that was refused has its own finding.
            let any = members().any(|(at, member)| {
                *self.values.get(at) != Value::Missing
                    || self.findings.iter().any(|f| f.column.as_deref() == Some(member.column.name))
            });
            if !any {
                let names: Vec<&str> = members().map(|(_, member)| member.column.name).collect();
                let message = format!("the row names no `{}`", names.join("` and no `"));
                found.push(RowFinding::of_row(
                    number,
                    Finding::error("missing_value", "", message).help("fill in one of them"),
                ));
            }
        }
        self.findings.append(&mut found);
    }

    fn judge(&mut self, twin: Option<Twin>) -> Verdict {
        let number = self.raw.number;
        let mut add = |finding: Finding| self.findings.push(RowFinding::of_row(number, finding));
        match twin {
            None => Verdict::Accepted,
            Some(Twin::Duplicate { of }) => {
                add(Finding::warning(
                    "duplicate_row",
                    "",
                    format!("the row equals row `{of}`, which has the same key: it is not taken again"),
                ));
                Verdict::Duplicate
            }
            Some(Twin::Differs { from }) if self.kind == Kind::Sales => {
                add(Finding::warning(
                    "superseding_row",
                    "",
                    format!("the row has the id of row `{from}` and supersedes it"),
                ));
                Verdict::Accepted
            }
            Some(Twin::Differs { from }) => {
                let message = format!("row `{from}` has the same key and other content");
                add(Finding::error("key_twice", "", message).help("leave one of the two rows in the file"));
                Verdict::Rejected
            }
            Some(Twin::Equal { to }) => {
                let message = format!("the line equals row `{to}`; both are kept, since neither has an id");
                add(Finding::warning("equal_line", "", message)
                    .help("check that it is a second sale and not the same one twice"));
                Verdict::Accepted
            }
        }
    }
}

impl Step {
    fn new(column: &'static Column, mapping: &Mapping, columns: &[String], reading: &Reading) -> Self {
        let find = |name: &str| columns.iter().position(|column| column == name);
        let place =
            match mapping.columns.get(column.name) {
                None => None,
                Some(From::Constant(text)) => check::constant(column, text).ok().map(Place::Constant),
                Some(From::Column(source)) => find(&source.column).map(|at| Place::Cell {
                    at,
                    mark: source.decimal.unwrap_or(reading.decimal),
                    order: source.order.unwrap_or(reading.date_order),
                    column: source.clone(),
                }),
                Some(From::Parts { year, month, day }) => find(year)
                    .zip(find(month))
                    .map(|(year, month)| Place::Parts { year, month, day: day.as_deref().and_then(find) }),
            };
        Self { column, from: place.unwrap_or(Place::Absent) }
    }

    fn value(&self, row: &RawRow, columns: &[String], findings: &mut Vec<RowFinding>) -> Value {
        let before = findings.len();
        let value = match &self.from {
            Place::Absent => Value::Missing,
            Place::Constant(value) => value.clone(),
            Place::Parts { year, month, day } => self.day_of_parts(row, columns, (*year, *month, *day), findings),
            Place::Cell { at, column, mark, order } => self.of_cell(row, (*at, column, *mark, *order), findings),
        };
        if value == Value::Missing && self.column.need == Need::Required && findings.len() == before {
            let source = match &self.from {
                Place::Cell { column, .. } => Some(column.column.as_str()),
                _ => None,
            };
            let finding =
                Finding::error("missing_value", "", format!("`{}` is empty", self.column.name)).help("fill it in");
            findings.push(RowFinding::of_cell(row.number, self.column.name, source, "", finding));
        }
        value
    }

    fn of_cell(
        &self,
        row: &RawRow,
        place: (usize, &FileColumn, Mark, DateOrder),
        findings: &mut Vec<RowFinding>,
    ) -> Value {
        let (at, source, mark, order) = place;
        let mut cell = row.cell(at);
        let name = self.column.name;
        if !source.values.is_empty() {
            let text = cell.text.trim();
            match source.values.get(text) {
                Some(word) => {
                    cell = Cell { text: word, kind: CellKind::Text };
                }
                None if text.is_empty() => {}
                None => match source.otherwise {
                    Otherwise::Keep => {}
                    Otherwise::Empty => return Value::Missing,
                    Otherwise::Reject => {
                        let message = format!("`{}` is not among the mapping's values", check::shown(text));
                        let finding =
                            Finding::error("unmapped_value", "", message).help("add it to the mapping's `values`");
                        findings.push(RowFinding::of_cell(row.number, name, Some(&source.column), text, finding));
                        return Value::Missing;
                    }
                },
            }
        }
        match check::value(self.column, cell, mark, order) {
            Ok(Checked { value, rounded: false }) => value,
            Ok(Checked { value, rounded: true }) => {
                let kept = match &value {
                    Value::Number(kept) => kept.to_string(),
                    _ => String::new(),
                };
                let message =
                    format!("`{}` has more decimals than are kept: it counts as `{kept}`", check::shown(cell.text));
                let finding = Finding::warning("rounded", "", message)
                    .help("half to even; send fewer decimals to decide yourself");
                findings.push(RowFinding::of_cell(row.number, name, Some(&source.column), cell.text, finding));
                value
            }
            Err(fault) => {
                findings.push(RowFinding::of_cell(row.number, name, Some(&source.column), cell.text, fault.at("")));
                Value::Missing
            }
        }
    }

    /// A day out of year, month and, where there is one, day; else the first of the month.
    fn day_of_parts(
        &self,
        row: &RawRow,
        columns: &[String],
        (year_at, month_at, day_at): (usize, usize, Option<usize>),
        findings: &mut Vec<RowFinding>,
    ) -> Value {
        let before = findings.len();
        let mut wrong = |at: usize, what: &str, help: &str| {
            let text = row.cell(at).text;
            let finding =
                Finding::error("not_a_date", "", format!("`{}` is not a {what}", check::shown(text))).help(help);
            let source = columns.get(at).map(String::as_str);
            findings.push(RowFinding::of_cell(row.number, self.column.name, source, text, finding));
        };
        let year = year(row.cell(year_at).text);
        if year.is_err() {
            wrong(year_at, "year", "write four digits between 1900 and 2199");
        }
        let month = month(row.cell(month_at).text);
        if month.is_none() {
            wrong(month_at, "month", "write 1 to 12 or the month's name in English or Italian");
        }
        let day = match day_at {
            None => Some(1),
            Some(at) => row.cell(at).text.trim().parse::<u32>().ok().filter(|day| (1..=31).contains(day)),
        };
        if let (None, Some(at)) = (day, day_at) {
            wrong(at, "day of a month", "write 1 to 31");
        }
        if let (Ok(year), Some(month), Some(day)) = (year, month, day) {
            match (NaiveDate::from_ymd_opt(year, month, day), day_at) {
                (Some(day), _) => return Value::Day(day),
                (None, at) => wrong(at.unwrap_or(month_at), "day of that month", "correct the day"),
            }
        }
        debug_assert!(findings.len() > before, "a date that is missing has its finding");
        Value::Missing
    }
}
