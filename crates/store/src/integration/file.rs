//! Files in the database, in pieces: what is sent to one process is read by another.

use chrono::{DateTime, Utc};
use traguardo_domain::id::FileId;

use crate::db::{StoreError, Tx, args, new_id, row};

/// Bytes of one piece: small enough for memory, large enough for speed.
pub const PIECE: usize = 1 << 18;

row! {
    /// A file.
    pub struct StoredFile {
        /// Its id.
        pub id: FileId,
        /// The name it came with, for people; never a path.
        pub name: String,
        /// `text/csv`, …
        pub media_type: String,
        /// What it is for: `import`, `export`, `evidence`.
        pub purpose: String,
        /// Its length so far, or in the end.
        pub bytes: i64,
        /// Of the whole; absent until it is complete.
        pub sha256: Option<String>,
        /// Who sent it or asked for it.
        pub created_by: Option<String>,
        /// When.
        pub created_at: DateTime<Utc>,
        /// May be removed then.
        pub expires_at: Option<DateTime<Utc>>,
    }
}

const FILE: &str = "id, name, media_type, purpose, bytes, sha256, created_by, created_at, expires_at";

/// Begins a file.
pub async fn create(
    tx: &Tx,
    name: &str,
    media_type: &str,
    purpose: &str,
    created_by: Option<&str>,
    expires_at: Option<DateTime<Utc>>,
) -> Result<FileId, StoreError> {
    let id: FileId = new_id();
    tx.execute(
        "INSERT INTO files (id, name, media_type, purpose, bytes, created_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, 0, $5, $6, $7)",
        args![id, name, media_type, purpose, created_by, tx.now(), expires_at],
    )
    .await?;
    Ok(id)
}

/// Adds the piece `no`, counted from 0; best of [`PIECE`] bytes each but the last.
pub async fn append(tx: &Tx, id: FileId, no: i64, data: Vec<u8>) -> Result<(), StoreError> {
    let bytes = i64::try_from(data.len()).unwrap_or(i64::MAX);
    tx.execute("INSERT INTO file_chunks (file_id, no, data) VALUES ($1, $2, $3)", args![id, no, data]).await?;
    tx.execute("UPDATE files SET bytes = bytes + $2 WHERE id = $1", args![id, bytes]).await.map(|_| ())
}

/// Marks a file as complete.
pub async fn complete(tx: &Tx, id: FileId, sha256: &str) -> Result<StoredFile, StoreError> {
    let sql = format!("UPDATE files SET sha256 = $2 WHERE id = $1 AND sha256 IS NULL RETURNING {FILE}");
    tx.one("file", id, &sql, args![id, sha256]).await
}

/// The file.
pub async fn file(tx: &Tx, id: FileId) -> Result<StoredFile, StoreError> {
    tx.one("file", id, &format!("SELECT {FILE} FROM files WHERE id = $1"), args![id]).await
}

row! {
    /// A piece of a file.
    pub struct Piece {
        /// Its bytes.
        pub data: Vec<u8>,
    }
}

/// The piece `no`, if there is one.
pub async fn piece(tx: &Tx, id: FileId, no: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT data FROM file_chunks WHERE file_id = $1 AND no = $2";
    Ok(tx.maybe::<Piece>(sql, args![id, no]).await?.map(|piece| piece.data))
}

/// Removes the contents of files that expired; what they were stays known.
pub async fn purge(tx: &Tx) -> Result<u64, StoreError> {
    let sql = "DELETE FROM file_chunks WHERE file_id IN (SELECT id FROM files WHERE expires_at < $1)";
    tx.execute(sql, args![tx.now()]).await
}
