//! Statements.

use serde_json::value::RawValue;
use traguardo_contract::problem::ProblemCode;
use traguardo_contract::statement::{GetStatement, ListStatements, StatementDetail, StatementDto};
use traguardo_store::Tx;
use traguardo_store::statement::{self as store, StatementLine};

use crate::http::{Answer, Permit, Query, Routes, listing};
use crate::organization::decimal;
use crate::problem::ApiError;

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    routes.on(list).on(get);
}

fn show(line: StatementLine) -> StatementDto {
    StatementDto {
        id: line.id.0,
        run_id: line.run_id.0,
        participant_id: line.participant_id.0,
        participant_code: line.participant_code,
        participant_name: line.participant_name,
        plan_version_id: line.plan_version_id.0,
        period_id: line.period_id.0,
        period_code: line.period_code,
        earned: decimal(line.earned),
        payment: decimal(line.payment),
        currency: line.currency,
        sha256: line.sha256,
        replaces_id: line.replaces_id.map(|id| id.0),
        issued_at: line.issued_at,
    }
}

async fn list(
    permit: Permit<ListStatements>,
    query: Query<ListStatements>,
) -> Result<Answer<ListStatements>, ApiError> {
    let listing = listing(&query.0)?;
    Answer::page(
        permit.state.db.read_tx(async |tx: &Tx| store::statements(tx, &permit.scope, &listing).await).await?,
        show,
    )
}

async fn get(permit: Permit<GetStatement>) -> Result<Answer<GetStatement>, ApiError> {
    let id = permit.id()?;
    let found = permit.state.db.read_tx(async |tx: &Tx| store::statement(tx, &permit.scope, id).await).await?;
    let document = RawValue::from_string(found.document).map_err(|_| ApiError::plain(ProblemCode::Internal))?;
    Answer::json(&StatementDetail {
        id: found.id.0,
        run_id: found.run_id.0,
        participant_id: found.participant_id.0,
        plan_version_id: found.plan_version_id.0,
        period_id: found.period_id.0,
        earned: decimal(found.earned),
        payment: decimal(found.payment),
        currency: found.currency,
        sha256: found.sha256,
        replaces_id: found.replaces_id.map(|id| id.0),
        issued_at: found.issued_at,
        document,
    })
}
