//! Back-office systems and their secrets.

use chrono::{DateTime, Utc};
use traguardo_domain::id::{ClientId, UnitId};

use crate::db::list::{self, Source, text};
use crate::db::{Listed, Listing, StoreError, Tx, args, new_id, row};

row! {
    /// A system that calls the API.
    pub struct Client {
        /// Its id: the `client_id` of the token request.
        pub id: ClientId,
        /// As shown; unique.
        pub name: String,
        /// JSON list of operations.
        pub scopes: String,
        /// The subtree it is limited to.
        pub unit_id: Option<UnitId>,
        /// `active` or `disabled`.
        pub state: String,
        /// Counts changes.
        pub version: i64,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// Last change.
        pub updated_at: DateTime<Utc>,
    }
}

const CLIENT: &str = "id, name, scopes, unit_id, state, version, created_at, updated_at";

/// Makes a client without a secret.
pub async fn create(tx: &Tx, name: &str, scopes: &str, unit: Option<UnitId>, by: &str) -> Result<Client, StoreError> {
    let id: ClientId = new_id();
    tx.execute(
        "INSERT INTO service_clients (id, name, scopes, unit_id, state, created_by, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, 'active', $5, $6, $6)",
        args![id, name, scopes, unit, by, tx.now()],
    )
    .await?;
    client(tx, id).await
}

/// The client.
pub async fn client(tx: &Tx, id: ClientId) -> Result<Client, StoreError> {
    tx.one("service client", id, &format!("SELECT {CLIENT} FROM service_clients WHERE id = $1"), args![id]).await
}

const CLIENTS: Source = Source {
    columns: CLIENT,
    from: "service_clients",
    id: "id",
    fields: &[text("name", "name"), text("state", "state"), text("created_at", "created_at")],
    sort: "name",
};

/// All clients.
pub async fn clients(tx: &Tx, listing: &Listing) -> Result<Listed<Client>, StoreError> {
    list::list(tx, &CLIENTS, listing, vec![], vec![]).await
}

/// Changes name, scopes, unit and state of a client at `version`.
pub async fn update(tx: &Tx, client: &Client, version: i64) -> Result<(), StoreError> {
    let rows = tx
        .execute(
            "UPDATE service_clients SET name = $3, scopes = $4, unit_id = $5, state = $6, updated_at = $7, \
             version = version + 1 WHERE id = $1 AND version = $2",
            args![client.id, version, &client.name, &client.scopes, client.unit_id, &client.state, tx.now()],
        )
        .await?;
    tx.updated(rows, ("service_clients", "service client"), client.id, version).await
}

/// Adds a secret's hash and lets the earlier ones live until `overlap_until`.
pub async fn add_secret(
    tx: &Tx,
    id: ClientId,
    secret_hash: &str,
    overlap_until: DateTime<Utc>,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE service_client_secrets SET expires_at = $2 \
         WHERE client_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
        args![id, overlap_until],
    )
    .await?;
    let secret: uuid::Uuid = new_id();
    let sql = "INSERT INTO service_client_secrets (id, client_id, secret_hash, created_at) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, args![secret, id, secret_hash, tx.now()]).await.map(|_| ())
}

/// The hashes of the secrets of an active client that are live now, latest first.
pub async fn secrets(tx: &Tx, id: ClientId) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT s.secret_hash AS value FROM service_client_secrets s JOIN service_clients c ON c.id = s.client_id \
               WHERE c.id = $1 AND c.state = 'active' AND s.revoked_at IS NULL \
               AND (s.expires_at IS NULL OR s.expires_at > $2) ORDER BY s.created_at DESC, s.id DESC";
    tx.all(sql, args![id, tx.now()]).await
}
