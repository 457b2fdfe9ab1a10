//! What a cell's text means: exact numbers, days, months and periods.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

mod date;
mod number;

pub use date::{DateFault, month, parse_date, parse_period};
pub(crate) use date::{day_of_serial, year};
pub use number::{NumberFault, parse_number};
pub(crate) use number::{as_shown, plain_number};

/// What separates the whole part of a number from its decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Mark {
    /// `1,234.56`
    #[serde(rename = ".")]
    Point,
    /// `1.234,56`
    #[serde(rename = ",")]
    Comma,
}

impl Mark {
    /// The character itself.
    pub const fn char(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

/// In which order a date such as `03/04/2026` is written. ISO dates are read whatever the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// Day, month, year, as in Italy.
    Dmy,
    /// Month, day, year, as in the United States.
    Mdy,
    /// Year, month, day.
    Ymd,
}

/// A typed cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) enum Value {
    /// Empty, absent, or refused with a finding.
    #[default]
    Missing,
    Text(String),
    Number(Decimal),
    Day(NaiveDate),
}

/// The typed cells of one row in the order of the kind's columns; handed out once, front to back.
#[derive(Debug, Default)]
pub(crate) struct Values {
    items: Vec<Value>,
    at: usize,
}

impl Values {
    pub(crate) fn clear(&mut self) {
        self.items.clear();
        self.at = 0;
    }

    pub(crate) fn push(&mut self, value: Value) {
        self.items.push(value);
    }

    pub(crate) fn all(&self) -> &[Value] {
        &self.items
    }

    pub(crate) fn get(&self, index: usize) -> &Value {
        self.items.get(index).unwrap_or(&Value::Missing)
    }

    pub(crate) fn next(&mut self) -> Option<Value> {
        let value = self.items.get_mut(self.at).map(std::mem::take);
        self.at += 1;
        value
    }
}

/// A record's field out of a typed cell.
pub(crate) trait Take: Sized {
    /// `None` where a required value is missing.
    fn take(value: Value) -> Option<Self>;
}

macro_rules! take {
    ($ty:ty, $variant:ident) => {
        impl Take for $ty {
            fn take(value: Value) -> Option<Self> {
                match value {
                    Value::$variant(value) => Some(value),
                    _ => None,
                }
            }
        }

        impl Take for Option<$ty> {
            fn take(value: Value) -> Option<Self> {
                match value {
                    Value::$variant(value) => Some(Some(value)),
                    Value::Missing => Some(None),
                    _ => None,
                }
            }
        }
    };
}
take!(String, Text);
take!(Decimal, Number);
take!(NaiveDate, Day);
