//! A figure together with what it is made of.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::exact::Exact;

mod labels;
pub use labels::label;

/// Whether an evaluation keeps how each figure came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trace {
    /// Figures only.
    Off,
    /// With the derivation.
    #[default]
    Full,
}

/// One step of a derivation: what was worked out, how, and from what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What was worked out: a key that has a label in every language (`attainment`, `cap`).
    pub key: Cow<'static, str>,
    /// Of what: a component, territory, line, objective or rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// How, with the numbers in it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub formula: String,
    /// What came out.
    pub value: String,
    /// What it was worked out from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Step>,
}

impl Step {
    /// A step without formula.
    pub fn new(key: &'static str, value: impl ToString) -> Self {
        Self {
            key: Cow::Borrowed(key),
            about: None,
            formula: String::new(),
            value: value.to_string(),
            from: Vec::new(),
        }
    }

    /// Says what it is about.
    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = Some(about.into());
        self
    }

    /// Says how it was worked out.
    #[must_use]
    pub fn formula(mut self, formula: impl Into<String>) -> Self {
        self.formula = formula.into();
        self
    }

    /// Says from what.
    #[must_use]
    pub fn from(mut self, from: Vec<Self>) -> Self {
        self.from = from;
        self
    }

    /// How many steps there are, this one included.
    pub fn count(&self) -> usize {
        1 + self.from.iter().map(Self::count).sum::<usize>()
    }
}

/// Collects the steps of one figure; costs nothing when the trace is off.
#[derive(Debug)]
pub struct Steps {
    on: bool,
    list: Vec<Step>,
}

impl Steps {
    /// An empty collection.
    pub fn new(trace: Trace) -> Self {
        Self { on: trace == Trace::Full, list: Vec::new() }
    }

    /// Whether steps are kept.
    pub fn on(&self) -> bool {
        self.on
    }

    /// Adds the step that `make` makes, if steps are kept.
    pub fn add(&mut self, make: impl FnOnce() -> Step) {
        if self.on {
            self.list.push(make());
        }
    }

    /// Adds a value under a key.
    pub fn value(&mut self, key: &'static str, value: &Exact) {
        self.add(|| Step::new(key, value));
    }

    /// The steps collected.
    pub fn take(self) -> Vec<Step> {
        self.list
    }
}
