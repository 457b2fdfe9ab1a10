//! What every handler shares.

use std::sync::Arc;

use traguardo_store::Db;

use crate::config::Config;
use crate::session::{Passwords, Tokens};

/// What every handler shares. Cheap to clone.
#[derive(Debug, Clone)]
pub struct State {
    /// The settings.
    pub config: Arc<Config>,
    /// The database.
    pub db: Db,
    /// Hashes and checks passwords.
    pub passwords: Arc<Passwords>,
    /// Makes and checks access tokens.
    pub tokens: Arc<Tokens>,
}

/// Why the program cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error("the database: {0}")]
    Store(#[from] traguardo_store::StoreError),
    /// The cryptography of this build.
    #[error("the self-test of access tokens failed: {0}")]
    SelfTest(String),
    /// Hashing.
    #[error("passwords cannot be hashed: {0}")]
    Passwords(String),
}

impl State {
    /// Connects, checks the cryptography, and makes ready. The schema is brought up to date.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let db = Db::connect(&config.database_url).await?;
        db.migrate().await?;
        Self::over(config, db).await
    }

    /// Over an open database.
    pub async fn over(config: Config, db: Db) -> Result<Self, StartError> {
        let tokens = Tokens::new(&config);
        tokens.self_test().map_err(StartError::SelfTest)?;
        let passwords = Passwords::default();
        passwords.warm_up().await.map_err(|error| StartError::Passwords(error.detail))?;
        Ok(Self { config: Arc::new(config), db, passwords: Arc::new(passwords), tokens: Arc::new(tokens) })
    }
}
