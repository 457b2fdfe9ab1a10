//! Passwords: argon2id, two at a time, with a bounded queue.

use std::collections::HashSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use traguardo_contract::problem::ProblemCode;

use crate::problem::ApiError;

/// Memory of one hash, in KiB.
const MEMORY_KIB: u32 = 19_456;
/// Passes over it.
const PASSES: u32 = 2;
/// How many are hashed at a time: each takes 19 MiB and a processor.
const AT_A_TIME: usize = 2;
/// How many may wait; more are told to come back.
const QUEUE: usize = 32;

/// Hashes and checks passwords.
#[derive(Debug)]
pub struct Passwords {
    turns: Semaphore,
    waiting: AtomicUsize,
    decoy: OnceLock<String>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Semaphore::new(AT_A_TIME), waiting: AtomicUsize::new(0), decoy: OnceLock::new() }
    }
}

fn argon2() -> Result<Argon2<'static>, ApiError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| internal(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn internal(error: &dyn std::fmt::Display) -> ApiError {
    tracing::error!(%error, "passwords cannot be hashed");
    ApiError::plain(ProblemCode::Internal)
}

fn hash_now(password: &str) -> Result<String, ApiError> {
    argon2()?.hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|error| internal(&error))
}

fn verify_now(password: &str, kept: &str) -> Result<bool, ApiError> {
    let kept = PasswordHash::new(kept).map_err(|error| internal(&error))?;
    Ok(argon2()?.verify_password(password.as_bytes(), &kept).is_ok())
}

impl Passwords {
    /// The text to keep for `password`.
    pub async fn hash(&self, password: String) -> Result<String, ApiError> {
        self.in_turn(move || hash_now(&password)).await
    }

    /// Whether `password` is the one of `kept`. Where there is none (the user is unknown, invited or
    /// disabled), the same work is done and the answer is no: time tells nothing.
    pub async fn verify(&self, password: String, kept: Option<String>) -> Result<bool, ApiError> {
        let known = kept.is_some();
        let kept = match kept {
            Some(kept) => kept,
            None => self.decoy().await?,
        };
        Ok(self.in_turn(move || verify_now(&password, &kept)).await? && known)
    }

    async fn decoy(&self) -> Result<String, ApiError> {
        if let Some(decoy) = self.decoy.get() {
            return Ok(decoy.clone());
        }
        let made = self.hash(super::secret::random_id()).await?;
        Ok(self.decoy.get_or_init(|| made).clone())
    }

    /// Makes the decoy, so that the first sign-in takes no longer than the others.
    pub async fn warm_up(&self) -> Result<(), ApiError> {
        self.decoy().await.map(|_| ())
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            return Err(ApiError::too_many("too many people sign in at this moment", Duration::from_secs(2)));
        }
        let turn = self.turns.acquire().await;
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        let _turn = turn.map_err(|error| internal(&error))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| internal(&error))?
    }
}

/// Whether the hash was made with weaker settings than today's.
pub fn is_outdated(kept: &str) -> bool {
    !kept.starts_with(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$"))
}

/// Whether `text` is on the list of common passwords.
pub fn is_common(text: &str) -> bool {
    static LIST: OnceLock<HashSet<&'static str>> = OnceLock::new();
    LIST.get_or_init(|| include_str!("../../data/common_passwords.txt").lines().collect()).contains(text)
}

/// Refuses a password that breaks a rule.
pub fn check(password: &str, own_words: &[&str]) -> Result<(), ApiError> {
    ApiError::check(&traguardo_domain::session::check_password(password, own_words, is_common))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn hashes_and_verifies() {
        let passwords = Passwords::default();
        let kept = passwords.hash("seven wet ferns".to_owned()).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(!is_outdated(&kept));
        assert!(is_outdated("$argon2id$v=19$m=4096,t=3,p=1$c2FsdHNhbHQ$aGFzaA"));
        assert!(passwords.verify("seven wet ferns".to_owned(), Some(kept.clone())).await.unwrap());
        for other in ["Seven wet ferns", "seven wet ferns ", " seven wet ferns", ""] {
            assert!(!passwords.verify(other.to_owned(), Some(kept.clone())).await.unwrap());
        }
        assert!(!passwords.verify("seven wet ferns".to_owned(), None).await.unwrap());
    }

    #[actix_web::test]
    async fn more_than_the_queue_is_refused() {
        let passwords = Passwords::default();
        passwords.warm_up().await.unwrap();
        let all = (0..QUEUE + 20).map(|_| passwords.verify(String::new(), None));
        let done = futures_util::future::join_all(all).await;
        let refused: Vec<&ApiError> = done.iter().filter_map(|answer| answer.as_ref().err()).collect();
        assert!(!refused.is_empty());
        assert!(refused.iter().all(|error| error.code == ProblemCode::TooManyRequests));
    }

    #[test]
    fn the_list_is_used() {
        assert!(is_common("iloveyou"));
        assert!(check("iloveyou iloveyou", &[]).is_err());
        assert!(check("seven wet ferns and a goose", &["Giulia"]).is_ok());
    }
}
