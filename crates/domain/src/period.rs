//! Periods of the calendar: month, quarter, four months, half year, year.
//!
//! A period is written `2026-01`, `2026-Q1`, `2026-T1` (four months, from the Italian
//! *quadrimestre*), `2026-H1` or `2026`.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::time::Days;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// One month.
    Month,
    /// Three months.
    Quarter,
    /// Four months.
    FourMonth,
    /// Six months.
    HalfYear,
    /// Twelve months.
    Year,
}

impl PeriodKind {
    /// All kinds, shortest first.
    pub const ALL: [Self; 5] = [Self::Month, Self::Quarter, Self::FourMonth, Self::HalfYear, Self::Year];

    /// Its length in months.
    pub fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::FourMonth => 4,
            Self::HalfYear => 6,
            Self::Year => 12,
        }
    }

    /// How many of them make a year.
    pub fn per_year(self) -> u32 {
        12 / self.months()
    }

    /// The word of the plan document: `month`, `quarter`, `four_month`, `half_year`, `year`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::FourMonth => "four_month",
            Self::HalfYear => "half_year",
            Self::Year => "year",
        }
    }
}

/// One period of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: i32,
    kind: PeriodKind,
    /// 1 to `kind.per_year()`.
    number: u32,
}

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no period: write `2026-01` (month), `2026-Q1` (quarter), `2026-T1` (four months), `2026-H1` (half year) or `2026`"
)]
pub struct NotAPeriod(pub String);

impl Period {
    /// The years a period may have.
    pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=9998;

    /// The `number`-th period of its kind in `year`; none where year or number are out of range.
    pub fn new(year: i32, kind: PeriodKind, number: u32) -> Option<Self> {
        (Self::YEARS.contains(&year) && (1..=kind.per_year()).contains(&number)).then_some(Self { year, kind, number })
    }

    /// The period of this kind in which `day` lies.
    pub fn containing(day: NaiveDate, kind: PeriodKind) -> Option<Self> {
        let number = day.month0().checked_div(kind.months())?.saturating_add(1);
        Self::new(day.year(), kind, number)
    }

    /// Reads `2026-01`, `2026-Q1`, `2026-T1`, `2026-H1` or `2026`.
    pub fn parse(text: &str) -> Result<Self, NotAPeriod> {
        let refused = || NotAPeriod(text.to_owned());
        let digits = |s: &str, len: usize| -> Option<u32> {
            (s.len() == len && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok()).flatten()
        };
        let (year, rest) = match text.split_once('-') {
            None => (text, None),
            Some((year, rest)) => (year, Some(rest)),
        };
        let year = digits(year, 4).and_then(|year| i32::try_from(year).ok()).ok_or_else(refused)?;
        let (kind, number) = match rest {
            None => (PeriodKind::Year, Some(1)),
            Some(rest) => match (rest.strip_prefix('Q'), rest.strip_prefix('T'), rest.strip_prefix('H')) {
                (Some(n), _, _) => (PeriodKind::Quarter, digits(n, 1)),
                (_, Some(n), _) => (PeriodKind::FourMonth, digits(n, 1)),
                (_, _, Some(n)) => (PeriodKind::HalfYear, digits(n, 1)),
                _ => (PeriodKind::Month, digits(rest, 2)),
            },
        };
        number.and_then(|number| Self::new(year, kind, number)).ok_or_else(refused)
    }

    /// Its year.
    pub fn year(self) -> i32 {
        self.year
    }

    /// Its length.
    pub fn kind(self) -> PeriodKind {
        self.kind
    }

    /// Its place in the year, from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// Its code, as [`Self::parse`] reads it.
    pub fn code(self) -> String {
        self.to_string()
    }

    /// First day.
    pub fn first(self) -> NaiveDate {
        let month = self.number.saturating_sub(1).saturating_mul(self.kind.months()).saturating_add(1);
        NaiveDate::from_ymd_opt(self.year, month, 1).unwrap_or_default()
    }

    /// Last day, included.
    pub fn last(self) -> NaiveDate {
        self.first()
            .checked_add_months(chrono::Months::new(self.kind.months()))
            .and_then(|day| day.pred_opt())
            .unwrap_or_default()
    }

    /// All its days.
    pub fn days(self) -> Days {
        Days { first: self.first(), last: self.last() }
    }

    /// The one after it.
    pub fn next(self) -> Option<Self> {
        if self.number < self.kind.per_year() {
            Self::new(self.year, self.kind, self.number.saturating_add(1))
        } else {
            Self::new(self.year.saturating_add(1), self.kind, 1)
        }
    }

    /// The one before it.
    pub fn previous(self) -> Option<Self> {
        if self.number > 1 {
            Self::new(self.year, self.kind, self.number.saturating_sub(1))
        } else {
            Self::new(self.year.saturating_sub(1), self.kind, self.kind.per_year())
        }
    }

    /// The same period of the year before.
    pub fn last_year(self) -> Option<Self> {
        Self::new(self.year.saturating_sub(1), self.kind, self.number)
    }

    /// Whether all of `inner` lies in it.
    pub fn covers(self, inner: Self) -> bool {
        self.days().covers(inner.days())
    }

    /// The periods of a kind that lie wholly in it, in order. A half year has no four-month parts.
    pub fn parts(self, kind: PeriodKind) -> Vec<Self> {
        (1..=kind.per_year())
            .filter_map(|number| Self::new(self.year, kind, number))
            .filter(|part| self.covers(*part))
            .collect()
    }

    /// From the first day of its year to its last day.
    pub fn year_to_date(self) -> Days {
        Days { first: NaiveDate::from_ymd_opt(self.year, 1, 1).unwrap_or_default(), last: self.last() }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, number) = (self.year, self.number);
        match self.kind {
            PeriodKind::Month => write!(f, "{year:04}-{number:02}"),
            PeriodKind::Quarter => write!(f, "{year:04}-Q{number}"),
            PeriodKind::FourMonth => write!(f, "{year:04}-T{number}"),
            PeriodKind::HalfYear => write!(f, "{year:04}-H{number}"),
            PeriodKind::Year => write!(f, "{year:04}"),
        }
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        Self::parse(text)
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn codes_days_and_neighbours() {
        // code, first, last, next, previous, last year
        let rows = [
            ("2026-01", "2026-01-01", "2026-01-31", "2026-02", "2025-12", "2025-01"),
            ("2024-02", "2024-02-01", "2024-02-29", "2024-03", "2024-01", "2023-02"),
            ("2026-Q1", "2026-01-01", "2026-03-31", "2026-Q2", "2025-Q4", "2025-Q1"),
            ("2026-Q4", "2026-10-01", "2026-12-31", "2027-Q1", "2026-Q3", "2025-Q4"),
            ("2026-T3", "2026-09-01", "2026-12-31", "2027-T1", "2026-T2", "2025-T3"),
            ("2026-H2", "2026-07-01", "2026-12-31", "2027-H1", "2026-H1", "2025-H2"),
            ("2026", "2026-01-01", "2026-12-31", "2027", "2025", "2025"),
        ];
        for (code, first, last, next, previous, last_year) in rows {
            let period = Period::parse(code).unwrap();
            assert_eq!(period.code(), code);
            assert_eq!(period.days(), Days { first: day(first), last: day(last) }, "{code}");
            assert_eq!(period.next().unwrap().code(), next);
            assert_eq!(period.previous().unwrap().code(), previous);
            assert_eq!(period.last_year().unwrap().code(), last_year);
            for date in [period.first(), period.last()] {
                assert_eq!(Period::containing(date, period.kind()), Some(period), "{code} on {date}");
            }
        }
    }

    #[test]
    fn refused_codes() {
        for text in [
            "",
            "2026-",
            "2026-1",
            "2026-13",
            "2026-00",
            "2026-Q5",
            "2026-Q0",
            "2026-T4",
            "2026-H3",
            "26-01",
            "2026-q1",
            "2026-Q11",
            "0000",
            "9999",
            "2026-01-01",
            "+026",
            "２０２６",
        ] {
            let error = Period::parse(text).unwrap_err();
            assert!(error.to_string().contains(&format!("`{text}`")));
        }
    }

    #[test]
    fn nesting_and_parts() {
        let parts = |code: &str, kind| -> Vec<String> {
            Period::parse(code).unwrap().parts(kind).into_iter().map(Period::code).collect()
        };
        assert_eq!(parts("2026-Q2", PeriodKind::Month), ["2026-04", "2026-05", "2026-06"]);
        assert_eq!(parts("2026-T2", PeriodKind::Quarter), Vec::<String>::new());
        assert_eq!(parts("2026", PeriodKind::FourMonth), ["2026-T1", "2026-T2", "2026-T3"]);
        assert_eq!(parts("2026-01", PeriodKind::Year), Vec::<String>::new());
        for kind in PeriodKind::ALL {
            let year = Period::parse("2024").unwrap();
            let days: u32 = year.parts(kind).into_iter().map(|p| p.days().len()).sum();
            assert_eq!(days, 366, "{kind:?} cut the year without gap or overlap");
        }
    }

    #[test]
    fn travels_as_its_code() {
        let period: Period = serde_json::from_str("\"2026-T2\"").unwrap();
        assert_eq!(serde_json::to_string(&period).unwrap(), "\"2026-T2\"");
        assert!(serde_json::from_str::<Period>("\"2026-T9\"").is_err());
        assert_eq!(period.year_to_date().len(), 31 + 28 + 31 + 30 + 31 + 30 + 31 + 31);
    }
}
