//! JSON Schema (2020-12) of the plan document and of the inputs document.
//!
//! Words come from the tables that the readers use. A test holds both schemas against every
//! document of the golden corpus and against documents with a field too many.

use serde_json::{Map, Value, json};

mod payouts;
mod rules;

use payouts::payout_definitions;
use rules::rule_definitions;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// An object that knows `fields`; names that begin with `*` are required. `null` stands for absent.
fn object(about: &str, fields: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, schema) in fields {
        let plain = name.trim_start_matches('*');
        if plain.len() == name.len() {
            properties.insert(plain.to_owned(), json!({ "anyOf": [schema, { "type": "null" }] }));
        } else {
            required.push(plain);
            properties.insert(plain.to_owned(), schema.clone());
        }
    }
    json!({ "type": "object", "description": about, "properties": properties, "required": required, "additionalProperties": false })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

fn filled(of: Value) -> Value {
    json!({ "type": "array", "items": of, "minItems": 1 })
}

fn words(words: &[&str]) -> Value {
    json!({ "enum": words })
}

fn map_of(of: Value) -> Value {
    json!({ "type": "object", "additionalProperties": { "anyOf": [of, { "type": "null" }] } })
}

/// Exactly one of some objects.
fn one_of(choices: Vec<Value>) -> Value {
    json!({ "oneOf": choices })
}

fn numbers() -> Vec<(&'static str, Value)> {
    vec![
        (
            "decimal",
            json!({ "description": "A decimal, as string or plain number: at most 28 digits, 12 places, absolute value 10^15. 1 is 100 %.",
                    "anyOf": [{ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$" }, { "type": "number" }], "examples": ["0.85", 1] }),
        ),
        (
            "whole",
            json!({ "anyOf": [{ "type": "string", "pattern": "^[0-9]+$" }, { "type": "integer", "minimum": 0 }] }),
        ),
        (
            "weight",
            json!({ "anyOf": [reference("decimal"), { "type": "string", "pattern": "^[0-9]+/[0-9]+$" }], "description": "0 to 1; also as a fraction such as \"1/3\"." }),
        ),
        ("code", json!({ "type": "string", "minLength": 1, "maxLength": 100 })),
        ("date", json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })),
        (
            "text",
            json!({ "anyOf": [{ "type": "string" }, { "type": "object", "additionalProperties": { "type": "string" }, "minProperties": 1 }], "description": "A text, or one per language code." }),
        ),
        (
            "boundary",
            json!({ "enum": ["from", "to"], "default": "from", "description": "To which band a border belongs: to the one that begins there, or to the one that ends there." }),
        ),
    ]
}

/// JSON Schema of the inputs document (docs/plan-format.md, section 9).
pub fn inputs_schema() -> Value {
    let mut defs: Map<String, Value> = numbers().into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    defs.extend(inputs_definitions());
    let mut schema = defs.remove("inputs").unwrap_or_default();
    finish(&mut schema, "Traguardo inputs", defs)
}

fn finish(schema: &mut Value, title: &str, defs: Map<String, Value>) -> Value {
    if let Some(root) = schema.as_object_mut() {
        root.insert("$schema".to_owned(), json!(DIALECT));
        root.insert("title".to_owned(), json!(title));
        root.insert("$defs".to_owned(), Value::Object(defs));
    }
    schema.clone()
}

fn inputs_definitions() -> Map<String, Value> {
    let (decimal, code, date, whole) = (reference("decimal"), reference("code"), reference("date"), reference("whole"));
    let measure = object(
        "What is known of one measure.",
        &[
            ("actual", decimal.clone()),
            ("goal", decimal.clone()),
            ("previous", decimal.clone()),
            ("last_year", decimal.clone()),
            (
                "goal_parts",
                list(object(
                    "The goal of a territory and the days it was held.",
                    &[("*ref", code.clone()), ("*goal", decimal.clone()), ("*days", decimal.clone())],
                )),
            ),
        ],
    );
    let line = object(
        "A credited line.",
        &[
            ("*ref", code.clone()),
            ("*measure", code.clone()),
            ("amount", decimal.clone()),
            ("quantity", decimal.clone()),
            ("margin", decimal.clone()),
            ("product", code.clone()),
            ("category", code.clone()),
            ("channel", code.clone()),
            ("customer", code.clone()),
            ("territory", code.clone()),
            ("date", date.clone()),
            ("attributes", map_of(json!({ "type": "string" }))),
        ],
    );
    let held = object("An amount held back on a day.", &[("*amount", decimal.clone()), ("*earned_on", date.clone())]);
    let balances = object(
        "What earlier periods left open.",
        &[
            ("draw", decimal.clone()),
            ("carried", decimal.clone()),
            ("earned_to_date", decimal.clone()),
            ("holdback", decimal.clone()),
            ("held", list(held)),
        ],
    );
    let boolean = json!({ "type": "boolean" });
    let person: Vec<(&str, Value)> = vec![
        ("level", code.clone()),
        ("unit", code.clone()),
        ("position", code.clone()),
        ("manager", code.clone()),
        ("eligible", boolean.clone()),
        ("vacant", boolean.clone()),
        ("target_incentive", decimal.clone()),
        ("eligible_days", decimal.clone()),
        ("period_days", decimal.clone()),
        ("fte", decimal.clone()),
        ("hire_date", date.clone()),
        ("leave_date", date.clone()),
        (
            "absences",
            list(object(
                "Days of absence, both included.",
                &[("*from", date.clone()), ("*to", date.clone()), ("kind", code.clone())],
            )),
        ),
        ("period_number", whole.clone()),
        ("periods", decimal.clone()),
        ("measures", map_of(reference("measure"))),
        ("lines", list(reference("line"))),
        ("team", list(code.clone())),
        ("balances", reference("balances")),
        ("release_holdback", decimal.clone()),
        (
            "adjustments",
            list(object(
                "A manual change.",
                &[
                    ("*amount", decimal.clone()),
                    ("*reason", json!({ "type": "string", "minLength": 1 })),
                    ("approved", boolean),
                ],
            )),
        ),
        ("guarantee", decimal.clone()),
    ];
    let with_id = |name: &'static str| -> Vec<(&str, Value)> {
        std::iter::once((name, code.clone())).chain(person.clone()).collect()
    };
    let inputs = object(
        "What one evaluation is fed.",
        &[
            (
                "period",
                object(
                    "The measurement period, both days included.",
                    &[("*from", date.clone()), ("*to", date.clone())],
                ),
            ),
            ("as_of", date.clone()),
            ("period_number", whole),
            ("periods", decimal.clone()),
            ("holidays", list(date)),
            ("measures", map_of(reference("measure"))),
            ("*participants", list(reference("participant"))),
        ],
    );
    let defs = [
        ("measure", measure),
        ("line", line),
        ("balances", balances),
        ("participant", object("One participant.", &with_id("*id"))),
        ("lone_participant", object("One participant of an example.", &with_id("id"))),
        ("inputs", inputs),
    ];
    defs.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// JSON Schema of the plan document `traguardo-plan/1` (docs/plan-format.md).
pub fn plan_schema() -> Value {
    let mut defs: Map<String, Value> = numbers().into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    defs.extend(inputs_definitions());
    for (name, schema) in rule_definitions().into_iter().chain(payout_definitions()) {
        defs.insert(name.to_owned(), schema);
    }
    let (decimal, code) = (reference("decimal"), reference("code"));
    let frequency = words(&["month", "quarter", "four_month", "half_year", "year"]);
    let component = object(
        "One thing that is measured and paid.",
        &[
            ("*id", code.clone()),
            ("name", reference("text")),
            ("weight", reference("weight")),
            ("on_top", json!({ "type": "boolean", "default": false })),
            ("*measure", reference("measured")),
            (
                "goal",
                json!({ "anyOf": [{ "enum": ["assigned", "none"] }, object("The same for everybody.", &[("*value", decimal.clone())])] }),
            ),
            ("read", reference("own_read")),
            ("per", words(&["period", "line"])),
            ("gates", list(reference("gate"))),
            ("*payout", reference("payout")),
            ("cap", reference("amount_limit")),
            ("floor", reference("amount_limit")),
        ],
    );
    defs.insert("component".to_owned(), component);
    let mut schema = object(
        "An incentive plan. The specification is docs/plan-format.md.",
        &[
            ("*format", json!({ "const": crate::plan::PLAN_FORMAT })),
            ("*code", code),
            ("name", reference("text")),
            ("*currency", json!({ "type": "string", "pattern": "^[A-Z]{3}$" })),
            ("*measurement", frequency.clone()),
            ("payment", frequency),
            ("target_incentive", decimal),
            (
                "*components",
                json!({ "type": "array", "items": reference("component"), "minItems": 1, "maxItems": 100 }),
            ),
            ("modifiers", list(reference("modifier"))),
            (
                "limits",
                object(
                    "Cap and floor of the whole plan.",
                    &[("cap", reference("amount_limit")), ("floor", reference("amount_limit"))],
                ),
            ),
            ("eligibility", object("Who takes part.", &[("*conditions", list(reference("condition")))])),
            ("proration", reference("proration")),
            ("true_up", words(&["none", "year_to_date"])),
            ("negative", words(&["carry", "pay", "floor_at_zero"])),
            ("payment_rules", reference("payment_rules")),
            (
                "rounding",
                object(
                    "Where and how money is rounded.",
                    &[
                        ("scale", reference("whole")),
                        ("mode", reference("mode")),
                        ("at", words(&["component", "total"])),
                    ],
                ),
            ),
            ("examples", list(reference("example"))),
        ],
    );
    finish(&mut schema, "Traguardo incentive plan", defs)
}
