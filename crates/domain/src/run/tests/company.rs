//! A company to run: a head, two managers, three representatives, four territories, three products.

use super::*;
use crate::credit::tests::world::World;
use crate::sales::Fact;

pub(crate) struct Company {
    pub(crate) input: RunInput,
}

/// A quarterly plan in euro with 1,000 of target and these components.
pub(crate) fn plan(components: Value) -> Value {
    json!({"format": "traguardo-plan/1", "code": "?", "currency": "EUR", "measurement": "quarter", "target_incentive": "1000", "components": components})
}

/// One component over all sales: 80 % → 50 %, 100 % → 100 %, 120 % → 150 %.
pub(crate) fn curve_plan(proration: Value) -> Value {
    let mut document = plan(json!([{
        "id": "sales", "weight": "1", "measure": {"of": "sales.amount"},
        "payout": {"kind": "curve", "points": [{"at": "0.8", "pay": "0.5"}, {"at": "1", "pay": "1"}, {"at": "1.2", "pay": "1.5"}]}
    }]));
    document["proration"] = proration;
    document
}

impl Company {
    pub(crate) fn new() -> Self {
        let mut world = World::default();
        for (code, manager) in [("H", ""), ("M1", "H"), ("M2", "H"), ("R1", "M1"), ("R2", "M1"), ("R3", "M2")] {
            world.person(code, manager, "2020-01-01");
        }
        for (code, level, parent) in [
            ("D1", "district", ""),
            ("T1", "territory", "D1"),
            ("T2", "territory", "D1"),
            ("T3", "territory", "D1"),
            ("T4", "territory", "D1"),
        ] {
            world.territory(code, level, parent);
        }
        for (code, parent) in [("CARDIO", ""), ("STATINS", "CARDIO"), ("ONCO", "")] {
            world.category(code, parent);
        }
        for (code, category) in [("P1", "STATINS"), ("P2", "CARDIO"), ("P3", "ONCO")] {
            world.product(code, category);
        }
        let mut input = RunInput::new(Period::parse("2026-Q1").unwrap());
        input.roster = world.roster;
        input.territories = world.territories;
        input.catalog = world.catalog;
        Self { input }
    }

    pub(crate) fn plan(&mut self, code: &str, document: Value) {
        self.version(code, code, 1, document);
    }

    pub(crate) fn version(&mut self, id: &str, code: &str, number: u32, mut document: Value) {
        document["code"] = json!(code);
        let text = document.to_string();
        let (plan, findings) = load_plan(&text);
        let plan = Arc::new(plan.unwrap_or_else(|| panic!("{findings:?}")));
        self.input
            .plans
            .insert(id.to_owned(), PlanVersion { code: code.to_owned(), number, sha256: sha256(&text), plan });
    }

    pub(crate) fn assign(&mut self, who: &str, plan: &str, from: &str, until: &str) {
        self.input.assignments.push(PlanAssignment {
            participant: who.to_owned(),
            validity: Validity { from: day(from), until: (!until.is_empty()).then(|| day(until)) },
            plan: plan.to_owned(),
        });
    }

    pub(crate) fn person(&mut self, code: &str) -> &mut Person {
        self.input.roster.people.get_mut(code).unwrap()
    }

    pub(crate) fn holding(&mut self, who: &str, place: &str, share: i64, from: &str, until: &str) {
        let mut world = World::default();
        world.holding(who, place, "direct", share, from, until);
        self.input.territories.holdings.append(&mut world.territories.holdings);
    }

    pub(crate) fn goal(&mut self, holder: GoalHolder, measure: &str, scope: Scope, period: &str, value: &str) {
        let reference = format!("goal {}", self.input.goals.len());
        self.input.goals.push(GoalValue {
            holder,
            measure: measure.to_owned(),
            scope,
            period: Period::parse(period).unwrap(),
            value: Exact::parse(value).unwrap(),
            reference,
            accepted: true,
        });
    }

    pub(crate) fn participant_goal(&mut self, period: &str, who: &str, value: &str) {
        self.goal(GoalHolder::Participant(who.to_owned()), "sales.amount", Scope::All, period, value);
    }

    pub(crate) fn territory_goal(&mut self, period: &str, place: &str, value: &str) {
        self.goal(GoalHolder::Territory(place.to_owned()), "sales.amount", Scope::All, period, value);
    }

    pub(crate) fn kpi(&mut self, who: &str, key: &str, period: &str, value: &str) {
        self.input.kpis.push(Kpi {
            participant: (!who.is_empty()).then(|| who.to_owned()),
            key: key.to_owned(),
            period: Period::parse(period).unwrap(),
            value: Exact::parse(value).unwrap(),
        });
    }

    pub(crate) fn money(&mut self, who: &str, plan: &str, make: impl FnOnce(&mut Money)) {
        make(self.input.money.entry((who.to_owned(), plan.to_owned())).or_default());
    }

    /// A line of so many whole euros (and ten times fewer units).
    pub(crate) fn line(&mut self, date: &str, who: &str, place: &str, product: &str, amount: i64) {
        let mut world = World { sales: std::mem::take(&mut self.input.sales), ..World::default() };
        world.line(date, who, place, product, "", amount * 1_000_000);
        self.input.sales = world.sales;
    }

    pub(crate) fn last_line(&mut self) -> &mut Fact {
        self.input.sales.facts.last_mut().unwrap()
    }
}
