//! Sales lines: staged in pieces, published at once, immutable from then on.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::QueryResult;
use sqlx::AssertSqlSafe;
use traguardo_domain::id::BatchId;

use super::block;
use super::{Batch, Counts, batch, day_number, day_of};
use crate::db::tx::Raw;
use crate::db::{Backend, Exclusive, Scaled, StoreError, Tx, args, row};

/// Rows of one file that can be numbered; the rest of a line's id is the number of its batch.
pub const MAX_ROWS: i64 = 1 << 28;

/// A currency: three letters of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Three capital letters, or none.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Self(letters))
    }

    /// The letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// A line to be. Products, participants, territories, channels and customers are named by `num`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// Row of the file, from 1, below [`MAX_ROWS`]; unique in the batch.
    pub row: i64,
    /// Day of the sale.
    pub day: NaiveDate,
    /// What was sold.
    pub product: i64,
    /// Who sold it, if the line says so.
    pub participant: Option<i64>,
    /// Where it was sold, if the line says so.
    pub territory: Option<i64>,
    /// Through which channel.
    pub channel: Option<i64>,
    /// To whom.
    pub customer: Option<i64>,
    /// For how much; negative for a return.
    pub amount: Scaled,
    /// How many units.
    pub quantity: Option<Scaled>,
    /// With which margin.
    pub margin: Option<Scaled>,
    /// In which currency.
    pub currency: Currency,
    /// The source's own id of the line.
    pub external_id: Option<String>,
}

/// A published line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its id: number of the batch and row of the file in one.
    pub id: i64,
    /// What it says; `row` is the row of the file.
    pub line: NewLine,
}

/// The id of a row of a batch.
pub fn line_id(batch_num: i64, row: i64) -> i64 {
    batch_num.saturating_mul(MAX_ROWS).saturating_add(row)
}

const COLUMNS: &str = "id, day, product_num, participant_num, territory_num, channel_num, customer_num, amount, quantity, \
                       margin, currency, external_id";
const WIDTH: usize = 12;
/// Rows of one statement: SQLite takes up to 32766 parameters, and longer ones gain nothing.
const ROWS: usize = 200;

/// Adds lines to a batch that is being staged, by ascending rows. A few ten thousand a call.
pub async fn stage(tx: &Tx, batch_num: i64, lines: &[NewLine]) -> Result<(), StoreError> {
    if let Some(line) = lines.iter().find(|line| line.row < 1 || line.row >= MAX_ROWS) {
        let message = format!("row `{}` is beyond `{MAX_ROWS}`: split the file", line.row);
        return Err(StoreError::refused("too_many_rows", message));
    }
    for rows in lines.chunks(block::LINES) {
        put_block(tx, batch_num, rows).await?;
    }
    match &mut *tx.raw().await {
        Raw::Sqlite(tx) => {
            let full = statement(ROWS);
            for rows in lines.chunks(ROWS) {
                let sql = if rows.len() == ROWS { full.clone() } else { statement(rows.len()) };
                let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(rows.len() == ROWS);
                for line in rows {
                    query = query
                        .bind(line_id(batch_num, line.row))
                        .bind(day_number(line.day))
                        .bind(line.product)
                        .bind(line.participant)
                        .bind(line.territory)
                        .bind(line.channel)
                        .bind(line.customer)
                        .bind(line.amount.0)
                        .bind(line.quantity.map(|quantity| quantity.0))
                        .bind(line.margin.map(|margin| margin.0))
                        .bind(line.currency.as_str())
                        .bind(line.external_id.as_deref());
                }
                query.execute(&mut **tx).await?;
            }
        }
        Raw::Postgres(tx) => {
            let mut copy = tx.copy_in_raw(&format!("COPY sales_lines ({COLUMNS}) FROM STDIN (FORMAT binary)")).await?;
            let mut buffer = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec();
            for line in lines {
                write_binary(&mut buffer, batch_num, line);
                if buffer.len() > 1 << 17 {
                    copy.send(buffer.as_slice()).await?;
                    buffer.clear();
                }
            }
            buffer.extend_from_slice(&(-1_i16).to_be_bytes());
            copy.send(buffer.as_slice()).await?;
            copy.finish().await?;
        }
    }
    Ok(())
}

/// Adds the packed form of lines.
async fn put_block(tx: &Tx, batch_num: i64, lines: &[NewLine]) -> Result<(), StoreError> {
    let days = lines.iter().map(|line| day_number(line.day));
    let (Some(first), Some(first_day), Some(last_day)) = (lines.first(), days.clone().min(), days.max()) else {
        return Ok(());
    };
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let sql =
        "INSERT INTO sales_blocks (batch_num, no, lines, first_day, last_day, data) VALUES ($1, $2, $3, $4, $5, $6)";
    tx.execute(sql, args![batch_num, first.row, count, first_day, last_day, block::pack(lines)?]).await.map(|_| ())
}

/// Packs the blocks again from which lines were dropped.
async fn repack(tx: &Tx, batch_num: i64, dropped_rows: &[i64]) -> Result<(), StoreError> {
    let blocks: Vec<i64> =
        tx.all("SELECT no AS value FROM sales_blocks WHERE batch_num = $1 ORDER BY no", args![batch_num]).await?;
    let ends = blocks.iter().skip(1).copied().chain([MAX_ROWS]);
    for (no, end) in blocks.iter().copied().zip(ends) {
        let from = dropped_rows.partition_point(|row| *row < no);
        if dropped_rows.get(from).is_none_or(|row| *row >= end) {
            continue;
        }
        tx.execute("DELETE FROM sales_blocks WHERE batch_num = $1 AND no = $2", args![batch_num, no]).await?;
        let mut lines = Vec::new();
        let sql = format!("SELECT {COLUMNS} FROM sales_lines WHERE id >= $1 AND id < $2 ORDER BY id");
        tx.stream(&sql, args![line_id(batch_num, no), line_id(batch_num, end)], |row| {
            lines.push(read(row)?.line);
            Ok(())
        })
        .await?;
        put_block(tx, batch_num, &lines).await?;
    }
    Ok(())
}

fn statement(rows: usize) -> String {
    let row = format!("({})", ["?"; WIDTH].join(","));
    format!("INSERT INTO sales_lines ({COLUMNS}) VALUES {}", vec![row; rows].join(","))
}

/// One row of PostgreSQL's binary COPY: number of fields, then length and bytes of each.
fn write_binary(buffer: &mut Vec<u8>, batch_num: i64, line: &NewLine) {
    fn bytes(buffer: &mut Vec<u8>, bytes: &[u8]) {
        buffer.extend_from_slice(&i32::try_from(bytes.len()).unwrap_or(i32::MAX).to_be_bytes());
        buffer.extend_from_slice(bytes);
    }
    fn maybe(buffer: &mut Vec<u8>, number: Option<i64>) {
        match number {
            Some(number) => bytes(buffer, &number.to_be_bytes()),
            None => buffer.extend_from_slice(&(-1_i32).to_be_bytes()),
        }
    }
    buffer.extend_from_slice(&i16::try_from(WIDTH).unwrap_or(0).to_be_bytes());
    for number in [line_id(batch_num, line.row), day_number(line.day), line.product] {
        bytes(buffer, &number.to_be_bytes());
    }
    for number in [line.participant, line.territory, line.channel, line.customer] {
        maybe(buffer, number);
    }
    bytes(buffer, &line.amount.0.to_be_bytes());
    maybe(buffer, line.quantity.map(|quantity| quantity.0));
    maybe(buffer, line.margin.map(|margin| margin.0));
    bytes(buffer, line.currency.as_str().as_bytes());
    match &line.external_id {
        Some(id) => bytes(buffer, id.as_bytes()),
        None => maybe(buffer, None),
    }
}

/// Reads a line by the places of [`COLUMNS`].
pub(super) fn read(row: &QueryResult) -> Result<Line, StoreError> {
    let number = |index: usize| row.try_get_by_index::<i64>(index);
    let maybe = |index: usize| row.try_get_by_index::<Option<i64>>(index);
    let corrupt =
        |column: &str, value: String, expected| StoreError::Corrupt { column: column.to_owned(), value, expected };
    let id = number(0)?;
    let day = number(1)?;
    let currency: String = row.try_get_by_index(10)?;
    let line = NewLine {
        row: id.rem_euclid(MAX_ROWS),
        day: day_of(day).ok_or_else(|| corrupt("day", day.to_string(), "day"))?,
        product: number(2)?,
        participant: maybe(3)?,
        territory: maybe(4)?,
        channel: maybe(5)?,
        customer: maybe(6)?,
        amount: Scaled(number(7)?),
        quantity: maybe(8)?.map(Scaled),
        margin: maybe(9)?.map(Scaled),
        currency: Currency::parse(&currency).ok_or_else(|| corrupt("currency", currency, "currency"))?,
        external_id: row.try_get_by_index(11)?,
    };
    Ok(Line { id, line })
}

/// What publication found among the staged lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The batch, published.
    pub batch: Batch,
    /// Rows that say what an earlier line of the same id says: they are not kept.
    pub duplicate_rows: Vec<i64>,
    /// How many earlier lines were superseded.
    pub superseded: i64,
}

/// Publishes a staged batch of sales: from the commit on, its lines are true.
///
/// In one short transaction it checks that every line names rows that exist, lets lines with a known
/// `external_id` supersede the earlier line (or drops them as duplicates when they are equal), checks
/// the counts, and gives the batch its number. `counts` are the reader's: what is dropped here is
/// moved from accepted to duplicates. The same file a second time is refused with `Exists`.
pub async fn publish(tx: &Tx, id: BatchId, counts: Counts, totals: Option<&str>) -> Result<Published, StoreError> {
    tx.exclusive(Exclusive::Publication).await?;
    let staged = batch(tx, id).await?;
    if staged.state != "staging" || staged.kind != "sales" {
        let message = format!("the import `{id}` of `{}` is `{}`: it cannot be published", staged.kind, staged.state);
        return Err(StoreError::refused("import_state", message));
    }
    let (first, last) = (line_id(staged.num, 0), line_id(staged.num, MAX_ROWS.saturating_sub(1)));
    check_references(tx, first, last).await?;
    let published_no = super::last_published(tx).await?.saturating_add(1);
    let (duplicate_rows, superseded) = resolve(tx, &staged, first, last, published_no).await?;
    let dropped = i64::try_from(duplicate_rows.len()).unwrap_or(i64::MAX);
    let kept = tx.maybe::<Kept>(
        "SELECT COUNT(*) AS lines, MIN(day) AS first_day, MAX(day) AS last_day FROM sales_lines WHERE id BETWEEN $1 AND $2",
        args![first, last],
    );
    let kept = kept.await?.unwrap_or(Kept { lines: 0, first_day: None, last_day: None });
    let currencies: Vec<String> = tx
        .all(
            "SELECT DISTINCT currency AS value FROM sales_lines WHERE id BETWEEN $1 AND $2 ORDER BY 1",
            args![first, last],
        )
        .await?;
    let accepted = counts.accepted.saturating_sub(dropped);
    if kept.lines != accepted {
        let message = format!(
            "the import `{id}` has staged `{}` lines but counts `{accepted}` as accepted: import the file again",
            kept.lines
        );
        return Err(StoreError::refused("import_counts", message));
    }
    let sql = "UPDATE import_batches SET state = 'published', rows_in = $2, accepted = $3, rejected = $4, \
               duplicates = $5, totals = $6, first_day = $7, last_day = $8, published_no = $9, finished_at = $10, currencies = $11, \
               version = version + 1 WHERE id = $1";
    let args = args![
        id,
        counts.rows_in,
        accepted,
        counts.rejected,
        counts.duplicates.saturating_add(dropped),
        totals,
        kept.first_day,
        kept.last_day,
        published_no,
        tx.now(),
        currencies.join(",")
    ];
    tx.execute(sql, args).await?;
    Ok(Published { batch: batch(tx, id).await?, duplicate_rows, superseded })
}

row! {
    /// What is left of a staged batch.
    pub struct Kept {
        /// Lines.
        pub lines: i64,
        /// Earliest day.
        pub first_day: Option<i64>,
        /// Latest day.
        pub last_day: Option<i64>,
    }
}

async fn check_references(tx: &Tx, first: i64, last: i64) -> Result<(), StoreError> {
    for (column, table) in [
        ("product_num", "products"),
        ("participant_num", "participants"),
        ("territory_num", "territories"),
        ("channel_num", "channels"),
        ("customer_num", "customers"),
    ] {
        let sql = format!(
            "SELECT MIN(n.num) AS value FROM (SELECT DISTINCT {column} AS num FROM sales_lines \
             WHERE id BETWEEN $1 AND $2 AND {column} IS NOT NULL) n \
             WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE t.num = n.num)"
        );
        if let Some(Some(num)) = tx.maybe::<Option<i64>>(&sql, args![first, last]).await? {
            let message = format!("a staged line names the row `{num}` of `{table}`, which does not exist");
            return Err(StoreError::refused("missing_reference", message));
        }
    }
    Ok(())
}

/// Finds, for each `external_id` that occurs more than once, which line stands: rows of the batch that
/// repeat the line before are dropped, others supersede it.
async fn resolve(
    tx: &Tx,
    staged: &Batch,
    first: i64,
    last: i64,
    published_no: i64,
) -> Result<(Vec<i64>, i64), StoreError> {
    let columns: String = COLUMNS.split(", ").map(|column| format!("l.{column}")).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "WITH mine AS (SELECT external_id FROM sales_lines WHERE id BETWEEN $1 AND $2 AND external_id IS NOT NULL \
         GROUP BY external_id), \
         again AS (SELECT m.external_id FROM mine m WHERE \
         (SELECT COUNT(*) FROM (SELECT 1 FROM sales_lines x WHERE x.external_id = m.external_id LIMIT 2) two) > 1) \
         SELECT {columns} FROM again a JOIN sales_lines l ON l.external_id = a.external_id \
         JOIN import_batches b ON b.num = l.id / {MAX_ROWS} \
         WHERE (l.id BETWEEN $1 AND $2) OR (b.state = 'published' AND b.source_code = $3 \
         AND NOT EXISTS (SELECT 1 FROM sales_supersessions s WHERE s.line_id = l.id)) \
         ORDER BY l.external_id, COALESCE(b.published_no, 9223372036854775807), l.id"
    );
    let mut standing: Option<Line> = None;
    let (mut dropped, mut supersessions) = (Vec::new(), Vec::new());
    tx.stream(&sql, args![first, last, &staged.source_code], |row| {
        let next = read(row)?;
        let same_id = standing.as_ref().filter(|line| line.line.external_id == next.line.external_id);
        match same_id {
            Some(before) if next.id >= first && next.id <= last => {
                if (NewLine { row: 0, ..before.line.clone() }) == (NewLine { row: 0, ..next.line.clone() }) {
                    dropped.push(next.id);
                    return Ok(());
                }
                supersessions.push((before.id, next.id));
            }
            _ => {}
        }
        standing = Some(next);
        Ok(())
    })
    .await?;
    for ids in dropped.chunks(500) {
        let list: Vec<String> = ids.iter().map(i64::to_string).collect();
        tx.execute(&format!("DELETE FROM sales_lines WHERE id IN ({})", list.join(",")), vec![]).await?;
    }
    for pairs in supersessions.chunks(500) {
        let list: Vec<String> = pairs.iter().map(|(old, new)| format!("({old},{new},{published_no})")).collect();
        let sql =
            format!("INSERT INTO sales_supersessions (line_id, by_line_id, published_no) VALUES {}", list.join(","));
        tx.execute(&sql, vec![]).await?;
    }
    let superseded = i64::try_from(supersessions.len()).unwrap_or(i64::MAX);
    dropped.sort_unstable();
    let dropped_rows: Vec<i64> = dropped.into_iter().map(|id| id.rem_euclid(MAX_ROWS)).collect();
    if !dropped_rows.is_empty() {
        repack(tx, staged.num, &dropped_rows).await?;
    }
    Ok((dropped_rows, superseded))
}

/// Removes up to `limit` staged lines of a batch that is not and will not be published; how many
/// went. Call it again until it answers 0: pieces keep other writers going.
pub async fn discard(tx: &Tx, id: BatchId, limit: i64) -> Result<u64, StoreError> {
    let batch = batch(tx, id).await?;
    if batch.state == "published" {
        return Err(StoreError::Immutable("published sales lines are never deleted".to_owned()));
    }
    tx.execute("DELETE FROM sales_blocks WHERE batch_num = $1", args![batch.num]).await?;
    let sql = "DELETE FROM sales_lines WHERE id IN (SELECT id FROM sales_lines WHERE id BETWEEN $1 AND $2 LIMIT $3)";
    let (first, last) = (line_id(batch.num, 0), line_id(batch.num, MAX_ROWS.saturating_sub(1)));
    tx.execute(sql, args![first, last, limit]).await
}

/// The numbers of customers by name; those that are new are made.
pub async fn customers(tx: &Tx, names: &[&str]) -> Result<BTreeMap<String, i64>, StoreError> {
    dictionary(tx, ("customers", "name"), names).await
}

/// The numbers of channels by code; those that are new are made.
pub async fn channels(tx: &Tx, codes: &[&str]) -> Result<BTreeMap<String, i64>, StoreError> {
    dictionary(tx, ("channels", "code"), codes).await
}

row! {
    /// A word and its number.
    pub struct Word {
        /// The number.
        pub num: i64,
        /// The word.
        pub word: String,
    }
}

async fn dictionary(
    tx: &Tx,
    (table, column): (&str, &str),
    words: &[&str],
) -> Result<BTreeMap<String, i64>, StoreError> {
    let mut numbers = BTreeMap::new();
    for chunk in words.chunks(200) {
        let mut args = Vec::new();
        let places: Vec<String> = chunk.iter().map(|word| crate::db::reach::place(&mut args, *word)).collect();
        let values: Vec<String> = places.iter().map(|place| format!("({place})")).collect();
        let sql =
            format!("INSERT INTO {table} ({column}) VALUES {} ON CONFLICT ({column}) DO NOTHING", values.join(","));
        tx.execute(&sql, args.clone()).await?;
        let sql = format!("SELECT num, {column} AS word FROM {table} WHERE {column} IN ({})", places.join(","));
        let found: Vec<Word> = tx.all(&sql, args).await?;
        numbers.extend(found.into_iter().map(|word| (word.word, word.num)));
    }
    Ok(numbers)
}

/// All channels, by code.
pub async fn all_channels(tx: &Tx) -> Result<Vec<Word>, StoreError> {
    tx.all("SELECT num, code AS word FROM channels ORDER BY code", vec![]).await
}

/// All customers, by name.
pub async fn all_customers(tx: &Tx) -> Result<Vec<Word>, StoreError> {
    tx.all("SELECT num, name AS word FROM customers ORDER BY name", vec![]).await
}

/// Which lines are asked for; everything absent does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineQuery {
    /// From this day on.
    pub first: Option<NaiveDate>,
    /// Up to this day, included.
    pub last: Option<NaiveDate>,
    /// As of this publication; absent: as of now.
    pub as_of: Option<i64>,
    /// Only lines of these participants, if any are named.
    pub participants: Vec<i64>,
    /// Or in these territories; where both are named, either will do.
    pub territories: Vec<i64>,
    /// Only lines of these products, if any are named.
    pub products: Vec<i64>,
    /// Only lines after this id, for paging.
    pub after: i64,
}

fn numbers(column: &str, nums: &[i64]) -> String {
    let list: Vec<String> = nums.iter().map(i64::to_string).collect();
    format!("l.{column} IN ({})", list.join(","))
}

/// Gives each line that stands to `each`, in the order of ids, at most `limit`.
pub async fn lines(
    tx: &Tx,
    query: &LineQuery,
    limit: i64,
    mut each: impl FnMut(Line) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let columns: String = COLUMNS.split(", ").map(|column| format!("l.{column}")).collect::<Vec<_>>().join(", ");
    let as_of = query.as_of.unwrap_or(i64::MAX);
    let first = query.first.map_or(i64::MIN, day_number);
    let last = query.last.map_or(i64::MAX, day_number);
    let mut conditions = vec![
        "b.state = 'published' AND b.published_no <= $1 AND l.day BETWEEN $2 AND $3 AND l.id > $4".to_owned(),
        "NOT EXISTS (SELECT 1 FROM sales_supersessions s WHERE s.line_id = l.id AND s.published_no <= $1)".to_owned(),
    ];
    let mut places = Vec::new();
    if !query.participants.is_empty() {
        places.push(numbers("participant_num", &query.participants));
    }
    if !query.territories.is_empty() {
        places.push(numbers("territory_num", &query.territories));
    }
    if !places.is_empty() {
        conditions.push(format!("({})", places.join(" OR ")));
    }
    if !query.products.is_empty() {
        conditions.push(numbers("product_num", &query.products));
    }
    // SQLite is told to go from batches to lines: CROSS JOIN keeps the order.
    let join = match tx.backend() {
        Backend::Sqlite => "CROSS JOIN",
        Backend::Postgres => "JOIN",
    };
    let on = match tx.backend() {
        Backend::Sqlite => String::new(),
        Backend::Postgres => format!(" ON l.id >= b.num * {MAX_ROWS} AND l.id < (b.num + 1) * {MAX_ROWS}"),
    };
    if tx.backend() == Backend::Sqlite {
        conditions.push(format!("l.id >= b.num * {MAX_ROWS} AND l.id < (b.num + 1) * {MAX_ROWS}"));
    }
    conditions.push("b.first_day <= $3 AND b.last_day >= $2".to_owned());
    let sql = format!(
        "SELECT {columns} FROM import_batches b {join} sales_lines l{on} WHERE {} ORDER BY l.id LIMIT $5",
        conditions.join(" AND ")
    );
    tx.stream(&sql, args![as_of, first, last, query.after, limit], |row| each(read(row)?)).await
}
