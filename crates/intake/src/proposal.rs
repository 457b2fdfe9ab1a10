//! A mapping proposed from the header and a sample of the rows.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::check;
use crate::kind::{Column, Kind, Need, Type};
use crate::mapping::{Mapping, Source};
use crate::raw::RawRow;
use crate::reading::Reading;
use crate::value::{month, year};

/// A mapping that the header suggests, to be confirmed by a person where it is not sure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The proposed mapping.
    pub mapping: Mapping,
    /// For each mapped column how sure the proposal is.
    pub confidence: BTreeMap<String, u8>,
    /// The kind's columns that are needed and were not found.
    pub missing: Vec<String>,
    /// The file's columns that nothing reads.
    pub unused: Vec<String>,
}

/// From this confidence on (percent) a proposal needs no person.
pub const SURE: u8 = 90;
/// Below this confidence nothing is proposed.
const LEAST: u8 = 50;

impl Proposal {
    /// Whether it can be applied unseen: all that is needed was found, and each of it surely.
    pub fn is_sure(&self) -> bool {
        self.missing.is_empty() && self.confidence.values().all(|confidence| *confidence >= SURE)
    }
}

pub(crate) fn propose(kind: Kind, reading: &Reading, sample: &[RawRow]) -> Proposal {
    let header: Vec<String> = reading.columns.iter().map(|name| normal(name)).collect();
    let mut pairs = Vec::new();
    for (target, column) in kind.columns().iter().enumerate() {
        for (at, name) in header.iter().enumerate() {
            let likeness = alike(column, name);
            if likeness >= LEAST {
                let fitting = fit(column, at, reading, sample, likeness);
                if fitting >= LEAST {
                    pairs.push((fitting, target, at));
                }
            }
        }
    }
    // The surest first; among equals the kind's own order, then the file's.
    pairs.sort_by_key(|(confidence, target, at)| (u8::MAX - confidence, *target, *at));
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut mapping = Mapping::default();
    let mut confidence = BTreeMap::new();
    for (sure, target, at) in pairs {
        let (Some(column), Some(name)) = (kind.columns().get(target), reading.columns.get(at)) else {
            continue;
        };
        let unique = reading.columns.iter().filter(|other| *other == name).count() == 1;
        if unique && !taken.contains(&at) && !mapping.columns.contains_key(column.name) {
            taken.insert(at);
            mapping.columns.insert(column.name.to_owned(), Source::column(name));
            confidence.insert(column.name.to_owned(), sure);
        }
    }
    year_and_month(kind, reading, &header, sample, &mut taken, &mut mapping, &mut confidence);
    let missing = missing(kind, &mapping);
    let unused = reading.columns.iter().enumerate().filter(|(at, _)| !taken.contains(at)).map(|(_, name)| name.clone());
    Proposal { mapping, confidence, missing, unused: unused.collect() }
}

/// A date that the file holds as a year and a month.
fn year_and_month(
    kind: Kind,
    reading: &Reading,
    header: &[String],
    sample: &[RawRow],
    taken: &mut BTreeSet<usize>,
    mapping: &mut Mapping,
    confidence: &mut BTreeMap<String, u8>,
) {
    if kind != Kind::Sales || mapping.columns.contains_key("date") {
        return;
    }
    let find = |names: [&str; 2]| header.iter().position(|name| names.contains(&name.as_str()));
    let (Some(years), Some(months)) = (find(["year", "anno"]), find(["month", "mese"])) else {
        return;
    };
    let fits = sample.iter().all(|row| year(row.cell(years).text).is_ok() && month(row.cell(months).text).is_some());
    let (Some(year), Some(month)) = (reading.columns.get(years), reading.columns.get(months)) else {
        return;
    };
    taken.extend([years, months]);
    let source = Source::Parts { year: year.clone(), month: month.clone(), day: None };
    mapping.columns.insert("date".to_owned(), source);
    confidence.insert("date".to_owned(), if fits { 95 } else { LEAST });
}

fn missing(kind: Kind, mapping: &Mapping) -> Vec<String> {
    let has = |column: &Column| mapping.columns.contains_key(column.name);
    let mut missing = Vec::new();
    let mut groups: Vec<&str> = Vec::new();
    for column in kind.columns() {
        match column.need {
            Need::Required if !has(column) => missing.push(column.name.to_owned()),
            Need::OneOf(group) if !groups.contains(&group) => {
                groups.push(group);
                let members: Vec<&Column> =
                    kind.columns().iter().filter(|other| other.need == Need::OneOf(group)).collect();
                if !members.iter().any(|member| has(member)) {
                    missing.push(members.iter().map(|member| member.name).collect::<Vec<_>>().join(" or "));
                }
            }
            _ => {}
        }
    }
    missing
}

/// A header in lower case, without accents, punctuation and what stands in parentheses.
pub(crate) fn normal(name: &str) -> String {
    let mut out = String::new();
    let mut depth = 0u32;
    for c in name.nfkd() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '\u{300}'..='\u{36f}' => {}
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ if !out.is_empty() && !out.ends_with(' ') => out.push(' '),
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// How much a header (already [`normal`]) looks like a column's name, in percent.
fn alike(column: &Column, header: &str) -> u8 {
    if header.is_empty() {
        return 0;
    }
    let name = column.name.replace('_', " ");
    if header == name {
        return 100;
    }
    if column.aliases.iter().any(|alias| normal(alias) == header) {
        return 95;
    }
    let words: BTreeSet<&str> = header.split(' ').collect();
    let mut best = 0;
    for known in std::iter::once(name.as_str()).chain(column.aliases.iter().copied()) {
        let known = normal(known);
        let own: BTreeSet<&str> = known.split(' ').collect();
        if own == words {
            best = best.max(85);
        } else if known.len() >= 5 && one_slip(&known, header) {
            best = best.max(75);
        } else if known.len() >= 4 && own.is_subset(&words) {
            best = best.max(60);
        }
    }
    best
}

/// Whether two words differ by one letter more, less, other, or by two swapped neighbours.
fn one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (x, y) = (a.get(same..).unwrap_or_default(), b.get(same..).unwrap_or_default());
    match (x, y) {
        ([_, x @ ..], [_, y @ ..]) if x == y => true,
        ([x1, x2, x @ ..], [y1, y2, y @ ..]) if x1 == y2 && x2 == y1 && x == y => true,
        ([_, x @ ..], y) if x == y => true,
        (x, [_, y @ ..]) if x == y => true,
        _ => false,
    }
}

/// The likeness, less where the sample's cells are not of the column's type.
fn fit(column: &Column, at: usize, reading: &Reading, sample: &[RawRow], likeness: u8) -> u8 {
    let filled = sample.iter().map(|row| row.cell(at)).filter(|cell| !cell.text.trim().is_empty());
    let (mut all, mut good) = (0usize, 0usize);
    for cell in filled.take(200) {
        all += 1;
        good += usize::from(check::value(column, cell, reading.decimal, reading.date_order).is_ok());
    }
    if all == 0 || good * 10 >= all * 9 {
        return likeness;
    }
    // A header that says the column's name is not overruled by bad cells, only made unsure.
    match column.ty {
        Type::Date | Type::Decimal(_) | Type::Period if good == 0 => likeness / 2,
        _ => likeness.saturating_sub(20),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_compared_in_their_plain_form() {
        for (name, plain) in [
            ("Quantità (pz)", "quantita"),
            ("  Name_of  Sales-Rep ", "name of sales rep"),
            ("IMPORTO [€]", "importo"),
            ("", ""),
        ] {
            assert_eq!(normal(name), plain);
        }
    }

    #[test]
    fn slips_are_forgiven() {
        for (a, b, expected) in [
            ("amount", "amuont", true),
            ("amount", "amout", true),
            ("amount", "amounts", true),
            ("amount", "amaunt", true),
            ("amount", "account", false),
            ("amount", "", false),
        ] {
            assert_eq!(one_slip(a, b), expected, "{a} {b}");
        }
    }
}
