//! Passwords, addresses and throttling.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests")]

use traguardo_domain::actor::Role;
use traguardo_domain::session::*;

fn codes(password: &str) -> Vec<String> {
    let common = |text: &str| ["qwertyuiopasdfgh", "letmein", "iloveyou"].contains(&text);
    check_password(password, &["Giulia Bianchi", "giulia.bianchi@aurora.example"], common)
        .into_iter()
        .map(|finding| finding.code)
        .collect()
}

#[test]
fn passwords() {
    let rows: &[(&str, &str)] = &[
        ("", "password_too_short"),
        ("1234567", "password_too_short"),
        ("fourteen chars", "password_too_short"),
        ("seven wet ferns", ""),
        (" seven wet fern", ""),
        ("correct horse battery staple", ""),
        ("Quattro gatti sul tetto!", ""),
        ("perché così tardi", ""),
        ("aaaaaaaaaaaaaaaaaaa", "password_common"),
        ("abcdefghijklmnopqrst", "password_common"),
        ("123456789012345678", "password_common"),
        ("hunter2hunter2hunter2", "password_common"),
        ("passwordpassword", "password_common"),
        ("goose goose, goose!", "password_common"),
        ("Password123456789", "password_common"),
        ("Traguardo2026!!!", "password_common"),
        ("giuliabianchi1985", "password_common"),
        ("qwertyuiopasdfgh", "password_common"),
        ("letmein11111111111111", "password_common"),
        ("a zero \0 byte in the midst", "password_invalid"),
    ];
    for (password, code) in rows {
        let expected: Vec<String> = if code.is_empty() { vec![] } else { vec![(*code).to_owned()] };
        assert_eq!(codes(password), expected, "{password:?}");
    }
    assert!(codes("wet ferns and seven grey geese, all in one very long sentence of 80 characters.").is_empty());
    assert_eq!(codes(&"x1y2z3 ".repeat(40)), ["password_too_long"]);
}

#[test]
fn addresses() {
    assert_eq!(normalize_email("  Giulia.Bianchi@Aurora.Example ").unwrap(), "giulia.bianchi@aurora.example");
    for wrong in ["", "giulia", "@host", "a@", "a@b@c", "a b@c", "a@.c", "a@c.", "a@b..c", "a<b>@c", "a,b@c"] {
        assert!(normalize_email(wrong).is_err(), "{wrong}");
    }
    assert!(normalize_email(&format!("{}@x.it", "a".repeat(260))).is_err());
}

#[test]
fn throttling_grows_and_ends() {
    assert_eq!(throttle_seconds(7, 8, 0), None);
    assert_eq!(throttle_seconds(8, 8, 0), Some(30));
    assert_eq!(throttle_seconds(9, 8, 0), Some(60));
    assert_eq!(throttle_seconds(9, 8, 59), Some(1));
    assert_eq!(throttle_seconds(9, 8, 60), None);
    for failures in 8..200 {
        let wait = throttle_seconds(failures, 8, 0).unwrap();
        assert!(wait <= THROTTLE_WINDOW_SECONDS);
        assert_eq!(throttle_seconds(failures, 8, THROTTLE_WINDOW_SECONDS), None);
    }
}

#[test]
fn roles_for_people() {
    let codes = |roles: &[Role], unit, participant| -> Vec<String> {
        check_roles(roles, unit, participant).into_iter().map(|finding| finding.code).collect()
    };
    assert!(codes(&[], false, false).is_empty());
    assert!(codes(&[Role::Planner], false, false).is_empty());
    assert_eq!(codes(&[Role::BuManager], false, false), ["unit_missing"]);
    assert_eq!(codes(&[Role::Rep], false, false), ["participant_missing"]);
    assert_eq!(codes(&[Role::Service], false, false), ["role_not_for_people"]);
    assert_eq!(codes(&[Role::Admin, Role::Finance], false, false), ["duties_conflict"]);
    assert!(codes(&[Role::UnitManager, Role::Rep], true, true).is_empty());
}
