//! Imports over HTTP.

use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};
use traguardo_contract::endpoint::Endpoint;
use traguardo_contract::import::{
    CreateImport, GetImport, GetImportRejects, ImportDto, ImportFindingDto, ImportMappingDto, ImportPreviewDto,
    ImportQuery, ImportStartedDto, ListImportFindings, ListImportMappings, ListImports, PreviewImport,
    PutImportMapping,
};
use traguardo_contract::problem::ProblemCode;
use traguardo_intake::export::{Cell, CsvTable};
use traguardo_intake::kind::Kind;
use traguardo_intake::mapping::Mapping;
use traguardo_store::Tx;
use traguardo_store::integration::{file, job};
use traguardo_store::sales::{self, Batch, BatchFinding};

use super::order::{self, Checked, Order};
use super::upload::{Upload, keep};
use super::work::{JOB, Payload, begin};
use crate::http::{Answer, Body, Extract, Permit, Query, Routes, listing, write};
use crate::problem::ApiError;

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    routes.on(preview).on(create).on(list).on(get).on(findings).on(rejects).on(mappings).on(put_mapping);
}

/// The kind in the path.
struct KindInPath(Kind);

impl<E: Endpoint> Extract<E> for KindInPath {
    async fn extract(req: &HttpRequest, _: &mut actix_web::dev::Payload) -> Result<Self, ApiError> {
        let text = req.match_info().get("kind").unwrap_or_default();
        text.parse().map(Self).map_err(|_| ApiError::not_found("kind of import", text))
    }
}

/// What a request with a file gives: kind, query and the file, in this order, so that a wrong kind costs no upload.
struct Sent {
    kind: Kind,
    query: ImportQuery,
    upload: Upload,
}

impl<E: Endpoint<Query = ImportQuery>> Extract<E> for Sent
where
    Upload: Extract<E>,
{
    async fn extract(req: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Result<Self, ApiError> {
        let kind = <KindInPath as Extract<E>>::extract(req, payload).await?.0;
        let query = <Query<E> as Extract<E>>::extract(req, payload).await?.0;
        let upload = <Upload as Extract<E>>::extract(req, payload).await?;
        Ok(Self { kind, query, upload })
    }
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn show(batch: Batch) -> ImportDto {
    ImportDto {
        id: batch.id.0,
        mapping: json(&batch.mapping),
        totals: batch.totals.as_deref().map(json),
        kind: batch.kind,
        source: batch.source_code,
        file_name: batch.file_name,
        file_sha256: batch.file_sha256,
        file_bytes: batch.file_bytes,
        state: batch.state,
        rows_in: batch.rows_in,
        accepted: batch.accepted,
        rejected: batch.rejected,
        duplicates: batch.duplicates,
        first_day: batch.first_day.and_then(sales::day_of),
        last_day: batch.last_day.and_then(sales::day_of),
        created_by: batch.created_by,
        created_at: batch.created_at,
        finished_at: batch.finished_at,
    }
}

/// Work that reads a file, away from the thread that answers requests.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, ApiError> + Send + 'static) -> Result<T, ApiError> {
    actix_web::web::block(work).await.map_err(|_| ApiError::plain(ProblemCode::Internal))?
}

fn disk(error: std::io::Error) -> ApiError {
    tracing::error!(%error, "a received file cannot be read");
    ApiError::plain(ProblemCode::Internal)
}

async fn preview(permit: Permit<PreviewImport>, sent: Sent) -> Result<Answer<PreviewImport>, ApiError> {
    let order = Order::new(sent.kind, &sent.query, &permit.actor)?;
    let input = sent.upload.scratch.reader().map_err(disk)?;
    let shown = aside(move || {
        let file = order::open(input, &order)?;
        let proposal = file.propose(order.kind);
        Ok(ImportPreviewDto {
            sha256: file.survey().sha256.clone(),
            bytes: file.survey().bytes,
            reading: serde_json::to_value(file.reading()).unwrap_or_default(),
            mapping: proposal.mapping.to_json(),
            confidence: proposal.confidence,
            missing: proposal.missing,
            unused: proposal.unused,
        })
    });
    Answer::json(&shown.await?)
}

async fn create(permit: Permit<CreateImport>, sent: Sent) -> Result<Answer<CreateImport>, ApiError> {
    let db = &permit.state.db;
    let order = Order::new(sent.kind, &sent.query, &permit.actor)?;
    let mapping = order::mapping(db, &order, &sent.query).await?;
    let input = sent.upload.scratch.reader().map_err(disk)?;
    let checked: Checked = aside(move || order::check(input, order, mapping)).await?;
    let by = permit.actor.id.to_string();
    let kept = keep(db, &sent.upload, &checked.order.file_name, &by).await?;
    // The same key with the same file but another wish is another request.
    let query = serde_json::to_string(&sent.query).unwrap_or_default();
    let identity = Sha256::digest(format!("{}\n{query}", sent.upload.sha256));
    let identity: String = identity.iter().map(|byte| format!("{byte:02x}")).collect();
    write(&permit, &identity, async |tx: &Tx| {
        file::complete(tx, kept, &sent.upload.sha256).await?;
        let batch = begin(tx, &checked, Some(kept)).await?;
        let payload = serde_json::to_string(&Payload { batch: batch.id }).unwrap_or_default();
        let new = job::NewJob { created_by: Some(by.clone()), ..job::NewJob::new(JOB, payload) };
        let id = job::enqueue(tx, &new).await?;
        let begun = job::job(tx, id).await?;
        tx.note(permit.event("import.begin", batch.id));
        let answer = ImportStartedDto { import: show(batch), job: crate::job::show(begun) };
        Ok(Answer::json(&answer)?.location(&format!("/jobs/{id}")))
    })
    .await
}

async fn list(permit: Permit<ListImports>, query: Query<ListImports>) -> Result<Answer<ListImports>, ApiError> {
    let listing = listing(&query.0)?;
    Answer::page(permit.state.db.read_tx(async |tx: &Tx| sales::batches(tx, &listing).await).await?, show)
}

/// The import of the path; of another kind it is not there.
async fn found<E: Endpoint>(permit: &Permit<E>, kind: Kind) -> Result<Batch, ApiError> {
    let id = permit.id()?;
    let batch = permit.state.db.read_tx(async |tx: &Tx| sales::batch(tx, id).await).await?;
    if batch.kind == kind.word() { Ok(batch) } else { Err(ApiError::not_found("import", &id.to_string())) }
}

async fn get(permit: Permit<GetImport>, kind: KindInPath) -> Result<Answer<GetImport>, ApiError> {
    Answer::json(&show(found(&permit, kind.0).await?))
}

fn show_finding(finding: BatchFinding) -> ImportFindingDto {
    ImportFindingDto {
        no: finding.no,
        row: finding.row_no,
        column: finding.column_name,
        severity: finding.severity,
        code: finding.code,
        message: finding.message,
        help: finding.help,
    }
}

async fn findings(
    permit: Permit<ListImportFindings>,
    kind: KindInPath,
    query: Query<ListImportFindings>,
) -> Result<Answer<ListImportFindings>, ApiError> {
    let listing = listing(&query.0)?;
    let batch = found(&permit, kind.0).await?;
    let page = permit.state.db.read_tx(async |tx: &Tx| sales::findings(tx, batch.id, &listing).await).await?;
    Answer::page(page, show_finding)
}

async fn rejects(permit: Permit<GetImportRejects>, kind: KindInPath) -> Result<Answer<GetImportRejects>, ApiError> {
    let batch = found(&permit, kind.0).await?;
    let order: Order = serde_json::from_str(&batch.options).map_err(|_| ApiError::plain(ProblemCode::Internal))?;
    let fault = |error: std::io::Error| {
        tracing::error!(%error, "rejected rows cannot be written");
        ApiError::plain(ProblemCode::Internal)
    };
    let delimiter = order.delimiter.and_then(|c| u8::try_from(c).ok()).unwrap_or(b',');
    let header = order.columns.iter().map(String::as_str).chain(["reject row", "reject reason"]);
    let mut table = CsvTable::new(Vec::new(), delimiter, header).map_err(fault)?;
    let mut after = 0;
    loop {
        let rows = permit.state.db.read_tx(async |tx: &Tx| sales::rejects(tx, batch.id, after, 1_000).await).await?;
        let Some(last) = rows.last().map(|row| row.row_no) else { break };
        for row in rows {
            let held: Vec<String> = serde_json::from_str(&row.raw).unwrap_or_default();
            let mut cells: Vec<Cell> = held.into_iter().take(order.columns.len()).map(Cell::from_file).collect();
            cells.resize(order.columns.len(), Cell::Empty);
            cells.push(Cell::Number(row.row_no.into()));
            cells.push(Cell::Text(row.reason));
            table.row(&cells).map_err(fault)?;
        }
        after = last;
    }
    let mut response = HttpResponse::Ok().content_type("text/csv; charset=utf-8").body(table.finish().map_err(fault)?);
    let name = format!("attachment; filename=\"rejected-{}.csv\"", batch.id);
    if let Ok(value) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    Ok(Answer::raw(response))
}

fn show_mapping(mapping: sales::Mapping) -> ImportMappingDto {
    ImportMappingDto {
        kind: mapping.kind,
        source: mapping.source_code,
        name: mapping.name,
        mapping: json(&mapping.document),
        updated_at: mapping.updated_at,
    }
}

async fn mappings(
    permit: Permit<ListImportMappings>,
    query: Query<ListImportMappings>,
) -> Result<Answer<ListImportMappings>, ApiError> {
    let (kind, source) = (&query.0.kind, &query.0.source);
    let kept = permit.state.db.read_tx(async |tx: &Tx| sales::mappings(tx, kind, source).await).await?;
    Answer::whole(kept.into_iter().map(show_mapping).collect())
}

async fn put_mapping(
    permit: Permit<PutImportMapping>,
    body: Body<PutImportMapping>,
) -> Result<Answer<PutImportMapping>, ApiError> {
    let wanted = &body.value;
    let wrong =
        |path: &str, message: String| ApiError::at(ProblemCode::ValidationFailed, "invalid_value", path, message);
    let kind: Kind = wanted.kind.parse().map_err(|error| wrong("$.kind", format!("{error}")))?;
    for (path, text) in [("$.source", &wanted.source), ("$.name", &wanted.name)] {
        let length = text.trim().chars().count();
        if length == 0 || length > 60 || text.chars().any(char::is_control) {
            return Err(wrong(path, "a text of 1 to 60 characters is needed".to_owned()));
        }
    }
    let inside = |finding: traguardo_domain::finding::Finding| traguardo_domain::finding::Finding {
        path: finding.path.replacen('$', "$.mapping", 1),
        ..finding
    };
    let read = Mapping::from_json(&wanted.mapping).and_then(|mapping| {
        let findings = mapping.check(kind, None);
        if findings.is_empty() { Ok(mapping) } else { Err(findings) }
    });
    let mapping = read.map_err(|findings| ApiError::findings(&findings.into_iter().map(inside).collect::<Vec<_>>()))?;
    let document = mapping.to_json().to_string();
    let by = permit.actor.id.to_string();
    write(&permit, &body.sha256, async |tx: &Tx| {
        let (source, name) = (wanted.source.trim(), wanted.name.trim());
        let kept = sales::put_mapping(tx, kind.word(), source, name, &document, Some(&by)).await?;
        let shown = show_mapping(kept);
        permit.note(tx, "import_mapping.put", format!("{kind}/{source}/{name}"), None::<&()>, Some(&shown));
        Answer::json(&shown)
    })
    .await
}
