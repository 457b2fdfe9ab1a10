//! Imports by the API, with a worker beside the server.

use std::time::Duration;

use serde_json::{Value, json};
use traguardo_domain::actor::Role;
use traguardo_server::config::Config;
use traguardo_server::job::worker;
use traguardo_server::state::State;
use traguardo_store::Db;
use traguardo_testkit::each_database;

use crate::kit::{App, Client};

/// Does jobs until the test ends: its thread dies with the test's process.
fn work(url: &str) {
    let url = url.to_owned();
    std::thread::spawn(move || {
        actix_rt::System::new().block_on(async move {
            let config = Config::from_values(&std::collections::BTreeMap::new()).unwrap();
            let state = State::over(config, Db::connect(&url).await.unwrap()).await.unwrap();
            let _thread = worker::start(state);
            actix_rt::time::sleep(Duration::from_secs(120)).await;
        });
    });
}

/// Waits for the end of a job.
async fn ended(client: &Client, job: &Value) -> Value {
    let path = format!("/jobs/{}", job["id"].as_str().unwrap());
    for _ in 0..600 {
        let now = client.get(&path).expect(200).json();
        if !["queued", "running"].contains(&now["state"].as_str().unwrap()) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the job does not end");
}

const SALES: &str = "date,product,category,amount,rep,team\n2026-01-01,Aurora,Statins,10.50,Anna,Delta\n2026-01-02,Aurora,Statins,-1,Luca,Delta\n";

each_database! {
    async fn a_file_is_imported_by_a_job(db) {
        let app = App::start(&db).await;
        work(db.url());
        let planner = app.client(Role::Planner).await;

        let shown = planner.request("POST", "/imports/sales/preview").raw("text/csv", SALES.as_bytes()).send().expect(200).json();
        assert_eq!(shown["reading"]["delimiter"], ",");
        assert_eq!(shown["mapping"]["participant"], "rep");
        assert_eq!(shown["missing"], json!([]));

        let send = |query: &str| planner.request("POST", &format!("/imports/sales{query}")).raw("text/csv", SALES.as_bytes());
        let refused = send("").key().send().expect(202).json();
        let job = ended(&planner, &refused["job"]).await;
        assert_eq!((job["state"].as_str(), job["result"]["state"].as_str()), (Some("done"), Some("refused")), "{job:#}");
        let path = format!("/imports/sales/{}", refused["import"]["id"].as_str().unwrap());
        let findings = planner.get(&format!("{path}/findings?severity=error")).expect(200).json();
        assert_eq!(findings["items"][0]["code"], "unknown_product");
        assert_eq!((findings["items"][0]["row"].as_i64(), findings["total"].as_i64()), (Some(2), Some(4)));
        let rejects = planner.get(&format!("{path}/rejects")).expect(200);
        assert!(rejects.body.contains("2026-01-02,Aurora,Statins,-1,Luca,Delta,3,"), "{}", rejects.body);
        assert!(rejects.header("content-disposition").unwrap().starts_with("attachment;"));

        let begun = send("?create_missing=true&source=w&file_name=sales.csv").header("Idempotency-Key", "import-one").send().expect(202);
        assert!(begun.header("location").unwrap().starts_with("/api/v1/jobs/"));
        let again = send("?create_missing=true&source=w&file_name=sales.csv").header("Idempotency-Key", "import-one").send().expect(202);
        assert_eq!(begun.json(), again.json(), "the same request is answered as before");
        assert_eq!(send("?source=w").header("Idempotency-Key", "import-one").send().code(), "key_reused");
        let job = ended(&planner, &begun.json()["job"]).await;
        assert_eq!(job["result"]["state"], "published", "{job:#}");
        assert_eq!(job["result"]["created"]["participants"], 2);
        let import = planner.get(&format!("/imports/sales/{}", begun.json()["import"]["id"].as_str().unwrap())).expect(200).json();
        assert_eq!((import["state"].as_str(), import["accepted"].as_i64()), (Some("published"), Some(2)));
        assert_eq!(import["totals"]["by"]["currency"][""]["amount"], "9.5", "{import:#}");
        let second = send("?create_missing=true&source=w").key().send().expect(202).json();
        let job = ended(&planner, &second["job"]).await;
        assert_eq!(job["result"]["already"], import["id"]);
        assert_eq!(planner.get("/imports?state=published").json()["total"], 1);
    }

    async fn files_and_requests_that_are_refused(db) {
        let app = App::start(&db).await;
        let planner = app.client(Role::Planner).await;
        let send = |path: &str, media: &str, body: &str| planner.request("POST", path).key().raw(media, body.as_bytes()).send();
        assert_eq!(send("/imports/nonsense", "text/csv", SALES).code(), "not_found");
        assert_eq!(send("/imports/sales", "application/json", SALES).code(), "unsupported_media_type");
        assert_eq!(send("/imports/sales?colour=red", "text/csv", SALES).code(), "invalid_query");
        assert_eq!(send("/imports/sales?decimal=x", "text/csv", SALES).code(), "invalid_query");
        assert_eq!(send("/imports/sales?mapping_name=x", "text/csv", SALES).code(), "invalid_query");
        let unsure = send("/imports/sales", "text/csv", "when,what\n2026-01-01,x\n").expect(422).json();
        assert_eq!(unsure["errors"][0]["code"], "mapping_needed");
        assert_eq!(send("/imports/sales", "text/csv", "").expect(422).json()["errors"][0]["code"], "empty_file");
        assert_eq!(send("/imports/sales", "text/csv", "PK\u{3}\u{4}").expect(422).json()["errors"][0]["code"], "damaged_workbook");
        assert_eq!(planner.request("POST", "/imports/sales").raw("text/csv", b"a").send().status, 400, "no key");
        let nowhere = "00000000-0000-7000-8000-000000000000";
        assert_eq!(planner.get(&format!("/imports/sales/{nowhere}")).code(), "not_found");
        let rep = app.client(Role::Rep).await;
        assert_eq!(rep.get("/imports").code(), "forbidden");

        let keep = |mapping: Value| planner.post("/import-mappings", &json!({ "kind": "sales", "source": "w", "name": "monthly", "mapping": mapping }));
        let faulty = keep(json!({ "colour": "x" })).expect(422).json();
        assert_eq!(faulty["errors"][0]["path"], "$.mapping.colour");
        let good = json!({ "date": "when", "product": "what", "amount": "much", "participant": "who" });
        keep(good.clone()).expect(200);
        assert_eq!(planner.get("/import-mappings?kind=sales&source=w").expect(200).json()["items"][0]["mapping"], good);
        let text = "when,what,much,who\n2026-01-01,P,1,R\n";
        send("/imports/sales?source=w&mapping_name=monthly", "text/csv", text).expect(202);
    }
}
