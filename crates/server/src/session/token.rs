//! Access tokens of service clients: JWT with one algorithm and every claim demanded.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::session::ACCESS_TOKEN_SECONDS;
use uuid::Uuid;

use crate::config::Config;
use crate::problem::ApiError;

const AUDIENCE: &str = "traguardo-api";
const LEEWAY_SECONDS: u64 = 5;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Who issued it: our origin.
    pub iss: String,
    /// For whom it is.
    pub aud: String,
    /// The client.
    pub sub: Uuid,
    /// Identifies the token.
    pub jti: String,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// From when it is good.
    pub nbf: i64,
    /// Until when it is good.
    pub exp: i64,
    /// The operations that it allows, separated by blanks.
    pub scope: String,
}

/// Makes and checks tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    issuer: String,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(…)")
    }
}

impl Tokens {
    /// With a key derived from the secret.
    pub fn new(config: &Config) -> Self {
        let key = config.secret.derive("access token");
        Self {
            encoding: EncodingKey::from_secret(&key),
            decoding: DecodingKey::from_secret(&key),
            issuer: config.origin.clone(),
        }
    }

    /// A token for `client`, good from `now` (seconds since 1970) for at most 15 minutes.
    pub fn issue(&self, client: Uuid, scope: &str, now: i64) -> Result<String, ApiError> {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: client,
            jti: super::secret::random_id(),
            iat: now,
            nbf: now,
            exp: now.saturating_add(ACCESS_TOKEN_SECONDS),
            scope: scope.to_owned(),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.encoding).map_err(|error| {
            tracing::error!(%error, "a token cannot be made");
            ApiError::plain(ProblemCode::Internal)
        })
    }

    /// What `token` says, if it is ours and good now.
    pub fn check(&self, token: &str) -> Option<Claims> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.leeway = LEEWAY_SECONDS;
        rules.validate_exp = true;
        rules.validate_nbf = true;
        rules.set_audience(&[AUDIENCE]);
        rules.set_issuer(&[&self.issuer]);
        rules.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        decode::<Claims>(token, &self.decoding, &rules).ok().map(|data| data.claims)
    }

    /// Whether a token made here is taken here and a changed one is not: the library picks its
    /// cryptography while running, and a wrong build shows only then.
    pub fn self_test(&self) -> Result<(), String> {
        let now = chrono::Utc::now().timestamp();
        let token = self.issue(Uuid::nil(), "self-test", now).map_err(|error| error.detail)?;
        if self.check(&token).is_none() {
            return Err("a token made here is not taken here".to_owned());
        }
        if self.check(&format!("{token}A")).is_some() {
            return Err("a changed token is taken".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn tokens() -> (Tokens, [u8; 32]) {
        let config = Config::from_values(&std::collections::BTreeMap::new()).unwrap();
        (Tokens::new(&config), config.secret.derive("access token"))
    }

    fn good() -> Value {
        let now = chrono::Utc::now().timestamp();
        json!({
            "iss": "http://127.0.0.1:8080", "aud": "traguardo-api", "sub": Uuid::nil(), "jti": "1",
            "iat": now, "nbf": now, "exp": now + 60, "scope": "sales.read",
        })
    }

    fn with(name: &str, value: Value) -> Value {
        let mut claims = good();
        claims[name] = value;
        claims
    }

    fn without(name: &str) -> Value {
        let mut claims = good();
        claims.as_object_mut().unwrap().remove(name);
        claims
    }

    #[test]
    fn self_test_passes() {
        tokens().0.self_test().unwrap();
    }

    #[test]
    fn only_the_right_token_is_taken() {
        let (tokens, key) = tokens();
        let sign = |claims: &Value, algorithm, key: &[u8]| {
            encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(key)).unwrap()
        };
        let hs256 = |claims: &Value| sign(claims, Algorithm::HS256, &key);
        assert!(tokens.check(&hs256(&good())).is_some());
        let now = chrono::Utc::now().timestamp();
        let mut wrong: Vec<(&str, String)> = vec![
            ("empty", String::new()),
            ("not a token", "a.b.c".to_owned()),
            ("another key", sign(&good(), Algorithm::HS256, b"another key of enough bytes, really")),
            ("HS384", sign(&good(), Algorithm::HS384, &key)),
            ("HS512", sign(&good(), Algorithm::HS512, &key)),
            ("expired", hs256(&with("exp", json!(now - 6)))),
            ("not yet", hs256(&with("nbf", json!(now + 60)))),
            ("exp as text", hs256(&with("exp", json!((now + 60).to_string())))),
            ("nbf as text", hs256(&with("nbf", json!(now.to_string())))),
            ("exp null", hs256(&with("exp", Value::Null))),
            ("audience", hs256(&with("aud", json!("another")))),
            ("audiences", hs256(&with("aud", json!(["traguardo-api", "another"])))),
            ("issuer", hs256(&with("iss", json!("https://elsewhere.example")))),
            ("subject", hs256(&with("sub", json!("not an id")))),
            ("an unknown claim", hs256(&with("admin", json!(true)))),
        ];
        for claim in ["exp", "nbf", "aud", "iss", "sub", "jti", "iat", "scope"] {
            wrong.push((claim, hs256(&without(claim))));
        }
        // Header {"alg":"none","typ":"JWT"}, no signature.
        let parts = hs256(&good());
        let payload = parts.split('.').nth(1).unwrap();
        wrong.push(("none", format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.")));
        wrong.push(("no signature", parts.rsplit_once('.').unwrap().0.to_owned() + "."));
        for (what, token) in wrong {
            assert!(tokens.check(&token).is_none(), "{what}");
        }
    }
}
