//! Payment batches, and their file for payroll.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use traguardo_contract::act::ActBody;
use traguardo_contract::endpoint::{Endpoint, Json};
use traguardo_contract::payment::{
    ApprovePayment, ConfirmPayment, CreatePayment, ExportPayment, GetPayment, GetPaymentFile, ListPaymentItems,
    ListPayments, PaymentBatchDto, PaymentItemDto,
};
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::id::{PaymentBatchId, PeriodId};
use traguardo_domain::workflow::{PAYMENT, PaymentAction, PaymentState};
use traguardo_intake::export::{Cell, CsvTable, XlsxBook};
use traguardo_store::payment::{self as store, PaymentBatch, PaymentItem, Step};
use traguardo_store::{Tx, audit, period};

use crate::http::{Answer, Body, Permit, Query, Routes, listing, write};
use crate::organization::{Checks, decimal, same_version};
use crate::problem::ApiError;
use crate::workflow::{self, Thing};

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    routes.on(list).on(create).on(get).on(items).on(file);
    routes.on(act::<ApprovePayment>).on(act::<ExportPayment>).on(act::<ConfirmPayment>);
}

/// An endpoint that is an action on a payment batch.
trait Action: Endpoint<Body = Json<ActBody>, Answer = Json<PaymentBatchDto>> {
    const ACTION: PaymentAction;
}

macro_rules! actions {
    ($($endpoint:ident => $action:ident,)+) => { $(
        impl Action for $endpoint {
            const ACTION: PaymentAction = PaymentAction::$action;
        }
    )+ };
}

actions! {
    ApprovePayment => Approve,
    ExportPayment => Export,
    ConfirmPayment => Confirm,
}

fn show(batch: PaymentBatch, allowed: Vec<String>) -> PaymentBatchDto {
    PaymentBatchDto {
        id: batch.id.0,
        period_id: batch.period_id.0,
        no: batch.no,
        state: batch.state,
        currency: batch.currency,
        total: decimal(batch.total),
        items: batch.items,
        file_sha256: batch.file_sha256,
        approved_at: batch.approved_at,
        exported_at: batch.exported_at,
        confirmed_at: batch.confirmed_at,
        allowed,
        version: batch.version,
    }
}

fn show_item(item: PaymentItem) -> PaymentItemDto {
    PaymentItemDto {
        statement_id: item.statement_id.0,
        participant_id: item.participant_id.0,
        participant_code: item.participant_code,
        participant_name: item.participant_name,
        amount: decimal(item.amount),
        currency: item.currency,
        cost_center: item.cost_center,
    }
}

async fn list(permit: Permit<ListPayments>, query: Query<ListPayments>) -> Result<Answer<ListPayments>, ApiError> {
    let listing = listing(&query.0)?;
    let listed = permit.state.db.read_tx(async |tx: &Tx| store::batches(tx, &listing).await).await?;
    Answer::page(listed, |batch| show(batch, Vec::new()))
}

async fn create(permit: Permit<CreatePayment>, body: Body<CreatePayment>) -> Result<Answer<CreatePayment>, ApiError> {
    let currency = body.value.currency.clone().unwrap_or_else(|| "EUR".to_owned());
    let mut checks = Checks::default();
    let iso = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
    checks.must(iso, "currency", "currency", "a currency is three capital letters, as `EUR`");
    checks.done()?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        let period = period::period(tx, PeriodId(body.value.period_id)).await?;
        let made = store::prepare(tx, period.id, &currency, &permit.actor.id.to_string()).await?;
        let made = show(made, Vec::new());
        permit.note(tx, "payment.create", made.id, None::<&()>, Some(&made));
        Ok(Answer::json(&made)?.version(made.version).location(&format!("/payment-batches/{}", made.id)))
    })
    .await
}

/// What the workflow needs to know of a batch; it concerns the actor where it pays the actor.
async fn thing<E: Endpoint>(permit: &Permit<E>, tx: &Tx, batch: &PaymentBatch) -> Result<Thing, ApiError> {
    let mut thing = Thing::new("payment_batch", batch.id, Some(&batch.created_by));
    let items = store::items(tx, batch.id).await?;
    thing.subject = items.iter().map(|item| item.participant_id.0).find(|id| permit.actor.is_participant(*id));
    Ok(thing)
}

async fn get(permit: Permit<GetPayment>) -> Result<Answer<GetPayment>, ApiError> {
    let id: PaymentBatchId = permit.id()?;
    let read = async |tx: &Tx| {
        let found = store::batch(tx, id).await?;
        let thing = thing(&permit, tx, &found).await?;
        let (allowed, _) = workflow::allowed(&permit, tx, &PAYMENT, &found.state, &thing).await?;
        Ok::<_, ApiError>(show(found, allowed))
    };
    let found = permit.state.db.read_tx(read).await?;
    Ok(Answer::json(&found)?.version(found.version))
}

async fn items(permit: Permit<ListPaymentItems>) -> Result<Answer<ListPaymentItems>, ApiError> {
    let id: PaymentBatchId = permit.id()?;
    let read = async |tx: &Tx| {
        store::batch(tx, id).await?;
        Ok::<_, ApiError>(store::items(tx, id).await?)
    };
    let all = permit.state.db.read_tx(read).await?;
    Answer::whole(all.into_iter().map(show_item).collect())
}

const HEADER: [&str; 6] = ["participant_code", "participant_name", "cost_center", "amount", "currency", "statement_id"];

/// A row of the file; amounts with two digits at least, so that files of a batch are the same bytes always.
fn cells(item: &PaymentItem) -> [Cell; 6] {
    let mut amount = item.amount.decimal();
    if amount.scale() < 2 {
        amount.rescale(2);
    }
    [
        Cell::Text(item.participant_code.clone()),
        Cell::Text(item.participant_name.clone()),
        item.cost_center.clone().map_or(Cell::Empty, Cell::Text),
        Cell::Number(amount),
        Cell::Text(item.currency.clone()),
        Cell::Text(item.statement_id.to_string()),
    ]
}

fn broken(error: &dyn std::fmt::Display) -> ApiError {
    tracing::error!(%error, "a file cannot be written");
    ApiError::plain(ProblemCode::Internal)
}

/// The file for payroll as CSV.
fn csv(items: &[PaymentItem]) -> Result<Vec<u8>, ApiError> {
    let mut table = CsvTable::new(Vec::new(), b';', HEADER).map_err(|error| broken(&error))?;
    for item in items {
        table.row(&cells(item)).map_err(|error| broken(&error))?;
    }
    table.finish().map_err(|error| broken(&error))
}

async fn act<E: Action>(permit: Permit<E>, body: Body<E>) -> Result<Answer<E>, ApiError>
where
    E::Query: serde::de::DeserializeOwned,
{
    let id: PaymentBatchId = permit.id()?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        let before = store::batch(tx, id).await?;
        same_version("payment batch", permit.request.version, before.version)?;
        let thing = thing(&permit, tx, &before).await?.body(&body.value);
        let taken = workflow::step(&permit, tx, &PAYMENT, (&before.state, E::ACTION), &thing).await?;
        let (by, file) = (permit.actor.id.to_string(), audit::sha256(&csv(&store::items(tx, id).await?)?));
        let step = match taken.to {
            PaymentState::Exported => Step::Export(&file),
            PaymentState::Confirmed => Step::Confirm,
            PaymentState::Approved | PaymentState::Draft => Step::Approve(&by),
        };
        let after = show(store::step(tx, id, before.version, step).await?, Vec::new());
        permit.note(tx, &format!("payment.{}", E::ACTION), id, Some(&show(before, Vec::new())), Some(&after));
        Ok(Answer::json(&after)?.version(after.version))
    })
    .await
}

async fn file(
    permit: Permit<GetPaymentFile>,
    query: Query<GetPaymentFile>,
) -> Result<Answer<GetPaymentFile>, ApiError> {
    let id: PaymentBatchId = permit.id()?;
    let format = query.0.format.as_deref().unwrap_or("csv");
    let read = async |tx: &Tx| {
        let batch = store::batch(tx, id).await?;
        let period = period::period(tx, batch.period_id).await?;
        Ok::<_, ApiError>((batch, period.code, store::items(tx, id).await?))
    };
    let (batch, period, items) = permit.state.db.read_tx(read).await?;
    if batch.exported_at.is_none() {
        return Err(ApiError::new(ProblemCode::IllegalTransition, "the file is there once the batch was exported"));
    }
    let (media, bytes) = match format {
        "csv" => ("text/csv; charset=utf-8", csv(&items)?),
        "xlsx" => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx(&items)?),
        other => {
            let text = format!("`{}` is neither `csv` nor `xlsx`", other.escape_debug());
            return Err(ApiError::at(ProblemCode::InvalidQuery, "format", "$.query.format", text));
        }
    };
    let name = format!("attachment; filename=\"payments-{period}-{}.{format}\"", batch.no);
    Ok(Answer::raw(HttpResponse::Ok().content_type(media).insert_header((CONTENT_DISPOSITION, name)).body(bytes)))
}

/// The file for payroll as a workbook.
fn xlsx(items: &[PaymentItem]) -> Result<Vec<u8>, ApiError> {
    let rows: Vec<[Cell; 6]> = items.iter().map(cells).collect();
    let mut book = XlsxBook::default();
    book.sheet("Payments", &HEADER, rows.iter().map(<[Cell; 6]>::as_slice)).map_err(|error| broken(&error))?;
    let mut bytes = std::io::Cursor::new(Vec::new());
    book.finish(&mut bytes).map_err(|error| broken(&error))?;
    Ok(bytes.into_inner())
}
