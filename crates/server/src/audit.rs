//! The audit trail, readable.

use traguardo_contract::audit::{AuditEventDto, AuditHeadDto, GetAuditHead, ListAuditEvents};
use traguardo_store::Tx;
use traguardo_store::audit::{self, Event};

use crate::http::{Answer, Permit, Query, Routes, listing};
use crate::problem::ApiError;

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    routes.on(list).on(head);
}

fn show(event: Event) -> AuditEventDto {
    let json =
        |text: Option<String>| text.map(|text| serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text)));
    AuditEventDto {
        seq: event.seq,
        at: event.at,
        actor_kind: event.actor_kind,
        actor_id: event.actor_id,
        actor_name: event.actor_name,
        on_behalf_of: event.on_behalf_of,
        action: event.action,
        object_type: event.object_type,
        object_id: event.object_id,
        before: json(event.before),
        after: json(event.after),
        reason: event.reason,
        request_id: event.request_id,
        session_id: event.session_id,
        prev: event.prev,
        hash: event.hash,
    }
}

async fn list(
    permit: Permit<ListAuditEvents>,
    query: Query<ListAuditEvents>,
) -> Result<Answer<ListAuditEvents>, ApiError> {
    let listing = listing(&query.0)?;
    Answer::page(permit.state.db.read_tx(async |tx: &Tx| audit::list(tx, &listing).await).await?, show)
}

async fn head(permit: Permit<GetAuditHead>) -> Result<Answer<GetAuditHead>, ApiError> {
    let head = permit.state.db.read_tx(async |tx: &Tx| audit::head(tx).await).await?;
    Answer::json(&AuditHeadDto { seq: head.seq, hash: head.hash })
}
