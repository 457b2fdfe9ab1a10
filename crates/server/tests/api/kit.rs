//! A real server on a port of its own, and a plain client that sees every byte.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use serde_json::Value;
use traguardo_domain::actor::{Role, RoleGrant};
use traguardo_domain::id::UserId;
use traguardo_server::config::Config;
use traguardo_server::state::State;
use traguardo_store::organization::{self, NewUnit};
use traguardo_store::session::{self as users, NewUser, login};
use traguardo_store::{Db, StoreError, Tx, audit};
use traguardo_testkit::TestDb;

/// A password that may be used.
pub const PASSWORD: &str = "seven wet ferns and a goose";

/// A server over a test's database.
pub struct App {
    pub address: SocketAddr,
    pub db: Db,
    clock: Arc<AtomicI64>,
    handle: actix_web::dev::ServerHandle,
}

impl Drop for App {
    fn drop(&mut self) {
        // The server's thread ends with it; nobody waits for it here.
        drop(self.handle.stop(false));
    }
}

impl App {
    /// Starts it; its clock can be moved.
    pub async fn start(db: &TestDb) -> Self {
        Self::start_with(db, &[]).await
    }

    /// Starts it with settings.
    pub async fn start_with(db: &TestDb, settings: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut values: BTreeMap<String, String> =
            settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        values.insert("TRAGUARDO_BIND".to_owned(), address.to_string());
        let config = Config::from_values(&values).unwrap();
        let clock = Arc::new(AtomicI64::new(0));
        let (url, moved) = (db.url().to_owned(), clock.clone());
        let (send, receive) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            actix_rt::System::new().block_on(async move {
                let seconds = moved.clone();
                let db = Db::connect(&url).await.unwrap();
                let db =
                    db.with_clock(Arc::new(move || Utc::now() + TimeDelta::seconds(seconds.load(Ordering::SeqCst))));
                let state = State::over(config, db).await.unwrap();
                let server = traguardo_server::http::run(state, listener, 1).unwrap();
                send.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let handle =
            tokio::task::spawn_blocking(move || receive.recv_timeout(Duration::from_secs(60)).unwrap()).await.unwrap();
        let moved = clock.clone();
        let own =
            db.db().clone().with_clock(Arc::new(move || Utc::now() + TimeDelta::seconds(moved.load(Ordering::SeqCst))));
        Self { address, db: own, clock, handle }
    }

    /// Moves the clock of server and test on.
    pub fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// A number that no one else has.
    pub fn number(&self) -> u32 {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        COUNTER.fetch_add(1, Ordering::SeqCst)
    }

    /// A unit of its own.
    pub async fn unit(&self) -> uuid::Uuid {
        let code = format!("U{}", self.number());
        let new = NewUnit { code: code.clone(), name: code, parent_id: None, kind: "team".to_owned() };
        self.db.write_tx(async |tx: &Tx| organization::put_unit(tx, &new).await).await.unwrap().0.0
    }

    /// A user with roles, without a password.
    pub async fn user(&self, name: &str, roles: &[RoleGrant]) -> UserId {
        let email = format!("{name}@aurora.example");
        let new = NewUser {
            email: email.clone(),
            email_key: email,
            name: name.to_owned(),
            participant_id: None,
            locale: "it".to_owned(),
        };
        let create = async |tx: &Tx| {
            let user = users::create_user(tx, &new).await?;
            users::set_password(
                tx,
                user.id,
                "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            )
            .await?;
            for role in roles {
                users::grant(tx, user.id, *role, "test", None, None).await?;
            }
            Ok::<_, StoreError>(user.id)
        };
        self.db.write_tx(create).await.unwrap()
    }

    /// A user with one role that needs no place.
    pub async fn role(&self, role: Role) -> UserId {
        let name = format!("{role}{}", self.number());
        self.user(&name, &[RoleGrant::everywhere(role)]).await
    }

    /// A client in the role of a representative who is `participant`.
    pub async fn rep(&self, name: &str, participant: uuid::Uuid) -> Client {
        let id = self.user(name, &[RoleGrant::everywhere(Role::Rep)]).await;
        let link = async |tx: &Tx| {
            let mut user = users::user(tx, id).await?;
            user.participant_id = Some(participant.into());
            users::update_user(tx, &user, user.version).await
        };
        self.db.write_tx(link).await.unwrap();
        self.signed_in(id).await
    }

    /// A session of `user`, without a sign-in: its token.
    pub async fn session(&self, user: UserId) -> String {
        let token = format!("token-{user}-{}", self.number());
        let hash = audit::sha256(token.as_bytes());
        let open = async |tx: &Tx| login::open(tx, user, &hash, tx.now() + TimeDelta::hours(12), None, None).await;
        self.db.write_tx(open).await.unwrap();
        token
    }

    /// A client who is signed in as `user`.
    pub async fn signed_in(&self, user: UserId) -> Client {
        Client {
            address: self.address,
            cookie: Some(format!("traguardo-development={}", self.session(user).await)),
            bearer: None,
        }
    }

    /// A client in a new user's `role`.
    pub async fn client(&self, role: Role) -> Client {
        self.signed_in(self.role(role).await).await
    }

    /// A client who is not signed in.
    pub fn stranger(&self) -> Client {
        Client { address: self.address, cookie: None, bearer: None }
    }
}

/// Who sends requests.
#[derive(Debug, Clone)]
pub struct Client {
    pub address: SocketAddr,
    pub cookie: Option<String>,
    pub bearer: Option<String>,
}

/// A request to be.
#[derive(Debug, Clone)]
pub struct Request {
    client: Client,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Client {
    /// A request to the API as a page of the application sends it.
    pub fn request(&self, method: &str, path: &str) -> Request {
        let mut headers = Vec::new();
        if method != "GET" {
            headers.push(("X-Requested-With".to_owned(), "traguardo".to_owned()));
        }
        if let Some(cookie) = &self.cookie {
            headers.push(("Cookie".to_owned(), cookie.clone()));
        }
        if let Some(token) = &self.bearer {
            headers.push(("Authorization".to_owned(), format!("Bearer {token}")));
        }
        // A second slash: an address outside the API, as it is.
        let path = match path.strip_prefix('/') {
            Some(rest) if rest.starts_with('/') => rest.to_owned(),
            _ => format!("/api/v1{path}"),
        };
        Request { client: self.clone(), method: method.to_owned(), path, headers, body: None }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path).key().json(body).send()
    }
}

impl Request {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    /// A new key.
    pub fn key(self) -> Self {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let key = format!("key-{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::SeqCst));
        self.header("Idempotency-Key", &key)
    }

    pub fn version(self, version: i64) -> Self {
        self.header("If-Match", &format!("\"{version}\""))
    }

    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string().as_bytes())
    }

    pub fn form(self, body: &str) -> Self {
        self.raw("application/x-www-form-urlencoded", body.as_bytes())
    }

    pub fn raw(mut self, media: &str, body: &[u8]) -> Self {
        self.body = Some(body.to_vec());
        self.header("Content-Type", media)
    }

    pub fn send(self) -> Answer {
        let mut text =
            format!("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.method, self.path, self.client.address);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(body) = &self.body {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend(self.body.unwrap_or_default());
        exchange(self.client.address, &bytes)
    }
}

/// Sends bytes and reads the answer to its end.
pub fn exchange(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    // A server that refuses early may close before everything is sent.
    let _ = stream.write_all(bytes);
    let mut read = Vec::new();
    let _ = stream.read_to_end(&mut read);
    let text = String::from_utf8_lossy(&read).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_owned()))
        .collect();
    let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let body = if chunked { unchunk(body) } else { body.to_owned() };
    Answer { status, headers, body }
}

fn unchunk(body: &str) -> String {
    let (mut whole, mut rest) = (String::new(), body);
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 || after.len() < size {
            break;
        }
        whole.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
    }
    whole
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The code of the problem; the status, where it is none.
    pub fn code(&self) -> String {
        if self.header("content-type") == Some("application/problem+json") {
            return self.json()["code"].as_str().unwrap().to_owned();
        }
        self.status.to_string()
    }

    /// The answer, which must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// `name=value` of the session cookie that the answer sets.
    pub fn cookie(&self) -> Option<String> {
        let cookie = self.header("set-cookie")?;
        cookie.split(';').next().map(str::to_owned)
    }
}
