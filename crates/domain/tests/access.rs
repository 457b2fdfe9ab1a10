//! The permission table and the duties: complete, and as the documents say.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;

use traguardo_domain::access::{self, Denial, Operation, PERMISSIONS, Reach, Scope, permit};
use traguardo_domain::actor::{Actor, ActorKind, Principal, Role, RoleGrant, Word};
use uuid::Uuid;

/// Keeps a generated page equal to the code; `TRAGUARDO_BLESS=1` writes it.
fn lock(name: &str, page: &str) {
    let path = format!("{}/../../docs/generated/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("TRAGUARDO_BLESS").is_some() {
        std::fs::write(&path, page).expect("the page can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        kept, page,
        "docs/generated/{name} is stale: run the test with TRAGUARDO_BLESS=1 and review the difference"
    );
}

fn actor(roles: &[Role], unit: Option<u128>, participant: Option<u128>) -> Actor {
    Actor {
        id: Uuid::from_u128(1),
        kind: ActorKind::Person,
        name: "Somebody".to_owned(),
        roles: roles.iter().map(|role| RoleGrant { role: *role, unit: unit.map(Uuid::from_u128) }).collect(),
        participant: participant.map(Uuid::from_u128),
        on_behalf_of: None,
        scopes: None,
    }
}

#[test]
fn pages_are_current() {
    lock("permissions.md", &access::render());
    lock("workflow.md", &traguardo_domain::workflow::render());
}

#[test]
fn every_operation_has_one_row_and_somebody() {
    let listed: Vec<Operation> = PERMISSIONS.iter().map(|(operation, _)| *operation).collect();
    let set: BTreeSet<Operation> = listed.iter().copied().collect();
    assert_eq!(listed.len(), set.len(), "an operation is listed twice");
    assert_eq!(set, Operation::ALL.iter().copied().collect());
    for (operation, grants) in PERMISSIONS {
        assert!(!grants.is_empty(), "{operation} is granted to nobody");
        let roles: BTreeSet<Role> = grants.iter().map(|(role, _)| *role).collect();
        assert_eq!(roles.len(), grants.len(), "{operation} grants a role twice");
    }
}

#[test]
fn spelling_is_unique_and_reads_back() {
    for operation in Operation::ALL {
        assert_eq!(Operation::parse(operation.as_str()), Some(*operation));
        let json = serde_json::to_value(operation).unwrap();
        assert_eq!(json, operation.as_str());
    }
    assert_eq!(Operation::parse("everything"), None);
}

#[test]
fn auditor_and_sales_head_change_nothing_and_admin_approves_nothing() {
    let reads = |operation: &Operation| {
        let name = operation.as_str();
        name.ends_with(".read") || name.ends_with(".own") || name.ends_with(".use") || name == "evidence.take"
    };
    for (operation, grants) in PERMISSIONS {
        for (role, _) in *grants {
            if *role == Role::SalesHead || (*role == Role::Auditor && *operation != Operation::JobControl) {
                assert!(reads(operation), "{role} may {operation}");
            }
            if *role == Role::Admin {
                let business = operation.as_str().ends_with(".approve") || operation.as_str().ends_with(".validate");
                assert!(!business, "admin may {operation}");
            }
        }
    }
}

#[test]
fn no_role_means_no_operation() {
    for operation in Operation::ALL {
        assert_eq!(permit(&actor(&[], Some(2), Some(3)), *operation), Err(Denial::Role));
    }
}

#[test]
fn permission_equals_the_table_for_every_role() {
    for role in Role::ALL {
        let who = actor(&[*role], Some(2), Some(3));
        for operation in Operation::ALL {
            let row = access::grants(*operation).iter().find(|(granted, _)| granted == role);
            let scope = permit(&who, *operation);
            match row.map(|(_, reach)| *reach) {
                None => assert_eq!(scope, Err(Denial::Role)),
                Some(Reach::All) => assert_eq!(scope, Ok(Scope::All)),
                Some(Reach::Unit) => assert_eq!(
                    scope,
                    Ok(Scope::Within { units: vec![Uuid::from_u128(2)], participant: None, user: None })
                ),
                Some(Reach::Own) => assert_eq!(
                    scope,
                    Ok(Scope::Within {
                        units: vec![],
                        participant: Some(Uuid::from_u128(3)),
                        user: Some(Uuid::from_u128(1))
                    })
                ),
            }
        }
    }
}

#[test]
fn a_manager_without_unit_reaches_nothing() {
    assert_eq!(permit(&actor(&[Role::UnitManager], None, None), Operation::GoalRead), Err(Denial::NoPlace));
}

#[test]
fn scopes_only_narrow() {
    let mut client = actor(&[Role::Service], None, None);
    client.scopes = Some(vec!["sales.import".to_owned(), "user.manage".to_owned()]);
    assert_eq!(permit(&client, Operation::SalesImport), Ok(Scope::All));
    assert_eq!(permit(&client, Operation::StatementRead), Err(Denial::ScopeMissing));
    assert_eq!(permit(&client, Operation::UserManage), Err(Denial::Role));
}

#[test]
fn a_substitute_reaches_what_the_person_represented_reaches() {
    let mut substitute = actor(&[Role::Rep], None, Some(3));
    substitute.on_behalf_of = Some(Principal { id: Uuid::from_u128(9), participant: Some(Uuid::from_u128(8)) });
    let scope = permit(&substitute, Operation::StatementRead).unwrap();
    let expected =
        Scope::Within { units: vec![], participant: Some(Uuid::from_u128(8)), user: Some(Uuid::from_u128(9)) };
    assert_eq!(scope, expected);
    assert!(substitute.is_participant(Uuid::from_u128(3)), "their own pay stays their own");
    assert!(substitute.is_participant(Uuid::from_u128(8)));
}

#[test]
fn duties_that_exclude_each_other() {
    let refused = |a, b| !access::role_conflicts(&[a, b]).is_empty();
    assert!(refused(Role::Planner, Role::BuManager));
    assert!(refused(Role::Planner, Role::Finance));
    assert!(refused(Role::Admin, Role::Finance));
    assert!(refused(Role::Auditor, Role::Planner));
    assert!(refused(Role::Service, Role::Rep));
    assert!(!refused(Role::UnitManager, Role::Rep));
    assert!(!refused(Role::Rep, Role::Finance));
    for a in Role::ALL {
        assert!(!refused(*a, *a));
        for b in Role::ALL {
            assert_eq!(refused(*a, *b), refused(*b, *a));
        }
    }
}
