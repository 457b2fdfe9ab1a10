//! Imports into both databases: each kind, exactly once, all or nothing, what is refused, the real file.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what goes wrong in a test is told by a panic"
)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde_json::{Value, json};
use traguardo_contract::import::ImportQuery;
use traguardo_domain::actor::Actor;
use traguardo_domain::id::BatchId;
use traguardo_server::import::order::{self, Order};
use traguardo_server::import::work;
use traguardo_store::sales::line::{self, NewLine};
use traguardo_store::sales::total::{Grouping, Scan, totals};
use traguardo_store::{Db, Scaled, StoreError, Tx, audit, goal, organization, period, product, sales, territory};
use traguardo_testkit::each_database;

/// Imports a text as the command line does; the report as JSON, or the codes of the refusal.
async fn import(db: &Db, kind: &str, text: impl AsRef<[u8]>, query: Value) -> Result<Value, Vec<String>> {
    let path = std::env::temp_dir().join(format!("import-{}-{:?}", std::process::id(), std::thread::current().id()));
    let mut file = std::fs::File::options().create(true).truncate(true).read(true).write(true).open(&path).unwrap();
    file.write_all(text.as_ref()).unwrap();
    std::fs::remove_file(&path).unwrap();
    import_file(db, kind, file, query).await
}

async fn import_file(db: &Db, kind: &str, file: std::fs::File, query: Value) -> Result<Value, Vec<String>> {
    let query: ImportQuery = serde_json::from_value(query).unwrap();
    let codes = |error: traguardo_server::problem::ApiError| -> Vec<String> {
        error.errors.into_iter().map(|error| error.code).collect()
    };
    let order = Order::new(kind.parse().unwrap(), &query, &Actor::system("test")).map_err(codes)?;
    let mapping = order::mapping(db, &order, &query).await.map_err(codes)?;
    let checked = order::check(file.try_clone().unwrap(), order, mapping).map_err(codes)?;
    let report = work::here(db, &checked, file).await.unwrap_or_else(|stop| panic!("{stop}"));
    Ok(serde_json::to_value(report).unwrap())
}

/// State and counts of a report.
fn said(report: &Value) -> String {
    let number = |name: &str| report[name].as_i64().unwrap();
    let (rows, accepted) = (number("rows_in"), number("accepted"));
    let (rejected, duplicates) = (number("rejected"), number("duplicates"));
    assert_eq!(rows, accepted + rejected + duplicates, "{report:#}");
    format!("{} {accepted}+{rejected}+{duplicates}", report["state"].as_str().unwrap())
}

/// `code×times` of the report's findings.
fn found(report: &Value) -> Vec<String> {
    let counts = report["counts"].as_array().unwrap();
    counts.iter().map(|count| format!("{}×{}", count["code"].as_str().unwrap(), count["times"])).collect()
}

async fn read<T>(db: &Db, work: impl AsyncFn(&Tx) -> Result<T, StoreError>) -> T {
    db.read_tx(work).await.unwrap()
}

/// Lines and sum of all published sales.
async fn sold(db: &Db) -> (u64, String) {
    let all = read(db, async |tx: &Tx| {
        let scan = Scan { first: day("1990-01-01"), last: day("2190-01-01"), as_of: sales::last_published(tx).await? };
        totals(tx, scan, &Grouping::default()).await
    })
    .await;
    let (lines, amount) = all.iter().fold((0, 0), |(lines, amount), (_, sum)| (lines + sum.lines, amount + sum.amount));
    (lines, Scaled(i64::try_from(amount).unwrap()).decimal().to_string())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Two people, a product, a territory.
async fn company(db: &Db) {
    for (kind, text) in [
        ("units", "code,name\ncardio,Cardio\n"),
        (
            "participants",
            "code,name,position,unit_code,hire_date\nR1,Anna Bianchi,rep,cardio,2020-01-01\nR2,Luca Neri,rep,cardio,2020-01-01\n",
        ),
        ("territories", "code,name,level\nT1,Lazio,territory\n"),
        ("categories", "code,name\nstatins,Statins\n"),
        ("products", "code,name,category_code\nP1,Aurora,statins\n"),
    ] {
        let report = import(db, kind, text, json!({})).await.unwrap();
        assert_eq!(report["state"], "published", "{kind}: {report:#}");
    }
}

each_database! {
    async fn every_kind_comes_in_once_and_changes_later(db) {
        let files = [
            ("units", "code,name,parent_code\nteam,Team,bu\nbu,Business unit,\n", 2),
            ("participants", "code,name,email,position,level,manager_code,unit_code,hire_date,fte,target_incentive\n\
              R1,Anna,anna@example.com,rep,2,M1,team,2020-01-01,80%,3000.50\nM1,Mara,,unit_manager,,,bu,2019-01-01,,\n", 2),
            ("territories", "code,name,parent_code,level,potential\nT1,Lazio 1,IT,territory,1000.5\nIT,Italia,,nazionale,\n", 2),
            ("assignments", "participant_code,territory_code,share,valid_from,valid_to\nR1,T1,50%,2026-01-01,2026-06-30\nM1,T1,50%,2026-01-01,\n", 2),
            ("absences", "participant_code,from,to,kind\nR1,2026-02-01,2026-02-10,leave\n", 1),
            ("categories", "code,name,parent_code,unit_code\nstatins,Statins,cardio,bu\ncardio,Cardio,,\n", 2),
            ("products", "code,name,category_code,list_price,valid_from\nP1,Aurora,statins,12.50,2020-01-01\n", 1),
            ("kpis", "participant_code,kpi,period,value\nR1,visits,2026-Q1,12.5\n", 1),
            ("goals", "period,category_code,participant_code,territory_code,value\n2026-Q1,statins,R1,,100000\nQ1 2026,cardio,,T1,5\n", 2),
            ("results", "period,participant_code,component,value\n2026-Q1,R1,,1234.56\n", 1),
        ];
        for (kind, text, rows) in files {
            let report = import(&db, kind, text, json!({})).await.unwrap();
            assert_eq!(said(&report), format!("published {rows}+0+0"), "{kind} {report:#}");
            // Nothing is there twice, and nothing changes.
            let again = import(&db, kind, text, json!({ "as_of": "2026-05-01" })).await.unwrap();
            assert_eq!(said(&again), format!("published 0+0+{rows}"), "{kind} again {again:#}");
        }
        let anna = read(&db, async |tx: &Tx| organization::participant_by_code(tx, "R1").await).await.unwrap();
        let place = read(&db, async |tx: &Tx| organization::place_on(tx, anna.id, day("2026-03-01")).await).await.unwrap();
        assert_eq!((place.valid_from, place.fte, place.level.as_deref()), (day("2020-01-01"), Scaled(800_000), Some("2")));
        assert_eq!(place.target_incentive, Some(Scaled(3_000_500_000)));
        let held = read(&db, async |tx: &Tx| territory::assignments(tx, day("2026-01-01"), day("2026-12-31")).await).await;
        let ends: Vec<_> = held.iter().filter(|h| h.participant_id == anna.id).map(|h| h.valid_to).collect();
        assert_eq!(ends, [Some(day("2026-07-01"))], "the last day of the file is included");

        // A change holds from the day of effect.
        let moved = "code,name,email,position,level,manager_code,unit_code,hire_date,fte,target_incentive\n\
                     R1,Anna,anna@example.com,rep,3,M1,team,2020-01-01,80%,3000.50\n";
        let report = import(&db, "participants", moved, json!({ "as_of": "2026-04-01" })).await.unwrap();
        assert_eq!(said(&report), "published 1+0+0");
        let places = read(&db, async |tx: &Tx| organization::places(tx, anna.id).await).await;
        let levels: Vec<_> = places.iter().map(|p| (p.valid_from, p.level.clone().unwrap())).collect();
        assert_eq!(levels, [(day("2020-01-01"), "2".to_owned()), (day("2026-04-01"), "3".to_owned())]);
        // A goal in force is superseded by a new version.
        let raised = "period,category_code,participant_code,value\n2026-Q1,statins,R1,120000\n";
        assert_eq!(said(&import(&db, "goals", raised, json!({})).await.unwrap()), "published 1+0+0");
        let quarter = read(&db, async |tx: &Tx| period::by_code(tx, "2026-Q1").await).await.unwrap();
        let goals = read(&db, async |tx: &Tx| goal::of_periods(tx, &[quarter.id]).await).await;
        let values: Vec<_> = goals.iter().filter(|g| g.participant_id.is_some()).map(|g| (g.no, g.value.decimal().to_string(), g.state.clone())).collect();
        assert_eq!(values, [(2, "120000".to_owned(), "accepted".to_owned())]);
    }

    async fn rows_that_name_nothing_known_are_rejected(db) {
        company(&db).await;
        let cases: &[(&str, &str, &str)] = &[
            ("participants", "code,name,position,unit_code,hire_date\nR9,X,rep,nowhere,2020-01-01\n", "unknown_unit_code×1"),
            ("participants", "code,name,position,unit_code,hire_date,manager_code\nR8,X,rep,cardio,2020-01-01,R9\nR9,Y,rep,nowhere,2020-01-01,\n", "unknown_manager_code×1 unknown_unit_code×1"),
            ("units", "code,name,parent_code\na,A,b\nb,B,a\n", "unknown_parent_code×2"),
            ("assignments", "participant_code,territory_code,valid_from\nR1,T9,2026-01-01\n", "unknown_territory_code×1"),
            ("assignments", "participant_code,territory_code,valid_from,share\nR1,T1,2026-01-01,0.6\nR2,T1,2026-03-01,0.6\n", "shares_above_one×2"),
            ("goals", "period,category_code,participant_code,value\n2026-Q1,nothing,R1,1\n", "unknown_category_code×1"),
            ("sales", "date,product,amount,participant\n2026-01-01,P9,1,R1\n2026-01-01,Aurora,1,anna bianchi\n2026-01-01,P1,1,R9\n", "unknown_participant×1 unknown_product×1"),
        ];
        for (kind, text, expected) in cases {
            let report = import(&db, kind, text, json!({})).await.unwrap();
            assert_eq!(report["state"], "refused", "{kind} {report:#}");
            let mut codes = found(&report);
            codes.sort();
            assert_eq!(codes.join(" "), *expected, "{kind}");
        }
        assert_eq!(sold(&db).await, (0, "0".to_owned()));
        let people = read(&db, async |tx: &Tx| organization::all_participants(tx).await).await;
        assert_eq!(people.len(), 2, "nothing of a refused import stays");
        // Shares below one are not refused here: a territory may be vacant in part; a run's checks tell it.
        let part = "participant_code,territory_code,valid_from,share\nR1,T1,2026-01-01,0.4\nR2,T1,2026-01-01,0.5\n";
        assert_eq!(said(&import(&db, "assignments", part, json!({})).await.unwrap()), "published 2+0+0");
    }

    async fn sales_come_in_exactly_once(db) {
        company(&db).await;
        let first = "date,product,amount,participant,external_id,channel\n2026-01-01,P1,10.5,R1,a,web\n2026-01-02,P1,-1,R2,b,\n";
        let report = import(&db, "sales", first, json!({ "source": "w" })).await.unwrap();
        assert_eq!(said(&report), "published 2+0+0");
        assert_eq!(sold(&db).await, (2, "9.5".to_owned()));

        let again = import(&db, "sales", first, json!({ "source": "w" })).await.unwrap();
        assert_eq!((said(&again), again["already"].clone()), ("refused 0+0+2".to_owned(), report["import"].clone()));
        assert_eq!(found(&again), ["file_already_imported×1"]);
        assert_eq!(sold(&db).await, (2, "9.5".to_owned()));

        // An overlapping file: one line as before, one corrected, one new.
        let second = "date,product,amount,participant,external_id,channel\n2026-01-01,P1,10.50,R1,a,web\n2026-01-02,P1,-2,R2,b,\n2026-01-03,P1,7,R1,c,\n";
        let report = import(&db, "sales", second, json!({ "source": "w" })).await.unwrap();
        assert_eq!((said(&report), report["superseded"].as_i64()), ("published 2+0+1".to_owned(), Some(1)));
        assert_eq!(sold(&db).await, (3, "15.5".to_owned()));
        // Ids are unique within a source only.
        assert_eq!(said(&import(&db, "sales", second, json!({ "source": "x" })).await.unwrap()), "published 3+0+0");

        // Without ids equal lines are kept, and told.
        let plain = "date,product,amount,participant\n2026-02-01,P1,1,R1\n2026-02-01,P1,1,R1\n";
        let report = import(&db, "sales", plain, json!({})).await.unwrap();
        assert_eq!((said(&report), found(&report)), ("published 2+0+0".to_owned(), vec!["equal_line×1".to_owned()]));
    }

    async fn all_or_nothing_partial_and_dry_run(db) {
        company(&db).await;
        let text = "data;prodotto;importo;agente\n01/01/2026;P1;1,5;R1\n30/02/2026;P1;1;R1\n01/01/2026;P1;boh;R1\n02/01/2026;P1;2;Luca Neri\n";
        // A sample half of which is wrong makes the proposal unsure: the mapping is said.
        let mapping = r#"{"date":"data","product":"prodotto","amount":"importo","participant":"agente"}"#;
        assert_eq!(import(&db, "sales", text, json!({})).await.unwrap_err(), ["mapping_needed"]);
        let dry = import(&db, "sales", text, json!({ "dry_run": true, "mapping": mapping })).await.unwrap();
        assert_eq!(said(&dry), "dry_run 2+2+0");
        let whole = import(&db, "sales", text, json!({ "mapping": mapping })).await.unwrap();
        assert_eq!((said(&whole), found(&whole)), ("refused 2+2+0".to_owned(), vec!["no_such_day×1".to_owned(), "not_a_number×1".to_owned()]));
        assert_eq!(sold(&db).await.0, 0);
        let part = import(&db, "sales", text, json!({ "partial": true, "mapping": mapping })).await.unwrap();
        assert_eq!(said(&part), "published 2+2+0");
        assert_eq!(sold(&db).await, (2, "3.5".to_owned()));
        let id: BatchId = part["import"].as_str().unwrap().parse().unwrap();
        let rejects = read(&db, async |tx: &Tx| sales::rejects(tx, id, 0, 10).await).await;
        let rows: Vec<_> = rejects.iter().map(|r| (r.row_no, r.raw.as_str(), r.reason.as_str())).collect();
        assert_eq!(rows[0], (3, r#"["30/02/2026","P1","1","R1"]"#, "data: `30/02/2026` is no day when read as day/month/year"));
        assert_eq!(rows[1].2, "importo: `boh` is not a number");

        let units = "code,name,parent_code\na,A,\nb,B,nowhere\n";
        assert_eq!(said(&import(&db, "units", units, json!({ "dry_run": true, "partial": true })).await.unwrap()), "dry_run 1+1+0");
        assert_eq!(said(&import(&db, "units", units, json!({})).await.unwrap()), "refused 1+1+0");
        assert_eq!(said(&import(&db, "units", units, json!({ "partial": true })).await.unwrap()), "published 1+1+0");
        let chain = read(&db, async |tx: &Tx| audit::head(tx).await).await;
        assert!(chain.seq >= 10, "every import left its trace");
    }

    async fn what_is_missing_is_made_once(db) {
        let text = "date,product,category,amount,rep,manager,team,territory\n\
                    2026-01-05,Aurora,Statins,1,Anna Bianchi,Mara Rossi,Delta,Lazio\n\
                    2026-01-03,Boreas,Statins,2,Luca Neri,Mara Rossi,Delta,Lazio\n\
                    2026-01-04,Aurora,Statins,3,ANNA BIANCHI,Mara Rossi,Delta,Lazio\n";
        let report = import(&db, "sales", text, json!({ "create_missing": true })).await.unwrap();
        assert_eq!(said(&report), "published 3+0+0");
        assert_eq!(report["created"], json!({ "categories": 1, "participants": 3, "products": 2, "territories": 1, "units": 1 }));
        let people = read(&db, async |tx: &Tx| organization::all_participants(tx).await).await;
        let codes: Vec<_> = people.iter().map(|p| (p.code.as_str(), p.hire_date)).collect();
        assert_eq!(codes, [("anna-bianchi", day("2026-01-04")), ("luca-neri", day("2026-01-03")), ("mara-rossi", day("2026-01-03"))]);
        let place = read(&db, async |tx: &Tx| organization::place_on(tx, people[1].id, day("2026-01-03")).await).await.unwrap();
        assert_eq!((place.position.as_str(), place.manager_id), ("rep", Some(people[2].id)));
        let products = read(&db, async |tx: &Tx| product::all(tx).await).await;
        assert_eq!(products.len(), 2);
        let more = "date,product,amount,rep\n2026-02-01,aurora,1,Anna Bianchi\n";
        let report = import(&db, "sales", more, json!({ "create_missing": true })).await.unwrap();
        assert_eq!((said(&report), report["created"].clone()), ("published 1+0+0".to_owned(), json!({})));
    }

    async fn late_lines_are_told_or_ignored(db) {
        company(&db).await;
        db.write_tx(async |tx: &Tx| {
            let january = period::open(tx, "2026-01", "month", (day("2026-01-01"), day("2026-01-31"))).await?;
            period::set_state(tx, january.id, january.version, "closed").await
        }).await.unwrap();
        let text = "date,product,amount,participant\n2026-01-15,P1,1,R1\n2026-02-15,P1,1,R1\n";
        let report = import(&db, "sales", text, json!({ "source": "late" })).await.unwrap();
        assert_eq!((said(&report), found(&report)), ("published 2+0+0".to_owned(), vec!["closed_period×1".to_owned()]));
        db.write_tx(async |tx: &Tx| {
            let mut source = sales::source(tx, "strict").await?;
            source.late_policy = "ignore".to_owned();
            sales::update_source(tx, &source, source.version).await
        }).await.unwrap();
        let report = import(&db, "sales", text, json!({ "source": "strict", "partial": true })).await.unwrap();
        assert_eq!(said(&report), "published 1+1+0");
        let goal = "period,category_code,participant_code,value\n2026-01,statins,R1,1\n";
        assert_eq!(found(&import(&db, "goals", goal, json!({})).await.unwrap()), ["closed_period×1"]);
    }

    async fn what_a_dead_worker_left_is_cleared(db) {
        company(&db).await;
        let text = "date,product,amount,participant\n2026-01-15,P1,1,R1\n2026-02-15,P1,2,R1\n";
        let path = std::env::temp_dir().join(format!("dead-{}-{:?}", std::process::id(), std::thread::current().id()));
        std::fs::write(&path, text).unwrap();
        let file = std::fs::File::open(&path).unwrap();
        let order = Order::new("sales".parse().unwrap(), &ImportQuery::default(), &Actor::system("test")).unwrap();
        let checked = order::check(file.try_clone().unwrap(), order, None).unwrap();
        let batch = db.write_tx(async |tx: &Tx| work::begin(tx, &checked, None).await).await.unwrap();
        // The first attempt dies after a piece.
        db.write_tx(async |tx: &Tx| {
            let product = product::by_code(tx, "P1").await?.unwrap().num;
            let participant = Some(organization::participant_by_code(tx, "R1").await?.unwrap().num);
            let line = NewLine { row: 2, day: day("2026-01-15"), product, participant, territory: None, channel: None,
                customer: None, amount: Scaled::ONE, quantity: None, margin: None,
                currency: line::Currency::parse("EUR").unwrap(), external_id: None };
            line::stage(tx, batch.num, &[line]).await
        }).await.unwrap();
        assert_eq!(sold(&db).await.0, 0, "staged lines are seen by nobody");
        let report = work::run(&db, &batch, &traguardo_server::import::scratch(file), None).await.unwrap();
        assert_eq!(said(&serde_json::to_value(report).unwrap()), "published 2+0+0");
        assert_eq!(sold(&db).await, (2, "3".to_owned()));
        std::fs::remove_file(path).unwrap();
    }

    async fn ten_thousand_bad_rows_and_files_that_cannot_be_read(db) {
        company(&db).await;
        let mut text = "date,product,amount,participant\n".to_owned();
        for row in 0..10_000 {
            text.push_str(&format!("2026-01-01,P{row}x,n/a,R1\n"));
        }
        let report = import(&db, "sales", &text, json!({ "partial": true, "mapping": r#"{"date":"date","product":"product","amount":"amount","participant":"participant"}"# })).await.unwrap();
        assert_eq!(said(&report), "published 0+10000+0");
        let id: BatchId = report["import"].as_str().unwrap().parse().unwrap();
        let last = read(&db, async |tx: &Tx| sales::rejects(tx, id, 9_990, 100).await).await;
        assert_eq!(last.len(), 11);
        // Refused before anything is begun.
        assert_eq!(import(&db, "sales", "a\0b\n", json!({})).await.unwrap_err(), ["nul_byte"]);
        assert_eq!(import(&db, "sales", b"PK\x03\x04 cut", json!({ "file_name": "a.xlsx" })).await.unwrap_err(), ["damaged_workbook"]);
        assert_eq!(import(&db, "sales", "when,what\n2026-01-01,x\n", json!({})).await.unwrap_err(), ["mapping_needed"]);
        assert_eq!(import(&db, "sales", &text, json!({ "mapping": "{\"colour\": \"date\"}" })).await.unwrap_err()[0], "unknown_target");
        assert_eq!(import(&db, "sales", &text, json!({ "decimal": ";" })).await.unwrap_err(), ["invalid_value"]);
    }

    async fn the_real_file_is_exact(db) {
        let Some(folder) = shared() else { return };
        let file = std::fs::File::open(folder.join("sales-2017-2018.csv")).unwrap();
        let control: Value = serde_json::from_slice(&std::fs::read(folder.join("control-totals.json")).unwrap()).unwrap();
        let report = import_file(&db, "sales", file, json!({ "create_missing": true, "source": "wholesaler" })).await.unwrap();
        assert_eq!(said(&report), "published 150920+0+0");
        assert_eq!(report["created"], json!({ "categories": 6, "participants": 17, "products": 240, "units": 4 }));
        let by = |dimension: &str| -> BTreeMap<String, String> {
            let groups = report["totals"]["by"][dimension].as_object().unwrap();
            groups.iter().map(|(key, group)| (key.clone(), group["amount"].as_str().unwrap().to_owned())).collect()
        };
        let expected = |name: &str| -> BTreeMap<String, String> { serde_json::from_value(control[name].clone()).unwrap() };
        assert_eq!(by("participant"), expected("sales_by_rep"));
        assert_eq!(by("category"), expected("sales_by_class"));
        assert_eq!(by("year"), expected("sales_by_year"));

        // And the same again from what the database holds.
        let people = read(&db, async |tx: &Tx| organization::all_participants(tx).await).await;
        let names: BTreeMap<i64, String> = people.into_iter().map(|p| (p.num, p.name)).collect();
        let sums = read(&db, async |tx: &Tx| {
            let scan = Scan { first: day("2017-01-01"), last: day("2018-12-31"), as_of: sales::last_published(tx).await? };
            totals(tx, scan, &Grouping::default()).await
        }).await;
        let mut by_rep: BTreeMap<String, i64> = BTreeMap::new();
        for (key, sum) in sums {
            *by_rep.entry(names[&key.participant].clone()).or_default() += i64::try_from(sum.amount).unwrap();
        }
        let by_rep: BTreeMap<String, String> = by_rep.into_iter().map(|(name, sum)| (name, Scaled(sum).decimal().to_string())).collect();
        assert_eq!(by_rep, expected("sales_by_rep"));
    }
}

/// The real data beside the repository, where it lies there.
fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/pharma-sales");
    folder.join("control-totals.json").exists().then_some(folder)
}
