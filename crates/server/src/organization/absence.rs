//! Absences.

use traguardo_contract::organization::{AbsenceDto, ListAbsences, PutAbsence, RemoveAbsence};
use traguardo_domain::id::{AbsenceId, ParticipantId};
use traguardo_store::Tx;
use traguardo_store::organization::absence::{self, Absence};
use traguardo_store::organization::participant_within;

use super::Checks;
use crate::http::{Answer, Body, Permit, Routes, write};
use crate::problem::ApiError;

pub fn register(routes: &mut Routes) {
    routes.on(list).on(put).on(remove);
}

fn show(absence: Absence) -> AbsenceDto {
    AbsenceDto {
        id: absence.id.0,
        participant_id: absence.participant_id.0,
        first_day: absence.first_day,
        last_day: absence.last_day,
        kind: absence.kind,
        version: absence.version,
    }
}

async fn list(permit: Permit<ListAbsences>) -> Result<Answer<ListAbsences>, ApiError> {
    let id: ParticipantId = permit.id()?;
    let read = async |tx: &Tx| {
        participant_within(tx, &permit.scope, id).await?;
        Ok::<_, ApiError>(absence::of(tx, id).await?)
    };
    let all = permit.state.db.read_tx(read).await?;
    Answer::whole(all.into_iter().map(show).collect())
}

async fn put(permit: Permit<PutAbsence>, body: Body<PutAbsence>) -> Result<Answer<PutAbsence>, ApiError> {
    let (id, given) = (permit.id::<ParticipantId>()?, &body.value);
    let mut checks = Checks::default();
    checks.text("kind", &given.kind, 60);
    checks.must(given.last_day >= given.first_day, "dates", "last_day", "an absence ends on its first day or later");
    checks.done()?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        participant_within(tx, &permit.scope, id).await?;
        let (made, _) = absence::put(tx, id, (given.first_day, given.last_day), given.kind.trim()).await?;
        let found = absence::of(tx, id).await?.into_iter().find(|one| one.id == made);
        let shown = found.map(show).ok_or_else(|| ApiError::not_found("absence", &made.to_string()))?;
        permit.note(tx, "absence.put", made, None::<&()>, Some(&shown));
        Ok(Answer::json(&shown)?.version(shown.version))
    })
    .await
}

async fn remove(permit: Permit<RemoveAbsence>) -> Result<Answer<RemoveAbsence>, ApiError> {
    let id: AbsenceId = permit.id()?;
    write(&permit, crate::http::NO_BODY, async |tx: &Tx| {
        absence::remove(tx, id, permit.request.version).await?;
        tx.note(permit.event("absence.remove", id));
        Ok(Answer::nothing())
    })
    .await
}
