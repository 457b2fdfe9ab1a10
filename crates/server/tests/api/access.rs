//! The permission table, as the real server holds it.

use std::fmt::Write as _;

use serde_json::json;
use traguardo_contract::endpoint::{self, Info, Method, Permission};
use traguardo_domain::access;
use traguardo_domain::actor::{Role, RoleGrant, Word};
use traguardo_testkit::each_database;

use crate::kit::{Answer, App, Client};

/// A request that reaches the handler of `row` where the caller may, but does nothing: the id is nobody's.
fn probe(client: &Client, row: &Info) -> Answer {
    let path = row.path.replace("{id}", "00000000-0000-7000-8000-000000000000");
    let path =
        path.split('/').map(|part| if part.starts_with('{') { "none" } else { part }).collect::<Vec<_>>().join("/");
    let mut request = client.request(row.method.as_str(), &path);
    if row.keyed {
        request = request.key();
    }
    if row.versioned {
        request = request.version(1);
    }
    if row.has_body {
        request = request.raw(row.body_media[0], b"{}");
    }
    request.send()
}

/// What the answer says about the permission.
fn verdict(answer: &Answer) -> &'static str {
    match answer.status {
        401 => "401",
        403 => "403",
        500.. => "broken",
        _ => "may",
    }
}

async fn session_of(app: &App, role: Role) -> Client {
    let unit = if matches!(role, Role::BuManager | Role::UnitManager) { Some(app.unit().await) } else { None };
    let name = format!("{role}-{}", app.number());
    app.signed_in(app.user(&name, &[RoleGrant { role, unit }]).await).await
}

each_database! {
    async fn every_role_and_every_operation(db) {
        let app = App::start(&db).await;
        let people: Vec<Role> = Role::ALL.iter().copied().filter(|role| *role != Role::Service).collect();
        let mut page = String::from("operation");
        for name in std::iter::once("nobody".to_owned()).chain(people.iter().map(ToString::to_string)) {
            let _ = write!(page, " | {name}");
        }
        page.push('\n');
        for row in endpoint::all() {
            let _ = write!(page, "{}", row.operation_id);
            let anonymous = probe(&app.stranger(), row);
            let open = row.permission == Permission::Public;
            assert_eq!(anonymous.status == 401, !open, "{}: {} {}", row.operation_id, anonymous.status, anonymous.body);
            let _ = write!(page, " | {}", verdict(&anonymous));
            for role in &people {
                // A new session each time: some operations end it.
                let answer = probe(&session_of(&app, *role).await, row);
                let _ = write!(page, " | {}", verdict(&answer));
                let granted = match row.permission {
                    Permission::Public => true,
                    Permission::Needs(operation) => access::grants(operation).iter().any(|(granted, _)| granted == role),
                };
                assert_eq!(verdict(&answer) == "may", granted, "{} as {role}: {} {}", row.operation_id, answer.status, answer.body);
            }
            page.push('\n');
        }
        insta::assert_snapshot!("matrix", page);
    }

    async fn what_is_not_in_the_table_is_not_there(db) {
        let app = App::start(&db).await;
        let admin = app.client(Role::Admin).await;
        assert_eq!(admin.get("/everything").code(), "no_such_operation");
        assert_eq!(admin.get("//api/v2/users").code(), "no_such_operation");
        assert_eq!(admin.get("//api/").code(), "no_such_operation");
        let paths: std::collections::BTreeSet<&str> = endpoint::all().map(|row| row.path).collect();
        for path in paths {
            let methods: Vec<&str> = endpoint::all().filter(|row| row.path == path).map(|row| row.method.as_str()).collect();
            let filled = path.replace("{id}", "00000000-0000-7000-8000-000000000000");
            for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
                if methods.contains(&method) {
                    continue;
                }
                let answer = admin.request(method, &filled).send();
                assert_eq!(answer.code(), "method_not_allowed", "{method} {path}");
                let mut allowed: Vec<&str> = answer.header("allow").unwrap().split(", ").collect();
                let mut wanted = methods.clone();
                allowed.sort_unstable();
                wanted.sort_unstable();
                assert_eq!(allowed, wanted, "{path}");
            }
        }
    }

    async fn a_right_taken_bites_on_the_next_request(db) {
        let app = App::start(&db).await;
        let admin = app.client(Role::Admin).await;
        let user = app.role(Role::Auditor).await;
        let auditor = app.signed_in(user).await;
        auditor.get("/audit-events").expect(200);
        let version = admin.get(&format!("/users/{user}")).json()["version"].as_i64().unwrap();
        let body = json!({ "roles": [{ "role": "sales_head" }], "reason": "moves on" });
        admin.request("PUT", &format!("/users/{user}/roles")).version(version).json(&body).send().expect(200);
        auditor.get("/audit-events").expect(401);
        let again = app.signed_in(user).await;
        again.get("/audit-events").expect(403);
    }
}

/// Reads are never changes: no GET of the table is keyed, versioned or takes a body.
#[test]
fn the_table_is_sound() {
    let mut seen = std::collections::BTreeSet::new();
    for row in endpoint::all() {
        assert!(seen.insert((row.method, row.path)), "{} {} twice", row.method.as_str(), row.path);
        assert!(
            seen.len() == endpoint::all().take_while(|other| other.operation_id != row.operation_id).count() + 1,
            "{} twice",
            row.operation_id
        );
        if row.method == Method::Get {
            assert!(!row.keyed && !row.versioned && !row.has_body && !row.stepup, "{}", row.operation_id);
        }
        if row.keyed {
            assert_eq!(row.method, Method::Post, "{}", row.operation_id);
        }
        assert_eq!(row.status == 204, row.answer_media.is_empty(), "{}", row.operation_id);
    }
}
