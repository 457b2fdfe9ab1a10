//! Long work, idempotent commands, the outbox, files, approvals, sign-in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use traguardo_domain::access::Scope;
use traguardo_domain::actor::{Role, RoleGrant};
use traguardo_domain::id::JobId;
use traguardo_store::integration::approval::{self, NewApproval};
use traguardo_store::integration::idempotency::{self, Claim};
use traguardo_store::integration::job::{self, Job, NewJob, Outcome, Pulse};
use traguardo_store::integration::{file, outbox};
use traguardo_store::session::{self, NewUser, client, login};
use traguardo_store::{Db, Listing, StoreError, Tx};
use traguardo_testkit::each_database;

/// A clock that stands until it is moved.
#[derive(Clone, Default)]
struct Clock(Arc<AtomicI64>);

impl Clock {
    fn on(&self, db: &Db) -> Db {
        let seconds = Arc::clone(&self.0);
        db.clone().with_clock(Arc::new(move || at(seconds.load(Ordering::Relaxed))))
    }

    fn wait(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

async fn enqueue(db: &Db, new: NewJob) -> JobId {
    db.write_tx(async |tx: &Tx| job::enqueue(tx, &new).await).await.unwrap()
}

async fn claim(db: &Db, worker: &str) -> Option<Job> {
    let until = db.now() + TimeDelta::seconds(30);
    db.write_tx(async |tx: &Tx| job::claim(tx, worker, &["import"], until).await).await.unwrap()
}

async fn pulse(db: &Db, id: JobId, worker: &str) -> Pulse {
    let until = db.now() + TimeDelta::seconds(30);
    db.write_tx(async |tx: &Tx| job::heartbeat(tx, id, worker, until, (1, Some(2), "reading")).await).await.unwrap()
}

async fn finish(db: &Db, id: JobId, worker: &str, outcome: Outcome) -> Result<(), StoreError> {
    db.write_tx(async |tx: &Tx| job::finish(tx, id, worker, &outcome).await).await
}

each_database! {
    async fn two_workers_have_each_job_once(db) {
        let mut ids = Vec::new();
        for _ in 0..20 {
            ids.push(enqueue(&db, NewJob::new("import", "{}")).await);
        }
        let workers: Vec<_> = ["a", "b", "c"].into_iter().map(|worker| {
            let db = db.db().clone();
            async move {
                let mut mine = Vec::new();
                while let Some(job) = claim(&db, worker).await {
                    finish(&db, job.id, worker, Outcome::Done("{}".into())).await.unwrap();
                    mine.push(job.id);
                }
                mine
            }
        }).collect();
        let mut done: Vec<JobId> = join_all(workers).await.into_iter().flatten().collect();
        done.sort_unstable();
        ids.sort_unstable();
        assert_eq!(done, ids);
    }

    async fn the_job_of_a_dead_worker_is_taken_over(db) {
        let clock = Clock::default();
        let db = clock.on(&db);
        let id = enqueue(&db, NewJob { max_attempts: 2, ..NewJob::new("import", "{\"file\":1}") }).await;
        assert_eq!(claim(&db, "a").await.unwrap().id, id);
        clock.wait(20);
        assert_eq!(pulse(&db, id, "a").await, Pulse::Go);
        clock.wait(20);
        assert!(claim(&db, "b").await.is_none(), "the lease was renewed");
        clock.wait(20);
        let taken = claim(&db, "b").await.unwrap();
        assert_eq!((taken.id, taken.attempts, taken.payload.as_str()), (id, 2, "{\"file\":1}"));
        // The first worker was only slow: it learns that it is too late, and keeps nothing.
        assert_eq!(pulse(&db, id, "a").await, Pulse::Lost);
        let late = finish(&db, id, "a", Outcome::Done("{}".into())).await.unwrap_err();
        assert!(matches!(late, StoreError::Refused { code: "lease_lost", .. }));
        // The second dies as well: no attempt is left.
        clock.wait(60);
        assert!(claim(&db, "c").await.is_none());
        let job = db.read_tx(async |tx: &Tx| job::job(tx, id).await).await.unwrap();
        assert_eq!((job.state.as_str(), job.error.as_deref()), ("failed", Some("the worker died and no attempt is left")));
        let again = db.write_tx(async |tx: &Tx| job::retry(tx, id).await).await.unwrap();
        assert_eq!(again.state, "queued");
        assert_eq!(claim(&db, "c").await.unwrap().id, id);
        finish(&db, id, "c", Outcome::Done("{\"rows\":1}".into())).await.unwrap();
    }

    async fn a_failed_job_comes_back_until_it_may_not(db) {
        let clock = Clock::default();
        let db = clock.on(&db);
        let id = enqueue(&db, NewJob { max_attempts: 2, ..NewJob::new("import", "{}") }).await;
        let failed = || Outcome::Failed { error: "no file".into(), retry_at: Some(db.now() + TimeDelta::seconds(10)) };
        claim(&db, "a").await.unwrap();
        finish(&db, id, "a", failed()).await.unwrap();
        assert!(claim(&db, "a").await.is_none(), "not before its time");
        clock.wait(10);
        claim(&db, "a").await.unwrap();
        finish(&db, id, "a", failed()).await.unwrap();
        let job = db.read_tx(async |tx: &Tx| job::job(tx, id).await).await.unwrap();
        assert_eq!((job.state.as_str(), job.error.as_deref()), ("failed", Some("no file")));
        assert_eq!(job.finished_at, Some(at(10)));
    }

    async fn a_job_is_cancelled_where_it_stands(db) {
        let waiting = enqueue(&db, NewJob::new("import", "{}")).await;
        let cancel = async |id: JobId| db.write_tx(async |tx: &Tx| job::cancel(tx, id).await).await;
        assert_eq!(cancel(waiting).await.unwrap().state, "cancelled");
        assert!(matches!(cancel(waiting).await, Err(StoreError::Refused { code: "job_state", .. })));
        let running = enqueue(&db, NewJob::new("import", "{}")).await;
        claim(&db, "a").await.unwrap();
        assert_eq!(cancel(running).await.unwrap().state, "running");
        assert_eq!(pulse(&db, running, "a").await, Pulse::Cancel);
        finish(&db, running, "a", Outcome::Cancelled).await.unwrap();
        let tx = db.read().await.unwrap();
        let listed = job::jobs(&tx, &Scope::All, &Listing::default().filter("state", "cancelled")).await.unwrap();
        assert_eq!(listed.total, 2);
    }

    async fn a_job_goes_with_its_transaction_and_alone(db) {
        let only = NewJob { single_key: Some("run:2026-Q1".into()), ..NewJob::new("import", "{}") };
        let tx = db.write().await.unwrap();
        job::enqueue(&tx, &only).await.unwrap();
        tx.rollback().await.unwrap();
        assert!(claim(&db, "a").await.is_none());
        let first = enqueue(&db, only.clone()).await;
        let second = db.write_tx(async |tx: &Tx| job::enqueue(tx, &only).await).await;
        assert!(matches!(second, Err(StoreError::Exists { .. })));
        claim(&db, "a").await.unwrap();
        finish(&db, first, "a", Outcome::Done("{}".into())).await.unwrap();
        enqueue(&db, only).await;
    }

    async fn a_command_is_done_once(db) {
        let done = Arc::new(AtomicI64::new(0));
        let tasks: Vec<_> = (0..20).map(|_| {
            let (db, done) = (db.db().clone(), Arc::clone(&done));
            async move {
                db.write_tx(async |tx: &Tx| {
                    Ok::<_, StoreError>(match idempotency::claim(tx, "anna", "POST /goals", "k1", "body").await? {
                        Claim::New => {
                            let n = done.fetch_add(1, Ordering::Relaxed);
                            let answer = format!("done {n}");
                            idempotency::keep(tx, ("anna", "POST /goals", "k1"), 201, "{}", &answer).await?;
                            answer
                        }
                        Claim::Done { answer, status: 201, .. } => answer,
                        other => panic!("{other:?}"),
                    })
                }).await.unwrap()
            }
        }).collect();
        for answer in join_all(tasks).await {
            assert_eq!(answer, "done 0");
        }
        assert_eq!(done.load(Ordering::Relaxed), 1);
        let tx = db.write().await.unwrap();
        let claim = |actor: &'static str, body: &'static str| idempotency::claim(&tx, actor, "POST /goals", "k1", body);
        assert_eq!(claim("anna", "other body").await.unwrap(), Claim::Other);
        assert_eq!(claim("bruno", "body").await.unwrap(), Claim::New);
        assert_eq!(claim("bruno", "body").await.unwrap(), Claim::Running);
        assert_eq!(idempotency::purge(&tx, tx.now() + TimeDelta::seconds(1)).await.unwrap(), 2);
    }

    async fn messages_arrive_in_the_order_of_their_object(db) {
        let clock = Clock::default();
        let db = clock.on(&db);
        let tx = db.write().await.unwrap();
        for (object, payload) in [("1", "a"), ("1", "b"), ("2", "c")] {
            outbox::put(&tx, "run.published", ("run", object), payload).await.unwrap();
        }
        tx.commit().await.unwrap();
        let take = async || {
            let until = db.now() + TimeDelta::seconds(30);
            db.write_tx(async |tx: &Tx| outbox::take(tx, 10, until).await).await.unwrap()
        };
        let first = take().await;
        assert_eq!(first.iter().map(|message| message.payload.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        assert!(take().await.is_empty(), "they are under way, and `b` waits for `a`");
        // The one who took them died; another delivers `a`, and fails with `c`.
        clock.wait(31);
        let second = take().await;
        assert_eq!(second.iter().map(|message| (message.payload.as_str(), message.attempts)).collect::<Vec<_>>(), [("a", 2), ("c", 2)]);
        let tx = db.write().await.unwrap();
        outbox::delivered(&tx, second[0].seq).await.unwrap();
        outbox::failed(&tx, second[1].seq, "410", at(1_000)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(take().await.iter().map(|message| message.payload.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(db.read_tx(async |tx: &Tx| outbox::waiting(tx).await).await.unwrap(), 2);
    }

    async fn of_two_who_decide_at_once_one_does(db) {
        let tasks: Vec<_> = ["anna", "bruno"].into_iter().map(|actor| {
            let db = db.db().clone();
            async move {
                let new = NewApproval {
                    object: ("run", "r1"), round: 1, step: "finance", decision: "approve", actor: (actor, None),
                    comment: None, content_sha256: None,
                };
                db.write_tx(async |tx: &Tx| approval::decide(tx, &new).await).await.is_ok()
            }
        }).collect();
        let won = join_all(tasks).await.into_iter().filter(|won| *won).count();
        assert_eq!(won, 1);
        let tx = db.read().await.unwrap();
        assert_eq!(approval::approvals(&tx, "run", "r1").await.unwrap().len(), 1);
    }

    async fn files_are_read_as_they_were_written(db) {
        let tx = db.write().await.unwrap();
        let id = file::create(&tx, "vendite.csv", "text/csv", "import", Some("anna"), Some(tx.now())).await.unwrap();
        for (no, piece) in (0..).zip([vec![0, 255, 10], vec![1; 1000]]) {
            file::append(&tx, id, no, piece).await.unwrap();
        }
        let whole = file::complete(&tx, id, "abc").await.unwrap();
        assert_eq!((whole.bytes, whole.sha256.as_deref()), (1003, Some("abc")));
        assert_eq!(file::piece(&tx, id, 0).await.unwrap(), Some(vec![0, 255, 10]));
        assert_eq!(file::piece(&tx, id, 2).await.unwrap(), None);
        assert!(matches!(file::complete(&tx, id, "abc").await, Err(StoreError::NotFound { .. })));
    }

    async fn sign_in_ends_when_it_must(db) {
        let clock = Clock::default();
        let db = clock.on(&db);
        let new = NewUser {
            email: "a@x.it".into(), email_key: "a@x.it".into(), name: "Anna".into(), participant_id: None, locale: "it".into(),
        };
        let tx = db.write().await.unwrap();
        let user = session::create_user(&tx, &new).await.unwrap().id;
        login::create_link(&tx, "activate", user, "l1", at(100), None).await.unwrap();
        login::create_link(&tx, "activate", user, "l2", at(100), None).await.unwrap();
        assert!(login::use_link(&tx, "l1").await.unwrap().is_none(), "the newer link replaced it");
        assert_eq!(login::use_link(&tx, "l2").await.unwrap().unwrap().user_id, user);
        assert!(login::use_link(&tx, "l2").await.unwrap().is_none(), "once");
        session::set_password(&tx, user, "hash").await.unwrap();
        let one = login::open(&tx, user, "t1", at(1_000), None, None).await.unwrap();
        login::open(&tx, user, "t2", at(1_000), Some("10.0.0.1"), Some("Firefox")).await.unwrap();
        tx.commit().await.unwrap();
        let live = async |token: &str, idle: i64| {
            let since = db.now() - TimeDelta::seconds(idle);
            db.read_tx(async |tx: &Tx| login::live(tx, token, since).await).await.unwrap().is_some()
        };
        assert!(live("t1", 60).await);
        clock.wait(120);
        assert!(!live("t1", 60).await, "idle");
        db.write_tx(async |tx: &Tx| login::touch(tx, one.id).await).await.unwrap();
        assert!(live("t1", 60).await);
        db.write_tx(async |tx: &Tx| login::renew(tx, one.id, "t3").await).await.unwrap();
        assert!(!live("t1", 60).await && live("t3", 60).await);
        let ended = db.write_tx(async |tx: &Tx| login::end_all(tx, user, Some(one.id), "password").await).await.unwrap();
        assert_eq!(ended, 1);
        assert!(!live("t2", 600).await && live("t3", 60).await);
        let tx = db.write().await.unwrap();
        let known = session::user(&tx, user).await.unwrap();
        session::update_user(&tx, &session::User { state: "disabled".into(), ..known.clone() }, known.version).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!live("t3", 60).await, "a disabled user has no session");
    }

    async fn failures_are_counted_within_the_window(db) {
        let clock = Clock::default();
        let db = clock.on(&db);
        let fail = async || {
            let start = db.now() - TimeDelta::seconds(600);
            db.write_tx(async |tx: &Tx| login::count_failure(tx, "account:a", start).await).await.unwrap()
        };
        assert_eq!((fail().await, fail().await), (1, 2));
        clock.wait(601);
        assert_eq!(fail().await, 1);
        db.write_tx(async |tx: &Tx| login::clear_failures(tx, "account:a").await).await.unwrap();
        assert_eq!(fail().await, 1);
    }

    async fn roles_and_secrets_have_their_time(db) {
        let clock = Clock::default();
        let db = clock.on(&db);
        let tx = db.write().await.unwrap();
        let new = NewUser {
            email: "a@x.it".into(), email_key: "a@x.it".into(), name: "Anna".into(), participant_id: None, locale: "it".into(),
        };
        let user = session::create_user(&tx, &new).await.unwrap().id;
        let finance = RoleGrant::everywhere(Role::Finance);
        let grant = session::grant(&tx, user, finance, "admin", None, Some("new job")).await.unwrap();
        session::grant(&tx, user, RoleGrant::everywhere(Role::Auditor), "admin", Some(at(50)), None).await.unwrap();
        assert_eq!(session::roles(&tx, user).await.unwrap().len(), 2);
        let system = client::create(&tx, "sap", "[\"sales.import\"]", None, "admin").await.unwrap();
        client::add_secret(&tx, system.id, "s1", at(0)).await.unwrap();
        client::add_secret(&tx, system.id, "s2", at(60)).await.unwrap();
        assert_eq!(client::secrets(&tx, system.id).await.unwrap().len(), 2);
        tx.commit().await.unwrap();
        clock.wait(70);
        let tx = db.write().await.unwrap();
        assert_eq!(session::roles(&tx, user).await.unwrap(), [finance]);
        assert_eq!(client::secrets(&tx, system.id).await.unwrap(), ["s2"]);
        session::revoke(&tx, user, grant, "admin").await.unwrap();
        assert!(session::roles(&tx, user).await.unwrap().is_empty());
        assert!(matches!(session::revoke(&tx, user, grant, "admin").await, Err(StoreError::NotFound { .. })));
        session::grant(&tx, user, finance, "admin", None, None).await.unwrap();
        assert_eq!(session::grants_at(&tx, at(10)).await.unwrap().len(), 2, "who could do what then");
    }
}
