//! Every workflow, over every (state, action) and every role.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use traguardo_domain::access;
use traguardo_domain::actor::{Actor, ActorKind, Principal, Role, RoleGrant, Word};
use traguardo_domain::workflow::*;
use uuid::Uuid;

const ALL_HOLD: &[Guard] =
    &[Guard::Reason, Guard::Comment, Guard::CounterValue, Guard::Signature, Guard::ExamplesGreen, Guard::ChecksPass];

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn actor(n: u128, roles: &[Role]) -> Actor {
    Actor {
        id: id(n),
        kind: ActorKind::Person,
        name: format!("user {n}"),
        roles: roles.iter().map(|role| RoleGrant { role: *role, unit: Some(id(100)) }).collect(),
        participant: Some(id(1000 + n)),
        on_behalf_of: None,
        scopes: None,
    }
}

fn case<'a>(actor: &'a Actor, acts: &'a [Act]) -> Case<'a> {
    Case { actor, acts, subject: None, units: &[], reached_units: None, holds: ALL_HOLD }
}

fn act(action: &str, actor: u128, seat: Option<Seat>) -> Act {
    Act { action: action.to_owned(), actor: id(actor), on_behalf_of: None, seat }
}

/// What must be true of every machine.
fn sound<S: Word + Ord, A: Word>(machine: &Machine<S, A>) {
    let mut seen: Vec<(S, A)> = Vec::new();
    let mut reached = BTreeSet::from([machine.initial]);
    for _ in S::ALL {
        for row in machine.rows {
            if reached.contains(&row.from) {
                reached.insert(row.to);
            }
        }
    }
    assert_eq!(reached, S::ALL.iter().copied().collect(), "{}: a state is out of reach", machine.name);
    for row in machine.rows {
        assert!(!seen.contains(&(row.from, row.action)), "{}: two rows for one action", machine.name);
        seen.push((row.from, row.action));
    }
    for action in A::ALL {
        assert!(machine.rows.iter().any(|row| row.action == *action), "{}: {action:?} is never legal", machine.name);
    }
    for state in S::ALL {
        for action in A::ALL {
            for role in Role::ALL {
                one(machine, *state, *action, *role);
            }
        }
    }
}

/// One cell: legal exactly if the table has the row, the role the permission, and the guards hold.
fn one<S: Word + Ord, A: Word>(machine: &Machine<S, A>, state: S, action: A, role: Role) {
    let who = actor(1, &[role]);
    let foreign = case(&who, &[]);
    let own = Case { subject: who.participant, ..foreign };
    let Some(row) = machine.row(state, action) else {
        match machine.step(state, action, &foreign) {
            Err(Refusal::Illegal { legal, .. }) => {
                let allowed: Vec<&str> = machine.allowed(state, &foreign).into_iter().map(Word::as_str).collect();
                assert_eq!(legal, allowed);
            }
            other => panic!("{}: {other:?} for a row that is not there", machine.name),
        }
        return;
    };
    let granted = access::grants(row.operation).iter().any(|(granted, _)| *granted == role);
    let needs_own = row.guards.contains(&Guard::IsOwn);
    let right = if needs_own { own } else { foreign };
    match machine.step(state, action, &right) {
        Ok(step) => {
            assert!(granted);
            assert!(machine.allowed(state, &right).contains(&action));
            assert_eq!(step.to, if step.complete { row.to } else { state });
            for guard in row.guards.iter().filter(|guard| ALL_HOLD.contains(guard)) {
                let without: Vec<Guard> = ALL_HOLD.iter().copied().filter(|held| held != guard).collect();
                let refused = machine.step(state, action, &Case { holds: &without, ..right });
                assert_eq!(refused, Err(Refusal::Guarded { action: action.as_str(), guard: *guard }));
            }
        }
        Err(Refusal::NotPermitted { .. }) => assert!(!granted),
        Err(Refusal::NoSeat { .. }) => assert!(granted && !row.seats.is_empty()),
        Err(other) => panic!("{}: {other:?}", machine.name),
    }
    if granted && needs_own {
        let refused = machine.step(state, action, &foreign);
        assert_eq!(refused, Err(Refusal::Guarded { action: action.as_str(), guard: Guard::IsOwn }));
    }
    if granted && row.guards.contains(&Guard::NotOwn) {
        let refused = machine.step(state, action, &own);
        assert_eq!(refused, Err(Refusal::Guarded { action: action.as_str(), guard: Guard::NotOwn }));
    }
    if granted && row.guards.contains(&Guard::NotOwnWork) {
        let refused = machine.step(state, action, &case(&who, &[act("create", 1, None)]));
        assert_eq!(refused, Err(Refusal::Guarded { action: action.as_str(), guard: Guard::NotOwnWork }));
    }
}

#[test]
fn every_cell_of_every_machine() {
    sound(&GOAL);
    sound(&PLAN);
    sound(&ASSIGNMENT);
    sound(&RUN);
    sound(&ADJUSTMENT);
    sound(&DISPUTE);
    sound(&PAYMENT);
}

#[test]
fn every_approval_is_guarded_against_ones_own_work() {
    let approvals = |rows: &mut dyn Iterator<Item = (&'static str, &'static [Guard])>| {
        for (action, guards) in rows.filter(|(action, _)| ["approve", "validate"].contains(action)) {
            assert!(guards.contains(&Guard::NotOwnWork), "{action}");
        }
    };
    approvals(&mut GOAL.rows.iter().map(|row| (row.action.as_str(), row.guards)));
    approvals(&mut PLAN.rows.iter().map(|row| (row.action.as_str(), row.guards)));
    approvals(&mut ASSIGNMENT.rows.iter().map(|row| (row.action.as_str(), row.guards)));
    approvals(&mut RUN.rows.iter().map(|row| (row.action.as_str(), row.guards)));
    approvals(&mut ADJUSTMENT.rows.iter().map(|row| (row.action.as_str(), row.guards)));
    approvals(&mut PAYMENT.rows.iter().map(|row| (row.action.as_str(), row.guards)));
}

#[test]
fn a_plan_needs_both_approvals_by_two_people() {
    let head = actor(2, &[Role::BuManager]);
    let finance = actor(3, &[Role::Finance]);
    let mut acts = vec![act("create", 1, None), act("submit", 1, None)];
    let first = PLAN.step(PlanState::Submitted, PlanAction::Approve, &case(&head, &acts)).unwrap();
    assert_eq!((first.to, first.complete), (PlanState::Submitted, false));
    assert_eq!(first.missing, [Seat { role: Role::Finance, unit: None }]);
    acts.push(act("approve", 2, first.seat));
    let again = PLAN.step(PlanState::Submitted, PlanAction::Approve, &case(&head, &acts));
    assert!(matches!(again, Err(Refusal::Guarded { guard: Guard::NotOwnWork, .. })));
    let last = PLAN.step(PlanState::Submitted, PlanAction::Approve, &case(&finance, &acts)).unwrap();
    assert_eq!((last.to, last.complete), (PlanState::Approved, true));
}

#[test]
fn one_person_in_both_roles_fills_one_seat_only() {
    let both = actor(2, &[Role::BuManager, Role::Finance]);
    let mut acts = vec![act("create", 1, None)];
    let first = PLAN.step(PlanState::Submitted, PlanAction::Approve, &case(&both, &acts)).unwrap();
    assert!(!first.complete);
    acts.push(act("approve", 2, first.seat));
    assert!(PLAN.step(PlanState::Submitted, PlanAction::Approve, &case(&both, &acts)).is_err());
}

#[test]
fn a_run_waits_for_the_head_of_each_unit() {
    let units = [id(10), id(20)];
    let north = actor(2, &[Role::BuManager]);
    let acts = [];
    let reached = [id(10)];
    let base = Case { units: &units, reached_units: Some(&reached), ..case(&north, &acts) };
    let step = RUN.step(RunState::Submitted, RunAction::Approve, &base).unwrap();
    assert_eq!(step.seat, Some(Seat { role: Role::BuManager, unit: Some(id(10)) }));
    assert_eq!(step.missing.len(), 2);
    let elsewhere = [id(30)];
    let refused = RUN.step(RunState::Submitted, RunAction::Approve, &Case { reached_units: Some(&elsewhere), ..base });
    assert!(matches!(refused, Err(Refusal::NoSeat { .. })), "{refused:?}");
}

#[test]
fn a_substitute_brings_both_identities() {
    let mut substitute = actor(5, &[Role::Finance]);
    substitute.on_behalf_of = Some(Principal { id: id(6), participant: Some(id(1006)) });
    for author in [5, 6] {
        let acts = [act("create", author, None)];
        let refused = PAYMENT.step(PaymentState::Draft, PaymentAction::Approve, &case(&substitute, &acts));
        assert!(matches!(refused, Err(Refusal::Guarded { guard: Guard::NotOwnWork, .. })), "{author}");
    }
    let through_another = Act { on_behalf_of: Some(id(5)), ..act("create", 7, None) };
    let acts = [through_another];
    assert!(PAYMENT.step(PaymentState::Draft, PaymentAction::Approve, &case(&substitute, &acts)).is_err());
    let acts = [act("create", 7, None)];
    assert!(PAYMENT.step(PaymentState::Draft, PaymentAction::Approve, &case(&substitute, &acts)).is_ok());
}

proptest! {
    /// Whatever is tried in whatever order by whomever, a goal only ever moves along the table,
    /// and nobody's goal is validated by the one who proposed it or by its owner.
    #[test]
    fn random_walks_stay_on_the_table(
        tries in proptest::collection::vec((0usize..7, 1u128..5, 0usize..9), 1..60),
    ) {
        let subject = Some(id(1004));
        let (mut state, mut acts) = (GOAL.initial, vec![act("create", 1, None)]);
        for (action, who, role) in tries {
            let (action, who) = (GoalAction::ALL[action], actor(who, &[Role::ALL[role]]));
            let tried = Case { subject, ..case(&who, &acts) };
            let Ok(step) = GOAL.step(state, action, &tried) else { continue };
            let row = GOAL.row(state, action).expect("a step has a row");
            prop_assert_eq!(step.to, row.to);
            if action == GoalAction::Validate {
                prop_assert!(acts.iter().all(|done| done.actor != who.id));
                prop_assert!(who.participant != subject);
            }
            acts.push(act(action.as_str(), who.id.as_u128(), None));
            state = step.to;
        }
    }
}
