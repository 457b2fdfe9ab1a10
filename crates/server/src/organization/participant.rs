//! Participants and their places.

use traguardo_contract::organization::{
    AddPlace, ChangeParticipant, CreateParticipant, GetParticipant, ListParticipants, ParticipantDetail,
    ParticipantDto, PlaceBody, PlaceDto,
};
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::access::{Operation, Scope, permit as may};
use traguardo_domain::actor::Actor;
use traguardo_domain::id::{ParticipantId, UnitId};
use traguardo_store::db::Exclusive;
use traguardo_store::organization::{self as people, Member, NewParticipant, NewPlace, Participant, Place};
use traguardo_store::{Scaled, Tx};

use super::{Checks, decimal, same_version, scaled};
use crate::http::{Answer, Body, Permit, Query, Routes, listing, write};
use crate::problem::ApiError;

pub fn register(routes: &mut Routes) {
    routes.on(list).on(create).on(get).on(change).on(add_place);
}

/// Whether the actor may see what people are to earn.
fn sees_pay(actor: &Actor) -> bool {
    may(actor, Operation::StatementRead).is_ok()
}

fn show_member(member: Member, pay: bool) -> ParticipantDto {
    ParticipantDto {
        id: member.id.0,
        code: member.code,
        name: member.name,
        email: member.email,
        hire_date: member.hire_date,
        leave_date: member.leave_date,
        position: member.position,
        level: member.level,
        manager_id: member.manager_id.map(|id| id.0),
        unit_id: member.unit_id.map(|id| id.0),
        unit_name: member.unit_name,
        fte: member.fte.map(decimal),
        target_incentive: member.target_incentive.filter(|_| pay).map(decimal),
        currency: member.currency,
        cost_center: member.cost_center,
        version: member.version,
    }
}

fn show_place(place: Place, pay: bool) -> PlaceDto {
    PlaceDto {
        valid_from: place.valid_from,
        valid_to: place.valid_to,
        position: place.position,
        level: place.level,
        manager_id: place.manager_id.map(|id| id.0),
        unit_id: place.unit_id.0,
        fte: decimal(place.fte),
        target_incentive: place.target_incentive.filter(|_| pay).map(decimal),
        currency: place.currency,
        cost_center: place.cost_center,
    }
}

/// The participant with all places, where within reach.
async fn detail(tx: &Tx, scope: &Scope, id: ParticipantId, pay: bool) -> Result<ParticipantDetail, ApiError> {
    let found = people::participant_within(tx, scope, id).await?;
    let places = people::places(tx, id).await?;
    Ok(ParticipantDetail {
        id: found.id.0,
        code: found.code,
        name: found.name,
        email: found.email,
        hire_date: found.hire_date,
        leave_date: found.leave_date,
        places: places.into_iter().map(|place| show_place(place, pay)).collect(),
        version: found.version,
    })
}

async fn list(
    permit: Permit<ListParticipants>,
    query: Query<ListParticipants>,
) -> Result<Answer<ListParticipants>, ApiError> {
    let (listing, pay) = (listing(&query.0)?, sees_pay(&permit.actor));
    let listed = permit.state.db.read_tx(async |tx: &Tx| people::members(tx, &permit.scope, &listing).await).await?;
    Answer::page(listed, |member| show_member(member, pay))
}

async fn get(permit: Permit<GetParticipant>) -> Result<Answer<GetParticipant>, ApiError> {
    let (id, pay) = (permit.id()?, sees_pay(&permit.actor));
    let found = permit.state.db.read_tx(async |tx: &Tx| detail(tx, &permit.scope, id, pay).await).await?;
    Ok(Answer::json(&found)?.version(found.version))
}

fn check_place(checks: &mut Checks, at: &str, body: &PlaceBody) {
    checks.text(&format!("{at}position"), &body.position, 100);
    if let Some(level) = &body.level {
        checks.text(&format!("{at}level"), level, 100);
    }
    if let Some(center) = &body.cost_center {
        checks.text(&format!("{at}cost_center"), center, 100);
    }
    let currency = body.currency.as_deref().unwrap_or("EUR");
    let iso = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
    checks.must(iso, "currency", &format!("{at}currency"), "a currency is three capital letters, as `EUR`");
    let fte = body.fte.and_then(|fte| fte.to_micros()).unwrap_or(1_000_000);
    checks.must(
        (0..=1_000_000).contains(&fte),
        "fte",
        &format!("{at}fte"),
        "the part of full time lies between 0 and 1",
    );
    let target = body.target_incentive.and_then(|target| target.to_micros()).unwrap_or(0);
    checks.must(
        target >= 0,
        "target_incentive",
        &format!("{at}target_incentive"),
        "a target incentive is not negative",
    );
}

fn place(body: &PlaceBody) -> Result<NewPlace, ApiError> {
    Ok(NewPlace {
        position: body.position.trim().to_owned(),
        level: body.level.clone(),
        manager_id: body.manager_id.map(ParticipantId),
        unit_id: UnitId(body.unit_id),
        fte: body.fte.map(scaled).transpose()?.unwrap_or(Scaled::ONE),
        target_incentive: body.target_incentive.map(scaled).transpose()?,
        currency: body.currency.clone().unwrap_or_else(|| "EUR".to_owned()),
        cost_center: body.cost_center.clone(),
    })
}

async fn create(
    permit: Permit<CreateParticipant>,
    body: Body<CreateParticipant>,
) -> Result<Answer<CreateParticipant>, ApiError> {
    let given = &body.value;
    let mut checks = Checks::default();
    checks.code("code", &given.code);
    checks.text("name", &given.name, 200);
    checks.must(
        given.leave_date.is_none_or(|leave| leave >= given.hire_date),
        "dates",
        "leave_date",
        "nobody leaves before being hired",
    );
    check_place(&mut checks, "place.", &given.place);
    checks.done()?;
    let new = NewParticipant {
        code: given.code.clone(),
        name: given.name.trim().to_owned(),
        email: given.email.clone(),
        hire_date: given.hire_date,
        leave_date: given.leave_date,
    };
    let first = place(&given.place)?;
    let pay = sees_pay(&permit.actor);
    write(&permit, &body.sha256, async |tx: &Tx| {
        tx.exclusive(Exclusive::Publication).await?;
        if people::participant_by_code(tx, &new.code).await?.is_some() {
            return Err(ApiError::new(
                ProblemCode::AlreadyExists,
                format!("there is already a participant `{}`", new.code),
            ));
        }
        let (made, _) = people::put_participant(tx, &new).await?;
        people::put_place(tx, made.id, given.place.valid_from, &first).await?;
        let made = detail(tx, &Scope::All, made.id, pay).await?;
        permit.note(tx, "participant.create", made.id, None::<&()>, Some(&made));
        Ok(Answer::json(&made)?.version(made.version).location(&format!("/participants/{}", made.id)))
    })
    .await
}

/// The participant at the version that was read, and how it was shown.
async fn begin(
    tx: &Tx,
    scope: &Scope,
    id: ParticipantId,
    version: i64,
) -> Result<(Participant, ParticipantDetail), ApiError> {
    tx.exclusive(Exclusive::Publication).await?;
    let found = people::participant_within(tx, scope, id).await?;
    same_version("participant", version, found.version)?;
    let shown = detail(tx, scope, id, true).await?;
    Ok((found, shown))
}

async fn change(
    permit: Permit<ChangeParticipant>,
    body: Body<ChangeParticipant>,
) -> Result<Answer<ChangeParticipant>, ApiError> {
    let (id, given) = (permit.id::<ParticipantId>()?, &body.value);
    let mut checks = Checks::default();
    checks.text("name", &given.name, 200);
    checks.must(
        given.leave_date.is_none_or(|leave| leave >= given.hire_date),
        "dates",
        "leave_date",
        "nobody leaves before being hired",
    );
    checks.done()?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        let (found, before) = begin(tx, &permit.scope, id, permit.request.version).await?;
        let new = NewParticipant {
            code: found.code,
            name: given.name.trim().to_owned(),
            email: given.email.clone(),
            hire_date: given.hire_date,
            leave_date: given.leave_date,
        };
        people::put_participant(tx, &new).await?;
        let after = detail(tx, &permit.scope, id, true).await?;
        permit.note(tx, "participant.change", id, Some(&before), Some(&after));
        Ok(Answer::json(&after)?.version(after.version))
    })
    .await
}

async fn add_place(permit: Permit<AddPlace>, body: Body<AddPlace>) -> Result<Answer<AddPlace>, ApiError> {
    let id: ParticipantId = permit.id()?;
    let mut checks = Checks::default();
    check_place(&mut checks, "", &body.value);
    checks.must(body.value.manager_id != Some(id.0), "manager", "manager_id", "nobody leads themselves");
    checks.done()?;
    let new = place(&body.value)?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        let (_, before) = begin(tx, &permit.scope, id, permit.request.version).await?;
        people::put_place(tx, id, body.value.valid_from, &new).await?;
        let after = detail(tx, &permit.scope, id, true).await?;
        permit.note(tx, "participant.add_place", id, Some(&before), Some(&after));
        Ok(Answer::json(&after)?.version(after.version))
    })
    .await
}
