//! Schemas of gates, modifiers, proration, payment rules and examples.

use serde_json::{Value, json};

use super::payouts::curve;
use super::{filled, list, map_of, object, one_of, reference, words};

/// Definitions by name.
pub(super) fn rule_definitions() -> Vec<(&'static str, Value)> {
    let (decimal, code, whole, date) = (reference("decimal"), reference("code"), reference("whole"), reference("date"));
    let bounds: Vec<(&str, Value)> =
        ["at_least", "more_than", "at_most", "less_than"].map(|name| (name, decimal.clone())).to_vec();
    let otherwise = json!({ "anyOf": [{ "const": "zero" }, object("The payout is multiplied.", &[("*times", decimal.clone())]), object("A cap.", &[("*at_most_times_target", decimal.clone())])] });
    let condition = |with_else: bool| {
        let end: Vec<(&str, Value)> = if with_else { vec![("else", otherwise.clone())] } else { Vec::new() };
        let test = |source: &'static str, read: &'static str| {
            let fields: Vec<(&str, Value)> = [(source, code.clone()), ("read", reference(read))]
                .into_iter()
                .chain(bounds.clone())
                .chain(end.clone())
                .collect();
            object("A value inside bounds.", &fields)
        };
        let group = |name: &'static str| {
            let fields: Vec<(&str, Value)> =
                std::iter::once((name, filled(reference("condition")))).chain(end.clone()).collect();
            object("Several conditions.", &fields)
        };
        json!({ "anyOf": [test("*measure", "own_read"), test("*component", "read"), group("*any"), group("*all")] })
    };
    let scale_mode = object("Decimal places and mode.", &[("*scale", whole.clone()), ("mode", reference("mode"))]);
    let targets = words(&["target", "goal", "payout", "none"]);
    let limit = one_of(vec![
        object("Times the target.", &[("*times_target", decimal.clone())]),
        object("Money.", &[("*amount", decimal.clone())]),
    ]);
    let guarantee =
        |name: &'static str| object("At least this is paid.", &[(name, decimal.clone()), ("until", whole.clone())]);
    let holdback = |name: &'static str| {
        let release = one_of(vec![
            object("Days later.", &[("*after_days", whole.clone())]),
            object("Months later.", &[("*after_months", whole.clone())]),
        ]);
        object("What is kept back.", &[(name, decimal.clone()), ("release", release)])
    };
    let strings = list(code.clone());
    let modifier = |source: &'static str, read: &'static str| {
        object(
            "A factor.",
            &[
                ("id", code.clone()),
                ("name", reference("text")),
                ("applies_to", json!({ "anyOf": [{ "const": "total" }, filled(code.clone())] })),
                (source, code.clone()),
                ("read", reference(read)),
                ("of", words(&["own", "superior"])),
                (
                    "*factor",
                    json!({ "anyOf": [{ "const": "value" }, curve(&[]), object("Steps.", &[("*steps", filled(object("A step.", &[("*from", decimal.clone()), ("*times", decimal.clone())]))), ("boundary", reference("boundary"))])] }),
                ),
                ("min", decimal.clone()),
                ("max", decimal.clone()),
                ("missing", words(&["neutral", "zero"])),
            ],
        )
    };
    let figures = ["payout", "modified", "actual", "goal", "attainment", "target"].map(|name| (name, decimal.clone()));
    let expected_component = object(
        "What must come out of a component.",
        &std::iter::once(("state", json!({ "type": "string" }))).chain(figures).collect::<Vec<_>>(),
    );
    let balances = ["draw", "carried", "earned_to_date", "holdback"].map(|name| (name, decimal.clone()));
    let expectation = object(
        "What must come out for a participant.",
        &[
            ("state", json!({ "type": "string" })),
            ("earned", decimal.clone()),
            ("payment", decimal.clone()),
            ("balances", object("New balances.", &balances)),
            ("components", map_of(json!({ "anyOf": [decimal.clone(), expected_component] }))),
        ],
    );
    vec![
        ("own_read", words(&["attainment", "actual", "above_goal"])),
        ("read", words(&["attainment", "actual", "above_goal", "payout"])),
        ("mode", words(&["half_up", "half_down", "half_even", "up", "down", "ceiling", "floor"])),
        ("bounds", object("Bounds.", &bounds)),
        ("amount_limit", limit),
        ("condition", condition(false)),
        ("gate", condition(true)),
        (
            "when",
            object(
                "Which lines: all that is named must hold.",
                &[
                    ("products", strings.clone()),
                    ("categories", strings.clone()),
                    ("channels", strings.clone()),
                    ("customers", strings.clone()),
                    ("territories", strings.clone()),
                    ("attributes", map_of(strings.clone())),
                    ("amount", reference("bounds")),
                    ("quantity", reference("bounds")),
                    ("numbers", map_of(reference("bounds"))),
                    ("from", date.clone()),
                    ("to", date),
                ],
            ),
        ),
        (
            "measured",
            object(
                "What is measured.",
                &[
                    (
                        "*of",
                        json!({ "type": "string", "pattern": "^(sales\\.(amount|quantity|margin)|(kpi|share|component):.+)$" }),
                    ),
                    ("products", strings.clone()),
                    ("categories", strings.clone()),
                    ("channels", strings.clone()),
                    (
                        "exclude",
                        list(object(
                            "Sales that do not count.",
                            &[("*reason", reference("text")), ("*when", reference("when"))],
                        )),
                    ),
                    ("credit", words(&["own", "team", "all"])),
                    ("window", words(&["period", "year_to_date"])),
                    (
                        "as",
                        json!({ "type": "string", "pattern": "^(value|growth_on_previous_period|growth_on_last_year|share_of:.+)$" }),
                    ),
                ],
            ),
        ),
        (
            "proration",
            object(
                "What becomes of part of a period.",
                &[
                    ("basis", words(&["calendar_days", "working_days"])),
                    ("applies_to", json!({ "anyOf": [targets, list(targets.clone())] })),
                    ("fte", json!({ "type": "boolean" })),
                    ("round", scale_mode.clone()),
                    ("goal_round", scale_mode),
                    ("hire_day", words(&["counted", "not_counted"])),
                    ("absence_grace_days", whole.clone()),
                    ("absence_kinds", strings),
                    (
                        "new_hires",
                        json!({ "anyOf": [{ "enum": ["from_hire", "from_next_month"] }, object("Days later.", &[("*after_days", whole.clone())]), object("A guarantee.", &[("*guarantee", decimal.clone())])] }),
                    ),
                ],
            ),
        ),
        (
            "payment_rules",
            object(
                "From earned to paid.",
                &[
                    ("holdback", one_of(vec![holdback("*share"), holdback("*amount")])),
                    (
                        "draw",
                        object(
                            "What is advanced.",
                            &[
                                ("*amount", decimal.clone()),
                                ("recoverable", json!({ "type": "boolean" })),
                                ("recovery_share", decimal.clone()),
                                ("recovery_from", whole.clone()),
                                ("until", whole.clone()),
                                ("paid_in_advance", json!({ "type": "boolean" })),
                            ],
                        ),
                    ),
                    ("guarantee", one_of(vec![guarantee("*times_target"), guarantee("*amount")])),
                    ("cap", reference("amount_limit")),
                ],
            ),
        ),
        ("modifier", json!({ "anyOf": [modifier("*measure", "own_read"), modifier("*component", "read")] })),
        (
            "example",
            object(
                "A golden case.",
                &[
                    ("*name", reference("text")),
                    ("*inputs", json!({ "anyOf": [reference("inputs"), reference("lone_participant")] })),
                    (
                        "*expect",
                        json!({ "anyOf": [expectation, object("By participant.", &[("*participants", map_of(expectation.clone()))])] }),
                    ),
                ],
            ),
        ),
    ]
}
