//! Periods.

use traguardo_contract::period::{GetPeriod, ListPeriods, OpenPeriod, PeriodDto};
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::period::Period as Span;
use traguardo_store::Tx;
use traguardo_store::period::{self as store, Period};

use crate::http::{Answer, Body, Permit, Query, Routes, listing, write};
use crate::problem::ApiError;

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    routes.on(list).on(open).on(get);
}

/// A period as it travels.
pub fn show(period: Period) -> PeriodDto {
    PeriodDto {
        id: period.id.0,
        code: period.code,
        kind: period.kind,
        first_day: period.first_day,
        last_day: period.last_day,
        state: period.state,
        version: period.version,
    }
}

async fn list(permit: Permit<ListPeriods>, query: Query<ListPeriods>) -> Result<Answer<ListPeriods>, ApiError> {
    let listing = listing(&query.0)?;
    Answer::page(permit.state.db.read_tx(async |tx: &Tx| store::list(tx, &listing).await).await?, show)
}

async fn get(permit: Permit<GetPeriod>) -> Result<Answer<GetPeriod>, ApiError> {
    let id = permit.id()?;
    let found = permit.state.db.read_tx(async |tx: &Tx| store::period(tx, id).await).await?;
    let version = found.version;
    Ok(Answer::json(&show(found))?.version(version))
}

async fn open(permit: Permit<OpenPeriod>, body: Body<OpenPeriod>) -> Result<Answer<OpenPeriod>, ApiError> {
    let wrong = |error: &dyn std::fmt::Display| {
        ApiError::at(ProblemCode::ValidationFailed, "period", "$.code", error.to_string())
    };
    let span = Span::parse(&body.value.code).map_err(|error| wrong(&error))?;
    let code = span.code();
    write(&permit, &body.sha256, async |tx: &Tx| {
        if store::by_code(tx, &code).await?.is_some() {
            return Err(ApiError::new(ProblemCode::AlreadyExists, format!("the period `{code}` is there already")));
        }
        let made = show(store::open(tx, &code, span.kind().word(), (span.first(), span.last())).await?);
        permit.note(tx, "period.open", made.id, None::<&()>, Some(&made));
        Ok(Answer::json(&made)?.version(made.version).location(&format!("/periods/{}", made.id)))
    })
    .await
}
