//! Random bytes and the tokens made of them.

use traguardo_store::audit;

/// `N` random bytes from the system.
pub fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A random id in the form of a UUID; not a secret. Where the system has no random bytes, the nil id.
pub fn random_id() -> String {
    random::<16>().map(|bytes| uuid::Builder::from_random_bytes(bytes).into_uuid()).unwrap_or_default().to_string()
}

/// A new secret of 256 bits, in hexadecimal.
pub fn new_token() -> Result<String, getrandom::Error> {
    Ok(audit::hex(&random::<32>()?))
}

/// What of a token is kept: its SHA-256. A token has 256 random bits, so that no salt is needed.
pub fn token_hash(token: &str) -> String {
    audit::sha256(token.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_never_the_same() {
        let tokens: std::collections::HashSet<String> = (0..10_000).map(|_| new_token().unwrap()).collect();
        assert_eq!(tokens.len(), 10_000);
        assert!(tokens.iter().all(|token| token.len() == 64));
        assert!(tokens.iter().all(|token| token_hash(token) != *token));
    }
}
