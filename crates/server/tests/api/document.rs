//! The OpenAPI document and the pages made from it.

use std::collections::BTreeSet;

use serde_json::Value;
use traguardo_contract::endpoint::{self, BASE};
use traguardo_contract::problem;
use traguardo_server::http::openapi;

/// Keeps a generated file equal to the code; `TRAGUARDO_BLESS=1` writes it.
fn lock(path: &str, text: &str) {
    let path = format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("TRAGUARDO_BLESS").is_some() {
        std::fs::create_dir_all(std::path::Path::new(&path).parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "{path} is stale: run the test with TRAGUARDO_BLESS=1 and review the difference");
}

#[test]
fn files_are_current() {
    lock("openapi/openapi.json", &openapi::text());
    lock("docs/generated/problems.md", &problem::render());
}

fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, verbs)| {
            verbs.as_object().unwrap().iter().map(move |(verb, one)| (verb.to_uppercase(), path.clone(), one))
        })
        .collect()
}

#[test]
fn the_document_is_the_table() {
    let document = openapi::document();
    let described: BTreeSet<(String, String, String)> = operations(&document)
        .into_iter()
        .map(|(verb, path, one)| (verb, path, one["operationId"].as_str().unwrap().to_owned()))
        .collect();
    let listed: BTreeSet<(String, String, String)> = endpoint::all()
        .map(|row| (row.method.as_str().to_owned(), format!("{BASE}{}", row.path), row.operation_id.to_owned()))
        .collect();
    assert_eq!(described, listed);
    assert_eq!(document["openapi"], "3.1.0");
}

#[test]
fn the_routes_are_the_table() {
    let served: BTreeSet<&str> = traguardo_server::http::served().iter().map(|row| row.operation_id).collect();
    let listed: BTreeSet<&str> = endpoint::all().map(|row| row.operation_id).collect();
    assert_eq!(served, listed);
}

#[test]
fn everything_is_described() {
    let document = openapi::document();
    for (verb, path, operation) in operations(&document) {
        let name = format!("{verb} {path}");
        assert!(operation["summary"].as_str().unwrap().len() > 5, "{name}");
        for parameter in operation["parameters"].as_array().unwrap() {
            assert!(parameter["description"].as_str().is_some_and(|text| text.len() > 5), "{name}: {parameter}");
        }
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name}");
        for (status, response) in responses.iter().filter(|(status, _)| status.as_str() >= "400") {
            let content = &response["content"]["application/problem+json"];
            assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{name} {status}");
            for (code, example) in content["examples"].as_object().unwrap() {
                assert_eq!(example["value"]["code"], code.as_str());
                assert_eq!(example["value"]["status"].to_string(), *status);
            }
        }
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let text = document.to_string();
    for piece in text.split("#/components/schemas/").skip(1) {
        let name = piece.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "the schema {name} is missing");
    }
    for (name, schema) in schemas {
        for (field, part) in schema["properties"].as_object().into_iter().flatten() {
            let described = part["description"].is_string() || part["$ref"].is_string() || part["oneOf"].is_array();
            assert!(described, "{name}.{field} is not described");
        }
    }
}
