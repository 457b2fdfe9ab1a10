//! What keeps browsers safe: headers on every answer, the cookie, and requests of other origins.

use serde_json::json;
use traguardo_domain::actor::Role;
use traguardo_testkit::each_database;

use crate::kit::{App, exchange};

each_database! {
    async fn every_answer_carries_the_headers(db) {
        let app = App::start(&db).await;
        let admin = app.client(Role::Admin).await;
        let answers = [
            admin.get("/users"),
            admin.get("//healthz"),
            admin.get("//readyz"),
            admin.get("//metrics"),
            admin.get("//docs"),
            admin.get("//docs/docs.js"),
            admin.get("//docs/problems"),
            admin.get("//api/openapi.json"),
            admin.get("//"),
            admin.get("//anywhere/in/the/app"),
            admin.get("//no/such/file.js"),
            admin.get("/nothing"),
            admin.get("/users?limit=0"),
            app.stranger().get("/users"),
            app.client(Role::Rep).await.get("/users"),
            admin.request("PATCH", "/users").send(),
            admin.request("GET", "/users").header("Accept", "image/png").send(),
            admin.request("POST", "/users").json(&json!({})).send(),
        ];
        let statuses: std::collections::BTreeSet<u16> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses.into_iter().collect::<Vec<_>>(), [200, 400, 401, 403, 404, 405, 406]);
        for answer in &answers {
            for (name, value) in [
                ("strict-transport-security", "max-age=63072000; includeSubDomains"),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
            ] {
                assert_eq!(answer.header(name), Some(value), "{name} of {answer:?}");
            }
            let policy = answer.header("content-security-policy").unwrap();
            assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
            assert!(answer.header("permissions-policy").is_some());
            assert_eq!(answer.header("request-id").unwrap().len(), 36);
            assert!(answer.header("access-control-allow-origin").is_none());
        }
        assert_eq!(admin.get("/users").header("cache-control"), Some("no-store"));
        assert!(admin.get("//docs").header("content-security-policy").unwrap().contains("script-src 'self'"));
    }

    async fn a_page_of_another_origin_changes_nothing(db) {
        let app = App::start(&db).await;
        let admin = app.client(Role::Admin).await;
        let body = json!({ "code": "2026-Q1" });
        let planner = app.client(Role::Planner).await;
        let post = || planner.request("POST", "/periods").key().json(&body);
        let own = format!("http://{}", app.address);
        let rows: &[(&str, Option<&str>, Option<&str>)] = &[
            ("no header", None, None),
            ("null", Some("null"), None),
            ("another", Some("https://evil.example"), None),
            ("a suffix", Some("http://127.0.0.1.evil.example"), None),
            ("a prefix", Some("http://127.0.0.1:1"), None),
            ("another scheme", Some("https://127.0.0.1"), None),
            ("cross-site", None, Some("cross-site")),
            ("same-site", None, Some("same-site")),
        ];
        for (what, origin, site) in rows {
            let mut request = post();
            if *what == "no header" {
                request = request.without("X-Requested-With");
            }
            if let Some(origin) = origin {
                request = request.header("Origin", origin);
            }
            if let Some(site) = site {
                request = request.header("Sec-Fetch-Site", site);
            }
            assert_eq!(request.send().code(), "cross_site", "{what}");
        }
        post().header("Origin", &own).header("Sec-Fetch-Site", "same-origin").send().expect(201);
        let stranger = app.stranger().request("POST", "/session").without("X-Requested-With").json(&json!({ "email": "a@b.c", "password": "x" })).send();
        assert_eq!(stranger.code(), "cross_site");
        for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            assert_eq!(admin.request("POST", "/users").key().raw(media, b"{}").send().code(), "unsupported_media_type", "{media}");
        }
    }

    async fn the_cookie_is_strict_behind_https(db) {
        let folder = std::env::temp_dir().join(format!("traguardo-secret-{}-{:?}", std::process::id(), std::thread::current().id()));
        std::fs::write(&folder, "q8Xv0bYk3mZr7tLw9sJd2fHg5nPc1aQe").unwrap();
        std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let path = folder.display().to_string();
        let app = App::start_with(&db, &[
            ("TRAGUARDO_PROFILE", "production"),
            ("TRAGUARDO_ORIGIN", "https://traguardo.example"),
            ("TRAGUARDO_SECRET_FILE", &path),
        ]).await;
        let mut client = app.client(Role::Auditor).await;
        client.get("/session").expect(401);
        client.cookie = client.cookie.map(|cookie| cookie.replace("traguardo-development", "__Host-traguardo"));
        client.get("/session").expect(200);
        let out = client.request("DELETE", "/session").header("Origin", "https://traguardo.example").send().expect(204);
        let cookie = out.header("set-cookie").unwrap();
        for part in ["__Host-traguardo=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"));
        std::fs::remove_file(folder).unwrap();
    }

    async fn broken_framing_is_refused(db) {
        let app = App::start(&db).await;
        let rows: &[(&str, &str)] = &[
            ("two lengths", "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
            ("length and chunks", "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            ("no host", "GET /api/v1/session HTTP/1.1\r\n\r\n"),
            ("not HTTP", "hello\r\n\r\n"),
        ];
        for (what, bytes) in rows {
            assert_eq!(exchange(app.address, bytes.as_bytes()).status, 400, "{what}");
        }
    }
}
