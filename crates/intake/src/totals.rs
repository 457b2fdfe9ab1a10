//! Control totals: exact sums of what a file holds, to be compared with what its sender says.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use crate::record::Record;
use crate::report::Verdict;

/// Decimals that sums are kept with; figures have at most as many (see [`crate::kind::Bounds`]).
const SCALE: u32 = 6;
/// Most keys of one dimension; beyond, a file's keys are noise and only the whole is summed.
const KEYS: usize = 20_000;

/// An exact sum with six decimals. 128 bits hold more rows of the largest figures than any file has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sum(i128);

impl Sum {
    /// Adds a figure of at most six decimals.
    pub fn add(&mut self, figure: Decimal) {
        let missing = SCALE.saturating_sub(figure.scale());
        // At most 19 digits times 10^6: far from the limits of 128 bits.
        self.0 += figure.mantissa() * 10i128.pow(missing);
    }

    /// The sum in millionths.
    pub const fn millionths(self) -> i128 {
        self.0
    }
}

impl std::fmt::Display for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = self.0.unsigned_abs() / 1_000_000;
        let rest = self.0.unsigned_abs() % 1_000_000;
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        let rest = format!("{rest:06}");
        write!(f, "{sign}{whole}.{}", rest.trim_end_matches('0'))
    }
}

impl Serialize for Sum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Rows with their sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Group {
    /// How many rows.
    pub rows: u64,
    /// Sum of the kind's figure: amount of sales, value of goals, results and indicators.
    pub amount: Sum,
    /// Sum of the quantities.
    pub quantity: Sum,
}

impl Group {
    fn add(&mut self, amount: Option<Decimal>, quantity: Option<Decimal>) {
        self.rows += 1;
        if let Some(amount) = amount {
            self.amount.add(amount);
        }
        if let Some(quantity) = quantity {
            self.quantity.add(quantity);
        }
    }
}

/// The control totals of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// By verdict: `accepted`, `rejected` (as far as the figure can be read), `duplicate`.
    pub verdicts: BTreeMap<&'static str, Group>,
    /// Accepted rows by dimension (`currency`, `participant`, `category`, `year`, `period`…) and key.
    pub by: BTreeMap<&'static str, Keys>,
}

/// Groups by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys(HashMap<String, Group>);

impl Keys {
    /// The group of a key.
    pub fn get(&self, key: &str) -> Option<&Group> {
        self.0.get(key)
    }

    /// All groups in the order of their keys.
    pub fn sorted(&self) -> BTreeMap<&str, &Group> {
        self.0.iter().map(|(key, group)| (key.as_str(), group)).collect()
    }

    fn add(&mut self, key: &str, amount: Decimal, quantity: Option<Decimal>) {
        if let Some(group) = self.0.get_mut(key) {
            group.add(Some(amount), quantity);
        } else if self.0.len() < KEYS {
            self.0.entry(key.to_owned()).or_default().add(Some(amount), quantity);
        }
    }
}

impl Serialize for Keys {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.sorted().serialize(serializer)
    }
}

impl Totals {
    /// Enters a row. `amount` is its figure as far as it can be read, also of a rejected row.
    pub fn enter(&mut self, verdict: Verdict, record: Option<&Record>, amount: Option<Decimal>) {
        let name = match verdict {
            Verdict::Accepted => "accepted",
            Verdict::Rejected => "rejected",
            Verdict::Duplicate => "duplicate",
        };
        let quantity = record.and_then(Record::sale).and_then(|sale| sale.quantity);
        self.verdicts.entry(name).or_default().add(amount, quantity);
        if verdict == Verdict::Accepted
            && let Some(record) = record
        {
            self.dimensions(record, quantity);
        }
    }

    fn dimensions(&mut self, record: &Record, quantity: Option<Decimal>) {
        let mut add = |dimension: &'static str, key: Option<&str>, amount: Decimal| {
            if let Some(key) = key {
                self.by.entry(dimension).or_default().add(key, amount, quantity);
            }
        };
        match record {
            Record::Sale(sale) => {
                let mut year = [0u8; 12];
                let year = decimal_digits(chrono::Datelike::year(&sale.date), &mut year);
                add("currency", Some(sale.currency.as_deref().unwrap_or("")), sale.amount);
                add("participant", sale.participant.as_deref(), sale.amount);
                add("territory", sale.territory.as_deref(), sale.amount);
                add("category", sale.category.as_deref(), sale.amount);
                add("product", Some(&sale.product), sale.amount);
                add("year", Some(year), sale.amount);
            }
            Record::KpiValue(kpi) => {
                add("kpi", Some(&kpi.kpi), kpi.value);
                add("period", Some(&kpi.period), kpi.value);
            }
            Record::Goal(goal) => {
                add("category", Some(&goal.category_code), goal.value);
                add("period", Some(&goal.period), goal.value);
            }
            Record::OldResult(result) => {
                add("participant", Some(&result.participant_code), result.value);
                add("period", Some(&result.period), result.value);
            }
            _ => {}
        }
    }
}

/// A number's digits without allocating.
fn decimal_digits(number: i32, buffer: &mut [u8; 12]) -> &str {
    use std::io::Write as _;
    let mut rest = buffer.as_mut_slice();
    let before = rest.len();
    let written = match write!(rest, "{number}") {
        Ok(()) => before - rest.len(),
        Err(_) => 0,
    };
    std::str::from_utf8(buffer.get(..written).unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact() {
        let mut sum = Sum::default();
        for figure in ["0.1", "0.2", "-0.3", "999999999999.999999", "999999999999.999999", "-5"] {
            sum.add(figure.parse().unwrap());
        }
        assert_eq!(sum.to_string(), "1999999999994.999998");
        let mut sum = Sum::default();
        sum.add("-0.05".parse().unwrap());
        assert_eq!(sum.to_string(), "-0.05");
    }
}
