//! Sales lines: exactly once, superseding, as of a publication, and the packed form equal to the rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use chrono::NaiveDate;
use traguardo_domain::id::BatchId;
use traguardo_store::sales::line::{self, Currency, Line, LineQuery, NewLine};
use traguardo_store::sales::total::{self, Grouping, Key, Scan};
use traguardo_store::sales::{self, Batch, Counts, NewBatch};
use traguardo_store::{Db, Scaled, StoreError, Tx, organization, product};
use traguardo_testkit::each_database;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// (row, day, product, amount, external id)
type Short = (i64, &'static str, i64, i64, &'static str);

fn new_line((row, date, product, amount, external): Short) -> NewLine {
    NewLine {
        row,
        day: day(date),
        product,
        participant: Some(1),
        territory: None,
        channel: None,
        customer: None,
        amount: Scaled(amount),
        quantity: Some(Scaled(amount / 2)),
        margin: (row % 2 == 0).then_some(Scaled(1)),
        currency: Currency::parse("EUR").unwrap(),
        external_id: (!external.is_empty()).then(|| external.to_owned()),
    }
}

async fn master(db: &Db) {
    db.write_tx(async |tx: &Tx| {
        for code in ["A", "B", "C"] {
            product::put(tx, code, code).await?;
        }
        let new = organization::NewParticipant {
            code: "P1".into(),
            name: "Anna".into(),
            email: None,
            hire_date: day("2017-01-01"),
            leave_date: None,
        };
        organization::put_participant(tx, &new).await.map(|_| ())
    })
    .await
    .unwrap();
}

async fn begin(db: &Db, hash: &str) -> Batch {
    let new = NewBatch {
        kind: "sales".into(),
        source_code: "erp".into(),
        file_name: "sales.csv".into(),
        file_id: None,
        file_sha256: hash.into(),
        file_bytes: 10,
        mapping: "{}".into(),
        options: "{}".into(),
        job_id: None,
        created_by: None,
    };
    db.write_tx(async |tx: &Tx| sales::begin_batch(tx, &new).await).await.unwrap()
}

async fn stage(db: &Db, hash: &str, lines: &[Short]) -> Batch {
    let batch = begin(db, hash).await;
    let lines: Vec<NewLine> = lines.iter().copied().map(new_line).collect();
    db.write_tx(async |tx: &Tx| line::stage(tx, batch.num, &lines).await).await.unwrap();
    batch
}

fn counts(accepted: usize) -> Counts {
    let accepted = i64::try_from(accepted).unwrap();
    Counts { rows_in: accepted, accepted, ..Counts::default() }
}

async fn publish(db: &Db, id: BatchId, accepted: usize) -> Result<line::Published, StoreError> {
    db.write_tx(async |tx: &Tx| line::publish(tx, id, counts(accepted), None).await).await
}

async fn import(db: &Db, hash: &str, lines: &[Short]) -> line::Published {
    let batch = stage(db, hash, lines).await;
    publish(db, batch.id, lines.len()).await.unwrap()
}

async fn standing(db: &Db, as_of: Option<i64>) -> Vec<(i64, i64)> {
    let mut found: Vec<(i64, i64)> = Vec::new();
    let query = LineQuery { as_of, ..LineQuery::default() };
    let tx = db.read().await.unwrap();
    line::lines(&tx, &query, 1_000, |Line { line, .. }| {
        found.push((line.product, line.amount.0));
        Ok(())
    })
    .await
    .unwrap();
    // The packed form says the same.
    let as_of = as_of.unwrap_or(i64::MAX);
    let mut packed: Vec<(i64, i64)> = Vec::new();
    total::scan(&tx, Scan { first: day("2000-01-01"), last: day("2100-01-01"), as_of }, |line| {
        packed.push((line.product, line.amount));
        Ok(())
    })
    .await
    .unwrap();
    assert_eq!(found, packed);
    found
}

each_database! {
    async fn the_same_file_is_published_once(db) {
        master(&db).await;
        let lines = [(1, "2018-01-05", 1, 10, ""), (2, "2018-01-05", 1, 10, "")];
        import(&db, "h1", &lines).await;
        // Two who have both looked before either published: the database decides.
        let batch = stage(&db, "h1", &lines).await;
        let refused = publish(&db, batch.id, 2).await.unwrap_err();
        assert!(matches!(refused, StoreError::Exists { .. }), "{refused}");
        assert_eq!(standing(&db, None).await, [(1, 10), (1, 10)]);
        assert!(db.read_tx(async |tx: &Tx| sales::published_file(tx, "sales", "erp", "h1").await).await.unwrap().is_some());
    }

    async fn nothing_staged_is_seen_and_it_can_be_discarded(db) {
        master(&db).await;
        let batch = stage(&db, "h1", &[(1, "2018-01-05", 1, 10, "x"), (2, "2018-01-06", 2, 20, "y")]).await;
        assert_eq!(standing(&db, None).await, []);
        let tx = db.write().await.unwrap();
        sales::end_batch(&tx, batch.id, "cancelled", Counts::default(), None).await.unwrap();
        assert_eq!(line::discard(&tx, batch.id, 1).await.unwrap(), 1);
        assert_eq!(line::discard(&tx, batch.id, 10).await.unwrap(), 1);
        assert_eq!(line::discard(&tx, batch.id, 10).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert!(matches!(publish(&db, batch.id, 2).await, Err(StoreError::Refused { code: "import_state", .. })));
        // The file can come again: it was never published.
        import(&db, "h1", &[(1, "2018-01-05", 1, 10, "x")]).await;
        assert_eq!(standing(&db, None).await, [(1, 10)]);
    }

    async fn a_known_line_is_superseded_or_a_duplicate(db) {
        master(&db).await;
        import(&db, "h1", &[(1, "2018-01-05", 1, 10, "x"), (2, "2018-01-06", 2, 20, "y"), (3, "2018-01-06", 3, 30, "")]).await;
        let second = import(&db, "h2", &[
            (1, "2018-01-05", 1, 10, "x"), // equal: a duplicate
            (2, "2018-01-06", 2, 25, "y"), // different: supersedes
            (4, "2018-01-06", 2, 26, "y"), // supersedes the row above
            (6, "2018-01-06", 2, 26, "y"), // and this repeats it
            (7, "2018-02-01", 3, 70, "z"),
        ]).await;
        assert_eq!(second.duplicate_rows, [1, 6]);
        assert_eq!(second.superseded, 2);
        assert_eq!((second.batch.rows_in, second.batch.accepted, second.batch.duplicates), (5, 3, 2));
        assert_eq!(standing(&db, None).await, [(1, 10), (3, 30), (2, 26), (3, 70)]);
        // As of the first publication nothing has changed.
        assert_eq!(standing(&db, Some(1)).await, [(1, 10), (2, 20), (3, 30)]);
        assert_eq!(standing(&db, Some(0)).await, []);
        // Another source has ids of its own, and the same content twice is nothing new.
        let third = import(&db, "h3", &[(2, "2018-01-06", 2, 26, "y")]).await;
        assert_eq!((third.duplicate_rows, third.superseded), (vec![2], 0));
        assert_eq!(third.batch.first_day, None);
    }

    async fn published_lines_never_change(db) {
        master(&db).await;
        let published = import(&db, "h1", &[(1, "2018-01-05", 1, 10, "x")]).await;
        for sql in [
            "UPDATE sales_lines SET amount = 11",
            "DELETE FROM sales_lines",
            "DELETE FROM sales_blocks",
            "UPDATE sales_blocks SET lines = 0",
            "UPDATE import_batches SET accepted = 0",
            "DELETE FROM import_batches",
        ] {
            let tx = db.write().await.unwrap();
            let refused = sea_orm::ConnectionTrait::execute_unprepared(&tx, sql).await.map_err(StoreError::from);
            assert!(matches!(refused, Err(StoreError::Immutable(_))), "{sql}: {refused:?}");
        }
        let discarded = db.write_tx(async |tx: &Tx| line::discard(tx, published.batch.id, 10).await).await;
        assert!(matches!(discarded, Err(StoreError::Immutable(_))));
        assert_eq!(standing(&db, None).await, [(1, 10)]);
    }

    async fn a_batch_that_does_not_add_up_is_refused(db) {
        master(&db).await;
        let batch = stage(&db, "h1", &[(1, "2018-01-05", 1, 10, "")]).await;
        assert!(matches!(publish(&db, batch.id, 2).await, Err(StoreError::Refused { code: "import_counts", .. })));
        let batch = stage(&db, "h2", &[(1, "2018-01-05", 9, 10, "")]).await;
        assert!(matches!(publish(&db, batch.id, 1).await, Err(StoreError::Refused { code: "missing_reference", .. })));
        assert_eq!(standing(&db, None).await, []);
    }

    async fn sums_are_by_group_and_segment(db) {
        master(&db).await;
        import(&db, "h1", &[
            (1, "2018-01-31", 1, 10, ""), (2, "2018-02-01", 1, 7, ""), (3, "2018-02-14", 2, -4, ""),
            (4, "2018-02-15", 2, 100, ""), (5, "2018-02-28", 3, 1_000, ""), (6, "2018-03-01", 3, 5, ""),
        ]).await;
        let tx = db.read().await.unwrap();
        let which = Scan { first: day("2018-02-01"), last: day("2018-02-28"), as_of: 1 };
        let grouping = Grouping {
            breaks: vec![day("2018-02-15")],
            products: Some([(1, 7), (2, 7)].into()),
            ..Grouping::default()
        };
        let sums = total::totals(&tx, which, &grouping).await.unwrap();
        let short: Vec<_> = sums.iter().map(|(Key { product, segment, .. }, sum)| {
            (*product, *segment, sum.amount, sum.margin, sum.quantity_without_margin, sum.lines)
        }).collect();
        assert_eq!(short, [(-1, 1, 1_000, 0, 500, 1), (7, 0, 3, 1, -2, 2), (7, 1, 100, 1, 0, 1)]);
    }

    async fn many_lines_keep_their_order(db) {
        master(&db).await;
        let batch = begin(&db, "h1").await;
        for piece in 0..3 {
            let lines: Vec<NewLine> = (1..=5_000)
                .map(|n| new_line((piece * 5_000 + n, "2018-01-05", 1 + n % 3, n * 1_000_003, "")))
                .collect();
            db.write_tx(async |tx: &Tx| line::stage(tx, batch.num, &lines).await).await.unwrap();
        }
        publish(&db, batch.id, 15_000).await.unwrap();
        let tx = db.read().await.unwrap();
        let mut ids = Vec::new();
        total::scan(&tx, Scan { first: day("2018-01-05"), last: day("2018-01-05"), as_of: 1 }, |line| {
            ids.push((line.id, line.amount));
            Ok(())
        }).await.unwrap();
        assert_eq!(ids.len(), 15_000);
        assert!(ids.is_sorted());
        let mut rows = Vec::new();
        line::lines(&tx, &LineQuery::default(), 20_000, |line| {
            rows.push((line.id, line.line.amount.0));
            Ok(())
        }).await.unwrap();
        assert_eq!(ids, rows);
    }
}
