//! Users, roles, substitutes, and the trail they leave.

use serde_json::{Value, json};
use traguardo_domain::actor::{Role, RoleGrant};
use traguardo_store::Tx;
use traguardo_store::audit;
use traguardo_testkit::each_database;

use crate::kit::{Answer, App, Client};

fn create(admin: &Client, number: u32, roles: Value) -> Answer {
    admin
        .post("/users", &json!({ "email": format!("u{number}@aurora.example"), "name": "Marco Rossi", "roles": roles }))
}

each_database! {
    async fn roles_that_exclude_each_other_are_refused(db) {
        let app = App::start(&db).await;
        let admin = app.client(Role::Admin).await;
        let unit = app.unit().await;
        let rows: &[(Value, &str)] = &[
            (json!([{ "role": "planner" }, { "role": "finance" }]), "duties_conflict"),
            (json!([{ "role": "planner" }, { "role": "bu_manager", "unit_id": unit }]), "duties_conflict"),
            (json!([{ "role": "admin" }, { "role": "finance" }]), "duties_conflict"),
            (json!([{ "role": "auditor" }, { "role": "planner" }]), "duties_conflict"),
            (json!([{ "role": "service" }]), "role_not_for_people"),
            (json!([{ "role": "king" }]), "unknown_role"),
            (json!([{ "role": "bu_manager" }]), "role_unit"),
            (json!([{ "role": "planner", "unit_id": unit }]), "role_unit"),
            (json!([{ "role": "planner" }, { "role": "planner" }]), "role_twice"),
            (json!([{ "role": "rep" }]), "participant_missing"),
        ];
        for (roles, code) in rows {
            let answer = create(&admin, app.number(), roles.clone()).expect(422).json();
            assert_eq!(answer["errors"][0]["code"], *code, "{roles}");
        }
        let version = |id: &str| admin.get(&format!("/users/{id}")).json()["version"].as_i64().unwrap();
        let made = create(&admin, app.number(), json!([{ "role": "planner" }])).expect(201).json();
        let id = made["id"].as_str().unwrap();
        let set = |roles: Value, version: i64| {
            let body = json!({ "roles": roles, "reason": "a new task" });
            admin.request("PUT", &format!("/users/{id}/roles")).version(version).json(&body).send()
        };
        assert_eq!(set(json!([{ "role": "planner" }, { "role": "finance" }]), version(id)).code(), "validation_failed");
        assert_eq!(set(json!([{ "role": "finance" }]), version(id)).expect(200).json()["roles"][0]["role"], "finance");
        assert_eq!(set(json!([{ "role": "planner" }]), 1).code(), "stale_version");
    }

    async fn nobody_changes_their_own_rights(db) {
        let app = App::start(&db).await;
        let user = app.role(Role::Admin).await;
        let admin = app.signed_in(user).await;
        let version = admin.get(&format!("/users/{user}")).json()["version"].as_i64().unwrap();
        let roles = json!({ "roles": [{ "role": "finance" }], "reason": "I would like to" });
        let answer = admin.request("PUT", &format!("/users/{user}/roles")).version(version).json(&roles).send();
        assert_eq!(answer.code(), "own_work");
        let away = admin.request("POST", &format!("/users/{user}/deactivate")).key().version(version).json(&json!({ "reason": "tired" })).send();
        assert_eq!(away.code(), "own_work");
        let participant = json!({ "name": "X", "locale": "it", "participant_id": uuid::Uuid::nil() });
        assert_eq!(admin.request("PUT", &format!("/users/{user}")).version(version).json(&participant).send().code(), "own_work");
    }

    async fn who_is_deactivated_is_out_at_once(db) {
        let app = App::start(&db).await;
        let admin = app.client(Role::Admin).await;
        let user = app.role(Role::Finance).await;
        let finance = app.signed_in(user).await;
        finance.get("/periods").expect(200);
        let version = admin.get(&format!("/users/{user}")).json()["version"].as_i64().unwrap();
        let path = format!("/users/{user}/deactivate");
        admin.request("POST", &path).key().version(version).json(&json!({ "reason": "  " })).send().expect(422);
        let done = admin.request("POST", &path).key().version(version).json(&json!({ "reason": "left" })).send().expect(200).json();
        assert_eq!(done["state"], "disabled");
        finance.get("/periods").expect(401);
        assert_eq!(admin.request("POST", &format!("/users/{user}/one-time-links")).send().code(), "illegal_transition");
        let again = admin.post("/users", &json!({ "email": done["email"], "name": "The next" })).expect(201).json();
        assert_ne!(again["id"], done["id"], "an id is never given to another");
    }

    async fn everything_leaves_a_trace(db) {
        let app = App::start(&db).await;
        let admin = app.client(Role::Admin).await;
        let made = create(&admin, app.number(), json!([{ "role": "planner" }])).expect(201);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let body = json!({ "roles": [{ "role": "sales_head" }], "reason": "promoted" });
        admin.request("PUT", &format!("/users/{id}/roles")).version(1).json(&body).send().expect(200);
        admin.request("PUT", &format!("/users/{id}/roles")).version(1).json(&body).send().expect(412);
        let auditor = app.client(Role::Auditor).await;
        let trail = auditor.get(&format!("/audit-events?object_id={id}")).expect(200).json();
        let actions: Vec<&str> = trail["items"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["user.set_roles", "user.create"], "what was refused is not there");
        let change = &trail["items"][0];
        assert_eq!(change["reason"], "promoted");
        assert_eq!(change["before"]["roles"][0]["role"], "planner");
        assert_eq!(change["after"]["roles"][0]["role"], "sales_head");
        let request = made.header("request-id").unwrap();
        let of_request = auditor.get(&format!("/audit-events?request_id={request}")).json();
        assert_eq!(of_request["total"], 1);
        let until = auditor.get("/audit-events?at_to=2000-01-01T00:00:00Z").json();
        assert_eq!(until["total"], 0);
        let head = auditor.get("/audit-events/head").json();
        let verified = app.db.read_tx(async |tx: &Tx| audit::verify(tx, 0, audit::GENESIS).await).await.unwrap();
        assert_eq!(verified, Ok(head["seq"].as_i64().unwrap()));
    }

    async fn a_substitute_acts_for_another(db) {
        let app = App::start(&db).await;
        let (unit, elsewhere) = (app.unit().await, app.unit().await);
        let head = app.user("head", &[RoleGrant { role: Role::BuManager, unit: Some(unit) }]).await;
        let substitute = app.user("substitute", &[RoleGrant { role: Role::BuManager, unit: Some(elsewhere) }]).await;
        let (head, me) = (app.signed_in(head).await, app.signed_in(substitute).await);
        let head_id = head.get("/session").json()["id"].as_str().unwrap().to_owned();
        let acting = || me.request("GET", &format!("/units/{unit}")).header("Traguardo-On-Behalf-Of", &head_id);
        assert_eq!(acting().send().code(), "forbidden", "not yet");
        let now = app.db.now();
        let body = json!({ "to_email": "substitute@aurora.example", "valid_from": now, "valid_to": now + chrono::TimeDelta::days(3), "reason": "holidays" });
        let made = head.post("/delegations", &body).expect(201).json();
        acting().send().expect(200);
        me.get(&format!("/units/{unit}")).expect(404);
        assert_eq!(me.get("/session").json()["may_represent"][0]["user_id"], head_id.as_str());
        let sessions = me.request("GET", "/sessions").header("Traguardo-On-Behalf-Of", &head_id).send();
        assert_eq!(sessions.code(), "invalid_header", "what is personal is not done for another");
        head.request("POST", &format!("/delegations/{}/revoke", made["id"].as_str().unwrap())).key().send().expect(200);
        acting().send().expect(403);
        let long = json!({ "to_email": "substitute@aurora.example", "valid_from": now, "valid_to": now + chrono::TimeDelta::days(91), "reason": "for ever" });
        assert_eq!(head.post("/delegations", &long).code(), "validation_failed");
        let self_made = json!({ "to_email": "head@aurora.example", "valid_from": now, "valid_to": now + chrono::TimeDelta::days(1), "reason": "me" });
        assert_eq!(head.post("/delegations", &self_made).code(), "validation_failed");
    }
}
