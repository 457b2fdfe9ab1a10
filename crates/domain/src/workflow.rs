//! The workflows as tables: (state, action, guard, next). Nothing else in the program decides
//! what may follow what.

use std::fmt::Write as _;

use uuid::Uuid;

use crate::access::{self, Operation};
use crate::actor::{Actor, Role, Word, words};

mod machines;
pub use machines::*;

words! {
    /// What must hold, besides the permission, before an action is done.
    Guard {
        /// A reason is given.
        Reason = "reason",
        /// A comment is given.
        Comment = "comment",
        /// Another value is proposed.
        CounterValue = "counter_value",
        /// Signed: name, time, meaning and the hash of the document.
        Signature = "signature",
        /// It concerns the actor's own goal, plan or statement.
        IsOwn = "is_own",
        /// It does not concern the actor's own goal, plan or pay.
        NotOwn = "not_own",
        /// The actor did none of the earlier steps on it, alone or through a substitute.
        NotOwnWork = "not_own_work",
        /// Every example of the plan holds.
        ExamplesGreen = "examples_green",
        /// No check of the run blocks.
        ChecksPass = "checks_pass",
    }
}

words! {
    /// What an action brings about besides the next state.
    Effect {
        /// Nothing.
        None = "none",
        /// A new version begins as a draft; this one stays in force until the new one is accepted.
        NewVersion = "new_version",
        /// A new run of the same period begins; its differences are paid forward.
        NewRun = "new_run",
        /// Statements are issued.
        IssueStatements = "issue_statements",
    }
}

/// Whose approval a step needs. Several seats mean that the state changes with the last of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatRule {
    /// One person in this role.
    One(Role),
    /// One person in this role for each unit that the record touches.
    EachUnit(Role),
}

/// One seat to be filled by an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seat {
    /// The role that fills it.
    pub role: Role,
    /// The unit for which it is filled; `None` for the whole company.
    pub unit: Option<Uuid>,
}

/// One row of a workflow.
#[derive(Debug, Clone, Copy)]
pub struct Row<S: 'static, A: 'static> {
    /// The state in which the action is legal.
    pub from: S,
    /// The action.
    pub action: A,
    /// The permission it takes.
    pub operation: Operation,
    /// What must hold.
    pub guards: &'static [Guard],
    /// Whose approvals it takes; empty: the actor's alone.
    pub seats: &'static [SeatRule],
    /// The next state.
    pub to: S,
    /// What else it brings about.
    pub effect: Effect,
}

/// A workflow.
#[derive(Debug)]
pub struct Machine<S: 'static, A: 'static> {
    /// Name of the record.
    pub name: &'static str,
    /// The state in which a record begins.
    pub initial: S,
    /// The rows.
    pub rows: &'static [Row<S, A>],
}

/// An act that was done on the record before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The action, or `create`.
    pub action: String,
    /// Who did it.
    pub actor: Uuid,
    /// For whom, when a substitute did it.
    pub on_behalf_of: Option<Uuid>,
    /// The seat it filled, for approvals. Approvals of an earlier round are not passed in.
    pub seat: Option<Seat>,
}

/// What the table needs to know of the record and of the request.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// Who acts.
    pub actor: &'a Actor,
    /// What was done before.
    pub acts: &'a [Act],
    /// The participant whom the record concerns, if it concerns one.
    pub subject: Option<Uuid>,
    /// The units that the record touches, for approvals by unit.
    pub units: &'a [Uuid],
    /// The units in the actor's reach; `None` means all.
    pub reached_units: Option<&'a [Uuid]>,
    /// The guards on content that hold: reason, comment, counter value, signature, examples, checks.
    pub holds: &'a [Guard],
}

/// A legal step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<S> {
    /// The state after it; equal to the state before where approvals are still missing.
    pub to: S,
    /// Whether the last approval is there (always so where a single actor decides).
    pub complete: bool,
    /// The seat that this act fills, to be stored with it.
    pub seat: Option<Seat>,
    /// Seats still open after this act.
    pub missing: Vec<Seat>,
    /// What else to bring about, once complete.
    pub effect: Effect,
}

/// Why a step is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The action is not in the table for this state.
    #[error("`{action}` is not possible in state `{state}`; possible: {}", list(legal))]
    Illegal {
        /// The action that was asked for.
        action: &'static str,
        /// The state of the record.
        state: &'static str,
        /// What would be possible for this actor.
        legal: Vec<&'static str>,
    },
    /// The permission is missing.
    #[error("`{action}` needs the permission `{operation}`")]
    NotPermitted {
        /// The action that was asked for.
        action: &'static str,
        /// The permission it takes.
        operation: Operation,
    },
    /// A guard does not hold.
    #[error("`{action}` is refused: {}", guard_text(*guard))]
    Guarded {
        /// The action that was asked for.
        action: &'static str,
        /// The guard that does not hold.
        guard: Guard,
    },
    /// No open seat is the actor's to fill.
    #[error("`{action}` waits for the approval of {}", seats_text(missing))]
    NoSeat {
        /// The action that was asked for.
        action: &'static str,
        /// The seats that are open.
        missing: Vec<Seat>,
    },
}

fn list(words: &[&str]) -> String {
    if words.is_empty() {
        return "nothing".to_owned();
    }
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn seats_text(seats: &[Seat]) -> String {
    let names: Vec<String> = seats
        .iter()
        .map(|seat| match seat.unit {
            Some(unit) => format!("`{}` of unit `{unit}`", seat.role),
            None => format!("`{}`", seat.role),
        })
        .collect();
    names.join(", ")
}

/// What a guard asks for, in words.
pub fn guard_text(guard: Guard) -> &'static str {
    match guard {
        Guard::Reason => "give a `reason`",
        Guard::Comment => "give a `comment`",
        Guard::CounterValue => "give the value that you propose instead",
        Guard::Signature => "sign the document as it is now",
        Guard::IsOwn => "only the person whom it concerns may do this",
        Guard::NotOwn => "nobody decides on their own goal, plan or pay",
        Guard::NotOwnWork => "nobody approves their own work; somebody else must do this",
        Guard::ExamplesGreen => "every example of the plan must hold first",
        Guard::ChecksPass => "a check of the run blocks; mend what it names first",
    }
}

impl<S: Word, A: Word> Machine<S, A> {
    /// The row for `action` in `state`.
    pub fn row(&self, state: S, action: A) -> Option<&'static Row<S, A>> {
        self.rows.iter().find(|row| row.from == state && row.action == action)
    }

    /// What `case.actor` could do in `state`: permitted, and refused by no guard about who they
    /// are. Guards on content do not hide an action; they say what is missing when it is tried.
    pub fn allowed(&self, state: S, case: &Case<'_>) -> Vec<A> {
        let who = [Guard::IsOwn, Guard::NotOwn, Guard::NotOwnWork];
        self.rows
            .iter()
            .filter(|row| row.from == state)
            .filter(|row| access::permit(case.actor, row.operation).is_ok())
            .filter(|row| !row.guards.iter().any(|guard| who.contains(guard) && !holds(*guard, case)))
            .filter(|row| row.seats.is_empty() || seat_for(row, case).is_some())
            .map(|row| row.action)
            .collect()
    }

    /// What follows when `case.actor` does `action` in `state`, or why it is refused.
    pub fn step(&self, state: S, action: A, case: &Case<'_>) -> Result<Step<S>, Refusal> {
        let name = action.as_str();
        let Some(row) = self.row(state, action) else {
            let legal = self.allowed(state, case).into_iter().map(Word::as_str).collect();
            return Err(Refusal::Illegal { action: name, state: state.as_str(), legal });
        };
        if access::permit(case.actor, row.operation).is_err() {
            return Err(Refusal::NotPermitted { action: name, operation: row.operation });
        }
        if let Some(guard) = row.guards.iter().copied().find(|guard| !holds(*guard, case)) {
            return Err(Refusal::Guarded { action: name, guard });
        }
        if row.seats.is_empty() {
            return Ok(Step { to: row.to, complete: true, seat: None, missing: Vec::new(), effect: row.effect });
        }
        let open = open_seats(row, case);
        let Some(seat) = seat_for(row, case) else {
            return Err(Refusal::NoSeat { action: name, missing: open });
        };
        let missing: Vec<Seat> = open.into_iter().filter(|other| *other != seat).collect();
        let complete = missing.is_empty();
        Ok(Step {
            to: if complete { row.to } else { state },
            complete,
            seat: Some(seat),
            missing,
            effect: if complete { row.effect } else { Effect::None },
        })
    }
}

fn holds(guard: Guard, case: &Case<'_>) -> bool {
    let own = case.subject.is_some_and(|subject| case.actor.is_participant(subject));
    match guard {
        Guard::IsOwn => own,
        Guard::NotOwn => !own,
        Guard::NotOwnWork => !case.acts.iter().any(|act| {
            let mut doers = std::iter::once(act.actor).chain(act.on_behalf_of);
            doers.any(|doer| case.actor.is(doer))
        }),
        other => case.holds.contains(&other),
    }
}

/// The seats of `row` that no act of the case has filled.
fn open_seats<S: Word, A: Word>(row: &Row<S, A>, case: &Case<'_>) -> Vec<Seat> {
    let mut open = Vec::new();
    for rule in row.seats {
        match rule {
            SeatRule::One(role) => open.push(Seat { role: *role, unit: None }),
            SeatRule::EachUnit(role) => {
                open.extend(case.units.iter().map(|unit| Seat { role: *role, unit: Some(*unit) }));
            }
        }
    }
    open.retain(|seat| {
        let filled = |act: &Act| act.action == row.action.as_str() && act.seat == Some(*seat);
        !case.acts.iter().any(filled)
    });
    open
}

/// The first open seat that the actor may fill.
fn seat_for<S: Word, A: Word>(row: &Row<S, A>, case: &Case<'_>) -> Option<Seat> {
    open_seats(row, case).into_iter().find(|seat| {
        let reached = match (seat.unit, case.reached_units) {
            (Some(unit), Some(units)) => units.contains(&unit),
            _ => true,
        };
        case.actor.has(seat.role) && reached
    })
}

/// All workflows as a Markdown page.
pub fn render() -> String {
    let mut page = String::from(
        "# Workflows\n\nGenerated from `crates/domain/src/workflow.rs`; a test keeps it equal. \
         An action that is not in the row of its state is refused, and the answer says what would be possible.\n",
    );
    render_machine(&mut page, &GOAL);
    render_machine(&mut page, &PLAN);
    render_machine(&mut page, &ASSIGNMENT);
    render_machine(&mut page, &RUN);
    render_machine(&mut page, &ADJUSTMENT);
    render_machine(&mut page, &DISPUTE);
    render_machine(&mut page, &PAYMENT);
    page.push_str("\n## Guards\n\n| guard | asks |\n|---|---|\n");
    for guard in Guard::ALL {
        let _ = writeln!(page, "| `{guard}` | {} |", guard_text(*guard));
    }
    page
}

fn render_machine<S: Word, A: Word>(page: &mut String, machine: &Machine<S, A>) {
    let _ = writeln!(page, "\n## {}\n\nBegins as `{}`.\n", machine.name, machine.initial.as_str());
    page.push_str("| state | action | by | guards | approvals | next | effect |\n|---|---|---|---|---|---|---|\n");
    for row in machine.rows {
        let by: Vec<&str> = access::grants(row.operation).iter().map(|(role, _)| role.as_str()).collect();
        let guards: Vec<&str> = row.guards.iter().map(|guard| guard.as_str()).collect();
        let seats: Vec<String> = row
            .seats
            .iter()
            .map(|seat| match seat {
                SeatRule::One(role) => role.to_string(),
                SeatRule::EachUnit(role) => format!("{role} of each unit"),
            })
            .collect();
        let effect = if row.effect == Effect::None { "" } else { row.effect.as_str() };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {effect} |",
            row.from.as_str(),
            row.action.as_str(),
            by.join(", "),
            guards.join(", "),
            seats.join(" + "),
            row.to.as_str(),
        );
    }
}
