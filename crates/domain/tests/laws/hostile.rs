//! Nothing panics, whatever is read: any text, and any document that begins as a good one.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use traguardo_domain::engine::{evaluate, run_examples};
use traguardo_domain::finding::has_errors;
use traguardo_domain::inputs::read_inputs;
use traguardo_domain::plan::load_plan;
use traguardo_domain::result::text::render;
use traguardo_domain::trace::Trace;

use super::people::any_world;

/// Reads both texts and, where they can be read, does everything that can be done with them. Says how far it came.
fn all_of_it(plan: &str, inputs: &str) -> usize {
    let (plan, plan_findings) = load_plan(plan);
    let inputs = read_inputs(inputs);
    for finding in plan_findings.iter().chain(inputs.as_ref().err().into_iter().flatten()) {
        assert!(finding.path.starts_with('$'), "a finding without a place: {finding}");
        assert!(!finding.message.is_empty() && !finding.code.is_empty() && !finding.help.is_empty(), "{finding}");
    }
    assert_eq!(plan.is_none(), has_errors(&plan_findings), "refused for no reason, or accepted in spite of one");
    let Some(plan) = plan else { return 0 };
    let _ = run_examples(&plan);
    let Ok(inputs) = inputs else { return 1 };
    let bare = evaluate(&plan, &inputs, Trace::Off);
    match evaluate(&plan, &inputs, Trace::Full) {
        Ok(outcome) => {
            assert!(bare.is_ok());
            assert!(!render(&outcome, "it").is_empty() && serde_json::to_string(&outcome).is_ok());
            3
        }
        Err(findings) => {
            assert!(findings.iter().all(|finding| finding.code != "internal"), "{findings:?}");
            assert_eq!(bare.err(), Some(findings));
            2
        }
    }
}

/// Values that somebody may put where they do not belong.
fn odd() -> BoxedStrategy<Value> {
    prop_oneof![
        select(vec![
            json!(null),
            json!(true),
            json!([]),
            json!({}),
            json!(""),
            json!(" "),
            json!("c0"),
            json!("component:c0"),
            json!("x"),
            json!(0),
            json!("-1"),
            json!("1e15"),
            json!("1000000000000000"),
            json!("0.000000000001"),
            json!("1/3"),
            json!(1e300),
            json!("123456789012345.123456789012"),
            json!("9999-12-31"),
            json!("2024-02-29"),
            json!("team_payout"),
            json!("kpi:a"),
            json!(4_294_967_296_u64),
            json!([[[[[[]]]]]]),
            json!("\u{0}"),
            json!("é\u{202e}"),
            json!(["R0", "R0"]),
            json!({ "amount": "1" }),
        ]),
        (-1_000_i64..1_000).prop_map(|n| json!(n)),
        "[a-z_:]{0,12}".prop_map(Value::from),
    ]
    .boxed()
}

/// Every place of a document.
fn places(value: &Value, here: String, out: &mut Vec<String>) {
    out.push(here.clone());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| places(inner, format!("{here}/{name}"), out)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, inner)| places(inner, format!("{here}/{i}"), out))
        }
        _ => {}
    }
}

/// Puts something else at a place, takes it out, or puts another place's value there.
fn spoil(document: &mut Value, at: Index, from: Index, how: u8, odd: Value) {
    let mut all = Vec::new();
    places(document, String::new(), &mut all);
    let other = document.pointer(&all[from.index(all.len())]).cloned().unwrap_or(Value::Null);
    let place = &all[at.index(all.len())];
    if let Some(value) = document.pointer_mut(place) {
        *value = match how {
            0 => other,
            _ => odd,
        };
    }
}

proptest! {
    #[test]
    fn any_text(plan in any::<String>(), inputs in any::<String>()) {
        all_of_it(&plan, &inputs);
    }

    #[test]
    fn any_json(plan in r#"[\[\]{}",:0-9a-z.\-\\ ]{0,60}"#, inputs in r#"(\{"participants":)?[\[\]{}",:0-9a-z.\-\\ ]{0,60}\}?"#) {
        all_of_it(&plan, &inputs);
    }

    #[test]
    fn a_good_document_with_faults((mut plan, mut inputs) in any_world(), faults in vec((any::<Index>(), any::<Index>(), 0_u8..3, odd(), any::<bool>()), 1..4)) {
        for (at, from, how, odd, in_plan) in faults {
            spoil(if in_plan { &mut plan } else { &mut inputs }, at, from, how, odd);
        }
        all_of_it(&plan.to_string(), &inputs.to_string());
    }

    #[test]
    fn a_good_text_with_faults((plan, inputs) in any_world(), at in any::<Index>(), len in 0_usize..9, put in "[\\[\\]{}\",0-9e.\\-]{0,3}", in_plan: bool) {
        let mut texts = [plan.to_string(), inputs.to_string()];
        let text = &mut texts[usize::from(!in_plan)];
        let begin = at.index(text.len());
        if let Some(end) = (begin..=(begin + len).min(text.len())).rev().find(|end| text.is_char_boundary(*end))
            && text.is_char_boundary(begin)
        {
            text.replace_range(begin..end, &put);
        }
        all_of_it(&texts[0], &texts[1]);
    }

    #[test]
    fn a_good_document_comes_all_the_way((plan, inputs) in any_world()) {
        prop_assert_eq!(all_of_it(&plan.to_string(), &inputs.to_string()), 3);
    }
}
