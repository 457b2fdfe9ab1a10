//! Reading the examples of a plan.

use std::collections::BTreeMap;

use super::read::read_text;
use super::{Example, Expectation, ExpectedComponent};
use crate::document::{Node, Object};
use crate::inputs::read_inputs_node;

pub(super) fn read_example(node: &Node<'_>) -> Option<Example> {
    let mut o = node.object()?;
    let name = o.need("name").and_then(|n| read_text(&n));
    let inputs = o.need("inputs").and_then(|n| read_inputs_node(&n, true));
    let expect = o.need("expect").and_then(|n| {
        let mut o = n.object()?;
        if o.has("participants") {
            let by_id = o.need("participants").and_then(|n| {
                Some(
                    n.object()?
                        .entries()
                        .into_iter()
                        .filter_map(|(id, n)| Some((id, read_expectation(n.object()?))))
                        .collect::<BTreeMap<_, _>>(),
                )
            });
            o.finish();
            return by_id;
        }
        let only = inputs.as_ref().and_then(|inputs| match inputs.participants.as_slice() {
            [only] => Some(only.id.clone()),
            _ => {
                n.error(
                    "bad_combination",
                    "an expectation for one participant stands beside inputs for several",
                    "write `{\"participants\": {id: {…}}}`",
                );
                None
            }
        })?;
        Some(BTreeMap::from([(only, read_expectation(o))]))
    });
    o.finish();
    let example = Example { name: name?, inputs: inputs?, expect: expect? };
    for id in example.expect.keys() {
        if !example.inputs.participants.iter().any(|p| p.id == *id) {
            node.error(
                "unknown_participant",
                format!("`{id}` is expected but not among the inputs"),
                "use the ids of the inputs",
            );
        }
    }
    Some(example)
}

pub(super) fn read_expectation(mut o: Object<'_>) -> Expectation {
    let expectation = Expectation {
        state: o.get("state").and_then(|n| n.text()),
        earned: o.get("earned").and_then(|n| n.decimal()),
        payment: o.get("payment").and_then(|n| n.decimal()),
        balances: o
            .get("balances")
            .and_then(|n| {
                let mut o = n.object()?;
                let names = ["draw", "carried", "earned_to_date", "holdback"];
                let balances =
                    names.iter().filter_map(|name| Some(((*name).to_owned(), o.get(name)?.decimal()?))).collect();
                o.finish();
                Some(balances)
            })
            .unwrap_or_default(),
        components: o
            .get("components")
            .and_then(|n| {
                Some(
                    n.object()?
                        .entries()
                        .into_iter()
                        .filter_map(|(id, n)| Some((id, read_expected_component(&n)?)))
                        .collect(),
                )
            })
            .unwrap_or_default(),
    };
    o.finish();
    expectation
}

pub(super) fn read_expected_component(node: &Node<'_>) -> Option<ExpectedComponent> {
    let mut expected = ExpectedComponent::default();
    if !node.is_object() {
        expected.figures.insert("payout".to_owned(), node.decimal()?);
        return Some(expected);
    }
    let mut o = node.object()?;
    expected.state = o.get("state").and_then(|n| n.text());
    for name in ["payout", "modified", "actual", "goal", "attainment", "target"] {
        if let Some(value) = o.get(name).and_then(|n| n.decimal()) {
            expected.figures.insert(name.to_owned(), value);
        }
    }
    o.finish();
    Some(expected)
}
