//! Units.

use traguardo_contract::organization::{ChangeUnit, CreateUnit, GetUnit, ListUnits, UnitBody, UnitDto};
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::access::Scope;
use traguardo_domain::id::UnitId;
use traguardo_store::Tx;
use traguardo_store::db::Exclusive;
use traguardo_store::organization::{self as units, NewUnit, Unit};

use super::{Checks, same_version};
use crate::http::{Answer, Body, Permit, Query, Routes, listing, write};
use crate::problem::ApiError;

pub fn register(routes: &mut Routes) {
    routes.on(list).on(create).on(get).on(change);
}

fn show(unit: Unit) -> UnitDto {
    UnitDto {
        id: unit.id.0,
        code: unit.code,
        name: unit.name,
        parent_id: unit.parent_id.map(|id| id.0),
        kind: unit.kind,
        version: unit.version,
    }
}

async fn list(permit: Permit<ListUnits>, query: Query<ListUnits>) -> Result<Answer<ListUnits>, ApiError> {
    let listing = listing(&query.0)?;
    Answer::page(permit.state.db.read_tx(async |tx: &Tx| units::units(tx, &permit.scope, &listing).await).await?, show)
}

/// The unit, where it is within reach.
pub async fn within(tx: &Tx, scope: &Scope, id: UnitId) -> Result<Unit, ApiError> {
    let unit = units::unit(tx, id).await?;
    let Scope::Within { units: roots, .. } = scope else { return Ok(unit) };
    for root in roots {
        if units::subtree(tx, UnitId(*root)).await?.contains(&id) {
            return Ok(unit);
        }
    }
    Err(ApiError::not_found("unit", &id.to_string()))
}

async fn get(permit: Permit<GetUnit>) -> Result<Answer<GetUnit>, ApiError> {
    let id = permit.id()?;
    let unit = permit.state.db.read_tx(async |tx: &Tx| within(tx, &permit.scope, id).await).await?;
    let version = unit.version;
    Ok(Answer::json(&show(unit))?.version(version))
}

fn check(body: &UnitBody) -> Result<NewUnit, ApiError> {
    let mut checks = Checks::default();
    checks.code("code", &body.code);
    checks.text("name", &body.name, 200);
    checks.text("kind", &body.kind, 60);
    checks.done()?;
    Ok(NewUnit {
        code: body.code.clone(),
        name: body.name.trim().to_owned(),
        parent_id: body.parent_id.map(UnitId),
        kind: body.kind.trim().to_owned(),
    })
}

async fn create(permit: Permit<CreateUnit>, body: Body<CreateUnit>) -> Result<Answer<CreateUnit>, ApiError> {
    let new = check(&body.value)?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        // Imports write master data too: one at a time.
        tx.exclusive(Exclusive::Publication).await?;
        if units::unit_by_code(tx, &new.code).await?.is_some() {
            return Err(ApiError::new(ProblemCode::AlreadyExists, format!("there is already a unit `{}`", new.code)));
        }
        let (id, _) = units::put_unit(tx, &new).await?;
        let made = show(units::unit(tx, id).await?);
        permit.note(tx, "unit.create", id, None::<&()>, Some(&made));
        Ok(Answer::json(&made)?.version(made.version).location(&format!("/units/{id}")))
    })
    .await
}

async fn change(permit: Permit<ChangeUnit>, body: Body<ChangeUnit>) -> Result<Answer<ChangeUnit>, ApiError> {
    let (id, new) = (permit.id()?, check(&body.value)?);
    write(&permit, &body.sha256, async |tx: &Tx| {
        tx.exclusive(Exclusive::Publication).await?;
        let before = within(tx, &permit.scope, id).await?;
        same_version("unit", permit.request.version, before.version)?;
        if before.code != new.code {
            return Err(ApiError::at(
                ProblemCode::ValidationFailed,
                "code",
                "$.code",
                "the code of a unit never changes",
            ));
        }
        units::put_unit(tx, &new).await?;
        let after = show(units::unit(tx, id).await?);
        permit.note(tx, "unit.change", id, Some(&show(before)), Some(&after));
        Ok(Answer::json(&after)?.version(after.version))
    })
    .await
}
