//! Territories and who holds them when.

use traguardo_contract::problem::ProblemCode;
use traguardo_contract::territory::{
    CreateHolder, CreateTerritory, EndHolder, GetTerritory, HolderDto, ListHolders, ListTerritories, TerritoryDto,
};
use traguardo_domain::id::{ParticipantId, TerritoryAssignmentId, TerritoryId};
use traguardo_store::db::Exclusive;
use traguardo_store::territory::{self as store, Assignment, NewAssignment, Territory};
use traguardo_store::{Listing, Scaled, Tx};

use crate::http::{Answer, Body, Permit, Query, Routes, listing, write};
use crate::organization::{Checks, decimal, scaled};
use crate::problem::ApiError;

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    routes.on(list).on(create).on(get).on(list_holders).on(create_holder).on(end_holder);
}

fn show(territory: Territory) -> TerritoryDto {
    TerritoryDto {
        id: territory.id.0,
        code: territory.code,
        name: territory.name,
        level: territory.level,
        version: territory.version,
    }
}

async fn list(
    permit: Permit<ListTerritories>,
    query: Query<ListTerritories>,
) -> Result<Answer<ListTerritories>, ApiError> {
    let listing = listing(&query.0)?;
    Answer::page(permit.state.db.read_tx(async |tx: &Tx| store::list(tx, &listing).await).await?, show)
}

async fn get(permit: Permit<GetTerritory>) -> Result<Answer<GetTerritory>, ApiError> {
    let id = permit.id()?;
    let found = permit.state.db.read_tx(async |tx: &Tx| store::territory(tx, id).await).await?;
    let version = found.version;
    Ok(Answer::json(&show(found))?.version(version))
}

async fn create(
    permit: Permit<CreateTerritory>,
    body: Body<CreateTerritory>,
) -> Result<Answer<CreateTerritory>, ApiError> {
    let given = &body.value;
    let levels = ["national", "area", "district", "territory", "brick"];
    let mut checks = Checks::default();
    checks.code("code", &given.code);
    checks.text("name", &given.name, 200);
    checks.must(
        levels.contains(&given.level.as_str()),
        "level",
        "level",
        "a level is `national`, `area`, `district`, `territory` or `brick`",
    );
    checks.done()?;
    let potential = given.potential.map(scaled).transpose()?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        tx.exclusive(Exclusive::Publication).await?;
        if store::by_code(tx, &given.code).await?.is_some() {
            return Err(ApiError::new(
                ProblemCode::AlreadyExists,
                format!("there is already a territory `{}`", given.code),
            ));
        }
        let (made, _) = store::put(tx, &given.code, given.name.trim(), &given.level).await?;
        let parent = given.parent_id.map(TerritoryId);
        store::put_place(tx, made.id, (given.valid_from, None), parent, potential).await?;
        let made = show(store::territory(tx, made.id).await?);
        permit.note(tx, "territory.create", made.id, None::<&()>, Some(&made));
        Ok(Answer::json(&made)?.version(made.version).location(&format!("/territories/{}", made.id)))
    })
    .await
}

fn show_holder(holder: Assignment) -> HolderDto {
    HolderDto {
        id: holder.id.0,
        participant_id: holder.participant_id.0,
        territory_id: holder.territory_id.0,
        role: holder.role,
        share: decimal(holder.share),
        valid_from: holder.valid_from,
        valid_to: holder.valid_to,
        version: holder.version,
    }
}

async fn list_holders(permit: Permit<ListHolders>, query: Query<ListHolders>) -> Result<Answer<ListHolders>, ApiError> {
    let listing = listing(&query.0)?;
    let read = async |tx: &Tx| store::assignment_list(tx, &permit.scope, &listing).await;
    Answer::page(permit.state.db.read_tx(read).await?, show_holder)
}

async fn create_holder(
    permit: Permit<CreateHolder>,
    body: Body<CreateHolder>,
) -> Result<Answer<CreateHolder>, ApiError> {
    let given = &body.value;
    let role = given.role.clone().unwrap_or_else(|| "direct".to_owned());
    let share = given.share.map(scaled).transpose()?.unwrap_or(Scaled::ONE);
    let mut checks = Checks::default();
    checks.must(matches!(role.as_str(), "direct" | "overlay"), "role", "role", "a role is `direct` or `overlay`");
    checks.must(share > Scaled::ZERO && share <= Scaled::ONE, "share", "share", "a share is more than 0 and at most 1");
    checks.must(given.valid_to.is_none_or(|to| to > given.valid_from), "dates", "valid_to", "it ends after it begins");
    checks.done()?;
    let new = NewAssignment {
        participant_id: ParticipantId(given.participant_id),
        territory_id: TerritoryId(given.territory_id),
        role,
        share,
        valid_from: given.valid_from,
        valid_to: given.valid_to,
    };
    write(&permit, &body.sha256, async |tx: &Tx| {
        tx.exclusive(Exclusive::Publication).await?;
        let (id, _) = store::put_assignment(tx, &new).await?;
        let mine = Listing { limit: 200, ..Listing::default() }.filter("participant_id", given.participant_id);
        let listed =
            store::assignment_list(tx, &permit.scope, &mine.filter("territory_id", given.territory_id)).await?;
        let made = listed.items.into_iter().find(|one| one.id == id).map(show_holder);
        let made = made.ok_or_else(|| ApiError::not_found("assignment", &id.to_string()))?;
        permit.note(tx, "territory_assignment.create", id, None::<&()>, Some(&made));
        Ok(Answer::json(&made)?.version(made.version))
    })
    .await
}

async fn end_holder(permit: Permit<EndHolder>, body: Body<EndHolder>) -> Result<Answer<EndHolder>, ApiError> {
    let id: TerritoryAssignmentId = permit.id()?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        tx.exclusive(Exclusive::Publication).await?;
        store::end_assignment(tx, id, permit.request.version, body.value.valid_to).await?;
        permit.note(tx, "territory_assignment.end", id, None::<&()>, Some(&body.value));
        Ok(Answer::nothing())
    })
    .await
}
