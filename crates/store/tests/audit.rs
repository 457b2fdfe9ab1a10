//! The audit chain: appended with the change, refused when touched, broken when tampered with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use traguardo_domain::actor::Actor;
use traguardo_store::audit::{self, GENESIS, NewEvent};
use traguardo_store::{Backend, Db, Listing, StoreError, Tx};
use traguardo_testkit::each_database;

fn event(action: &str, id: u32) -> NewEvent {
    NewEvent::new(&Actor::system("test"), action, "goal", id).after("{\"value\":\"1\"}")
}

async fn append(db: &Db, count: u32) {
    for id in 0..count {
        db.write_tx(async |tx: &Tx| {
            tx.note(event("goal.propose", id));
            tx.note(event("goal.validate", id).reason("fits \"well\", così"));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    }
}

async fn verify(db: &Db) -> Result<i64, (i64, String)> {
    db.read_tx(async |tx: &Tx| audit::verify(tx, 0, GENESIS).await)
        .await
        .unwrap()
        .map_err(|broken| (broken.seq, broken.what))
}

each_database! {
    async fn it_is_chained_and_listed(db) {
        append(&db, 3).await;
        assert_eq!(verify(&db).await, Ok(6));
        let listing = Listing { limit: 4, ..Listing::default() }.filter("action", "goal.propose,goal.validate");
        let first = db.read_tx(async |tx: &Tx| audit::list(tx, &listing).await).await.unwrap();
        assert_eq!((first.total, first.items.len()), (6, 4));
        assert_eq!(first.items[0].seq, 6);
        let next = Listing { cursor: first.next_cursor, ..listing };
        let second = db.read_tx(async |tx: &Tx| audit::list(tx, &next).await).await.unwrap();
        assert_eq!(second.items.iter().map(|event| event.seq).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(second.next_cursor, None);
    }

    async fn nothing_is_noted_without_a_commit(db) {
        let tx = db.write().await.unwrap();
        tx.note(event("goal.propose", 1));
        tx.rollback().await.unwrap();
        let refused: Result<(), StoreError> = db.write_tx(async |tx: &Tx| {
            tx.note(event("goal.propose", 1));
            Err(StoreError::not_found("goal", 1))
        }).await;
        assert!(matches!(refused, Err(StoreError::NotFound { .. })));
        assert_eq!(verify(&db).await, Ok(0));
    }

    async fn the_database_refuses_to_change_it(db) {
        append(&db, 1).await;
        for sql in [
            "UPDATE audit_events SET action = 'x'",
            "DELETE FROM audit_events",
            "DELETE FROM audit_head",
            "UPDATE audit_head SET seq = 1",
        ] {
            let refused = tamper(&db, sql).await.unwrap_err();
            assert!(matches!(refused, StoreError::Immutable(_)), "{sql}: {refused}");
        }
        assert_eq!(verify(&db).await, Ok(2));
    }

    async fn what_got_past_the_database_is_found(db) {
        append(&db, 4).await;
        let insert = "INSERT INTO audit_events SELECT 9, at, actor_kind, actor_id, actor_name, on_behalf_of, action, \
                      object_type, object_id, before, after, reason, request_id, session_id, prev, 'x' \
                      FROM audit_events WHERE seq = 8";
        // (what is done, where it is found); each is undone by a rollback
        for (sql, seq) in [
            ("UPDATE audit_events SET action = 'x' WHERE seq = 3", 3),
            ("UPDATE audit_events SET reason = NULL WHERE seq = 2", 2),
            ("UPDATE audit_events SET before = '' WHERE seq = 5", 5),
            ("UPDATE audit_events SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 8", 8),
            ("DELETE FROM audit_events WHERE seq = 4", 4),
            ("DELETE FROM audit_events WHERE seq >= 7", 7),
            (insert, 9),
            ("UPDATE audit_events SET seq = 100 + seq WHERE seq IN (2, 3)", 2),
        ] {
            let tx = db.write().await.unwrap();
            unguard(&tx).await;
            execute(&tx, sql).await.unwrap();
            let broken = audit::verify(&tx, 0, GENESIS).await.unwrap().unwrap_err();
            assert_eq!(broken.seq, seq, "{sql}: {}", broken.what);
            tx.rollback().await.unwrap();
        }
        assert_eq!(verify(&db).await, Ok(8));
    }
}

async fn execute(tx: &Tx, sql: &str) -> Result<(), StoreError> {
    Ok(sea_orm::ConnectionTrait::execute_unprepared(tx, sql).await.map(|_| ())?)
}

async fn tamper(db: &Db, sql: &str) -> Result<(), StoreError> {
    let tx = db.write().await?;
    execute(&tx, sql).await?;
    tx.commit().await
}

/// As somebody would who owns the database.
async fn unguard(tx: &Tx) {
    let sql = match tx.backend() {
        Backend::Postgres => "ALTER TABLE audit_events DISABLE TRIGGER USER",
        Backend::Sqlite => "DROP TRIGGER audit_events_update_00; DROP TRIGGER audit_events_delete_01",
    };
    execute(tx, sql).await.unwrap();
}
