//! A period for 5,000 representatives with three components each, over 1,000,000 sales lines in memory.
//!
//! `cargo bench -p traguardo-domain --bench run`. `credit` is the crediting alone, `figures` the whole run without
//! derivations, `documents` the whole run with derivations, input and result documents and their hashes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chrono::{Days, NaiveDate};
use traguardo_domain::exact::Exact;
use traguardo_domain::organization::{Person, Post};
use traguardo_domain::period::Period;
use traguardo_domain::plan::load_plan;
use traguardo_domain::run::{GoalHolder, GoalValue, PlanAssignment, PlanVersion, RunInput, Scope, prepare, run_with};
use traguardo_domain::sales::{Fact, Key};
use traguardo_domain::territory::{Holding, Level, Role, Territory};
use traguardo_domain::time::{Timeline, Validity};
use traguardo_domain::trace::Trace;

const REPS: usize = 5_000;
const LINES: usize = 1_000_000;
const PRODUCTS: usize = 240;
const CATEGORIES: usize = 12;

fn main() {
    divan::main();
}

const REP_PLAN: &str = r#"{"format": "traguardo-plan/1", "code": "REPS", "currency": "EUR", "measurement": "quarter", "target_incentive": "3000",
  "proration": {"applies_to": ["target", "goal"]},
  "components": [
    {"id": "first", "weight": "0.5", "measure": {"of": "sales.amount", "categories": ["K00", "K01", "K02", "K03"]},
     "payout": {"kind": "curve", "points": [{"at": "0.8", "pay": "0.5"}, {"at": "1", "pay": "1"}, {"at": "1.2", "pay": "1.5"}]}},
    {"id": "second", "weight": "0.5", "measure": {"of": "sales.amount", "categories": ["K04", "K05", "K06", "K07"]},
     "payout": {"kind": "curve", "points": [{"at": "0.8", "pay": "0.5"}, {"at": "1", "pay": "1"}, {"at": "1.2", "pay": "1.5"}]}},
    {"id": "third", "goal": "none", "measure": {"of": "sales.quantity", "categories": ["K08", "K09", "K10", "K11"]},
     "payout": {"kind": "rate", "mode": "marginal", "tiers": [{"from": "0", "rate": "0.1"}, {"from": "1000", "rate": "0.2"}]}}
  ]}"#;

const HEAD_PLAN: &str = r#"{"format": "traguardo-plan/1", "code": "HEADS", "currency": "EUR", "measurement": "quarter", "target_incentive": "6000",
  "components": [{"id": "team", "weight": "1", "measure": {"of": "sales.amount", "credit": "team"},
     "payout": {"kind": "curve", "points": [{"at": "0.8", "pay": "0.5"}, {"at": "1", "pay": "1"}, {"at": "1.2", "pay": "1.5"}]}}]}"#;

/// A small generator of our own: the same lines on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

fn version(text: &str) -> PlanVersion {
    let (plan, findings) = load_plan(text);
    let Some(plan) = plan else { panic!("{findings:?}") };
    PlanVersion { code: plan.plan().code.clone(), number: 1, sha256: String::new(), plan: Arc::new(plan) }
}

fn company() -> &'static RunInput {
    static COMPANY: OnceLock<RunInput> = OnceLock::new();
    COMPANY.get_or_init(|| {
        let period = Period::parse("2026-Q1").unwrap();
        let since = Validity::since(NaiveDate::from_ymd_opt(2020, 1, 1).unwrap());
        let mut input = RunInput::new(period);
        input.plans =
            BTreeMap::from([("reps".to_owned(), version(REP_PLAN)), ("heads".to_owned(), version(HEAD_PLAN))]);
        let mut person = |code: &str, manager: Option<String>| {
            let post = Post { manager, unit: Some("U".into()), ..Post::default() };
            let posts = Timeline::new([(since, post)]).0;
            input.roster.people.insert(code.to_owned(), Person { posts, ..Person::default() });
        };
        let goal = |holder: &str, scope: Scope, value: i64| GoalValue {
            holder: GoalHolder::Participant(holder.to_owned()),
            measure: "sales.amount".into(),
            scope,
            period,
            value: Exact::from(value),
            reference: String::new(),
            accepted: true,
        };
        person("H", None);
        let assign = |participant: &str, plan: &str| PlanAssignment {
            participant: participant.into(),
            validity: since,
            plan: plan.into(),
        };
        for head in 0..REPS / 10 {
            let code = format!("M{head:04}");
            person(&code, Some("H".into()));
            input.assignments.push(assign(&code, "heads"));
            input.goals.push(goal(&code, Scope::All, 1_000_000));
        }
        for rep in 0..REPS {
            let code = format!("R{rep:04}");
            person(&code, Some(format!("M{:04}", rep / 10)));
            input.assignments.push(assign(&code, "reps"));
            for category in 0..8 {
                input.goals.push(goal(&code, Scope::Category(format!("K{category:02}")), 8_000));
            }
            let territory = format!("T{rep:04}");
            input
                .territories
                .territories
                .insert(territory.clone(), Territory { level: Level::Territory, parents: Timeline::default() });
            input.territories.holdings.push(Holding {
                territory: territory.clone(),
                validity: since,
                role: Role::Direct,
                participant: code,
                share: 1_000_000,
            });
            for brick in 0..4 {
                let parents = Timeline::always(territory.clone());
                input
                    .territories
                    .territories
                    .insert(format!("B{rep:04}{brick}"), Territory { level: Level::Brick, parents });
            }
        }
        for category in 0..CATEGORIES {
            input.catalog.categories.insert(format!("K{category:02}"), None);
        }
        for product in 0..PRODUCTS {
            let category = format!("K{:02}", product % CATEGORIES);
            input.catalog.products.insert(format!("P{product:03}"), Timeline::always(category));
        }
        let names = &mut input.sales.names;
        let bricks: Vec<Key> =
            (0..REPS * 4).map(|n| names.territories.intern(&format!("B{:04}{}", n / 4, n % 4))).collect();
        let products: Vec<Key> = (0..PRODUCTS).map(|n| names.products.intern(&format!("P{n:03}"))).collect();
        let euro = names.currencies.intern("EUR");
        let first = period.first();
        let mut draw = Draw(7);
        input.sales.facts = (0..LINES)
            .map(|line| {
                let amount = draw.below(1_000_000_000) as i64 - 50_000_000;
                Fact {
                    territory: bricks[draw.below(bricks.len())],
                    product: products[draw.below(products.len())],
                    currency: euro,
                    amount,
                    quantity: amount / 20,
                    margin: amount / 4,
                    ..Fact::new(line as i64 + 1, first + Days::new(draw.below(90) as u64))
                }
            })
            .collect();
        input
    })
}

#[divan::bench(sample_count = 10)]
fn credit(bencher: divan::Bencher<'_, '_>) {
    let input = company();
    bencher.counter(divan::counter::ItemsCount::new(LINES)).bench(|| {
        let prepared = prepare(input);
        let mut crediting = prepared.crediting();
        for fact in &input.sales.facts {
            crediting.add(fact);
        }
        crediting.finish()
    });
}

#[divan::bench(sample_count = 5)]
fn figures(bencher: divan::Bencher<'_, '_>) {
    let input = company();
    bencher.counter(divan::counter::ItemsCount::new(LINES)).bench(|| run_with(input, Trace::Off));
}

#[divan::bench(sample_count = 5)]
fn documents(bencher: divan::Bencher<'_, '_>) {
    let input = company();
    bencher.counter(divan::counter::ItemsCount::new(LINES)).bench(|| run_with(input, Trace::Full));
}
