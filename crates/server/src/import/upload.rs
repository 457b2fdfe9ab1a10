//! The file on its way: from the request to a scratch file, from there into the database, and back for the worker.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use traguardo_contract::endpoint::{Content, Endpoint};
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::id::FileId;
use traguardo_store::integration::file::{self, PIECE};
use traguardo_store::{Db, StoreError, Tx};

use crate::http::Extract;
use crate::problem::ApiError;

/// Most bytes of a file that is sent to the API.
pub const LARGEST: u64 = 1 << 30;
/// How long the next part of a body may take.
const PART_TIME: Duration = Duration::from_secs(30);
/// How long a whole body may take.
const WHOLE_TIME: Duration = Duration::from_secs(900);

/// A file without a name in the system's temporary folder; it is gone with its last handle.
#[derive(Debug)]
pub struct Scratch(File);

impl Scratch {
    /// An empty one.
    pub fn new() -> std::io::Result<Self> {
        let name = format!("traguardo-{}", crate::session::random_id());
        let path: PathBuf = std::env::temp_dir().join(name);
        let mut options = std::fs::OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        // Where an open file cannot be removed, the system's own cleaning does it later.
        let _ = std::fs::remove_file(&path);
        Ok(Self(file))
    }

    /// Of a file that is there.
    pub fn over(file: File) -> Self {
        Self(file)
    }

    /// Another handle of the same file. Handles share one place in the file: only one may read at a time.
    pub fn share(&self) -> std::io::Result<Self> {
        self.0.try_clone().map(Self)
    }

    /// The file from its beginning.
    pub fn reader(&self) -> std::io::Result<File> {
        let mut file = self.0.try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}

/// A body received into a scratch file.
pub struct Upload {
    /// The file.
    pub scratch: Scratch,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Its media type.
    pub media_type: String,
}

impl<E: Endpoint> Extract<E> for Upload
where
    E::Body: Content<Value = Vec<u8>>,
{
    async fn extract(req: &HttpRequest, payload: &mut Payload) -> Result<Self, ApiError> {
        crate::http::check_media_type(req.headers(), E::Body::MEDIA)?;
        let given = req.headers().get(actix_web::http::header::CONTENT_TYPE);
        let media_type = given.and_then(|value| value.to_str().ok()).unwrap_or("text/csv").to_owned();
        let received = receive(payload);
        let late = |_| ApiError::new(ProblemCode::Timeout, "the file did not arrive in time");
        let (scratch, sha256) = actix_web::rt::time::timeout(WHOLE_TIME, received).await.map_err(late)??;
        Ok(Self { scratch, sha256, media_type })
    }
}

fn disk(error: std::io::Error) -> ApiError {
    tracing::error!(%error, "a file cannot be received");
    ApiError::new(ProblemCode::Unavailable, "the file cannot be received now: the server has no room for it")
}

async fn receive(payload: &mut Payload) -> Result<(Scratch, String), ApiError> {
    let scratch = Scratch::new().map_err(disk)?;
    let mut hash = Sha256::new();
    let mut bytes: u64 = 0;
    loop {
        let late = |_| ApiError::new(ProblemCode::Timeout, "the file stopped arriving for 30 seconds");
        let next = actix_web::rt::time::timeout(PART_TIME, payload.next()).await.map_err(late)?;
        let Some(part) = next else { break };
        let part = part.map_err(|_| ApiError::new(ProblemCode::InvalidBody, "the body broke off"))?;
        bytes = bytes.saturating_add(part.len() as u64);
        if bytes > LARGEST {
            return Err(ApiError::new(ProblemCode::TooLarge, format!("the file is larger than {LARGEST} bytes")));
        }
        hash.update(&part);
        (&scratch.0).write_all(&part).map_err(disk)?;
    }
    Ok((scratch, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}

/// Keeps the file in the database, in pieces, each a short transaction. It may be removed after a week.
pub async fn keep(db: &Db, upload: &Upload, name: &str, by: &str) -> Result<FileId, ApiError> {
    let until = db.now() + chrono::TimeDelta::days(7);
    let begin = async |tx: &Tx| file::create(tx, name, &upload.media_type, "import", Some(by), Some(until)).await;
    let id = db.write_tx(begin).await?;
    let mut source = upload.scratch.reader().map_err(disk)?;
    for no in 0_i64.. {
        let mut piece = Vec::new();
        Read::take(&mut source, PIECE as u64).read_to_end(&mut piece).map_err(disk)?;
        if piece.is_empty() {
            break;
        }
        db.write_tx(async |tx: &Tx| file::append(tx, id, no, piece.clone()).await).await?;
    }
    Ok(id)
}

/// Brings a kept file back into a scratch file.
pub async fn fetch(db: &Db, id: FileId) -> Result<Scratch, StoreError> {
    let broken =
        |error: std::io::Error| StoreError::refused("scratch", format!("the file cannot be brought back: {error}"));
    let scratch = Scratch::new().map_err(broken)?;
    for no in 0_i64.. {
        match db.read_tx(async |tx: &Tx| file::piece(tx, id, no).await).await? {
            Some(piece) => (&scratch.0).write_all(&piece).map_err(broken)?,
            None => break,
        }
    }
    Ok(scratch)
}
