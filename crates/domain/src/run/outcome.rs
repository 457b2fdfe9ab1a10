//! The last part of a run: inputs, evaluation, documents, sums, checks.

use std::collections::{BTreeMap, BTreeSet};

use super::documents::{self, Header};
use super::population::Ledgers;
use super::{
    ENGINE, Fraction, Group, MeasureExclusion, Prepared, ResultRow, RunOutcome, RunTotal, TEAM_EARNED, checks, sha256,
};
use crate::credit::{Outcome as CreditOutcome, Whose};
use crate::engine;
use crate::exact::Exact;
use crate::finding::Finding;
use crate::inputs::{Inputs, Participant};
use crate::plan::{CheckedPlan, Payout, Whose as ModifierOf};
use crate::result::ParticipantResult;
use crate::sales::exact_credit;
use crate::time::Days;
use crate::trace::Trace;

pub(super) fn finish(mut prepared: Prepared<'_>, credit: CreditOutcome, trace: Trace) -> RunOutcome {
    let mut findings = std::mem::take(&mut prepared.findings);
    checks::credit(&prepared, &credit, &mut findings);
    checks::without_plan(&prepared, &credit, &mut findings);

    let ledgers = Ledgers::new(prepared.input, team_goals(&prepared));
    let mut by_plan: BTreeMap<&str, Vec<(&Fraction<'_>, Participant)>> = BTreeMap::new();
    for fraction in &prepared.fractions {
        let participant = ledgers.participant(fraction, &credit.credited, &mut findings);
        by_plan.entry(fraction.plan).or_default().push((fraction, participant));
    }
    let mut groups = Vec::new();
    let mut results = Vec::new();
    while let Some((plan_id, mut members)) = next(&mut by_plan, &ledgers, &mut findings) {
        members.sort_by(|a, b| a.1.id.cmp(&b.1.id));
        let Some((first, _)) = members.first() else { continue };
        let header = ledgers.header(first);
        let plan = first.version.clone();
        if reads_team_earned(&plan.plan) {
            for (_, participant) in &mut members {
                team_earned(&ledgers, &plan.plan, &results, participant);
            }
        }
        keep_to_the_plan(&plan.plan, &mut members, &mut findings);
        let fractions: Vec<&Fraction<'_>> = members.iter().map(|(fraction, _)| *fraction).collect();
        let participants: Vec<Participant> = members.into_iter().map(|(_, participant)| participant).collect();
        let (participants, evaluated) = evaluate(&plan.plan, &header, participants, trace, &plan.code, &mut findings);
        let mut group_rows = rows(&fractions, &header, &participants, evaluated, &mut findings);
        results.append(&mut group_rows);
        groups.push(Group { plan_id: plan_id.to_owned(), plan, header, participants });
    }
    groups.sort_by(|a: &Group, b| a.plan_id.cmp(&b.plan_id));
    results.sort_by(|a: &ResultRow, b| {
        (&a.participant, a.days.first, &a.plan).cmp(&(&b.participant, b.days.first, &b.plan))
    });

    let measure_exclusions = measure_exclusions(&prepared, &credit);
    let hash = |pick: fn(&ResultRow) -> &str| {
        let lines: Vec<String> =
            results.iter().map(|row| format!("{} {} {}\n", row.participant, row.plan, pick(row))).collect();
        sha256(&lines.concat())
    };
    RunOutcome {
        period: prepared.input.period,
        engine: ENGINE,
        as_of_batch: prepared.input.as_of_batch,
        input_sha256: hash(|row| &row.input_sha256),
        result_sha256: hash(|row| &row.result_sha256),
        totals: totals(&results),
        results,
        groups,
        ledger: credit.ledger,
        credits: credit.rows,
        measure_exclusions,
        findings: checks::settle(findings, &prepared.input.settings.tolerated),
    }
}

type Members<'p, 'a> = Vec<(&'p Fraction<'a>, Participant)>;

/// Takes out the plan version to be evaluated next: one that needs nothing of what other plans earn, else one whose
/// teams are all done. Where heads look at each other's plans in a circle, the first is taken, and that is told.
fn next<'p, 'a>(
    waiting: &mut BTreeMap<&'a str, Members<'p, 'a>>,
    ledgers: &Ledgers<'_>,
    findings: &mut Vec<Finding>,
) -> Option<(&'a str, Members<'p, 'a>)> {
    let reads = |members: &Members<'_, '_>| members.first().is_some_and(|(f, _)| reads_team_earned(&f.version.plan));
    let undone: BTreeSet<&str> = waiting.values().flatten().map(|(fraction, _)| fraction.participant).collect();
    let ready = |members: &Members<'_, '_>| {
        !reads(members)
            || !members.iter().any(|(f, _)| ledgers.reports(f.participant).any(|code| undone.contains(code)))
    };
    let found = waiting.iter().find(|(_, members)| ready(members)).map(|(plan, _)| *plan);
    let plan = found.or_else(|| waiting.keys().next().copied())?;
    let members = waiting.remove(plan)?;
    if found.is_none() {
        let code = members.first().map_or("", |(fraction, _)| fraction.version.code.as_str());
        findings.push(
            Finding::error(
                "team_not_done",
                format!("plan {code}"),
                format!("`{code}` reads `{TEAM_EARNED}`, but members of the teams are on this plan, or on one that waits for it"),
            )
            .help("use the payout kind `override` inside one plan, or give each level of heads its own plan"),
        );
    }
    Some((plan, members))
}

fn reads_team_earned(plan: &CheckedPlan) -> bool {
    plan.plan().components.iter().any(|component| component.measure.of == TEAM_EARNED)
}

/// Gives a head what those who report to them earned on other plans, in the plan's currency.
fn team_earned(ledgers: &Ledgers<'_>, plan: &CheckedPlan, results: &[ResultRow], head: &mut Participant) {
    let team: BTreeSet<&str> = ledgers.reports(&head.id).collect();
    let mut earned = results
        .iter()
        .filter(|row| row.currency == plan.plan().currency && team.contains(row.participant.as_str()))
        .map(|row| &row.evaluated.earned.value)
        .peekable();
    if earned.peek().is_some() {
        head.measures.entry(TEAM_EARNED.to_owned()).or_default().actual = Some(earned.sum());
    }
}

/// The days over which goals of teams may be asked for, where any plan asks for them.
fn team_goals(prepared: &Prepared<'_>) -> Option<Days> {
    let any = prepared
        .fractions
        .iter()
        .any(|fraction| fraction.version.plan.plan().components.iter().any(|c| c.measure.credit == Whose::Team));
    any.then(|| prepared.input.period.year_to_date())
}

/// The engine knows those on the plan: managers and team members on other plans are taken out, and told where the plan
/// would have looked at them.
fn keep_to_the_plan(plan: &CheckedPlan, members: &mut [(&Fraction<'_>, Participant)], findings: &mut Vec<Finding>) {
    let here: BTreeSet<String> = members.iter().map(|(_, participant)| participant.id.clone()).collect();
    let overrides = plan.plan().components.iter().any(|c| matches!(c.payout, Payout::Override(_)));
    let superiors = plan.plan().modifiers.iter().any(|m| m.of == ModifierOf::Superior);
    for (_, participant) in members {
        let id = participant.id.clone();
        let place = || format!("participant {id}");
        let elsewhere: Vec<String> = participant.team.iter().filter(|code| !here.contains(*code)).cloned().collect();
        participant.team.retain(|code| here.contains(code));
        if overrides && !elsewhere.is_empty() {
            findings.push(
                Finding::error(
                    "team_on_another_plan",
                    place(),
                    format!(
                        "the plan of `{id}` pays a share of what the team earned, but `{}` are on other plans",
                        elsewhere.join("`, `")
                    ),
                )
                .help("assign the same plan version to manager and team, or let the component read `kpi:team_earned`"),
            );
        }
        if !overrides && !superiors {
            participant.team.clear();
        }
        let manager = participant.manager.take_if(|code| !here.contains(code));
        if let Some(manager) = manager.filter(|_| superiors) {
            findings.push(
                Finding::warning(
                    "superior_on_another_plan",
                    place(),
                    format!(
                        "the plan looks at a measure of `{manager}`, the superior of `{id}`, who is on another plan"
                    ),
                )
                .help("assign the same plan version to both"),
            );
        }
    }
}

/// Evaluates everybody on a plan. Whose inputs do not fit is told and left out, so that one fault does not hide the rest.
fn evaluate(
    plan: &CheckedPlan,
    header: &Inputs,
    mut participants: Vec<Participant>,
    trace: Trace,
    code: &str,
    findings: &mut Vec<Finding>,
) -> (Vec<Participant>, Vec<ParticipantResult>) {
    loop {
        let mut inputs = header.clone();
        inputs.participants = participants;
        let refused = match engine::evaluate(plan, &inputs, trace) {
            Ok(outcome) => return (inputs.participants, outcome.participants),
            Err(refused) => refused,
        };
        participants = inputs.participants;
        let mut out: BTreeSet<usize> = BTreeSet::new();
        for mut finding in refused {
            let place = finding.path.strip_prefix("$.participants[").and_then(|rest| rest.split_once(']'));
            let who = place.and_then(|(index, _)| index.parse::<usize>().ok());
            finding.path = match who.and_then(|index| participants.get(index)) {
                Some(participant) => format!("participant {}, plan {code}, {}", participant.id, finding.path),
                None => format!("plan {code}, {}", finding.path),
            };
            if finding.is_error() {
                out.extend(who);
            }
            findings.push(finding);
        }
        if out.is_empty() || out.len() >= participants.len() {
            return (Vec::new(), Vec::new());
        }
        let gone: BTreeSet<String> =
            out.iter().filter_map(|index| participants.get(*index)).map(|p| p.id.clone()).collect();
        participants.retain(|participant| !gone.contains(&participant.id));
        for participant in &mut participants {
            participant.team.retain(|code| !gone.contains(code));
            participant.manager.take_if(|code| gone.contains(code));
        }
    }
}

fn rows(
    fractions: &[&Fraction<'_>],
    header: &Inputs,
    participants: &[Participant],
    evaluated: Vec<ParticipantResult>,
    findings: &mut Vec<Finding>,
) -> Vec<ResultRow> {
    let mut rows = Vec::with_capacity(participants.len());
    let document = Header::new(header);
    for (participant, result) in participants.iter().zip(evaluated) {
        let Ok(place) = fractions.binary_search_by(|fraction| fraction.participant.cmp(&participant.id)) else {
            continue;
        };
        let Some(fraction) = fractions.get(place) else { continue };
        let documents = document
            .as_ref()
            .map_err(ToString::to_string)
            .and_then(|header| header.with(participant).map_err(|error| error.to_string()))
            .and_then(|input| {
                documents::result(&result).map(|result| (input, result)).map_err(|error| error.to_string())
            });
        match documents {
            Ok((input, text)) => rows.push(ResultRow {
                participant: participant.id.clone(),
                plan: fraction.plan.to_owned(),
                plan_code: fraction.version.code.clone(),
                unit: participant.unit.clone(),
                days: fraction.span,
                currency: fraction.version.plan.plan().currency.clone(),
                input_sha256: sha256(&input),
                input,
                result_sha256: sha256(&text),
                result: text,
                evaluated: result,
            }),
            Err(error) => findings.push(
                Finding::error(
                    "internal",
                    format!("participant {}", participant.id),
                    format!("the documents cannot be written: {error}"),
                )
                .help("this is a fault of the program: keep the inputs and report it"),
            ),
        }
    }
    rows
}

fn totals(results: &[ResultRow]) -> Vec<RunTotal> {
    let mut totals: BTreeMap<&str, (BTreeSet<&str>, Exact, Exact)> = BTreeMap::new();
    for row in results {
        let (people, earned, payment) = totals.entry(&row.currency).or_default();
        people.insert(&row.participant);
        *earned += &row.evaluated.earned.value;
        *payment += &row.evaluated.payment.value;
    }
    totals
        .into_iter()
        .map(|(currency, (people, earned, payment))| RunTotal {
            currency: currency.to_owned(),
            participants: people.len(),
            earned,
            payment,
        })
        .collect()
}

fn measure_exclusions(prepared: &Prepared<'_>, credit: &CreditOutcome) -> Vec<MeasureExclusion> {
    let mut sums: BTreeMap<(&str, &str, usize), (i128, u64)> = BTreeMap::new();
    for (slot, rule, sum, lines) in &credit.slot_excluded {
        let Some((plan, component)) = prepared.slot_of.get(*slot) else { continue };
        let (total, count) = sums.entry((plan, component, *rule)).or_default();
        *total = total.saturating_add(*sum);
        *count = count.saturating_add(*lines);
    }
    sums.into_iter()
        .filter_map(|((plan, component, rule), (sum, lines))| {
            let version = prepared.input.plans.get(plan)?;
            let found = version.plan.plan().components.iter().find(|c| c.id == component)?;
            Some(MeasureExclusion {
                plan: plan.to_owned(),
                component: component.to_owned(),
                reason: found.measure.exclude.get(rule)?.reason.clone(),
                value: exact_credit(sum),
                lines,
            })
        })
        .collect()
}
