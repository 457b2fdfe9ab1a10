//! Sales as the crediting takes them in: one fact a line, streamed, nothing kept.

use std::collections::HashMap;

use traguardo_domain::sales::{Dictionaries, Fact, Key};
use traguardo_domain::time::Days;

use crate::db::{StoreError, Tx, args, row};
use crate::sales::block::Packed;
use crate::sales::line::{self, MAX_ROWS};
use crate::sales::total::{Scan, scan};
use crate::sales::{day_number, day_of};
use crate::{organization, product, territory};

/// From the numbers on lines to the keys of the calculation, and the margins of products.
#[derive(Debug, Clone, Default)]
pub struct Index {
    participants: HashMap<i64, Key>,
    territories: HashMap<i64, Key>,
    products: HashMap<i64, Key>,
    channels: HashMap<i64, Key>,
    customers: HashMap<i64, Key>,
    currencies: HashMap<u32, Key>,
    sources: HashMap<i64, Key>,
    /// Per product: from day, to day (excluded), margin of a unit in millionths.
    margins: HashMap<i64, Vec<(i64, i64, i64)>>,
}

row! {
    /// A published import of sales.
    pub struct PublishedBatch {
        /// Its number.
        pub num: i64,
        /// The source.
        pub source_code: String,
        /// Currencies of its lines.
        pub currencies: String,
    }
}

impl Index {
    /// Reads the dictionaries; every text has its key before the first line is read.
    pub async fn load(tx: &Tx) -> Result<(Self, Dictionaries), StoreError> {
        let mut names = Dictionaries::default();
        let mut index = Self::default();
        let products = product::all(tx).await?;
        let mut numbers = HashMap::new();
        for row in &products {
            index.products.insert(row.num, names.products.intern(&row.code));
            numbers.insert(row.id, row.num);
        }
        for row in organization::all_participants(tx).await? {
            index.participants.insert(row.num, names.participants.intern(&row.code));
        }
        for row in territory::all(tx).await? {
            index.territories.insert(row.num, names.territories.intern(&row.code));
        }
        for row in line::all_channels(tx).await? {
            index.channels.insert(row.num, names.channels.intern(&row.word));
        }
        for row in line::all_customers(tx).await? {
            index.customers.insert(row.num, names.customers.intern(&row.word));
        }
        let sql = "SELECT num, source_code, currencies FROM import_batches WHERE kind = 'sales' AND state = 'published' \
                   ORDER BY num";
        for batch in tx.all::<PublishedBatch>(sql, args![]).await? {
            index.sources.insert(batch.num, names.sources.intern(&batch.source_code));
            for currency in batch.currencies.split(',').filter_map(line::Currency::parse) {
                let key = names.currencies.intern(currency.as_str());
                index.currencies.insert(Packed::code_of(currency), key);
            }
        }
        let (first, last) = (chrono::NaiveDate::MIN, chrono::NaiveDate::MAX);
        for terms in product::terms(tx, first, last).await? {
            let (Some(margin), Some(num)) = (terms.unit_margin, numbers.get(&terms.product_id)) else { continue };
            let to = terms.valid_to.map_or(i64::MAX, day_number);
            index.margins.entry(*num).or_default().push((day_number(terms.valid_from), to, margin.0));
        }
        Ok((index, names))
    }

    fn fact(&self, line: &Packed) -> Option<Fact> {
        fn key<N: Eq + std::hash::Hash>(keys: &HashMap<N, Key>, number: N) -> Key {
            keys.get(&number).copied().unwrap_or(Key::NONE)
        }
        Some(Fact {
            participant: key(&self.participants, line.participant),
            territory: key(&self.territories, line.territory),
            product: key(&self.products, line.product),
            channel: key(&self.channels, line.channel),
            customer: key(&self.customers, line.customer),
            currency: key(&self.currencies, line.currency_code()),
            source: key(&self.sources, line.id.div_euclid(MAX_ROWS)),
            amount: line.amount,
            quantity: line.quantity.unwrap_or(0),
            margin: line.margin.or_else(|| self.margin(line)).unwrap_or(0),
            ..Fact::new(line.id, day_of(line.day)?)
        })
    }

    /// Quantity times the margin of a unit on that day, to the nearest millionth, halves away from
    /// zero: a return has exactly the negative of its sale.
    fn margin(&self, line: &Packed) -> Option<i64> {
        let unit = self.margins.get(&line.product)?.iter().find(|(from, to, _)| *from <= line.day && line.day < *to)?.2;
        let product = i128::from(unit).checked_mul(i128::from(line.quantity?))?;
        let half = if product < 0 { -500_000 } else { 500_000 };
        i64::try_from(product.checked_add(half)?.checked_div(1_000_000)?).ok()
    }
}

/// Gives every line of `days` (each once, also where they overlap) that stands as of a publication.
pub async fn facts(
    tx: &Tx,
    index: &Index,
    days: &[Days],
    as_of: i64,
    mut each: impl FnMut(&Fact),
) -> Result<(), StoreError> {
    let mut wanted: Vec<Days> = days.to_vec();
    wanted.sort_unstable();
    let mut ranges: Vec<Days> = Vec::new();
    for days in wanted {
        match ranges.last_mut() {
            Some(last) if last.last.succ_opt().is_none_or(|next| days.first <= next) => {
                last.last = last.last.max(days.last);
            }
            _ => ranges.push(days),
        }
    }
    for range in ranges {
        scan(tx, Scan { first: range.first, last: range.last, as_of }, |line| {
            match index.fact(line) {
                Some(fact) => each(&fact),
                None => {
                    return Err(StoreError::Corrupt {
                        column: "sales_blocks.day".to_owned(),
                        value: line.day.to_string(),
                        expected: "day",
                    });
                }
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}
