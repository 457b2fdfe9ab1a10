//! The JSON Schemas are those in docs/, take every good document and refuse a field too many.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;
use traguardo_domain::schema::{inputs_schema, plan_schema};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn locked(name: &str, schema: &Value) {
    let path = root().join("docs").join(name);
    let text = format!("{schema:#}\n");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "docs/{name} is not what the code says: run the test with UPDATE_DOCS=1 and commit");
}

#[test]
fn schemas_stand_in_docs() {
    locked("plan.schema.json", &plan_schema());
    locked("inputs.schema.json", &inputs_schema());
}

fn compiled() -> (Schemas, SchemaIndex, SchemaIndex) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("plan.json", plan_schema()).unwrap();
    compiler.add_resource("inputs.json", inputs_schema()).unwrap();
    let plan = compiler.compile("plan.json", &mut schemas).unwrap();
    let inputs = compiler.compile("inputs.json", &mut schemas).unwrap();
    (schemas, plan, inputs)
}

/// Every plan and every inputs document of the golden cases and of docs/examples.
fn documents() -> (Vec<Value>, Vec<Value>) {
    let (mut plans, mut inputs) = (Vec::new(), Vec::new());
    let parse = |path: &Path| serde_json::from_str::<Value>(&std::fs::read_to_string(path).unwrap()).unwrap();
    for entry in std::fs::read_dir(root().join("docs/examples")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("wrong") {
            continue;
        }
        if name.ends_with(".plan.json") {
            plans.push(parse(&path));
        } else if name.ends_with(".inputs.json") {
            inputs.push(parse(&path));
        }
    }
    (plans, inputs)
}

fn walk(value: &mut Value, visit: &mut impl FnMut(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            visit(map);
            map.values_mut().for_each(|v| walk(v, visit));
        }
        Value::Array(list) => list.iter_mut().for_each(|v| walk(v, visit)),
        _ => {}
    }
}

#[test]
fn good_documents_are_taken() {
    let (schemas, plan, inputs) = compiled();
    let (plans, all_inputs) = documents();
    assert!(plans.len() > 10 && all_inputs.len() > 10);
    for document in &plans {
        if let Err(error) = schemas.validate(document, plan) {
            panic!("{}: {error:#}", document["code"]);
        }
    }
    for document in &all_inputs {
        if let Err(error) = schemas.validate(document, inputs) {
            panic!("{error:#}");
        }
    }
}

#[test]
fn what_the_schema_refuses_the_reader_refuses_too() {
    let (schemas, plan, _) = compiled();
    let (plans, _) = documents();
    let mut tried = 0;
    for document in &plans {
        let mut objects = 0;
        walk(&mut document.clone(), &mut |_| objects += 1);
        for k in 0..objects {
            let mut changed = document.clone();
            let mut n = 0;
            let mut free = false;
            walk(&mut changed, &mut |map| {
                if n == k {
                    // Objects whose names are data take any name: languages, measure keys, ids.
                    free = map.keys().any(|key| key == "it" || key == "en" || key.contains(':'));
                    map.insert("one_too_many".to_owned(), Value::Bool(true));
                }
                n += 1;
            });
            if free {
                continue;
            }
            let by_schema = schemas.validate(&changed, plan).is_err();
            let (read, findings) = traguardo_domain::plan::load_plan(&changed.to_string());
            let by_reader = read.is_none() || findings.iter().any(traguardo_domain::finding::Finding::is_error);
            assert_eq!(
                by_schema, by_reader,
                "object {k} of {}: schema {by_schema}, reader {by_reader}: {findings:?}",
                document["code"]
            );
            tried += 1;
        }
    }
    assert!(tried > 100, "only {tried} documents were tried");
}
