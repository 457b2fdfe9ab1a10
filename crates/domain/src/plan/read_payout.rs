//! Reading what a component pays.

use super::read::{BOUNDARIES, CURVE_PAYS, READS, read_weight, read_when};
use super::read_rules::read_operand;
use super::{
    Above, Award, Axis, AxisRead, BaseRate, Below, Between, Bonus, BonusMode, BonusStep, Boundary, Curve, CurvePayout,
    Funding, Grid, GridBetween, Group, LinePay, LineRule, LineValue, Objective, Operand, Order, Override, OverrideOf,
    Part, Payout, Pays, PerLine, Pick, Point, Pool, PoolMoney, Rank, Rate, RateMode, RateOn, Reach, Read, Scorecard,
    ShareBy, Source, Tier, TierBy, Ties, When,
};
use crate::document::{Node, Object};

const KINDS: &[(&str, usize)] = &[
    ("curve", 0),
    ("rate", 1),
    ("bonus", 2),
    ("grid", 3),
    ("scorecard", 4),
    ("rank", 5),
    ("pool", 6),
    ("override", 7),
    ("per_line", 8),
];
const GROUPS: &[(&str, Group)] = &[("plan", Group::Plan), ("level", Group::Level), ("unit", Group::Unit)];

/// Reads `payout`.
pub(super) fn read_payout(node: &Node<'_>) -> Option<Payout> {
    let mut o = node.object()?;
    let kind = o.need("kind").and_then(|n| n.word(KINDS))?;
    let payout = match kind {
        0 => read_curve_payout(&mut o),
        1 => read_rate(&mut o),
        2 => read_bonus(&mut o),
        3 => read_grid(&mut o),
        4 => read_scorecard(&mut o),
        5 => read_rank(&mut o),
        6 => read_pool(&mut o),
        7 => read_override(&mut o),
        _ => read_per_line(&mut o),
    };
    o.finish();
    payout
}

fn boundary(o: &mut Object<'_>) -> Option<Boundary> {
    o.get("boundary").map_or(Some(Boundary::From), |n| n.word(BOUNDARIES))
}

fn group(o: &mut Object<'_>) -> Option<Group> {
    o.get("group").map_or(Some(Group::Plan), |n| n.word(GROUPS))
}

/// The fields of a curve; `below` is what holds below the first point unless said.
pub(super) fn read_curve(o: &mut Object<'_>, below: Below) -> Option<Curve> {
    let points = o.need("points").and_then(|n| {
        let points = n.each(|n| {
            let mut o = n.object()?;
            let at = o.need("at").and_then(|n| n.decimal());
            let pay = o.need("pay").and_then(|n| n.decimal());
            o.finish();
            Some(Point { at: at?, pay: pay? })
        })?;
        if points.is_empty() || points.len() > 1_000 {
            n.error(
                "bad_length",
                format!("a curve has 1 to 1000 points, this has {}", points.len()),
                "add or take out points",
            );
            return None;
        }
        Some(points)
    });
    let between = o
        .get("between")
        .map_or(Some(Between::Linear), |n| n.word(&[("linear", Between::Linear), ("step", Between::Step)]));
    let below = o
        .get("below")
        .map_or(Some(below), |n| n.word(&[("zero", Below::Zero), ("hold", Below::Hold), ("extend", Below::Extend)]));
    let above =
        o.get("above").map_or(Some(Above::Hold), |n| n.word(&[("hold", Above::Hold), ("extend", Above::Extend)]));
    let boundary = boundary(o);
    Some(Curve { points: points?, between: between?, below: below?, above: above?, boundary: boundary? })
}

fn read_curve_payout(o: &mut Object<'_>) -> Option<Payout> {
    let curve = read_curve(o, Below::Zero);
    let pays = o.get("pays").map_or(Some(Pays::Share), |n| n.word(CURVE_PAYS));
    Some(Payout::Curve(CurvePayout { curve: curve?, pays: pays? }))
}

fn read_rate(o: &mut Object<'_>) -> Option<Payout> {
    let mode = o.need("mode").and_then(|n| {
        n.word(&[
            ("marginal", RateMode::Marginal),
            ("retroactive", RateMode::Retroactive),
            ("overage", RateMode::Overage),
        ])
    });
    let tiers = o.need("tiers").and_then(|n| {
        let tiers = n.each(read_tier)?;
        if tiers.is_empty() || tiers.len() > 1_000 {
            n.error(
                "bad_length",
                format!("a rate table has 1 to 1000 tiers, this has {}", tiers.len()),
                "add or take out tiers",
            );
            return None;
        }
        Some(tiers)
    });
    let tier_by = o.get("tier_by").map_or_else(
        || Some(if mode == Some(RateMode::Overage) { TierBy::Attainment } else { TierBy::Actual }),
        |n| {
            n.code().map(|key| match key.as_str() {
                "actual" => TierBy::Actual,
                "attainment" => TierBy::Attainment,
                _ => TierBy::Measure(key),
            })
        },
    );
    let on = o.get("on").map_or(Some(RateOn::Actual), |n| n.code().map(rate_on));
    let base_rate = o.get("base_rate").map(|n| {
        if n.is_text() && n.raw() == "\"target_over_goal\"" {
            return Some(BaseRate::TargetOverGoal);
        }
        n.decimal().map(BaseRate::Rate)
    });
    let boundary = boundary(o);
    let base_rate = match base_rate {
        Some(None) => return None,
        Some(given) => given,
        None => None,
    };
    Some(Payout::Rate(Rate { mode: mode?, tiers: tiers?, tier_by: tier_by?, on: on?, base_rate, boundary: boundary? }))
}

fn rate_on(key: String) -> RateOn {
    if key == "actual" { RateOn::Actual } else { RateOn::Measure(key) }
}

fn read_tier(node: &Node<'_>) -> Option<Tier> {
    let mut o = node.object()?;
    let tier = Tier {
        from: o.get("from").and_then(|n| n.decimal()),
        to: o.get("to").and_then(|n| n.decimal()),
        rate: o.get("rate").and_then(|n| n.decimal()),
        times: o.get("times").and_then(|n| n.decimal()),
        amount: o.get("amount").and_then(|n| n.decimal()),
        min: o.get("min").and_then(|n| n.decimal()),
        max: o.get("max").and_then(|n| n.decimal()),
    };
    if o.has("rate") && o.has("times") {
        node.error("one_of", "a tier has both `rate` and `times`", "keep one of them");
    }
    if !o.has("rate") && !o.has("times") && !o.has("amount") {
        node.error("missing_field", "the tier pays nothing", "add `rate`, `times` or `amount`");
    }
    o.finish();
    Some(tier)
}

fn read_bonus(o: &mut Object<'_>) -> Option<Payout> {
    let steps = o.need("steps").and_then(|n| {
        let steps = n.each(|n| {
            let mut o = n.object()?;
            let from = o.need("from").and_then(|n| n.decimal());
            let amount = o.need("amount").and_then(|n| n.decimal());
            o.finish();
            Some(BonusStep { from: from?, amount: amount? })
        })?;
        if steps.is_empty() {
            n.error("bad_length", "a bonus has at least one step", "add a step");
            return None;
        }
        Some(steps)
    });
    let mode = o.get("mode").map_or(Some(BonusMode::Highest), |n| {
        n.word(&[("highest", BonusMode::Highest), ("cumulative", BonusMode::Cumulative)])
    });
    let boundary = boundary(o);
    Some(Payout::Bonus(Bonus { steps: steps?, mode: mode?, boundary: boundary? }))
}

/// What an axis reads: one of the component's own values, a measure key, or an operand.
fn read_axis_read(node: &Node<'_>) -> Option<AxisRead> {
    if node.is_object() {
        let mut o = node.object()?;
        let operand = read_operand(&mut o);
        o.finish();
        return operand.map(AxisRead::Other);
    }
    let key = node.code()?;
    Some(match READS.iter().find(|(word, _)| *word == key) {
        Some((_, read)) => AxisRead::Own(*read),
        None => AxisRead::Other(Operand { source: Source::Measure(key), read: Read::Actual }),
    })
}

fn read_axis(node: &Node<'_>, default: Boundary) -> Option<Axis> {
    let mut o = node.object()?;
    let read = o.need("read").and_then(|n| read_axis_read(&n));
    let from = o.need("from").and_then(|n| n.each(Node::decimal));
    let boundary = o.get("boundary").map_or(Some(default), |n| n.word(BOUNDARIES));
    if from.as_ref().is_some_and(Vec::is_empty) {
        node.error("bad_length", "the axis has no band", "add at least one start");
    }
    o.finish();
    Some(Axis { read: read?, from: from?, boundary: boundary? })
}

fn read_grid(o: &mut Object<'_>) -> Option<Payout> {
    let default = boundary(o)?;
    let rows = o.need("rows").and_then(|n| read_axis(&n, default));
    let columns = o.need("columns").and_then(|n| read_axis(&n, default));
    let cells_node = o.need("cells");
    let cells = cells_node.as_ref().and_then(|n| n.each(|n| n.each(Node::decimal)));
    if let (Some(rows), Some(columns), Some(cells), Some(node)) = (&rows, &columns, &cells, &cells_node)
        && (cells.len() != rows.from.len() || cells.iter().any(|row| row.len() != columns.from.len()))
    {
        node.error(
            "grid_shape",
            format!("the cells do not fit {} rows of {} columns", rows.from.len(), columns.from.len()),
            "write one list per row with one cell per column",
        );
    }
    let between = o.get("between").map_or(Some(GridBetween::Step), |n| {
        n.word(&[("step", GridBetween::Step), ("bilinear", GridBetween::Bilinear)])
    });
    let pays = o.get("pays").map_or(Some(Pays::Share), |n| {
        n.word(&[("share", Pays::Share), ("amount", Pays::Amount), ("rate", Pays::Rate)])
    });
    Some(Payout::Grid(Grid { rows: rows?, columns: columns?, cells: cells?, between: between?, pays: pays? }))
}

fn read_scorecard(o: &mut Object<'_>) -> Option<Payout> {
    let objectives = o.need("objectives").and_then(|n| {
        let objectives = n.each(|n| {
            let mut o = n.object()?;
            let code = o.need("code").and_then(|n| n.code());
            let weight = o.need("weight").and_then(|n| read_weight(&n));
            let max = o.need("max").and_then(|n| {
                let max = n.decimal()?;
                if !max.is_positive() {
                    n.error(
                        "number_out_of_range",
                        format!("the best score `{max}` is not above 0"),
                        "give the best score that can be reached",
                    );
                    return None;
                }
                Some(max)
            });
            o.finish();
            Some(Objective { code: code?, weight: weight?, max: max? })
        })?;
        if objectives.is_empty() {
            n.error("bad_length", "a scorecard has at least one objective", "add an objective");
            return None;
        }
        for (i, objective) in objectives.iter().enumerate() {
            if objectives.iter().take(i).any(|other| other.code == objective.code) {
                n.error(
                    "duplicate_objective",
                    format!("two objectives have the code `{}`", objective.code),
                    "give each its own code",
                );
            }
        }
        Some(objectives)
    });
    let curve = match o.get("curve") {
        Some(n) => {
            let mut o = n.object()?;
            let curve = read_curve(&mut o, Below::Zero);
            o.finish();
            Some(curve?)
        }
        None => None,
    };
    Some(Payout::Scorecard(Scorecard { objectives: objectives?, curve }))
}

fn read_rank(o: &mut Object<'_>) -> Option<Payout> {
    let group = group(o);
    let by = match o.get("by") {
        None => None,
        Some(n) if n.raw() == "\"x\"" => None,
        Some(n) if n.is_object() => {
            let mut o = n.object()?;
            let operand = read_operand(&mut o);
            o.finish();
            Some(operand?)
        }
        Some(n) => Some(Operand { source: Source::Measure(n.code()?), read: Read::Actual }),
    };
    let order = o.get("order").map_or(Some(Order::Descending), |n| {
        n.word(&[("descending", Order::Descending), ("ascending", Order::Ascending)])
    });
    let ties = o.get("ties").map_or(Some(Ties::Best), |n| {
        n.word(&[("best", Ties::Best), ("average", Ties::Average), ("share", Ties::Share)])
    });
    let awards = o.need("awards").and_then(|n| {
        let awards = n.each(read_award)?;
        if awards.is_empty() {
            n.error("bad_length", "there is no award", "add at least one award");
            return None;
        }
        Some(awards)
    });
    Some(Payout::Rank(Rank { group: group?, by, order: order?, ties: ties?, awards: awards? }))
}

fn read_award(node: &Node<'_>) -> Option<Award> {
    let mut o = node.object()?;
    let reach = match (o.get("to_rank"), o.get("to_percentile")) {
        (Some(rank), None) => rank.whole(1, 1_000_000).map(Reach::ToRank),
        (None, Some(part)) => part.decimal_in(Some(0), Some(1)).map(Reach::ToPercentile),
        _ => {
            node.error("one_of", "exactly one of `to_rank` and `to_percentile` is wanted", "give one of them");
            None
        }
    };
    let pays = match (o.get("share"), o.get("amount")) {
        (Some(share), None) => share.decimal().map(Part::Share),
        (None, Some(amount)) => amount.decimal().map(Part::Amount),
        _ => {
            node.error("one_of", "exactly one of `share` and `amount` is wanted", "give one of them");
            None
        }
    };
    o.finish();
    Some(Award { reach: reach?, pays: pays? })
}

fn read_pool(o: &mut Object<'_>) -> Option<Payout> {
    let pool = o.need("pool").and_then(|n| {
        let mut o = n.object()?;
        let pool = if o.has("amount") {
            o.get("amount").and_then(|n| n.decimal()).map(|amount| PoolMoney::Amount { amount })
        } else {
            let rate = o.need("rate").and_then(|n| n.decimal());
            let of = o.need("of").and_then(|n| n.code());
            rate.zip(of).map(|(rate, of)| PoolMoney::Rate { rate, of: rate_on(of) })
        };
        o.finish();
        pool
    });
    let group = group(o);
    let share_by = o.get("share_by").map_or(Some(ShareBy::X), |n| {
        n.code().map(|key| match key.as_str() {
            "x" => ShareBy::X,
            "target" => ShareBy::Target,
            _ => ShareBy::Measure(key),
        })
    });
    let funding = match o.get("funding") {
        None => None,
        Some(n) => {
            let mut o = n.object()?;
            let measure = o.need("measure").and_then(|n| n.code());
            let read = o.get("read").map_or(Some(Read::Attainment), |n| n.word(READS));
            let curve = read_curve(&mut o, Below::Zero);
            o.finish();
            Some(Funding { measure: measure?, read: read?, curve: curve? })
        }
    };
    Some(Payout::Pool(Pool { pool: pool?, group: group?, share_by: share_by?, funding }))
}

fn read_override(o: &mut Object<'_>) -> Option<Payout> {
    let rate = o.need("rate").and_then(|n| n.decimal());
    let of = o.need("of").and_then(|n| {
        let text = n.code()?;
        match text.strip_prefix("component:") {
            Some(id) if !id.is_empty() => Some(OverrideOf::Component(id.to_owned())),
            _ if text == "team_payout" => Some(OverrideOf::TeamPayout),
            _ => {
                n.error(
                    "unknown_word",
                    format!("`{}` is unknown", text.escape_debug()),
                    "write `team_payout` or `component:<id>`",
                );
                None
            }
        }
    });
    Some(Payout::Override(Override { rate: rate?, of: of? }))
}

fn read_per_line(o: &mut Object<'_>) -> Option<Payout> {
    let rules = o.need("rules").and_then(|n| {
        let items = n.list()?;
        if items.is_empty() || items.len() > 10_000 {
            n.error(
                "bad_length",
                format!("1 to 10000 rules are allowed, this has {}", items.len()),
                "add or take out rules",
            );
            return None;
        }
        let rules: Vec<LineRule> = items.iter().enumerate().filter_map(|(i, item)| read_line_rule(item, i)).collect();
        (rules.len() == items.len()).then_some(rules)
    });
    let pick = o.get("pick").map_or(Some(Pick::First), |n| {
        n.word(&[("first", Pick::First), ("most_specific", Pick::MostSpecific), ("all", Pick::All)])
    });
    Some(Payout::PerLine(PerLine { rules: rules?, pick: pick? }))
}

fn read_line_rule(node: &Node<'_>, index: usize) -> Option<LineRule> {
    let mut o = node.object()?;
    let id = o.get("id").map_or_else(|| Some(format!("rule-{}", index + 1)), |n| n.code());
    let when = o.get("when").map_or(Some(When::default()), |n| read_when(&n));
    let pays = match (o.get("rate"), o.get("amount")) {
        (Some(rate), None) => rate.decimal().map(LinePay::Rate),
        (None, Some(amount)) => amount.decimal().map(LinePay::Amount),
        _ => {
            node.error("one_of", "exactly one of `rate` and `amount` is wanted", "give one of them");
            None
        }
    };
    let values = &[("amount", LineValue::Amount), ("quantity", LineValue::Quantity), ("margin", LineValue::Margin)];
    let on = match o.get("on") {
        Some(n) => Some(n.word(values)?),
        None => None,
    };
    let min = o.get("min").and_then(|n| n.decimal());
    let max = o.get("max").and_then(|n| n.decimal());
    o.finish();
    Some(LineRule { id: id?, when: when?, pays: pays?, on, min, max })
}
