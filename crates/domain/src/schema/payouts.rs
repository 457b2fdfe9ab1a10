//! Schemas of what a component pays.

use serde_json::{Value, json};

use super::{filled, object, one_of, reference, words};

/// The fields of a curve, and `more`.
pub(super) fn curve(more: &[(&'static str, Value)]) -> Value {
    let decimal = reference("decimal");
    let mut fields: Vec<(&str, Value)> = vec![
        ("*points", filled(object("A point.", &[("*at", decimal.clone()), ("*pay", decimal)]))),
        ("between", words(&["linear", "step"])),
        ("below", words(&["zero", "hold", "extend"])),
        ("above", words(&["hold", "extend"])),
        ("boundary", reference("boundary")),
    ];
    fields.extend(more.iter().cloned());
    object("A line through points.", &fields)
}

/// Definitions by name.
pub(super) fn payout_definitions() -> Vec<(&'static str, Value)> {
    let (decimal, code) = (reference("decimal"), reference("code"));
    let kind = |name: &str| ("*kind", json!({ "const": name }));
    let operand = |source: &'static str, read: &'static str| {
        object("Something else.", &[(source, code.clone()), ("read", reference(read))])
    };
    let other = json!({ "anyOf": [code, operand("*measure", "own_read"), operand("*component", "read")] });
    let axis = object(
        "One axis.",
        &[("*read", other.clone()), ("*from", filled(decimal.clone())), ("boundary", reference("boundary"))],
    );
    let group = words(&["plan", "level", "unit"]);
    let tier_fields = ["from", "to", "rate", "times", "amount", "min", "max"].map(|name| (name, decimal.clone()));
    let award = |reach: &'static str, of: Value, pays: &'static str| {
        object("An award.", &[(reach, of), (pays, decimal.clone())])
    };
    let whole = reference("whole");
    let rule = |pays: &'static str| {
        object(
            "A rule for lines.",
            &[
                ("id", code.clone()),
                ("when", reference("when")),
                (pays, decimal.clone()),
                ("on", words(&["amount", "quantity", "margin"])),
                ("min", decimal.clone()),
                ("max", decimal.clone()),
            ],
        )
    };
    let kinds = vec![
        curve(&[kind("curve"), ("pays", words(&["share", "amount"]))]),
        object(
            "A rate table.",
            &[
                kind("rate"),
                ("*mode", words(&["marginal", "retroactive", "overage"])),
                ("*tiers", filled(object("A tier.", &tier_fields))),
                ("tier_by", code.clone()),
                ("on", code.clone()),
                ("base_rate", json!({ "anyOf": [decimal, { "const": "target_over_goal" }] })),
                ("boundary", reference("boundary")),
            ],
        ),
        object(
            "Fixed amounts.",
            &[
                kind("bonus"),
                ("*steps", filled(object("A step.", &[("*from", decimal.clone()), ("*amount", decimal.clone())]))),
                ("mode", words(&["highest", "cumulative"])),
                ("boundary", reference("boundary")),
            ],
        ),
        object(
            "Two values together.",
            &[
                kind("grid"),
                ("*rows", axis.clone()),
                ("*columns", axis),
                ("*cells", filled(filled(decimal.clone()))),
                ("between", words(&["step", "bilinear"])),
                ("pays", words(&["share", "amount", "rate"])),
                ("boundary", reference("boundary")),
            ],
        ),
        object(
            "Scored objectives.",
            &[
                kind("scorecard"),
                (
                    "*objectives",
                    filled(object(
                        "An objective.",
                        &[("*code", code.clone()), ("*weight", reference("weight")), ("*max", decimal.clone())],
                    )),
                ),
                ("curve", curve(&[])),
            ],
        ),
        object(
            "Pay by place.",
            &[
                kind("rank"),
                ("group", group.clone()),
                ("by", other),
                ("order", words(&["descending", "ascending"])),
                ("ties", words(&["best", "average", "share"])),
                (
                    "*awards",
                    filled(json!({ "anyOf": [
                        award("*to_rank", whole.clone(), "*share"), award("*to_rank", whole, "*amount"),
                        award("*to_percentile", decimal.clone(), "*share"), award("*to_percentile", decimal.clone(), "*amount")
                    ] })),
                ),
            ],
        ),
        object(
            "A share of fixed money.",
            &[
                kind("pool"),
                (
                    "*pool",
                    json!({ "anyOf": [object("Money.", &[("*amount", decimal.clone())]), object("A rate on a sum.", &[("*rate", decimal.clone()), ("*of", code.clone())])] }),
                ),
                ("group", group),
                ("share_by", code.clone()),
                ("funding", curve(&[("*measure", code.clone()), ("read", reference("own_read"))])),
            ],
        ),
        object(
            "A share of what the team earned.",
            &[
                kind("override"),
                ("*rate", decimal.clone()),
                ("*of", json!({ "type": "string", "pattern": "^(team_payout|component:.+)$" })),
            ],
        ),
        object(
            "Each credited line.",
            &[
                kind("per_line"),
                ("*rules", filled(json!({ "anyOf": [rule("*rate"), rule("*amount")] }))),
                ("pick", words(&["first", "most_specific", "all"])),
            ],
        ),
    ];
    vec![("payout", one_of(kinds))]
}
