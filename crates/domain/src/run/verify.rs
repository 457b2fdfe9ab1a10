//! The proof: stored inputs, evaluated again, give the stored results byte for byte.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{documents, sha256};
use crate::engine;
use crate::inputs::{Inputs, read_inputs};
use crate::plan::CheckedPlan;
use crate::trace::Trace;

/// A stored row of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored<'a> {
    /// Code of the participant.
    pub participant: &'a str,
    /// Id of the plan version.
    pub plan: &'a str,
    /// The input document.
    pub input: &'a str,
    /// SHA-256 as it was stored.
    pub input_sha256: &'a str,
    /// The result document.
    pub result: &'a str,
    /// SHA-256 as it was stored.
    pub result_sha256: &'a str,
}

/// The first place where the proof fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A document does not have the hash that was stored with it.
    #[error(
        "the {what} document of `{participant}` on `{plan}` was changed: its SHA-256 is `{found}`, stored was `{stored}`"
    )]
    Hash {
        /// `input` or `result`.
        what: &'static str,
        /// Whose.
        participant: String,
        /// Id of the plan version.
        plan: String,
        /// The hash of the document as it is.
        found: String,
        /// The hash as it was stored.
        stored: String,
    },
    /// The plan version is not there.
    #[error("the plan version `{plan}` of `{participant}` is not there")]
    NoPlan {
        /// Whose.
        participant: String,
        /// Id of the plan version.
        plan: String,
    },
    /// A stored input cannot be read or does not fit the plan.
    #[error("the input of `{participant}` on `{plan}` cannot be evaluated: {why}")]
    Input {
        /// Whose; the first of those evaluated together.
        participant: String,
        /// Id of the plan version.
        plan: String,
        /// The first finding.
        why: String,
    },
    /// The stored inputs of one plan disagree about the period or what else is common to all.
    #[error("the input of `{participant}` on `{plan}` does not agree with that of the others on the plan")]
    Header {
        /// Whose.
        participant: String,
        /// Id of the plan version.
        plan: String,
    },
    /// The result comes out otherwise.
    #[error(
        "the result of `{participant}` on `{plan}` comes out otherwise: it now has the SHA-256 `{found}`, stored was `{stored}`"
    )]
    Result {
        /// Whose.
        participant: String,
        /// Id of the plan version.
        plan: String,
        /// The hash of the result now.
        found: String,
        /// The hash as it was stored.
        stored: String,
    },
}

/// Checks all hashes of a run's rows, evaluates the stored inputs again (all of a plan version together) and compares
/// every result. Returns how many rows hold.
///
/// # Errors
/// The first broken place, in order of plan version and participant.
pub fn verify(plans: &BTreeMap<String, Arc<CheckedPlan>>, rows: &[Stored<'_>]) -> Result<usize, Broken> {
    let mut by_plan: BTreeMap<&str, Vec<&Stored<'_>>> = BTreeMap::new();
    for row in rows {
        for (what, text, stored) in [("input", row.input, row.input_sha256), ("result", row.result, row.result_sha256)]
        {
            let found = sha256(text);
            if found != stored {
                return Err(Broken::Hash {
                    what,
                    participant: row.participant.to_owned(),
                    plan: row.plan.to_owned(),
                    found,
                    stored: stored.to_owned(),
                });
            }
        }
        by_plan.entry(row.plan).or_default().push(row);
    }
    for (plan, mut rows) in by_plan {
        rows.sort_by_key(|row| row.participant);
        let Some(first) = rows.first() else { continue };
        let refused = |participant: &str, why: String| Broken::Input {
            participant: participant.to_owned(),
            plan: plan.to_owned(),
            why,
        };
        let Some(checked) = plans.get(plan) else {
            return Err(Broken::NoPlan { participant: first.participant.to_owned(), plan: plan.to_owned() });
        };
        let mut all: Option<Inputs> = None;
        for row in &rows {
            let first_of =
                |findings: Vec<crate::finding::Finding>| findings.first().map_or(String::new(), ToString::to_string);
            let mut inputs = read_inputs(row.input).map_err(|findings| refused(row.participant, first_of(findings)))?;
            let participants = std::mem::take(&mut inputs.participants);
            let all = all.get_or_insert_with(|| inputs.clone());
            let header = Inputs { participants: std::mem::take(&mut all.participants), ..inputs };
            let agrees = *all == Inputs { participants: Vec::new(), ..header.clone() };
            all.participants = header.participants;
            if !agrees {
                return Err(Broken::Header { participant: row.participant.to_owned(), plan: plan.to_owned() });
            }
            all.participants.extend(participants);
        }
        let inputs = all.unwrap_or_default();
        let evaluated = engine::evaluate(checked, &inputs, Trace::Full).map_err(|findings| {
            refused(first.participant, findings.first().map_or(String::new(), ToString::to_string))
        })?;
        for (row, result) in rows.iter().zip(&evaluated.participants) {
            let text = documents::result(result).map_err(|error| refused(row.participant, error.to_string()))?;
            if text != row.result {
                return Err(Broken::Result {
                    participant: row.participant.to_owned(),
                    plan: plan.to_owned(),
                    found: sha256(&text),
                    stored: row.result_sha256.to_owned(),
                });
            }
        }
    }
    Ok(rows.len())
}
