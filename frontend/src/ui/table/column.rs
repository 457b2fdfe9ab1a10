//! What a column shows of a row.

use crate::fmt::{self, Detail};
use crate::i18n::{K, t};
use chrono::NaiveDate;
use leptos::prelude::*;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::sync::Arc;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Number(Decimal),
    Date(NaiveDate),
    /// Does not apply here.
    Missing,
    /// Not known yet.
    Pending,
}

impl Value {
    /// Order within a column; what is missing comes last however the rest is ordered.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(one), Self::Text(two)) => one.to_lowercase().cmp(&two.to_lowercase()),
            (Self::Number(one), Self::Number(two)) => one.cmp(two),
            (Self::Date(one), Self::Date(two)) => one.cmp(two),
            (one, two) => one.rank().cmp(&two.rank()),
        }
    }

    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Text(_) | Self::Number(_) | Self::Date(_) => 0,
            Self::Pending => 1,
            Self::Missing => 2,
        }
    }
}

/// How the values of a column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    /// Money in this ISO 4217 currency.
    Money(&'static str),
    Percent,
    /// A number with at most so many decimals.
    Number(u8),
    Date,
}

impl Format {
    pub(super) fn is_figure(&self) -> bool {
        !matches!(self, Self::Text | Self::Date)
    }

    pub(super) fn show(&self, value: &Value) -> String {
        match (self, value) {
            (_, Value::Missing) => fmt::not_applicable().to_owned(),
            (_, Value::Pending) => t(K::ValuePending).to_owned(),
            (_, Value::Text(text)) => text.clone(),
            (_, Value::Date(date)) => fmt::date(*date),
            (Self::Money(currency), Value::Number(number)) => fmt::money(number, currency, Detail::Full),
            (Self::Percent, Value::Number(number)) => fmt::percent(number),
            (Self::Number(digits), Value::Number(number)) => fmt::number(number, *digits),
            (Self::Text | Self::Date, Value::Number(number)) => fmt::number(number, 6),
        }
    }
}

type Cell = Arc<dyn Fn(usize) -> AnyView + Send + Sync>;

/// A column of a table.
#[derive(Clone)]
pub(crate) struct Column {
    pub(super) code: &'static str,
    pub(super) label: TextProp,
    pub(super) format: Format,
    pub(super) value: Arc<dyn Fn(usize) -> Value + Send + Sync>,
    pub(super) cell: Option<Cell>,
    pub(super) width: u32,
    pub(super) choice: bool,
    pub(super) hidden: bool,
    pub(super) on_card: bool,
}

impl Column {
    /// A column known by `code` whose value comes from the row of `data` at its place.
    pub(crate) fn new<T: Send + Sync + 'static>(
        code: &'static str,
        label: impl Into<TextProp>,
        format: Format,
        data: Signal<Vec<T>>,
        value: impl Fn(&T) -> Value + Send + Sync + 'static,
    ) -> Self {
        let value = move |place: usize| {
            // The table follows the data by its count: a subscription for each cell would cost too much.
            data.with_untracked(|data| data.get(place).map_or(Value::Missing, &value))
        };
        let width = if format.is_figure() { 140 } else { 180 };
        Self {
            code,
            label: label.into(),
            format,
            value: Arc::new(value),
            cell: None,
            width,
            choice: false,
            hidden: false,
            on_card: false,
        }
    }

    /// The width in CSS pixels.
    pub(crate) fn width(mut self, width: u32) -> Self {
        self.width = width;
        self
    }

    /// Draws the cell itself; sorting, searching and CSV keep using the value.
    pub(crate) fn drawn<V: IntoView + 'static>(mut self, cell: impl Fn(usize) -> V + Send + Sync + 'static) -> Self {
        self.cell = Some(Arc::new(move |place| cell(place).into_any()));
        self
    }

    /// Offers the values of this column as a filter.
    pub(crate) fn with_choice(mut self) -> Self {
        self.choice = true;
        self
    }

    /// Hidden until the person chooses to see it.
    pub(crate) fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Shown on the cards of a phone (the first column always is).
    pub(crate) fn on_card(mut self) -> Self {
        self.on_card = true;
        self
    }

    pub(super) fn view(&self, place: usize) -> AnyView {
        match &self.cell {
            Some(cell) => cell(place),
            None => self.format.show(&(self.value)(place)).into_any(),
        }
    }
}
