//! People, units, reporting lines and absences.

mod absence;
mod participant;
mod unit;

use traguardo_contract::decimal::Decimal;
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::finding::Finding;
use traguardo_store::Scaled;

use crate::http::Routes;
use crate::problem::ApiError;

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    unit::register(routes);
    participant::register(routes);
    absence::register(routes);
}

/// Checks texts that name things; collects what is wrong.
#[derive(Debug, Default)]
pub struct Checks(pub Vec<Finding>);

impl Checks {
    /// A text of 1 to `most` characters without control characters.
    pub fn text(&mut self, field: &str, text: &str, most: usize) {
        let count = text.trim().chars().count();
        if count == 0 || count > most || text.chars().any(char::is_control) {
            let message = format!("`{field}` has 1 to {most} characters, none of them invisible");
            self.0.push(Finding::error("text", format!("$.{field}"), message));
        }
    }

    /// A code: as a text, and without blanks at its ends.
    pub fn code(&mut self, field: &str, code: &str) {
        self.text(field, code, 60);
        if code.trim() != code {
            self.0.push(Finding::error("code", format!("$.{field}"), "a code has no blanks at its ends"));
        }
    }

    /// Something else that must hold.
    pub fn must(&mut self, holds: bool, code: &str, field: &str, message: &str) {
        if !holds {
            self.0.push(Finding::error(code, format!("$.{field}"), message));
        }
    }

    /// Refuses if anything is wrong.
    pub fn done(self) -> Result<(), ApiError> {
        ApiError::check(&self.0)
    }
}

/// A decimal as the store keeps it.
pub fn scaled(value: Decimal) -> Result<Scaled, ApiError> {
    value
        .to_micros()
        .map(Scaled)
        .ok_or_else(|| ApiError::new(ProblemCode::ValidationFailed, format!("`{value}` is too large")))
}

/// A decimal as it travels.
pub fn decimal(value: Scaled) -> Decimal {
    Decimal::from_micros(value.0)
}

/// Refuses to change what is at another version than the one that was read.
pub fn same_version(what: &str, expected: i64, found: i64) -> Result<(), ApiError> {
    if expected == found {
        return Ok(());
    }
    Err(ApiError::new(ProblemCode::StaleVersion, format!("the {what} is at version {found}, not {expected}")))
}
