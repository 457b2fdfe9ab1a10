//! What blocks a run, and what should be looked at: each with who, where and what to do.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fraction, Prepared};
use crate::credit::{Cause, CreditKind, Outcome};
use crate::finding::{Finding, Severity};
use crate::plan::Component;

/// So many findings of one code are listed one by one; the rest are counted.
const LISTED: usize = 200;

pub(super) fn missing_goal(
    fraction: &Fraction<'_>,
    component: &Component,
    not_accepted: bool,
    incomplete: bool,
) -> Finding {
    let who = fraction.participant;
    let id = &component.id;
    let (message, help) = if not_accepted {
        (format!("`{who}` has a goal for `{id}` that is not accepted"), "let the goal be validated and accepted")
    } else if incomplete {
        (
            format!("the goals of `{who}` for `{id}` do not cover {}", fraction.span),
            "add the goals of the missing months",
        )
    } else {
        (
            format!("`{who}` has no goal for `{id}`"),
            "enter a goal for the participant or for the territories held, for this period and these categories",
        )
    };
    Finding::error("missing_goal", format!("participant {who}, component {id}"), message).help(help)
}

/// What the crediting shows.
pub(super) fn credit(prepared: &Prepared<'_>, credit: &Outcome, findings: &mut Vec<Finding>) {
    for balance in credit.ledger.unbalanced() {
        findings.push(
            Finding::error(
                "unbalanced",
                format!("credit in {}", balance.currency),
                format!(
                    "`{}`: credited {} + excluded {} + uncredited {} is not the total of {}",
                    balance.measure, balance.credited, balance.excluded, balance.uncredited, balance.total
                ),
            )
            .help("this is a fault of the program: keep the inputs and report it"),
        );
    }
    for left in &credit.ledger.uncredited {
        let money = format!("{} {} in {} lines", left.amount, left.currency, left.lines);
        let place = &left.place;
        findings.push(match left.cause {
            Cause::NoPlace => Finding::error(
                "sales_without_place",
                "sales",
                format!("{money} name neither participant nor territory"),
            )
            .help("import the lines again with a territory or a participant"),
            Cause::UnknownParticipant => Finding::error(
                "sales_of_unknown_participant",
                format!("participant {place}"),
                format!("{money} belong to `{place}`, who is not in the roster"),
            )
            .help("import the participant, or correct the lines"),
            Cause::UnknownTerritory => Finding::error(
                "sales_in_unknown_territory",
                format!("territory {place}"),
                format!("{money} fell in `{place}`, which is unknown"),
            )
            .help("import the territory, or correct the lines"),
            Cause::Vacant => Finding::error(
                "unassigned_territory",
                format!("territory {place}"),
                format!("{money} fell in `{place}` while nobody held it"),
            )
            .help("assign the territory for these days, or let the setting give vacant territories to the district"),
            Cause::SharesShort => Finding::warning(
                "shares_below_one",
                format!("territory {place}"),
                format!("{money} in `{place}` are credited to nobody: the shares sum to less than 100 %"),
            )
            .help("raise the shares until they sum to 100 %"),
        });
    }
    for (slot, currency, lines) in &credit.foreign {
        let Some((plan, component)) = prepared.slot_of.get(*slot) else { continue };
        let code = prepared.input.plans.get(*plan).map_or("", |version| version.code.as_str());
        findings.push(
            Finding::error(
                "currency_mismatch",
                format!("plan {code}, component {component}"),
                format!("{lines} lines in `{currency}` do not count: the plan is in another currency"),
            )
            .help("import the lines in the currency of the plan, or exclude them in the measure"),
        );
    }
    for slot in &credit.without_lines {
        let Some((plan, component)) = prepared.slot_of.get(*slot) else { continue };
        let code = prepared.input.plans.get(*plan).map_or("", |version| version.code.as_str());
        findings.push(
            Finding::error(
                "lines_needed",
                format!("plan {code}, component {component}"),
                format!("`{component}` looks at each line, but not all lines were given"),
            )
            .help("give the single lines of what the component selects"),
        );
    }
}

/// Who sells but has no plan.
pub(super) fn without_plan(prepared: &Prepared<'_>, credit: &Outcome, findings: &mut Vec<Finding>) {
    let input = prepared.input;
    let days = input.period.days();
    // Who has any plan in the period is not without one, also where that plan is not paid now.
    let with: BTreeSet<&str> = input
        .assignments
        .iter()
        .filter(|assignment| assignment.validity.within(days).is_some())
        .map(|assignment| assignment.participant.as_str())
        .collect();
    let mut selling: BTreeMap<&str, u64> = BTreeMap::new();
    for row in credit.rows.iter().filter(|row| row.kind != CreditKind::Team) {
        let lines = selling.entry(row.participant.as_str()).or_default();
        *lines = lines.saturating_add(row.lines);
    }
    for (code, person) in &input.roster.people {
        if with.contains(code.as_str()) || person.vacant || person.employed(days).is_none() {
            continue;
        }
        let place = format!("participant {code}");
        findings.push(match selling.get(code.as_str()) {
            Some(lines) => {
                Finding::error("no_plan", place, format!("`{code}` is credited for {lines} lines but has no plan"))
                    .help("assign a plan for the period")
            }
            None => Finding::warning("no_plan", place, format!("`{code}` has no plan"))
                .help("assign a plan for the period, if one is due"),
        });
    }
}

/// Lowers what the house tolerates to warnings, puts errors first and counts what would be too long a list.
pub(super) fn settle(mut findings: Vec<Finding>, tolerated: &BTreeSet<String>) -> Vec<Finding> {
    for finding in &mut findings {
        if tolerated.contains(&finding.code) {
            finding.severity = Severity::Warning;
        }
    }
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (std::cmp::Reverse(f.severity), f.code.clone(), f.path.clone(), f.message.clone());
        key(a).cmp(&key(b))
    });
    findings.dedup();
    let mut listed: BTreeMap<(String, bool), usize> = BTreeMap::new();
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let count = listed.entry((finding.code.clone(), finding.is_error())).or_default();
        *count = count.saturating_add(1);
        if *count <= LISTED {
            kept.push(finding);
        }
    }
    for ((code, error), count) in listed {
        if count > LISTED {
            let more = count.saturating_sub(LISTED);
            let message = format!("{more} more findings `{code}` are not listed");
            let finding =
                if error { Finding::error(&code, "run", message) } else { Finding::warning(&code, "run", message) };
            let place = kept
                .iter()
                .rposition(|f| f.code == code && f.is_error() == error)
                .map_or(kept.len(), |at| at.saturating_add(1));
            kept.insert(place, finding.help("mend those that are listed and run again"));
        }
    }
    kept
}
