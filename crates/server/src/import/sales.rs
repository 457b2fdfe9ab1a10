//! Sales: the file is read twice. The first time every row is checked and nothing is written, so that "all or nothing" is
//! known before anything begins; the second time the good lines are staged in pieces, and one short transaction publishes
//! all of them.

use std::collections::HashMap;

use tokio::sync::mpsc;
use traguardo_domain::finding::Finding;
use traguardo_intake::limits::Limits;
use traguardo_intake::mapping::Mapping;
use traguardo_intake::record::Sale;
use traguardo_intake::references::References;
use traguardo_intake::report::{Books, RowFinding, Verdict};
use traguardo_store::sales::line::{self, Currency, NewLine};
use traguardo_store::sales::{Batch, Counts, Reject};
use traguardo_store::{Db, Scaled, Tx};

use super::names::Known;
use super::order::{Order, open};
use super::outcome::{REJECTS, reject};
use super::upload::Scratch;
use super::work::{Stop, Watch};

/// Lines staged in one transaction.
const PIECE: usize = 20_000;

/// What the first reading found.
pub struct Pass {
    /// Verdicts, totals and findings.
    pub books: Books,
    /// What the file names.
    pub references: References,
    /// Rows that were rejected.
    pub rejects: Vec<Reject>,
    /// Counts of the rows.
    pub counts: Counts,
}

/// Reads the whole file and checks every row.
pub fn read(
    scratch: &Scratch,
    order: &Order,
    mapping: &Mapping,
    mut known: Known,
    watch: &Watch,
) -> Result<Pass, Stop> {
    let limits = Limits::default();
    let mut rows =
        open(scratch.reader()?, order)?.rows(order.kind, mapping).map_err(|findings| Stop::refused(&findings))?;
    let mut books = Books::new(&limits);
    let mut references = References::default();
    let mut rejects = Vec::new();
    let mut more: Vec<RowFinding> = Vec::new();
    while let Some(row) = rows.next_row().map_err(|finding| Stop::refused(&[*finding]))? {
        more.clear();
        let mut verdict = row.verdict;
        if let Some(sale) = row.record.as_ref().and_then(|record| record.sale()) {
            known.judge(row.number, sale, order.create_missing, &mut more);
            fits(row.number, sale, &mut more);
        }
        if more.iter().any(|found| found.finding.is_error()) {
            verdict = Verdict::Rejected;
        }
        if more.is_empty() {
            books.enter_as(verdict, row.record.as_ref(), row.amount, row.findings);
        } else {
            more.extend_from_slice(row.findings);
            books.enter_as(verdict, row.record.as_ref(), row.amount, &more);
        }
        match (&row.record, verdict) {
            (Some(record), Verdict::Accepted) => references.note(row.number, record),
            (_, Verdict::Rejected) if rejects.len() < REJECTS => {
                let findings = if more.is_empty() { row.findings } else { more.as_slice() };
                rejects.push(reject(row.number, row.cells(), findings));
            }
            _ => {}
        }
        if row.number.is_multiple_of(10_000) {
            watch.tell(row.number, "checking")?;
        }
    }
    for conflict in references.conflicts() {
        books.log.add(conflict);
    }
    if references.overflowed() {
        let message = "the file names more different things than one import may make";
        let finding =
            Finding::error("too_many_names", "file", message).help("check the mapping, or import master data first");
        return Err(Stop::refused(&[finding]));
    }
    let counts = counts(&books, rows.read())?;
    Ok(Pass { books, references, rejects, counts })
}

/// The counts, when every row has its verdict.
pub fn counts(books: &Books, rows: u64) -> Result<Counts, Stop> {
    let balance = books.tally.close(rows).map_err(|unbalanced| Stop::Failed(unbalanced.to_string()))?;
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    Ok(Counts {
        rows_in: number(balance.rows()),
        accepted: number(balance.accepted()),
        rejected: number(balance.rejected()),
        duplicates: number(balance.duplicates()),
    })
}

/// Whether the database can number the row.
fn fits(row: u64, sale: &Sale, findings: &mut Vec<RowFinding>) {
    let beyond = i64::try_from(row).is_ok_and(|row| row >= line::MAX_ROWS);
    if beyond {
        let finding = Finding::error("too_many_rows", "", "the row is beyond the last that can be numbered")
            .help("split the file");
        findings.push(RowFinding::of_row(row, finding));
    }
    if sale.currency.as_deref().is_some_and(|currency| Currency::parse(currency).is_none()) {
        findings
            .push(RowFinding::of_row(row, Finding::error("not_a_currency", "", "the currency is not three letters")));
    }
}

/// Reads the file again and sends the good lines in pieces.
fn send(
    scratch: &Scratch,
    order: &Order,
    mapping: &Mapping,
    mut known: Known,
    pieces: &mpsc::Sender<Vec<Sent>>,
) -> Result<(), Stop> {
    let mut rows =
        open(scratch.reader()?, order)?.rows(order.kind, mapping).map_err(|findings| Stop::refused(&findings))?;
    let usual = Currency::parse(&order.currency);
    let mut piece = Vec::with_capacity(PIECE);
    let mut findings = Vec::new();
    while let Some(row) = rows.next_row().map_err(|finding| Stop::refused(&[*finding]))? {
        let number = row.number;
        let Some(sale) =
            row.record.as_ref().and_then(|record| record.sale()).filter(|_| row.verdict == Verdict::Accepted)
        else {
            continue;
        };
        findings.clear();
        // The same questions as the first time, with the same answers.
        known.judge(number, sale, order.create_missing, &mut findings);
        fits(number, sale, &mut findings);
        if findings.iter().any(|found| found.finding.is_error()) {
            continue;
        }
        piece.push(sent(number, sale, &mut known, usual)?);
        if piece.len() == PIECE {
            let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE));
            // The receiver is gone when staging failed or was stopped: it tells why.
            if pieces.blocking_send(full).is_err() {
                return Ok(());
            }
        }
    }
    let _ = pieces.blocking_send(piece);
    Ok(())
}

/// A line whose words have no numbers yet.
struct Sent {
    line: NewLine,
    channel: Option<String>,
    customer: Option<String>,
}

fn sent(row: u64, sale: &Sale, known: &mut Known, usual: Option<Currency>) -> Result<Sent, Stop> {
    let changed =
        |what: &str, text: &str| Stop::Again(format!("the {what} `{text}` went away while the file was read"));
    let product = known.products.num(&sale.product).ok_or_else(|| changed("product", &sale.product))?;
    let found = |num: Option<i64>, what: &str, text: &Option<String>| match (num, text) {
        (None, Some(text)) => Err(changed(what, text)),
        (num, _) => Ok(num),
    };
    let participant = sale.participant.as_deref().and_then(|text| known.people.num(text));
    let territory = sale.territory.as_deref().and_then(|text| known.territories.num(text));
    let currency = match sale.currency.as_deref() {
        Some(currency) => Currency::parse(currency),
        None => usual,
    };
    let scaled =
        |value: rust_decimal::Decimal| Scaled::try_from(value).map_err(|error| Stop::Failed(error.to_string()));
    Ok(Sent {
        line: NewLine {
            row: i64::try_from(row).unwrap_or(i64::MAX),
            day: sale.date,
            product,
            participant: found(participant, "participant", &sale.participant)?,
            territory: found(territory, "territory", &sale.territory)?,
            channel: None,
            customer: None,
            amount: scaled(sale.amount)?,
            quantity: sale.quantity.map(scaled).transpose()?,
            margin: sale.margin.map(scaled).transpose()?,
            currency: currency.ok_or_else(|| Stop::Failed("a line has no currency".to_owned()))?,
            external_id: sale.external_id.clone(),
        },
        channel: sale.channel.clone(),
        customer: sale.customer.clone(),
    })
}

/// Words and their numbers, as far as this import has met them.
#[derive(Default)]
struct Words(HashMap<String, i64>);

impl Words {
    /// Those of a piece that are new.
    fn new_of<'p>(&self, words: impl Iterator<Item = Option<&'p str>>) -> Vec<&'p str> {
        let mut new: Vec<&str> = words.flatten().filter(|word| !self.0.contains_key(*word)).collect();
        new.sort_unstable();
        new.dedup();
        new
    }

    fn num(&self, word: Option<&str>) -> Option<i64> {
        word.and_then(|word| self.0.get(word)).copied()
    }
}

/// Stages all good lines under the number of the batch. How many went.
pub async fn stage(
    db: &Db,
    batch: &Batch,
    (scratch, order, mapping): (&Scratch, &Order, &Mapping),
    watch: &Watch,
) -> Result<i64, Stop> {
    let known = db.read_tx(async |tx: &Tx| Known::load(tx, &order.source).await).await?;
    let (sender, mut pieces) = mpsc::channel(2);
    let reader = {
        let (scratch, order, mapping) = (scratch.share()?, order.clone(), mapping.clone());
        tokio::task::spawn_blocking(move || send(&scratch, &order, &mapping, known, &sender))
    };
    let (mut channels, mut customers) = (Words::default(), Words::default());
    let mut staged: i64 = 0;
    while let Some(mut piece) = pieces.recv().await {
        let tx = db.write().await?;
        let new = channels.new_of(piece.iter().map(|sent| sent.channel.as_deref()));
        if !new.is_empty() {
            channels.0.extend(line::channels(&tx, &new).await?);
        }
        let new = customers.new_of(piece.iter().map(|sent| sent.customer.as_deref()));
        if !new.is_empty() {
            customers.0.extend(line::customers(&tx, &new).await?);
        }
        for sent in &mut piece {
            sent.line.channel = channels.num(sent.channel.as_deref());
            sent.line.customer = customers.num(sent.customer.as_deref());
        }
        let lines: Vec<NewLine> = piece.into_iter().map(|sent| sent.line).collect();
        line::stage(&tx, batch.num, &lines).await?;
        tx.commit().await?;
        staged = staged.saturating_add(i64::try_from(lines.len()).unwrap_or(i64::MAX));
        watch.tell(staged.unsigned_abs(), "staging")?;
    }
    reader.await.map_err(|_| Stop::Failed("reading the file panicked; see the log".to_owned()))??;
    Ok(staged)
}
