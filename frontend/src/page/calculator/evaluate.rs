//! From two texts to a result. Pure: the page only draws what comes out here.

use crate::i18n::K;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use traguardo_domain::engine;
use traguardo_domain::exact::Exact;
use traguardo_domain::finding::Finding;
use traguardo_domain::inputs::{Inputs, read_inputs};
use traguardo_domain::plan::{CheckedPlan, load_plan};
use traguardo_domain::result::{Figure, Outcome};
use traguardo_domain::trace::Trace;

/// Actuals tried instead of those of the inputs: participant and measure.
pub(super) type Overrides = BTreeMap<(String, String), Decimal>;

/// Which document a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Document {
    Plan,
    Inputs,
}

impl Document {
    pub(super) fn words(self) -> K {
        match self {
            Self::Plan => K::CalcPlan,
            Self::Inputs => K::CalcInputs,
        }
    }
}

/// A finding with its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Located {
    pub(super) document: Document,
    pub(super) finding: Finding,
}

fn located(document: Document) -> impl Fn(Finding) -> Located {
    move |finding| Located { document, finding }
}

/// The documents, read and checked.
#[derive(Debug)]
pub(super) struct Read {
    plan: CheckedPlan,
    pub(super) inputs: Inputs,
    warnings: Vec<Located>,
}

impl Read {
    pub(super) fn plan(&self) -> &traguardo_domain::plan::Plan {
        self.plan.plan()
    }
}

/// A result with its plan.
#[derive(Debug)]
pub(super) struct Evaluated {
    pub(super) plan: traguardo_domain::plan::Plan,
    pub(super) outcome: Outcome,
    pub(super) warnings: Vec<Located>,
}

/// Reads and checks both documents; all that is wrong with either.
pub(super) fn base(plan: &str, inputs: &str) -> Result<Read, Vec<Located>> {
    let (checked, findings) = load_plan(plan);
    let mut located_all: Vec<Located> = findings.into_iter().map(located(Document::Plan)).collect();
    let inputs = match read_inputs(inputs) {
        Ok(inputs) => Some(inputs),
        Err(findings) => {
            located_all.extend(findings.into_iter().map(located(Document::Inputs)));
            None
        }
    };
    match (checked, inputs) {
        (Some(plan), Some(inputs)) => Ok(Read { plan, inputs, warnings: located_all }),
        _ => Err(located_all),
    }
}

/// Evaluates what was read, with some actuals replaced.
pub(super) fn evaluate(read: &Read, overrides: &Overrides) -> Result<Evaluated, Vec<Located>> {
    let mut changed;
    let inputs = if overrides.is_empty() {
        &read.inputs
    } else {
        changed = read.inputs.clone();
        for ((id, measure), value) in overrides {
            let person = changed.participants.iter_mut().find(|person| person.id == *id);
            if let (Some(person), Ok(actual)) = (person, Exact::parse(&value.to_string()))
                && let Some(entry) = person.measures.get_mut(measure)
            {
                entry.actual = Some(actual);
            }
        }
        &changed
    };
    let outcome = engine::evaluate(&read.plan, inputs, Trace::Full)
        .map_err(|findings| findings.into_iter().map(located(Document::Inputs)).collect::<Vec<_>>())?;
    Ok(Evaluated { plan: read.plan.plan().clone(), outcome, warnings: read.warnings.clone() })
}

/// An exact value as a decimal to show: as it is where it is one, else rounded to 12 places.
pub(super) fn shown(value: &Exact) -> Decimal {
    value.to_decimal().unwrap_or_else(|| {
        let rounded = value.round(12, traguardo_domain::exact::RoundingMode::HalfUp);
        rounded.to_fixed(12).parse().unwrap_or_default()
    })
}

/// A figure as a decimal to show.
pub(super) fn decimal(figure: &Figure) -> Decimal {
    shown(&figure.value)
}

#[cfg(test)]
mod tests {
    use super::super::documents::Sample;
    use super::*;

    #[test]
    fn the_samples_evaluate_without_errors() {
        for sample in Sample::ALL {
            let read = base(sample.plan(), sample.inputs()).map_err(|findings| format!("{findings:?}")).unwrap();
            let found = evaluate(&read, &Overrides::new()).map_err(|findings| format!("{findings:?}")).unwrap();
            assert!(!found.outcome.participants.is_empty());
        }
    }

    #[test]
    fn a_tried_actual_changes_only_its_person() {
        let sample = Sample::Curve;
        let read = base(sample.plan(), sample.inputs()).map_err(|findings| format!("{findings:?}")).unwrap();
        let before = evaluate(&read, &Overrides::new()).unwrap().outcome;
        let tried = Overrides::from([(("FERRI".to_owned(), "cardio".to_owned()), Decimal::from(120_000))]);
        let after = evaluate(&read, &tried).unwrap().outcome;
        assert_eq!(after.participants[0].earned.to_string(), "6000.00");
        assert_ne!(before.participants[0].earned, after.participants[0].earned);
        assert_eq!(before.participants[1..], after.participants[1..]);
    }

    #[test]
    fn what_is_wrong_in_both_documents_is_told_at_once() {
        let Err(findings) = base("{", "[]") else { panic!("must be refused") };
        assert!(findings.iter().any(|found| found.document == Document::Plan));
        assert!(findings.iter().any(|found| found.document == Document::Inputs));
    }
}
