//! Everything of a period: line by line, or summed.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::block::{self, Packed};
use super::day_number;
use super::line::{MAX_ROWS, line_id};
use crate::db::{StoreError, Tx, args, row};

/// Which lines: of which days, as of which publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scan {
    /// First day.
    pub first: NaiveDate,
    /// Last day, included.
    pub last: NaiveDate,
    /// As of this publication ([`super::last_published`] gives the latest).
    pub as_of: i64,
}

row! {
    /// Blocks of one batch that touch the days asked for.
    pub struct Part {
        /// The batch.
        pub batch_num: i64,
    }
}

/// Gives every line that stands to `each`, by batch and row: tens of millions a minute.
pub async fn scan(
    tx: &Tx,
    scan: Scan,
    mut each: impl FnMut(&Packed) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let (first, last) = (day_number(scan.first), day_number(scan.last));
    let sql = "SELECT num AS batch_num FROM import_batches WHERE state = 'published' AND published_no <= $1 \
               AND first_day <= $3 AND last_day >= $2 ORDER BY num";
    let parts: Vec<Part> = tx.all(sql, args![scan.as_of, first, last]).await?;
    for part in parts {
        let gone = superseded(tx, part.batch_num, scan.as_of).await?;
        let sql =
            "SELECT data FROM sales_blocks WHERE batch_num = $1 AND first_day <= $3 AND last_day >= $2 ORDER BY no";
        tx.stream(sql, args![part.batch_num, first, last], |row| {
            let data: Vec<u8> = row.try_get_by_index(0)?;
            block::unpack(part.batch_num, &data, |line| {
                if line.day < first || line.day > last || (!gone.is_empty() && gone.contains(&line.id)) {
                    return Ok(());
                }
                each(line)
            })
        })
        .await?;
    }
    Ok(())
}

async fn superseded(tx: &Tx, batch_num: i64, as_of: i64) -> Result<HashSet<i64>, StoreError> {
    let mut gone = HashSet::new();
    let sql = "SELECT line_id FROM sales_supersessions WHERE line_id BETWEEN $1 AND $2 AND published_no <= $3";
    let range = args![line_id(batch_num, 0), line_id(batch_num, MAX_ROWS.saturating_sub(1)), as_of];
    tx.stream(sql, range, |row| {
        gone.insert(row.try_get_by_index::<i64>(0)?);
        Ok(())
    })
    .await?;
    Ok(gone)
}

/// What lines are summed by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grouping {
    /// Days on which a new segment begins, in order: segment 0 is before the first of them, and so
    /// on. Where who is credited changes within the period, it changes on one of these days.
    pub breaks: Vec<NaiveDate>,
    /// A group for each product, by its number; products that are not named are in group -1.
    /// Absent: each product is its own group, by its number.
    pub products: Option<HashMap<i64, i64>>,
    /// Whether channels are kept apart.
    pub channels: bool,
    /// Whether customers are kept apart.
    pub customers: bool,
}

/// What a sum is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Number of the participant named on the lines; 0: none.
    pub participant: i64,
    /// Number of the territory; 0: none.
    pub territory: i64,
    /// Number or group of the product.
    pub product: i64,
    /// Number of the channel; 0: none, or not kept apart.
    pub channel: i64,
    /// Number of the customer; 0: none, or not kept apart.
    pub customer: i64,
    /// Which segment of the days.
    pub segment: u32,
    /// Which currency, as in [`Packed::currency_code`].
    pub currency: u32,
}

/// The sum of some lines. In 128 bits: a sum of amounts that fit never overflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// Millionths.
    pub amount: i128,
    /// Millionths; lines without a quantity count as none.
    pub quantity: i128,
    /// Millionths; lines without a margin count as none.
    pub margin: i128,
    /// Quantity of the lines without a margin, in millionths: for a margin by unit.
    pub quantity_without_margin: i128,
    /// How many lines.
    pub lines: u64,
}

impl Sum {
    fn add(&mut self, line: &Packed) {
        let quantity = i128::from(line.quantity.unwrap_or(0));
        self.amount = self.amount.saturating_add(i128::from(line.amount));
        self.quantity = self.quantity.saturating_add(quantity);
        match line.margin {
            Some(margin) => self.margin = self.margin.saturating_add(i128::from(margin)),
            None => self.quantity_without_margin = self.quantity_without_margin.saturating_add(quantity),
        }
        self.lines = self.lines.saturating_add(1);
    }
}

/// The sums of all lines that stand, ordered by key.
pub async fn totals(tx: &Tx, which: Scan, grouping: &Grouping) -> Result<Vec<(Key, Sum)>, StoreError> {
    let breaks: BTreeSet<i64> = grouping.breaks.iter().map(|day| day_number(*day)).collect();
    let breaks: Vec<i64> = breaks.into_iter().collect();
    let mut sums: HashMap<Key, Sum> = HashMap::new();
    scan(tx, which, |line| {
        let product = match &grouping.products {
            None => line.product,
            Some(groups) => groups.get(&line.product).copied().unwrap_or(-1),
        };
        let key = Key {
            participant: line.participant,
            territory: line.territory,
            product,
            channel: if grouping.channels { line.channel } else { 0 },
            customer: if grouping.customers { line.customer } else { 0 },
            segment: u32::try_from(breaks.partition_point(|day| *day <= line.day)).unwrap_or(u32::MAX),
            currency: line.currency_code(),
        };
        sums.entry(key).or_default().add(line);
        Ok(())
    })
    .await?;
    let mut sums: Vec<(Key, Sum)> = sums.into_iter().collect();
    sums.sort_unstable_by_key(|(key, _)| *key);
    Ok(sums)
}
