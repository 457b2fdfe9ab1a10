//! Long work by the API.

use serde_json::json;
use traguardo_domain::actor::Role;
use traguardo_domain::id::JobId;
use traguardo_store::integration::job::{self, NewJob, Outcome};
use traguardo_store::{StoreError, Tx};
use traguardo_testkit::each_database;

use crate::kit::App;

async fn enqueue(app: &App, by: impl ToString) -> JobId {
    let new = NewJob { created_by: Some(by.to_string()), ..NewJob::new("test", "{}") };
    app.db.write_tx(async |tx: &Tx| job::enqueue(tx, &new).await).await.unwrap()
}

each_database! {
    async fn progress_cancel_and_retry(db) {
        let app = App::start(&db).await;
        let user = app.role(Role::Planner).await;
        let planner = app.signed_in(user).await;
        let id = enqueue(&app, user).await;
        assert_eq!(planner.get(&format!("/jobs/{id}")).expect(200).json()["state"], "queued");
        assert_eq!(planner.get("/jobs?kind=test").json()["total"], 1);
        let other = app.client(Role::Planner).await;
        assert_eq!(other.get(&format!("/jobs/{id}")).code(), "not_found");
        assert_eq!(other.request("POST", &format!("/jobs/{id}/cancel")).key().send().code(), "not_found");
        assert_eq!(other.get("/jobs").json()["total"], 0);
        assert_eq!(planner.request("POST", &format!("/jobs/{id}/retry")).key().send().code(), "illegal_transition");
        let cancelled = planner.request("POST", &format!("/jobs/{id}/cancel")).key().send().expect(200).json();
        assert_eq!(cancelled["state"], "cancelled");
        let again = planner.request("POST", &format!("/jobs/{id}/retry")).key().send().expect(200).json();
        assert_eq!(again["state"], "queued");
    }

    async fn events_follow_the_work_to_its_end(db) {
        let app = App::start(&db).await;
        let user = app.role(Role::Planner).await;
        let planner = app.signed_in(user).await;
        let id = enqueue(&app, user).await;
        let path = format!("/jobs/{id}/events");
        let follower = std::thread::spawn(move || planner.get(&path));
        let later = app.db.now() + chrono::TimeDelta::minutes(5);
        app.db.write_tx(async |tx: &Tx| job::claim(tx, "worker", &["test"], later).await).await.unwrap().unwrap();
        let outcome = Outcome::Done(json!({ "lines": 3 }).to_string());
        app.db.write_tx(async |tx: &Tx| {
            job::heartbeat(tx, id, "worker", later, (1, Some(2), "half")).await?;
            Ok::<_, StoreError>(())
        }).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(700)).await;
        app.db.write_tx(async |tx: &Tx| job::finish(tx, id, "worker", &outcome).await).await.unwrap();
        let answer = tokio::task::spawn_blocking(move || follower.join().unwrap()).await.unwrap().expect(200);
        assert_eq!(answer.header("content-type"), Some("text/event-stream"));
        let states: Vec<String> = answer.body.lines().filter_map(|line| line.strip_prefix("data: ")).map(|data| {
            let job: serde_json::Value = serde_json::from_str(data).unwrap();
            job["state"].as_str().unwrap().to_owned()
        }).collect();
        assert_eq!(states.last().map(String::as_str), Some("done"), "{}", answer.body);
        assert!(answer.body.contains("\"lines\":3"));
    }
}
