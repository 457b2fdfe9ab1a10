//! Sign-in, sessions, throttling and access tokens.

use serde_json::{Value, json};
use traguardo_domain::actor::Role;
use traguardo_store::Tx;
use traguardo_store::session::{self as users};
use traguardo_testkit::each_database;

use crate::kit::{Answer, App, Client, PASSWORD};

fn sign_in(app: &App, email: &str, password: &str) -> Answer {
    app.stranger().request("POST", "/session").json(&json!({ "email": email, "password": password })).send()
}

/// A new auditor who chose [`PASSWORD`] by a one-time link: address and id.
async fn with_password(app: &App) -> (String, uuid::Uuid) {
    let admin = app.client(Role::Admin).await;
    let email = format!("person{}@aurora.example", app.number());
    let body = json!({ "email": email, "name": "Giulia Bianchi", "roles": [{ "role": "auditor" }] });
    let id = admin.post("/users", &body).expect(201).json()["id"].as_str().unwrap().to_owned();
    let link = admin.request("POST", &format!("/users/{id}/one-time-links")).send().expect(201).json();
    let token = link["link"].as_str().unwrap().split_once("/activate#").unwrap().1.to_owned();
    redeem(app, &token, PASSWORD).expect(204);
    (email, id.parse().unwrap())
}

fn redeem(app: &App, token: &str, password: &str) -> Answer {
    app.stranger()
        .request("POST", "/one-time-links/redeem")
        .json(&json!({ "token": token, "password": password }))
        .send()
}

fn holding(app: &App, answer: &Answer) -> Client {
    Client { address: app.address, cookie: answer.cookie(), bearer: None }
}

each_database! {
    async fn from_the_link_to_sign_out(db) {
        let app = App::start(&db).await;
        let (email, id) = with_password(&app).await;
        let answer = sign_in(&app, &email.to_uppercase(), PASSWORD).expect(200);
        let cookie = answer.header("set-cookie").unwrap().to_owned();
        for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let me = holding(&app, &answer);
        let shown = me.get("/session").expect(200).json();
        assert_eq!((shown["email"].as_str(), shown["id"].as_str().unwrap()), (Some(email.as_str()), id.to_string().as_str()));
        assert!(shown["permissions"].as_array().unwrap().contains(&json!("audit.read")));
        assert!(!shown["permissions"].as_array().unwrap().contains(&json!("user.manage")));
        let ended = me.request("DELETE", "/session").send().expect(204);
        assert!(ended.header("clear-site-data").unwrap().contains("\"storage\""));
        assert_eq!(me.get("/session").code(), "unauthenticated");
    }

    async fn the_token_is_kept_only_as_a_hash(db) {
        let app = App::start(&db).await;
        let (email, id) = with_password(&app).await;
        let cookie = sign_in(&app, &email, PASSWORD).expect(200).cookie().unwrap();
        let token = cookie.split_once('=').unwrap().1.to_owned();
        assert_eq!(token.len(), 64);
        let user = app.db.read_tx(async |tx: &Tx| users::user(tx, id.into()).await).await.unwrap();
        assert!(user.password_hash.unwrap().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let found = app.db.read_tx(async |tx: &Tx| {
            let idle = tx.now() - chrono::TimeDelta::hours(1);
            traguardo_store::session::login::live(tx, &token, idle).await
        }).await.unwrap();
        assert_eq!(found, None, "the token itself finds nothing");
    }

    async fn unknown_and_wrong_look_the_same(db) {
        let app = App::start(&db).await;
        let (email, _) = with_password(&app).await;
        let strip = |answer: Answer| {
            let mut json = answer.json();
            json["instance"] = Value::Null;
            (answer.status, json)
        };
        let wrong = strip(sign_in(&app, &email, "not the password at all"));
        let unknown = strip(sign_in(&app, "nobody@aurora.example", PASSWORD));
        let nonsense = strip(sign_in(&app, "no address", PASSWORD));
        assert_eq!(wrong.0, 401);
        assert_eq!(wrong, unknown);
        assert_eq!(wrong, nonsense);
    }

    async fn throttling_by_account_ends_by_itself(db) {
        let app = App::start(&db).await;
        let (email, _) = with_password(&app).await;
        let (other, _) = with_password(&app).await;
        let codes: Vec<u16> = (0..10).map(|_| sign_in(&app, &email, "not the password at all").status).collect();
        assert_eq!(codes[..8], [401; 8]);
        assert_eq!(codes[8..], [429; 2]);
        let refused = sign_in(&app, &email, PASSWORD).expect(429);
        assert!(refused.header("retry-after").unwrap().parse::<i64>().unwrap() <= 30);
        sign_in(&app, &other, PASSWORD).expect(200);
        app.wait(31);
        sign_in(&app, &email, PASSWORD).expect(200);
        sign_in(&app, &email, "not the password at all").expect(401);
    }

    async fn throttling_by_address(db) {
        let app = App::start(&db).await;
        let codes: Vec<u16> = (0..52).map(|n| sign_in(&app, &format!("n{n}@aurora.example"), PASSWORD).status).collect();
        assert_eq!(codes[..50], [401; 50]);
        assert_eq!(codes[50..], [429; 2]);
        app.wait(601);
        sign_in(&app, "n99@aurora.example", PASSWORD).expect(401);
    }

    async fn idle_and_absolute_time(db) {
        let app = App::start(&db).await;
        let user = app.role(Role::Auditor).await;
        let idle = app.signed_in(user).await;
        app.wait(29 * 60);
        idle.get("/session").expect(200);
        app.wait(29 * 60);
        idle.get("/session").expect(200);
        app.wait(31 * 60);
        assert_eq!(idle.get("/session").code(), "unauthenticated");
        let busy = app.signed_in(user).await;
        for _ in 0..25 {
            busy.get("/session").expect(200);
            app.wait(29 * 60);
        }
        assert_eq!(busy.get("/session").code(), "unauthenticated", "after twelve hours");
    }

    async fn own_sessions_are_listed_and_ended(db) {
        let app = App::start(&db).await;
        let user = app.role(Role::Rep).await;
        let (first, second) = (app.signed_in(user).await, app.signed_in(user).await);
        let stranger = app.client(Role::Rep).await;
        let list = first.get("/sessions").expect(200).json();
        assert_eq!(list["total"], 2);
        let other = list["items"].as_array().unwrap().iter().find(|one| one["current"] == false).unwrap();
        let path = format!("/sessions/{}", other["id"].as_str().unwrap());
        assert_eq!(stranger.request("DELETE", &path).send().code(), "not_found");
        first.request("DELETE", &path).send().expect(204);
        second.get("/session").expect(401);
        first.get("/session").expect(200);
    }

    async fn the_password_again(db) {
        let app = App::start(&db).await;
        let (email, _) = with_password(&app).await;
        let signed = sign_in(&app, &email, PASSWORD).expect(200);
        let me = holding(&app, &signed);
        let confirm = |password: &str| me.request("POST", "/session/confirm").json(&json!({ "password": password })).send();
        assert_eq!(confirm("not the password at all").code(), "sign_in_failed");
        let fresh = holding(&app, &confirm(PASSWORD).expect(200));
        me.get("/session").expect(401);
        let change = |new: &str| fresh.request("PUT", "/session/password").json(&json!({ "current": PASSWORD, "password": new })).send();
        assert_eq!(change("too short").json()["errors"][0]["code"], "password_too_short");
        assert_eq!(change("passwordpassword").json()["errors"][0]["code"], "password_common");
        let elsewhere = holding(&app, &sign_in(&app, &email, PASSWORD));
        let changed = change("nine dry oaks and a heron").expect(204);
        elsewhere.get("/session").expect(401);
        fresh.get("/session").expect(401);
        holding(&app, &changed).get("/session").expect(200);
        sign_in(&app, &email, PASSWORD).expect(401);
        sign_in(&app, &email, "nine dry oaks and a heron").expect(200);
    }

    async fn an_act_that_needs_the_password_again(db) {
        let app = App::start(&db).await;
        let admin = app.client(Role::Admin).await;
        app.wait(16 * 60);
        let body = json!({ "email": "a@b.example", "name": "A" });
        assert_eq!(admin.post("/users", &body).code(), "step_up_required");
        admin.get("/users").expect(200);
    }

    async fn a_link_is_good_once_and_for_a_time(db) {
        let app = App::start(&db).await;
        let admin = app.client(Role::Admin).await;
        let user = app.role(Role::Rep).await;
        let make = || {
            let made = admin.request("POST", &format!("/users/{user}/one-time-links")).send().expect(201).json();
            made["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned()
        };
        let (first, second) = (make(), make());
        assert_eq!(redeem(&app, &first, PASSWORD).code(), "link_invalid", "a later link voids it");
        assert_eq!(redeem(&app, &second, "short").code(), "validation_failed");
        redeem(&app, &second, PASSWORD).expect(204);
        assert_eq!(redeem(&app, &second, PASSWORD).code(), "link_invalid");
        app.wait(14 * 60);
        let late = make();
        app.wait(24 * 3600);
        assert_eq!(redeem(&app, &late, PASSWORD).code(), "link_invalid");
    }

    async fn systems_get_tokens(db) {
        let app = App::start(&db).await;
        let admin = app.client(Role::Admin).await;
        let create = |scopes: Value| admin.request("POST", "/service-clients").json(&json!({ "name": format!("ERP {}", app.number()), "scopes": scopes })).send();
        assert_eq!(create(json!(["user.manage"])).json()["errors"][0]["code"], "scope");
        assert_eq!(create(json!([])).code(), "validation_failed");
        let made = create(json!(["organization.read", "period.read"])).expect(201).json();
        let (id, secret) = (made["client"]["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
        let ask = |secret: &str, scope: &str| {
            let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}&scope={scope}");
            app.stranger().request("POST", "/oauth/token").without("X-Requested-With").form(&form).send()
        };
        assert_eq!(ask("wrong", "").code(), "client_rejected");
        assert_eq!(ask(secret, "sales.read").json()["errors"][0]["code"], "invalid_scope");
        let token = ask(secret, "organization.read").expect(200).json();
        assert!(token["expires_in"].as_i64().unwrap() <= 900);
        let system = Client { address: app.address, cookie: None, bearer: token["access_token"].as_str().map(str::to_owned) };
        system.get("/participants").expect(200);
        assert_eq!(system.get("/periods").code(), "forbidden", "the token was not asked for it");
        assert_eq!(system.get("/users").code(), "forbidden");
        let basic = app.stranger().request("POST", "/oauth/token").header("Authorization", &format!("Basic {}", base64(&format!("{id}:{secret}"))));
        basic.form("grant_type=client_credentials").send().expect(200);
        let version = admin.get(&format!("/service-clients/{id}")).json()["version"].as_i64().unwrap();
        admin.request("POST", &format!("/service-clients/{id}/deactivate")).key().version(version).json(&json!({ "reason": "gone" })).send().expect(200);
        assert_eq!(system.get("/participants").code(), "unauthenticated");
        assert_eq!(ask(secret, "").code(), "client_rejected");
    }
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut coded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().enumerate().fold(0_u32, |bits, (n, byte)| bits | u32::from(*byte) << (16 - 8 * n));
        for n in 0..4 {
            let digit = if n > chunk.len() { '=' } else { char::from(DIGITS[(bits >> (18 - 6 * n) & 63) as usize]) };
            coded.push(digit);
        }
    }
    coded
}
