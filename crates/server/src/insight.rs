//! Where one stands, from the data imported so far, without a run.

use serde_json::value::RawValue;
use traguardo_contract::endpoint::Endpoint;
use traguardo_contract::insight::{GetMyStanding, GetStanding, StandingDto, StandingQuery};
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::access::Scope;
use traguardo_domain::run::ResultRow;
use traguardo_store::period::{self, Period};
use traguardo_store::{Listing, Tx, organization};

use crate::http::{Answer, Permit, Query, Routes};
use crate::organization::Checks;
use crate::problem::ApiError;
use crate::run::work::calculate;

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    routes.on(mine).on(team);
}

/// The period that is meant: by code, or the shortest open one that contains today.
async fn meant(tx: &Tx, query: &StandingQuery) -> Result<Period, ApiError> {
    if let Some(code) = &query.period {
        return period::by_code(tx, code).await?.ok_or_else(|| ApiError::not_found("period", code));
    }
    let today = tx.now().date_naive();
    let open = period::all(tx)
        .await?
        .into_iter()
        .filter(|one| one.state == "open" && one.first_day <= today && today <= one.last_day);
    let shortest = open.min_by_key(|one| (one.last_day - one.first_day).num_days());
    shortest.ok_or_else(|| ApiError::new(ProblemCode::NotFound, "no open period contains today; name one by `period`"))
}

fn show(row: &ResultRow, id: uuid::Uuid, period: &str, last_batch: i64) -> Option<StandingDto> {
    Some(StandingDto {
        participant_id: id,
        participant_code: row.participant.clone(),
        plan_version_id: row.plan.parse().ok()?,
        plan_code: row.plan_code.clone(),
        period_code: period.to_owned(),
        last_batch,
        earned: row.evaluated.earned.value.to_string().parse().ok()?,
        payment: row.evaluated.payment.value.to_string().parse().ok()?,
        currency: row.currency.clone(),
        document: RawValue::from_string(row.result.clone()).ok()?,
    })
}

/// Standings of the participants within `scope`.
async fn standing<E: Endpoint>(
    permit: &Permit<E>,
    scope: &Scope,
    query: &StandingQuery,
) -> Result<Vec<StandingDto>, ApiError> {
    let mut checks = Checks::default();
    if let Some(code) = &query.period {
        checks.text("period", code, 20);
    }
    checks.done()?;
    let look = async |tx: &Tx| {
        let period = meant(tx, query).await?;
        let mut people = std::collections::BTreeMap::new();
        let mut listing = Listing { limit: 200, ..Listing::default() };
        loop {
            let page = organization::members(tx, scope, &listing).await?;
            people.extend(page.items.into_iter().map(|member| (member.code, member.id.0)));
            listing.cursor = page.next_cursor;
            if listing.cursor.is_none() {
                break;
            }
        }
        Ok::<_, ApiError>((period, people))
    };
    let (period, people) = permit.state.db.read_tx(look).await?;
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let calculated = calculate(&permit.state.db, period.id).await?;
    let shown = calculated.outcome.results.iter().filter_map(|row| {
        let id = people.get(&row.participant)?;
        show(row, *id, &period.code, calculated.last_batch)
    });
    Ok(shown.collect())
}

async fn mine(permit: Permit<GetMyStanding>, query: Query<GetMyStanding>) -> Result<Answer<GetMyStanding>, ApiError> {
    let own = Scope::Within { units: Vec::new(), participant: permit.actor.participant, user: None };
    Answer::whole(standing(&permit, &own, &query.0).await?)
}

async fn team(permit: Permit<GetStanding>, query: Query<GetStanding>) -> Result<Answer<GetStanding>, ApiError> {
    Answer::whole(standing(&permit, &permit.scope, &query.0).await?)
}
