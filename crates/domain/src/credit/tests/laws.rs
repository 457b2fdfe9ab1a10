//! Laws of crediting, and the naive twin: day by day, line by line, with nothing remembered.

use proptest::prelude::*;

use super::*;
use crate::territory::{Level, Role};

const PEOPLE: [&str; 6] = ["A", "B", "C", "D", "E", "F"];
const PLACES: [&str; 7] = ["B1", "B2", "B3", "T1", "T2", "D1", "??"];
const PRODUCTS: [&str; 5] = ["P1", "P2", "P3", "P4", "P9"];

fn date(offset: u64) -> String {
    day("2025-12-01").checked_add_days(chrono::Days::new(offset)).unwrap().to_string()
}

/// A line as drawn: day, participant, place, product, amount.
type Drawn = (u64, usize, usize, usize, i64);

#[derive(Debug, Clone)]
struct Plot {
    managers: Vec<(usize, u64)>,
    holdings: Vec<(usize, usize, bool, i64, u64, u64)>,
    lines: Vec<Drawn>,
    to_district: bool,
}

fn plot() -> impl Strategy<Value = Plot> {
    (
        prop::collection::vec((0_usize..7, 0_u64..150), 6),
        prop::collection::vec((0_usize..7, 0_usize..6, any::<bool>(), 1_i64..4, 0_u64..120, 0_u64..120), 0..14),
        prop::collection::vec((0_u64..150, 0_usize..12, 0_usize..10, 0_usize..5, -3_000_000_i64..9_000_000), 1..30),
        any::<bool>(),
    )
        .prop_map(|(managers, holdings, lines, to_district)| Plot { managers, holdings, lines, to_district })
}

impl Plot {
    fn world(&self) -> World {
        let mut world = World::default();
        for (code, (manager, since)) in PEOPLE.iter().zip(&self.managers) {
            let manager = PEOPLE.get(*manager).filter(|m| *m != code).copied().unwrap_or("");
            world.person(code, manager, &date(*since));
        }
        let (leaves, joins) = (day(&date(90)), day(&date(20)));
        world.roster.people.get_mut("C").unwrap().leave = Some(leaves);
        world.roster.people.get_mut("D").unwrap().hire = Some(joins);
        for (code, level, parent) in [
            ("B1", "brick", "T1"),
            ("B2", "brick", "T2"),
            ("B3", "brick", "T2"),
            ("T1", "territory", "D1"),
            ("T2", "territory", "D1"),
            ("D1", "district", ""),
        ] {
            world.territory(code, level, parent);
        }
        for (who, place, direct, share, from, len) in &self.holdings {
            let who = PEOPLE.get(*who).copied().unwrap_or("nobody");
            let role = if *direct { "direct" } else { "overlay" };
            let place = PLACES.get(*place).copied().unwrap_or("T1");
            let until = if *len > 100 { String::new() } else { date(from + len) };
            world.holding(who, place, role, share * 250_000, &date(*from), &until);
        }
        for (code, parent) in [("K", ""), ("K1", "K"), ("L", "")] {
            world.category(code, parent);
        }
        for (code, category) in [("P1", "K1"), ("P2", "K"), ("P3", "L")] {
            world.product(code, category);
        }
        world.exclusion("small", |when| {
            when.products = vec!["P3".into()];
            when.quantity = Some(crate::plan::Bounds { less_than: Some(Exact::scaled(2, 1)), ..Default::default() });
        });
        world.vacant_to_district = self.to_district;
        for line in &self.lines {
            add(&mut world, line);
        }
        world
    }
}

fn add(world: &mut World, (at, who, place, product, amount): &Drawn) {
    let who = PEOPLE.get(*who).copied().unwrap_or("");
    let place = PLACES.get(*place).copied().unwrap_or("");
    let product = PRODUCTS.get(*product).copied().unwrap_or("P1");
    world.line(&date(*at), who, place, product, "", *amount);
}

/// What each person is credited of one line on its own: (own, team), by the words of the design.
fn twin(world: &World, fact: &Fact) -> BTreeMap<String, (i64, i64)> {
    let names = &world.sales.names;
    let mut direct: BTreeMap<String, i64> = BTreeMap::new();
    let mut overlay: BTreeMap<String, i64> = BTreeMap::new();
    let employed = |code: &str| {
        world.roster.people.get(code).is_some_and(|p| {
            p.hire.is_none_or(|hire| hire <= fact.date) && p.leave.is_none_or(|leave| fact.date <= leave)
        })
    };
    let named = names.participants.name(fact.participant);
    if let Some(code) = named.filter(|code| world.roster.people.contains_key(*code)) {
        direct.insert(code.to_owned(), ONE);
    }
    let mut settled = named.is_some();
    let mut place = names.territories.name(fact.territory).map(str::to_owned);
    while let Some(code) = place {
        let Some(territory) = world.territories.territories.get(&code) else { break };
        let mut held = false;
        for holding in
            world.territories.holdings.iter().filter(|h| h.territory == code && h.validity.contains(fact.date))
        {
            let known = world.roster.people.contains_key(&holding.participant);
            if !known {
                held |= holding.role == Role::Direct;
            } else if employed(&holding.participant) {
                if holding.role == Role::Overlay {
                    *overlay.entry(holding.participant.clone()).or_default() += holding.share;
                } else if !settled {
                    held = true;
                    *direct.entry(holding.participant.clone()).or_default() += holding.share;
                }
            }
        }
        settled = settled || held || (territory.level != Level::Brick && !world.vacant_to_district);
        place = territory.parents.at(fact.date).cloned();
    }
    let manages = |head: &str, member: &str| {
        let mut current = member.to_owned();
        for _ in 0..10 {
            let Some(manager) = world.roster.people.get(&current).and_then(|p| p.posts.at(fact.date)?.manager.clone())
            else {
                return false;
            };
            if manager == member {
                return false;
            }
            if manager == head {
                return true;
            }
            current = manager;
        }
        false
    };
    PEOPLE
        .iter()
        .map(|head| {
            let of = |shares: &BTreeMap<String, i64>| -> i64 {
                shares.iter().filter(|(m, _)| *m == head || manages(head, m)).map(|(_, s)| s).sum()
            };
            let own = direct.get(*head).copied().unwrap_or(0) + overlay.get(*head).copied().unwrap_or(0);
            let team = if of(&direct) == 0 { of(&overlay) } else { of(&direct) };
            ((*head).to_owned(), (own, team))
        })
        .collect()
}

fn measures() -> Vec<Measure> {
    vec![measure("own", &[], &[], &[]), measure("team", &[], &["K"], &[]), measure("all", &["P3", "P9"], &[], &[])]
}

fn holders() -> Vec<(&'static str, usize)> {
    PEOPLE.iter().flat_map(|code| (0..3).map(move |slot| (*code, slot))).collect()
}

fn run(world: &World) -> Outcome {
    world.credit(&measures(), &holders())
}

/// All but the lines themselves.
fn sums(outcome: &Outcome) -> Vec<(Credit, Credit, Credit)> {
    outcome.credited.iter().map(|c| (c.sums.current, c.sums.previous, c.sums.last_year)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn credit_is_what_the_twin_says_and_is_conserved(plot in plot()) {
        let world = plot.world();
        let outcome = run(&world);
        let quarter = days("2026-01-01", "2026-03-31");
        let mut expected: BTreeMap<(&str, usize), Credit> = BTreeMap::new();
        for fact in world.sales.facts.iter().filter(|f| quarter.contains(f.date)) {
            let product = world.sales.names.products.name(fact.product).unwrap();
            if product == "P3" && fact.quantity.abs() < 200_000 {
                continue;
            }
            let shares = twin(&world, fact);
            for code in PEOPLE {
                let (own, team) = shares[code];
                *expected.entry((code, 0)).or_default() += i128::from(fact.amount) * i128::from(own);
                if ["P1", "P2"].contains(&product) {
                    *expected.entry((code, 1)).or_default() += i128::from(fact.amount) * i128::from(team);
                }
                if ["P3", "P9"].contains(&product) {
                    *expected.entry((code, 2)).or_default() += i128::from(fact.amount) * i128::from(ONE);
                }
            }
        }
        for (holder, credited) in holders().into_iter().zip(&outcome.credited) {
            prop_assert_eq!(credited.sums.current, expected.get(&holder).copied().unwrap_or(0), "{:?}", holder);
        }
        // Conservation, and the rows per category are the same money.
        prop_assert!(outcome.ledger.unbalanced().is_empty());
        let sum = |rows: Vec<&Exact>| -> Exact { rows.into_iter().sum() };
        let direct = |kind| sum(outcome.rows.iter().filter(|r| r.kind == kind).map(|r| &r.amount).collect());
        let of = |pick: fn(&Balance) -> &Exact| {
            sum(outcome.ledger.balances.iter().filter(|b| b.measure == "sales.amount").map(pick).collect())
        };
        prop_assert_eq!(direct(CreditKind::Direct), of(|b| &b.credited));
        prop_assert_eq!(direct(CreditKind::Overlay), of(|b| &b.overlay));
        prop_assert_eq!(sum(outcome.ledger.uncredited.iter().map(|u| &u.amount).collect()), of(|b| &b.uncredited));
        prop_assert_eq!(sum(outcome.ledger.excluded.iter().map(|e| &e.amount).collect()), of(|b| &b.excluded));
    }

    #[test]
    fn the_order_of_anything_does_not_matter(plot in plot(), turn in 0_usize..30) {
        let outcome = run(&plot.world());
        let mut turned = plot.clone();
        let middle = turn % turned.lines.len();
        turned.lines.rotate_left(middle);
        turned.lines.reverse();
        turned.holdings.reverse();
        let other = run(&turned.world());
        prop_assert_eq!(sums(&other), sums(&outcome));
        prop_assert_eq!(&other.ledger, &outcome.ledger);
        prop_assert_eq!(&other.rows, &outcome.rows);
        prop_assert_eq!(&other.slot_excluded, &outcome.slot_excluded);
    }

    #[test]
    fn splitting_merging_and_zero_lines_change_no_sum(plot in plot(), at in 0_usize..30, part in -5_000_000_i64..5_000_000) {
        // Without the rule that looks at the size of a line: that one may tell them apart.
        let strip = |plot: &Plot| { let mut world = plot.world(); world.exclusions.clear(); world };
        let outcome = run(&strip(&plot));
        let mut split = plot.clone();
        let at = at % split.lines.len();
        let mut half = split.lines[at];
        half.4 = part;
        split.lines[at].4 -= part;
        split.lines.push(half);
        let mut zero = half;
        zero.4 = 0;
        split.lines.push(zero);
        let other = run(&strip(&split));
        prop_assert_eq!(sums(&other), sums(&outcome));
        let figures = |o: &Outcome| -> Vec<(String, String, String)> {
            let amounts = o.ledger.balances.iter().filter(|b| b.measure == "sales.amount");
            amounts.map(|b| (b.total.to_string(), b.credited.to_string(), b.uncredited.to_string())).collect()
        };
        if figures(&outcome).len() == figures(&other).len() {
            prop_assert_eq!(figures(&other), figures(&outcome));
        }
    }

    #[test]
    fn groups_make_the_same_sums_as_their_lines(plot in plot()) {
        let mut world = plot.world();
        world.exclusions.clear();
        let outcome = run(&world);
        let mut groups: BTreeMap<(NaiveDate, Key, Key, Key), Fact> = BTreeMap::new();
        for fact in &world.sales.facts {
            groups.entry((fact.date, fact.participant, fact.territory, fact.product))
                .and_modify(|group| {
                    group.amount += fact.amount;
                    group.quantity += fact.quantity;
                    group.margin += fact.margin;
                    group.lines += 1;
                    group.line = 0;
                })
                .or_insert(*fact);
        }
        world.sales.facts = groups.into_values().collect();
        let grouped = run(&world);
        prop_assert_eq!(sums(&grouped), sums(&outcome));
        prop_assert_eq!(&grouped.ledger, &outcome.ledger);
        prop_assert_eq!(&grouped.rows, &outcome.rows);
    }

    /// Where no line is credited both ways inside one team, a team is the sum of its members; here: direct credit only.
    #[test]
    fn a_team_is_the_sum_of_its_members(plot in plot()) {
        let mut world = plot.world();
        world.territories.holdings.retain(|h| h.role == Role::Direct);
        // A fixed tree: A over B and C, B over D and E, C over F.
        for (code, manager) in [("A", ""), ("B", "A"), ("C", "A"), ("D", "B"), ("E", "B"), ("F", "C")] {
            world.person(code, manager, "2020-01-01");
        }
        let measures = [measure("own", &[], &[], &[]), measure("team", &[], &[], &[])];
        let holders: Vec<(&str, usize)> = PEOPLE.iter().flat_map(|code| [(*code, 0), (*code, 1)]).collect();
        let outcome = world.credit(&measures, &holders);
        let at = |code: &str, slot: usize| {
            let place = holders.iter().position(|h| *h == (code, slot)).unwrap();
            outcome.credited[place].sums.current
        };
        for (head, direct_reports) in [("A", vec!["B", "C"]), ("B", vec!["D", "E"]), ("C", vec!["F"]), ("F", vec![])] {
            let below: Credit = direct_reports.iter().map(|code| at(code, 1)).sum();
            prop_assert_eq!(at(head, 1), at(head, 0) + below, "{}", head);
        }
    }

    /// A territory shared by several is worth together what it is worth to one.
    #[test]
    fn shares_that_sum_to_one_share_out_everything(parts in prop::collection::vec(1_i64..1000, 1..6), amounts in prop::collection::vec(-9_000_000_i64..9_000_000, 1..20)) {
        let mut world = World::default();
        world.territory("T1", "territory", "");
        let whole: i64 = parts.iter().sum();
        let mut left = ONE;
        for (index, part) in parts.iter().enumerate() {
            let share = if index + 1 == parts.len() { left } else { ONE * part / whole };
            left -= share;
            world.person(PEOPLE[index], "", "2020-01-01");
            world.holding(PEOPLE[index], "T1", "direct", share, "2020-01-01", "");
        }
        for amount in &amounts {
            world.line("2026-01-10", "", "T1", "P1", "", *amount);
        }
        let holders: Vec<(&str, usize)> = PEOPLE.iter().take(parts.len()).map(|code| (*code, 0)).collect();
        let outcome = world.credit(&[measure("own", &[], &[], &[])], &holders);
        let credited: Credit = outcome.credited.iter().map(|c| c.sums.current).sum();
        prop_assert_eq!(credited, amounts.iter().map(|a| i128::from(*a)).sum::<i128>() * i128::from(ONE));
        prop_assert!(outcome.ledger.uncredited.is_empty());
    }
}
