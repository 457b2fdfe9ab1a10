//! From lines to money in the database: load, credit, save, prove, publish, carry on, pay; and the
//! same bytes from both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use chrono::NaiveDate;
use traguardo_domain::access::Scope;
use traguardo_domain::actor::Actor;
use traguardo_domain::id::{ParticipantId, PeriodId, PlanVersionId, RunId, UnitId};
use traguardo_domain::run::{self as calculation, RunOutcome, Stored};
use traguardo_store::adjustment::{self, NewAdjustment};
use traguardo_store::goal::{self, NewGoal};
use traguardo_store::organization::{self, NewParticipant, NewPlace, NewUnit};
use traguardo_store::payment::{self, Step};
use traguardo_store::run::facts::facts;
use traguardo_store::run::load::{self, Request, load};
use traguardo_store::run::{self, NewRun};
use traguardo_store::sales::line::{self, Currency, NewLine};
use traguardo_store::sales::{self, Counts, NewBatch};
use traguardo_store::territory::{self, NewAssignment};
use traguardo_store::{Change, Db, Listing, Scaled, StoreError, Tx, assignment, period, plan, product, statement};
use traguardo_testkit::{TestDb, each_database, run as run_test};

const PLAN: &str = r#"{
  "format": "traguardo-plan/1", "code": "REPS", "name": {"it": "Piano", "en": "Plan"}, "currency": "EUR",
  "measurement": "quarter", "payment": "quarter", "target_incentive": "1000.00",
  "components": [{
    "id": "sales", "name": {"it": "Vendite", "en": "Sales"}, "weight": "1",
    "measure": {"of": "sales.amount", "categories": ["CARDIO"]},
    "goal": "assigned", "read": "attainment",
    "payout": {"kind": "curve", "points": [{"at": "0.8", "pay": "0.5"}, {"at": "1", "pay": "1"}, {"at": "1.2", "pay": "1.5"}],
               "between": "linear", "below": "zero", "above": "hold", "pays": "share"}
  }],
  "negative": "carry", "rounding": {"scale": 2, "mode": "half_up", "at": "component"}
}"#;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn money(text: &str) -> Scaled {
    Scaled::try_from(text.parse::<rust_decimal::Decimal>().unwrap()).unwrap()
}

struct Company {
    period: PeriodId,
    next: PeriodId,
    plan: PlanVersionId,
    unit: UnitId,
    anna: ParticipantId,
    bruno: ParticipantId,
}

/// Anna sells under her name, Bruno in territory T1, which he holds with three quarters of it.
async fn company(db: &Db) -> Company {
    db.write_tx(async |tx: &Tx| {
        let unit = NewUnit { code: "U1".into(), name: "Cardio".into(), parent_id: None, kind: "business_unit".into() };
        let (unit, _) = organization::put_unit(tx, &unit).await?;
        let mut people = Vec::new();
        for (code, name) in [("R1", "Anna"), ("R2", "Bruno"), ("R3", "Carla")] {
            let new = NewParticipant {
                code: code.into(),
                name: name.into(),
                email: None,
                hire_date: day("2025-01-01"),
                leave_date: None,
            };
            let (person, _) = organization::put_participant(tx, &new).await?;
            let place = NewPlace {
                position: "rep".into(),
                level: None,
                manager_id: None,
                unit_id: unit,
                fte: Scaled::ONE,
                target_incentive: None,
                currency: "EUR".into(),
                cost_center: Some(format!("CC-{code}")),
            };
            assert_eq!(organization::put_place(tx, person.id, day("2025-01-01"), &place).await?, Change::Created);
            assert_eq!(organization::put_place(tx, person.id, day("2025-06-01"), &place).await?, Change::Unchanged);
            people.push(person);
        }
        let (category, _) = product::put_category(tx, "CARDIO", "Cardio", None, Some(unit)).await?;
        let (drug, _) = product::put(tx, "P1", "Pill").await?;
        let terms = product::NewTerms { category_id: category.id, list_price: None, unit_margin: Some(money("0.5")) };
        product::put_terms(tx, drug.id, (day("2025-01-01"), None), terms).await?;
        let (place, _) = territory::put(tx, "T1", "Milano", "territory").await?;
        for (person, share) in [(&people[1], "0.75"), (&people[2], "0.25")] {
            let new = NewAssignment {
                participant_id: person.id,
                territory_id: place.id,
                role: "direct".into(),
                share: money(share),
                valid_from: day("2025-01-01"),
                valid_to: None,
            };
            territory::put_assignment(tx, &new).await?;
        }
        let first = period::open(tx, "2026-Q1", "quarter", (day("2026-01-01"), day("2026-03-31"))).await?;
        let next = period::open(tx, "2026-Q2", "quarter", (day("2026-04-01"), day("2026-06-30"))).await?;
        let plan = plan::put(tx, "REPS", Some(unit), None).await?;
        let version = plan::create_version(tx, plan.id, PLAN, None).await?;
        let version = plan::set_state(tx, version.id, version.version, "published").await?;
        for (person, goal) in people.iter().zip(["1000", "800", "400"]) {
            assignment::create(tx, version.id, person.id, (day("2026-01-01"), None), "accepted", None).await?;
            for period in [first.id, next.id] {
                let new = NewGoal {
                    period_id: period,
                    category_id: category.id,
                    territory_id: None,
                    participant_id: Some(person.id),
                    measure: "sales.amount".into(),
                    value: money(goal),
                    state: "accepted".into(),
                    batch_id: None,
                    created_by: None,
                };
                assert_eq!(goal::put_in_force(tx, &new).await?.1, Change::Created);
                assert_eq!(goal::put_in_force(tx, &new).await?.1, Change::Unchanged);
            }
        }
        Ok::<_, StoreError>(Company {
            period: first.id,
            next: next.id,
            plan: version.id,
            unit,
            anna: people[0].id,
            bruno: people[1].id,
        })
    })
    .await
    .unwrap()
}

async fn import(db: &Db, file: &str, rows: &[(&str, Option<i64>, Option<i64>, &str)]) {
    let new = NewBatch {
        kind: "sales".into(),
        source_code: "erp".into(),
        file_name: file.into(),
        file_id: None,
        file_sha256: file.into(),
        file_bytes: 1,
        mapping: "{}".into(),
        options: "{}".into(),
        job_id: None,
        created_by: None,
    };
    let lines: Vec<NewLine> = (1..)
        .zip(rows)
        .map(|(row, (date, participant, territory, amount))| NewLine {
            row,
            day: day(date),
            product: 1,
            participant: *participant,
            territory: *territory,
            channel: None,
            customer: None,
            amount: money(amount),
            quantity: Some(money("3")),
            margin: None,
            currency: Currency::parse("EUR").unwrap(),
            external_id: None,
        })
        .collect();
    db.write_tx(async |tx: &Tx| {
        let batch = sales::begin_batch(tx, &new).await?;
        line::stage(tx, batch.num, &lines).await?;
        let accepted = i64::try_from(lines.len()).unwrap();
        let counts = Counts { rows_in: accepted, accepted, ..Counts::default() };
        line::publish(tx, batch.id, counts, None).await.map(|_| ())
    })
    .await
    .unwrap();
}

async fn calculate(tx: &Tx, period: PeriodId, as_of: Option<i64>) -> (RunOutcome, NewRun) {
    let request = Request { period, as_of, assignment_states: &["accepted"], calendar: "default" };
    let loaded = load(tx, &request).await.unwrap();
    let prepared = calculation::prepare(&loaded.input);
    let credit = {
        let mut crediting = prepared.crediting();
        facts(tx, &loaded.index, &prepared.reach(), loaded.last_batch, |fact| crediting.add(fact)).await.unwrap();
        crediting.finish()
    };
    let outcome = prepared.finish(credit);
    let new = NewRun {
        period_id: period,
        kind: "regular".into(),
        last_batch: loaded.last_batch,
        roster_as_of: day("2026-04-02"),
        fixed: loaded.fixed,
        reason: None,
        job_id: None,
        created_by: None,
    };
    (outcome, new)
}

async fn save(db: &Db, period: PeriodId) -> RunId {
    let tx = db.write().await.unwrap();
    let (outcome, new) = calculate(&tx, period, None).await;
    assert!(outcome.complete(), "{:?}", outcome.findings);
    let run = run::save(&tx, &new, &outcome).await.unwrap();
    assert_eq!(run.input_sha256.as_deref(), Some(outcome.input_sha256.as_str()));
    tx.commit().await.unwrap();
    run.id
}

async fn publish(db: &Db, id: RunId) {
    db.write_tx(async |tx: &Tx| {
        let mut found = run::lock(tx, id).await?;
        for state in ["submitted", "approved", "published"] {
            found = run::set_state(tx, id, found.version, state).await?;
        }
        statement::issue(tx, id).await?;
        run::save_balances(tx, id).await
    })
    .await
    .unwrap();
}

/// (participant, earned, payment) of each row.
async fn rows(db: &Db, id: RunId) -> Vec<(String, String, String)> {
    let tx = db.read().await.unwrap();
    let listed = run::results(&tx, &Scope::All, id, &Listing::default()).await.unwrap();
    listed
        .items
        .into_iter()
        .map(|row| (row.participant_code, row.earned.to_string(), row.payment.to_string()))
        .collect()
}

fn told(rows: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    rows.iter().map(|(who, earned, payment)| ((*who).to_owned(), (*earned).to_owned(), (*payment).to_owned())).collect()
}

const SALES: &[(&str, Option<i64>, Option<i64>, &str)] = &[
    ("2026-01-10", Some(1), None, "1100.00001"),
    ("2026-02-10", Some(1), None, "-0.00001"),
    ("2026-02-11", None, Some(1), "800"),
    ("2026-03-31", None, Some(1), "400"),
    ("2026-04-01", None, Some(1), "1000000"),
];

each_database! {
    async fn lines_become_pay(db) {
        let company = company(&db).await;
        import(&db, "q1", SALES).await;
        let id = save(&db, company.period).await;
        // Anna: 110 % of 1,000. Bruno: three quarters of 1,200 are 112.5 % of 800. Carla: 300 are 75 % of 400.
        let expected = told(&[("R1", "1250", "1250"), ("R2", "1312.5", "1312.5"), ("R3", "0", "0")]);
        assert_eq!(rows(&db, id).await, expected);

        // The proof: stored inputs evaluated again give the stored results.
        let tx = db.read().await.unwrap();
        let documents = run::documents(&tx, id, company.plan).await.unwrap();
        let version = plan::version(&tx, company.plan).await.unwrap();
        let plans = [(company.plan.to_string(), load::checked(&version).unwrap().plan)].into();
        let plan_id = company.plan.to_string();
        let stored: Vec<Stored<'_>> = documents.iter().map(|row| Stored {
            participant: &row.participant, plan: &plan_id, input: &row.input, input_sha256: &row.input_sha256,
            result: &row.result, result_sha256: &row.result_sha256,
        }).collect();
        assert_eq!(calculation::verify(&plans, &stored), Ok(3));
        let credits = run::credits(&tx, &Scope::All, id).await.unwrap();
        let amounts: Vec<&str> = credits.iter().map(|row| row.amount.as_str()).collect();
        assert_eq!(amounts, ["1100", "900", "300"], "credits in the order of participants");
        assert_eq!(credits[0].margin, "3", "two lines of three units at 0.5");
        assert_eq!(run::units(&tx, id).await.unwrap(), [company.unit]);
        drop(tx);

        publish(&db, id).await;
        let tx = db.read().await.unwrap();
        let own = Scope::Within { units: vec![], participant: Some(company.anna.0), user: None };
        let mine = statement::statements(&tx, &own, &Listing::default()).await.unwrap();
        assert_eq!((mine.total, mine.items[0].participant_code.as_str(), mine.items[0].payment), (1, "R1", money("1250")));
        let of_unit = Scope::Within { units: vec![company.unit.0], participant: None, user: None };
        assert_eq!(statement::statements(&tx, &of_unit, &Listing::default()).await.unwrap().total, 3);
        let nobody = Scope::Within { units: vec![], participant: Some(company.bruno.0), user: None };
        let hidden = statement::statement(&tx, &nobody, mine.items[0].id).await;
        assert!(matches!(hidden, Err(StoreError::NotFound { .. })));
        let shown = statement::statement(&tx, &own, mine.items[0].id).await.unwrap();
        assert_eq!(shown.sha256, traguardo_store::audit::sha256(shown.document.as_bytes()));
        drop(tx);

        for sql in [
            "UPDATE statements SET payment = 1", "DELETE FROM statements", "DELETE FROM run_participants",
            "UPDATE run_participants SET earned = 1", "DELETE FROM runs", "UPDATE runs SET state = 'previewed'",
            "UPDATE runs SET summary = '{}'", "UPDATE plan_versions SET document = '{}'", "DELETE FROM plan_versions",
            "DELETE FROM balances", "DELETE FROM run_credits",
        ] {
            let tx = db.write().await.unwrap();
            let refused = sea_orm::ConnectionTrait::execute_unprepared(&tx, sql).await.map_err(StoreError::from);
            assert!(matches!(refused, Err(StoreError::Immutable(_))), "{sql}: {refused:?}");
        }
    }

    async fn a_statement_is_paid_once_and_by_two_people(db) {
        let company = company(&db).await;
        import(&db, "q1", SALES).await;
        publish(&db, save(&db, company.period).await).await;
        let prepare = async || db.write_tx(async |tx: &Tx| payment::prepare(tx, company.period, "EUR", "anna").await).await;
        let batch = prepare().await.unwrap();
        assert_eq!((batch.total, batch.items), (money("2562.5"), 3));
        assert!(matches!(prepare().await, Err(StoreError::Refused { code: "nothing_to_pay", .. })));
        let step = async |version: i64, step: Step<'static>| {
            db.write_tx(async |tx: &Tx| payment::step(tx, batch.id, version, step).await).await
        };
        assert!(matches!(step(1, Step::Approve("anna")).await, Err(StoreError::Check(_))));
        step(1, Step::Approve("bruno")).await.unwrap();
        assert!(matches!(step(1, Step::Approve("carla")).await, Err(StoreError::Stale { .. })));
        step(2, Step::Export("hash")).await.unwrap();
        let done = step(3, Step::Confirm).await.unwrap();
        assert_eq!((done.state.as_str(), done.file_sha256.as_deref()), ("confirmed", Some("hash")));
        let tx = db.write().await.unwrap();
        let items = payment::items(&tx, batch.id).await.unwrap();
        let told: Vec<_> = items.iter().map(|item| (item.participant_code.as_str(), item.amount, item.cost_center.as_deref())).collect();
        assert_eq!(told, [("R1", money("1250"), Some("CC-R1")), ("R2", money("1312.5"), Some("CC-R2")), ("R3", money("0"), Some("CC-R3"))]);
        let refused = payment::delete_draft(&tx, batch.id, done.version).await;
        assert!(matches!(refused, Err(StoreError::Immutable(_))));
    }

    async fn what_is_left_goes_into_the_next_period(db) {
        let company = company(&db).await;
        import(&db, "q1", SALES).await;
        let ask = async |period: PeriodId, amount: &str| {
            let new = NewAdjustment {
                period_id: period, participant_id: company.anna, plan_id: None, component: None, amount: money(amount),
                currency: "EUR".into(), reason: "paid twice in December".into(), evidence: None, dispute_id: None,
                requested_by: "carla".into(),
            };
            db.write_tx(async |tx: &Tx| adjustment::request(tx, &new).await).await.unwrap()
        };
        let asked = ask(company.period, "-2000").await;
        let decide = async |by: &'static str| {
            let decision = ("approved", by, None);
            db.write_tx(async |tx: &Tx| adjustment::decide(tx, asked.id, 1, decision).await).await
        };
        assert!(matches!(decide("carla").await, Err(StoreError::Check(_))), "nobody approves their own");
        decide("bruno").await.unwrap();
        let id = save(&db, company.period).await;
        assert_eq!(rows(&db, id).await[0], ("R1".to_owned(), "1250".to_owned(), "0".to_owned()));
        publish(&db, id).await;
        // 750 are owed; the next quarter sets them off.
        import(&db, "q2", &[("2026-05-01", Some(1), None, "1000")]).await;
        let next = save(&db, company.next).await;
        assert_eq!(rows(&db, next).await[0], ("R1".to_owned(), "1000".to_owned(), "250".to_owned()));
    }

    async fn a_preview_leaves_nothing_and_can_be_thrown_away(db) {
        let company = company(&db).await;
        import(&db, "q1", SALES).await;
        let tx = db.write().await.unwrap();
        let (outcome, new) = calculate(&tx, company.period, None).await;
        run::save(&tx, &new, &outcome).await.unwrap();
        tx.rollback().await.unwrap();
        let count = async || db.read_tx(async |tx: &Tx| run::runs(tx, &Listing::default()).await).await.unwrap().total;
        assert_eq!(count().await, 0);
        let id = save(&db, company.period).await;
        db.write_tx(async |tx: &Tx| {
            tx.note(traguardo_store::audit::NewEvent::new(&Actor::system("test"), "run.discard", "run", id));
            run::delete_preview(tx, id).await
        }).await.unwrap();
        assert_eq!(count().await, 0);
        // As of the publication before, later data does not count.
        import(&db, "late", &[("2026-01-20", Some(1), None, "100")]).await;
        let tx = db.read().await.unwrap();
        let before = calculate(&tx, company.period, Some(1)).await.0;
        assert_eq!(before.input_sha256, outcome.input_sha256);
        assert_ne!(calculate(&tx, company.period, None).await.0.input_sha256, outcome.input_sha256);
    }
}

/// Ids and times differ; the documents and their hashes must not.
#[test]
fn both_databases_make_the_same_bytes() {
    run_test(async {
        let mut made = Vec::new();
        for test in [TestDb::sqlite().await, TestDb::postgres().await] {
            let company = company(&test).await;
            import(&test, "q1", SALES).await;
            let id = save(&test, company.period).await;
            let tx = test.read().await.unwrap();
            let documents = run::documents(&tx, id, company.plan).await.unwrap();
            let found = run::run(&tx, id).await.unwrap();
            // The plan's id is a new one each time, and the only one in them.
            let plan = company.plan.to_string();
            let documents: Vec<String> = documents
                .into_iter()
                .map(|row| format!("{}\n{}", row.input, row.result).replace(&plan, "PLAN"))
                .collect();
            made.push((documents, found.summary.replace(&plan, "PLAN"), rows(&test, id).await));
        }
        assert_eq!(made[0], made[1]);
    });
}
