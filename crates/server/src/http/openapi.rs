//! The OpenAPI document, made from the endpoint table: what is served is what is described.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use traguardo_contract::endpoint::{
    self, BASE, CLIENT_HEADER, CLIENT_VALUE, Info, Json, Method, ON_BEHALF_HEADER, Permission,
};
use traguardo_contract::endpoint::{Content, Schemas};
use traguardo_contract::problem::{Problem, ProblemCode, ProblemError};
use traguardo_domain::access::{self, Operation};
use traguardo_domain::actor::{Role, Word};

const ABOUT: &str = "Sales performance management: goals, incentive plans, results, pay.\n\n\
    **Signing in.** People: `POST /api/v1/session` sets a cookie; every request that changes something then also carries \
    `X-Requested-With: traguardo` and comes from this origin. Systems: `POST /api/v1/oauth/token` gives a bearer token.\n\n\
    **Conventions.** Decimals are strings. Dates are ISO 8601, times UTC. Unknown fields are refused. Lists take `limit` \
    (at most 200), `cursor` and `sort`, and answer `items`, `next_cursor` and `total`. What is versioned carries an `ETag`; \
    to change it, send it as `If-Match`. What creates or acts takes an `Idempotency-Key`: the same key with the same body \
    gives the same answer and acts once. Everything from 400 on is a problem (RFC 9457) with a stable `code`; all are \
    described at `/docs/problems`.";

/// The document.
pub fn document() -> Value {
    let mut schemas: Schemas = Vec::new();
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let rows: Vec<&'static Info> = endpoint::all().collect();
    let _ = Json::<Problem>::schema(&mut schemas);
    for row in &rows {
        let operation = operation(row, &rows, &mut schemas);
        paths.entry(format!("{BASE}{}", row.path)).or_default().insert(row.method.as_str().to_lowercase(), operation);
    }
    let tags: BTreeSet<&str> = rows.iter().map(|row| row.tag).collect();
    let components: Map<String, Value> = schemas.into_iter().map(|(name, schema)| (name, to_value(&schema))).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Traguardo",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": "This server" }],
        "tags": tags.into_iter().map(|tag| json!({ "name": tag, "description": tag_text(tag) })).collect::<Vec<_>>(),
        "paths": paths,
        "components": { "schemas": components, "securitySchemes": security_schemes() },
    })
}

/// The document as it is kept in `openapi/openapi.json`.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}

fn to_value(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

fn tag_text(tag: &str) -> &'static str {
    match tag {
        "session" => "Sign-in, users, roles, service clients, delegation",
        "organization" => "People, units, reporting lines, absences",
        "territory" => "Territories and who holds them when",
        "product" => "Products and categories",
        "period" => "Periods",
        "sales" => "Imports, sales lines, KPIs",
        "goal" => "Goals and their agreement",
        "plan" => "Incentive plans and their versions",
        "assignment" => "Who is on which plan",
        "run" => "Calculation of a period",
        "statement" => "What was earned and why",
        "payment" => "Payment batches",
        "insight" => "Where one stands",
        "audit" => "Trail and evidence",
        "job" => "Long work",
        _ => "Further operations",
    }
}

fn security_schemes() -> Value {
    let scopes: Map<String, Value> = Operation::ALL
        .iter()
        .filter(|operation| access::grants(**operation).iter().any(|(role, _)| *role == Role::Service))
        .map(|operation| (operation.as_str().to_owned(), json!("")))
        .collect();
    json!({
        "session": { "type": "apiKey", "in": "cookie", "name": "__Host-traguardo", "description":
            "The session of a person. Over plain HTTP on a loopback address (development) the cookie is called `traguardo-development`." },
        "client": { "type": "oauth2", "description": "A back-office system.", "flows": { "clientCredentials": {
            "tokenUrl": format!("{BASE}/oauth/token"), "scopes": scopes } } },
    })
}

fn operation(row: &'static Info, rows: &[&'static Info], schemas: &mut Schemas) -> Value {
    let mut operation = json!({
        "operationId": row.operation_id,
        "tags": [row.tag],
        "summary": row.summary.trim().trim_end_matches('.'),
        "description": description(row),
        "parameters": parameters(row),
        "responses": responses(row, rows, schemas),
        "security": security(row),
    });
    if row.has_body {
        let schema = (row.body)(schemas);
        let content = content(row.body_media, schema.as_ref().map(to_value));
        put(&mut operation, "requestBody", json!({ "required": true, "content": content }));
    }
    operation
}

fn description(row: &Info) -> String {
    let lines: Vec<&str> = row.description.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    let mut text = lines.join("\n").trim().to_owned();
    if let Permission::Needs(operation) = row.permission {
        let roles: Vec<String> =
            access::grants(operation).iter().map(|(role, reach)| format!("`{role}` ({reach})")).collect();
        text.push_str(&format!("\n\nPermission `{operation}`: {}.", roles.join(", ")));
    }
    if row.stepup {
        text.push_str("\n\nPeople must have given their password within the last 15 minutes.");
    }
    text
}

fn security(row: &Info) -> Value {
    let Permission::Needs(operation) = row.permission else { return json!([]) };
    let mut ways = vec![json!({ "session": [] })];
    if access::grants(operation).iter().any(|(role, _)| *role == Role::Service) {
        ways.push(json!({ "client": [operation.as_str()] }));
    }
    json!(ways)
}

fn content(media: &[&str], schema: Option<Value>) -> Value {
    let one = |kind: &str| match &schema {
        Some(schema) => json!({ "schema": schema }),
        None if kind.starts_with("text/") => json!({ "schema": { "type": "string" } }),
        None => json!({ "schema": { "type": "string", "format": "binary" } }),
    };
    let all: Map<String, Value> = media.iter().map(|kind| ((*kind).to_owned(), one(kind))).collect();
    Value::Object(all)
}

fn parameters(row: &Info) -> Vec<Value> {
    let mut all: Vec<Value> = row
        .path_parameters()
        .map(|name| {
            let (schema, text) = match name {
                "kind" | "code" | "period" => (
                    json!({ "type": "string", "minLength": 1, "maxLength": 60, "pattern": "^[A-Za-z0-9_.-]+$" }),
                    "Names it.",
                ),
                _ => (json!({ "type": "string", "format": "uuid" }), "Identifies it."),
            };
            json!({ "name": name, "in": "path", "required": true, "schema": schema, "description": text })
        })
        .collect();
    all.extend((row.query)().iter().map(to_value));
    let header = |name: &str, required: bool, text: &str, schema: Value| json!({ "name": name, "in": "header", "required": required, "description": text, "schema": schema });
    if row.keyed {
        all.push(header(
            "Idempotency-Key",
            true,
            "A random value for this intent; the same value when it is tried again.",
            json!({ "type": "string", "minLength": 8, "maxLength": 100, "pattern": "^[A-Za-z0-9_-]+$" }),
        ));
    }
    if row.versioned {
        all.push(header(
            "If-Match",
            true,
            "The ETag of the version that was read.",
            json!({ "type": "string", "pattern": "^\"[0-9]{1,15}\"$" }),
        ));
    }
    if row.method != Method::Get && row.path != "/oauth/token" {
        let text = "With a session cookie: shows that the request comes from this application.";
        all.push(header(CLIENT_HEADER, false, text, json!({ "type": "string", "enum": [CLIENT_VALUE] })));
    }
    if let Permission::Needs(operation) = row.permission
        && operation != Operation::SessionOwn
    {
        let text = "The user for whom one acts as a substitute.";
        all.push(header(ON_BEHALF_HEADER, false, text, json!({ "type": "string", "format": "uuid" })));
    }
    all
}

/// Every problem that the row can answer with.
pub fn problems(row: &Info) -> BTreeSet<ProblemCode> {
    use ProblemCode as P;
    let mut all: BTreeSet<P> = row.problems.iter().copied().collect();
    all.extend([P::InvalidQuery, P::NotAcceptable, P::Internal, P::Unavailable]);
    if let Permission::Needs(_) = row.permission {
        all.extend([P::Unauthenticated, P::Forbidden, P::InvalidHeader]);
    }
    if row.method != Method::Get {
        all.extend([P::CrossSite, P::InvalidBody]);
    }
    if row.path.contains('{') {
        all.insert(P::NotFound);
    }
    if row.has_body {
        all.extend([P::TooLarge, P::UnsupportedMediaType, P::Timeout]);
    }
    if row.keyed {
        all.extend([P::IdempotencyKeyMissing, P::InvalidHeader, P::KeyReused, P::Conflict]);
    }
    if row.versioned {
        all.extend([P::PreconditionRequired, P::StaleVersion, P::InvalidHeader]);
    }
    if row.stepup {
        all.insert(P::StepUpRequired);
    }
    all
}

fn responses(row: &'static Info, rows: &[&'static Info], schemas: &mut Schemas) -> Value {
    let mut all = Map::new();
    let schema = (row.answer)(schemas);
    let mut good = json!({ "description": row.summary.trim(), "headers": headers(row) });
    if !row.answer_media.is_empty() {
        put(&mut good, "content", content(row.answer_media, schema.as_ref().map(to_value)));
    }
    let links = links(row, rows);
    if !links.is_empty() {
        put(&mut good, "links", Value::Object(links));
    }
    all.insert(row.status.to_string(), good);
    let mut by_status: BTreeMap<u16, Vec<ProblemCode>> = BTreeMap::new();
    for code in problems(row) {
        by_status.entry(code.status()).or_default().push(code);
    }
    for (status, codes) in by_status {
        let titles: Vec<&str> = codes.iter().map(|code| code.title()).collect();
        let examples: Map<String, Value> = codes
            .iter()
            .map(|code| (code.code().to_owned(), json!({ "summary": code.title(), "value": example(*code) })))
            .collect();
        let content = json!({ "schema": { "$ref": "#/components/schemas/Problem" }, "examples": examples });
        all.insert(
            status.to_string(),
            json!({ "description": titles.join(" · "), "content": { "application/problem+json": content } }),
        );
    }
    Value::Object(all)
}

/// Sets a field of an object.
fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

fn headers(row: &Info) -> Value {
    let mut all = json!({ "Request-Id": { "description": "Identifies the request in log and trail.", "schema": { "type": "string", "format": "uuid" } } });
    let has_version = row.versioned || (row.method == Method::Get && row.path.ends_with("{id}"));
    if has_version {
        put(
            &mut all,
            "ETag",
            json!({ "description": "The version, where there is one.", "schema": { "type": "string" } }),
        );
    }
    if row.status == 201 {
        let about = "Where the new thing is, where it has an address.";
        put(&mut all, "Location", json!({ "description": about, "schema": { "type": "string" } }));
    }
    all
}

/// From what a list or a creation answers to the operations on the thing itself.
fn links(row: &Info, rows: &[&'static Info]) -> Map<String, Value> {
    let own = format!("{}/{{id}}", row.path);
    let pointer = match (row.method, row.status) {
        (Method::Post, 201 | 202) => "$response.body#/id",
        (Method::Get, _) if !row.path.contains('{') => "$response.body#/items/0/id",
        _ => return Map::new(),
    };
    rows.iter()
        .filter(|other| other.path == own || other.path.starts_with(&format!("{own}/")))
        .filter(|other| other.path_parameters().count() == 1)
        .map(|other| {
            (
                other.operation_id.to_owned(),
                json!({ "operationId": other.operation_id, "parameters": { "id": pointer } }),
            )
        })
        .collect()
}

fn example(code: ProblemCode) -> Value {
    let mut problem = Problem::new(code, code.remedy(), "0192f3a4-5b6c-4d7e-8f90-a1b2c3d4e5f6");
    if matches!(code, ProblemCode::ValidationFailed | ProblemCode::InvalidBody) {
        problem.errors.push(ProblemError {
            code: if code == ProblemCode::InvalidBody { "unknown_field".to_owned() } else { "required".to_owned() },
            path: Some("$.name".to_owned()),
            row: None,
            column: None,
            message: "mend it as the code says".to_owned(),
        });
    }
    to_value(&problem)
}
