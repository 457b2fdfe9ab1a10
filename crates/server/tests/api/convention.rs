//! The conventions of the API: problems, limits, lists, versions, idempotency.

use serde_json::{Value, json};
use traguardo_domain::actor::Role;
use traguardo_testkit::each_database;

use crate::kit::App;

each_database! {
    async fn every_fault_is_a_problem(db) {
        let app = App::start(&db).await;
        let planner = app.client(Role::Planner).await;
        let deep = format!("{{\"code\":{}{}}}", "[".repeat(500), "]".repeat(500));
        let long = format!("{{\"code\":\"{}\"}}", "x".repeat(3 << 20));
        let post = |body: &str| planner.request("POST", "/units").key().raw("application/json", body.as_bytes());
        let rows = [
            (post(""), 400, "invalid_body"),
            (post("{"), 400, "invalid_body"),
            (post("[]"), 400, "invalid_body"),
            (post("null"), 400, "invalid_body"),
            (post("{} {}"), 400, "invalid_body"),
            (post(&deep), 400, "invalid_body"),
            (post(r#"{"code":"A","code":"B","name":"x","kind":"team"}"#), 400, "invalid_body"),
            (post(r#"{"code":"A","name":"x","kind":"team","version":7}"#), 400, "invalid_body"),
            (post(r#"{"code":7,"name":"x","kind":"team"}"#), 400, "invalid_body"),
            (post(&long), 413, "too_large"),
            (post(r#"{"code":" A","name":"","kind":"team"}"#), 422, "validation_failed"),
            (post("{}").header("Content-Type", "text/plain"), 415, "unsupported_media_type"),
            (post("{}").header("Content-Encoding", "gzip"), 415, "unsupported_media_type"),
            (post("{}").without("Content-Type"), 415, "unsupported_media_type"),
            (post("{}").without("Idempotency-Key"), 400, "idempotency_key_missing"),
            (post("{}").header("Idempotency-Key", "short"), 400, "invalid_header"),
            (post("{}").header("Accept", "text/html"), 406, "not_acceptable"),
            (planner.request("GET", "/units?colour=red"), 400, "invalid_query"),
            (planner.request("GET", "/units?limit=201"), 400, "invalid_query"),
            (planner.request("GET", "/units?limit=1000000000"), 400, "invalid_query"),
            (planner.request("GET", "/units?limit=-1"), 400, "invalid_query"),
            (planner.request("GET", "/units?cursor=zzz"), 400, "invalid_query"),
            (planner.request("GET", "/units?sort=password_hash"), 400, "invalid_query"),
            (planner.request("GET", "/units?sort=code;DROP TABLE units".replace(' ', "%20").as_str()), 400, "invalid_query"),
            (planner.request("GET", "/session?x=1"), 400, "invalid_query"),
            (planner.request("GET", "/units/not-an-id"), 404, "not_found"),
            (planner.request("GET", "/units/00000000-0000-7000-8000-000000000000"), 404, "not_found"),
            (planner.request("DELETE", "/absences/00000000-0000-7000-8000-000000000000"), 428, "precondition_required"),
            (planner.request("DELETE", "/absences/00000000-0000-7000-8000-000000000000").header("If-Match", "3"), 400, "invalid_header"),
            (planner.request("DELETE", "/absences/00000000-0000-7000-8000-000000000000").version(3).raw("application/json", b"{}"), 400, "invalid_body"),
        ];
        for (number, (request, status, code)) in rows.into_iter().enumerate() {
            let answer = request.send();
            assert_eq!((answer.status, answer.code().as_str()), (status, code), "row {number}: {}", answer.body);
            let problem = answer.json();
            for field in ["type", "title", "detail", "instance"] {
                assert!(!problem[field].as_str().unwrap().is_empty(), "row {number}: {problem}");
            }
            let text = answer.body.to_lowercase();
            for leak in ["sql", "select ", ".rs", env!("CARGO_MANIFEST_DIR"), "sqlite", "postgres", "panicked"] {
                assert!(!text.contains(leak), "row {number} tells `{leak}`: {text}");
            }
        }
    }

    async fn faults_name_their_places_all_at_once(db) {
        let app = App::start(&db).await;
        let planner = app.client(Role::Planner).await;
        let unknown = planner.post("/units", &json!({ "code": "A", "name": "x", "kind": "team", "colour": "red" })).json();
        assert_eq!(unknown["errors"][0]["code"], "unknown_field");
        let wrong = planner.post("/participants", &json!({
            "code": "R1", "name": "x", "hire_date": "2026-01-01",
            "place": { "valid_from": "2026-01-01", "position": "rep", "unit_id": uuid::Uuid::nil(), "fte": 1.0 },
        })).json();
        assert_eq!(wrong["errors"][0]["path"], "$.place.fte", "a decimal is a string");
        let many = planner.post("/participants", &json!({
            "code": " R1", "name": "", "hire_date": "2026-02-01", "leave_date": "2026-01-01",
            "place": { "valid_from": "2026-01-01", "position": "", "unit_id": uuid::Uuid::nil(), "fte": "1.5", "currency": "euro" },
        })).expect(422).json();
        let paths: Vec<&str> = many["errors"].as_array().unwrap().iter().map(|error| error["path"].as_str().unwrap()).collect();
        assert_eq!(paths, ["$.code", "$.name", "$.leave_date", "$.place.position", "$.place.currency", "$.place.fte"]);
    }

    async fn lists_go_on_where_they_ended(db) {
        let app = App::start(&db).await;
        let planner = app.client(Role::Planner).await;
        for n in 0..7 {
            planner.post("/units", &json!({ "code": format!("L{n}"), "name": "x", "kind": if n < 5 { "team" } else { "area" } })).expect(201);
        }
        let (mut codes, mut path) = (Vec::new(), "/units?limit=2&kind=team&sort=-code".to_owned());
        loop {
            let page = planner.get(&path).expect(200).json();
            assert_eq!(page["total"], 5);
            codes.extend(page["items"].as_array().unwrap().iter().map(|unit| unit["code"].as_str().unwrap().to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/units?limit=2&kind=team&sort=-code&cursor={cursor}");
        }
        assert_eq!(codes, ["L4", "L3", "L2", "L1", "L0"]);
    }

    async fn versions_guard_changes(db) {
        let app = App::start(&db).await;
        let planner = app.client(Role::Planner).await;
        let made = planner.post("/units", &json!({ "code": "V", "name": "one", "kind": "team" })).expect(201);
        assert_eq!(made.header("etag"), Some("\"1\""));
        let place = made.header("location").unwrap().to_owned();
        let change = |name: &str, version: i64| {
            let body = json!({ "code": "V", "name": name, "kind": "team" });
            planner.request("PUT", place.trim_start_matches("/api/v1")).version(version).json(&body).send()
        };
        assert_eq!(change("two", 1).expect(200).header("etag"), Some("\"2\""));
        assert_eq!(change("three", 1).code(), "stale_version");
        assert_eq!(planner.get(place.trim_start_matches("/api/v1")).json()["name"], "two");
    }

    async fn the_same_key_acts_once(db) {
        let app = App::start(&db).await;
        let planner = app.client(Role::Planner).await;
        let send = |key: &str, code: &str| {
            let body = json!({ "code": code, "name": "x", "kind": "team" });
            planner.request("POST", "/units").header("Idempotency-Key", key).json(&body).send()
        };
        let first = send("first-key", "K1").expect(201);
        let again = send("first-key", "K1").expect(201);
        assert_eq!(first.body, again.body);
        assert_eq!(first.header("location"), again.header("location"));
        assert_eq!(first.header("etag"), again.header("etag"));
        assert_eq!(send("first-key", "K2").code(), "key_reused");
        assert_eq!(send("second-key", "K1").code(), "already_exists");
        let refused = planner.request("POST", "/units").header("Idempotency-Key", "third-key").json(&json!({ "code": "", "name": "x", "kind": "t" })).send();
        refused.expect(422);
        send("third-key", "K3").expect(201);
        let other = app.client(Role::Planner).await;
        let theirs = other.request("POST", "/units").header("Idempotency-Key", "first-key").json(&json!({ "code": "K4", "name": "x", "kind": "team" }));
        theirs.send().expect(201);
    }

    async fn the_same_key_at_once_acts_once(db) {
        let app = App::start(&db).await;
        let planner = app.client(Role::Planner).await;
        let barrier = std::sync::Arc::new(std::sync::Barrier::new(20));
        let all: Vec<_> = (0..20).map(|_| {
            let (planner, barrier) = (planner.clone(), barrier.clone());
            std::thread::spawn(move || {
                let body = json!({ "code": "ONCE", "name": "x", "kind": "team" });
                let request = planner.request("POST", "/units").header("Idempotency-Key", "once-only").json(&body);
                barrier.wait();
                request.send()
            })
        }).collect();
        let answers: Vec<_> = tokio::task::spawn_blocking(move || all.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()).await.unwrap();
        let bodies: std::collections::BTreeSet<(u16, String)> = answers.into_iter().map(|answer| (answer.status, answer.body)).collect();
        assert_eq!(bodies.len(), 1, "{bodies:?}");
        assert_eq!(bodies.first().unwrap().0, 201);
    }

    async fn master_data_by_api(db) {
        let app = App::start(&db).await;
        let planner = app.client(Role::Planner).await;
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        let top = id(&planner.post("/units", &json!({ "code": "TOP", "name": "Top", "kind": "business_unit" })).expect(201).json());
        let team = planner.post("/units", &json!({ "code": "TEAM", "name": "Team", "kind": "team", "parent_id": top })).expect(201).json();
        let cycle = json!({ "code": "TOP", "name": "Top", "kind": "business_unit", "parent_id": id(&team) });
        planner.request("PUT", &format!("/units/{top}")).version(1).json(&cycle).send().expect(422);
        let place = json!({ "valid_from": "2026-01-01", "position": "rep", "unit_id": id(&team), "target_incentive": "3000.00" });
        let rep = planner.post("/participants", &json!({ "code": "R1", "name": "Giulia Bianchi", "hire_date": "2026-01-01", "place": place })).expect(201).json();
        let absence = planner.post(&format!("/participants/{}/absences", id(&rep)), &json!({ "first_day": "2026-02-01", "last_day": "2026-02-10", "kind": "leave" })).expect(201).json();
        planner.request("DELETE", &format!("/absences/{}", id(&absence))).version(1).send().expect(204);
        let territory = planner.post("/territories", &json!({ "code": "MI", "name": "Milano", "level": "territory", "valid_from": "2026-01-01" })).expect(201).json();
        let holds = json!({ "participant_id": id(&rep), "territory_id": id(&territory), "valid_from": "2026-01-01", "share": "0.5" });
        let held = planner.post("/territory-assignments", &holds).expect(201).json();
        assert_eq!(held["share"], "0.5");
        let end = planner.request("POST", &format!("/territory-assignments/{}/end", id(&held))).key().version(1);
        end.json(&json!({ "valid_to": "2026-07-01" })).send().expect(204);
        let category = planner.post("/categories", &json!({ "code": "CARDIO", "name": "Cardio", "unit_id": top })).expect(201).json();
        let terms = json!({ "valid_from": "2026-01-01", "category_id": id(&category), "list_price": "12.50" });
        let product = planner.post("/products", &json!({ "code": "P1", "name": "Pill", "terms": terms })).expect(201).json();
        assert_eq!(product["terms"][0]["list_price"], "12.5");
        let period = planner.post("/periods", &json!({ "code": "2026-Q1" })).expect(201).json();
        assert_eq!((period["first_day"].as_str(), period["last_day"].as_str()), (Some("2026-01-01"), Some("2026-03-31")));
        planner.post("/periods", &json!({ "code": "2026-Q5" })).expect(422);
    }

    async fn outside_ones_reach_there_is_nothing(db) {
        use traguardo_domain::actor::RoleGrant;
        let app = App::start(&db).await;
        let planner = app.client(Role::Planner).await;
        let (north, south) = (app.unit().await, app.unit().await);
        let make = |code: &str, unit: uuid::Uuid| {
            let place = json!({ "valid_from": "2026-01-01", "position": "rep", "unit_id": unit, "target_incentive": "3000.00" });
            let body = json!({ "code": code, "name": code, "hire_date": "2026-01-01", "place": place });
            planner.post("/participants", &body).expect(201).json()["id"].as_str().unwrap().to_owned()
        };
        let (mine, other) = (make("N1", north), make("S1", south));
        let head = app.user("north", &[RoleGrant { role: Role::UnitManager, unit: Some(north) }]).await;
        let head = app.signed_in(head).await;
        let rep = app.rep("rep-n1", mine.parse().unwrap()).await;
        for client in [&head, &rep] {
            client.get(&format!("/participants/{mine}")).expect(200);
            assert_eq!(client.get(&format!("/participants/{other}")).code(), "not_found");
            client.get(&format!("/participants/{other}/absences")).expect(404);
            let list = client.get("/participants").json();
            assert_eq!((list["total"].as_i64(), list["items"][0]["id"].as_str()), (Some(1), Some(mine.as_str())));
        }
        head.get(&format!("/units/{south}")).expect(404);
        assert_eq!(head.get("/units").json()["total"], 1);
        let admin = app.client(Role::Admin).await;
        assert_eq!(admin.get("/participants").json()["items"][0]["target_incentive"], Value::Null, "no pay for administrators");
        assert_eq!(rep.get("/participants").json()["items"][0]["target_incentive"], "3000");
    }
}
