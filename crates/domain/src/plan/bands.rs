//! Checks of bands, points and what belongs to each payout kind.

use super::{Above, BaseRate, Component, Curve, Payout, Rate, RateMode, RateOn, Reach, TierBy};
use crate::exact::Exact;
use crate::finding::Finding;

/// Reports values that do not rise.
pub(super) fn rising<'a>(values: impl Iterator<Item = &'a Exact>, path: &str, field: &str, out: &mut Vec<Finding>) {
    let mut before: Option<&Exact> = None;
    for (i, value) in values.enumerate() {
        if let Some(before) = before
            && value <= before
        {
            out.push(
                Finding::error(
                    "not_rising",
                    format!("{path}[{i}].{field}"),
                    format!("`{value}` does not lie above `{before}` before it"),
                )
                .help("sort the entries by rising values and keep each value once"),
            );
        }
        before = Some(value);
    }
}

/// Checks a curve; one that `pays` is warned of where it falls.
pub(super) fn check_curve(curve: &Curve, path: &str, pays: bool, out: &mut Vec<Finding>) {
    rising(curve.points.iter().map(|p| &p.at), &format!("{path}.points"), "at", out);
    if !pays {
        return;
    }
    for (i, pair) in curve.points.windows(2).enumerate() {
        if let [a, b] = pair
            && b.pay < a.pay
        {
            out.push(
                Finding::warning(
                    "curve_falls",
                    format!("{path}.points[{}].pay", i + 1),
                    format!("the curve falls from `{}` to `{}`: more would pay less", a.pay, b.pay),
                )
                .help("let `pay` rise with `at` unless this is meant"),
            );
        }
    }
    if curve.above == Above::Extend && curve.points.len() < 2 {
        out.push(
            Finding::warning("no_effect", format!("{path}.above"), "one point has no line to extend")
                .help("add a second point, or write \"hold\""),
        );
    }
}

/// Checks what a component pays.
pub(super) fn check_payout(component: &Component, path: &str, out: &mut Vec<Finding>) {
    match &component.payout {
        Payout::Curve(curve) => check_curve(&curve.curve, path, true, out),
        Payout::Rate(rate) => check_rate(rate, &component.measure.of, path, out),
        Payout::Bonus(bonus) => rising(bonus.steps.iter().map(|s| &s.from), &format!("{path}.steps"), "from", out),
        Payout::Grid(grid) => {
            for (axis, name) in [(&grid.rows, "rows"), (&grid.columns, "columns")] {
                let mut before: Option<&Exact> = None;
                for (i, from) in axis.from.iter().enumerate() {
                    if before.is_some_and(|before| from <= before) {
                        out.push(
                            Finding::error(
                                "not_rising",
                                format!("{path}.{name}.from[{i}]"),
                                format!("`{from}` does not lie above the start before it"),
                            )
                            .help("sort the starts"),
                        );
                    }
                    before = Some(from);
                }
            }
        }
        Payout::Scorecard(card) => {
            let sum: Exact = card.objectives.iter().map(|o| &o.weight).sum();
            if sum != Exact::ONE {
                out.push(
                    Finding::error(
                        "weights_do_not_sum",
                        format!("{path}.objectives"),
                        format!("the weights sum to {sum}, not to 1"),
                    )
                    .help("change the weights so that they sum to 1"),
                );
            }
            if let Some(curve) = &card.curve {
                check_curve(curve, &format!("{path}.curve"), true, out);
            }
        }
        Payout::Rank(rank) => check_awards(rank, path, out),
        Payout::Pool(pool) => {
            if let Some(funding) = &pool.funding {
                check_curve(&funding.curve, &format!("{path}.funding"), false, out);
            }
        }
        Payout::Override(_) => {}
        Payout::PerLine(lines) => {
            for (i, rule) in lines.rules.iter().enumerate() {
                let path = format!("{path}.rules[{i}]");
                if rule.min.as_ref().zip(rule.max.as_ref()).is_some_and(|(min, max)| min > max) {
                    out.push(Finding::error("bounds_inverted", path.clone(), "`min` is above `max`").help("swap them"));
                }
                if let super::LinePay::Rate(rate) = &rule.pays {
                    check_rate_size(rate, &component.measure.of, &format!("{path}.rate"), out);
                }
            }
        }
    }
}

fn check_rate_size(rate: &Exact, of: &str, path: &str, out: &mut Vec<Finding>) {
    if *rate > Exact::ONE && matches!(of, "sales.amount" | "sales.margin") {
        out.push(
            Finding::warning("rate_above_one", path, format!("the rate `{rate}` pays more than the sale itself"))
                .help("write 5 % as 0.05"),
        );
    }
    if rate.is_negative() {
        out.push(
            Finding::warning("rate_negative", path, format!("the rate `{rate}` takes money away for sales"))
                .help("use a rate of 0 or more unless this is meant"),
        );
    }
}

fn check_rate(rate: &Rate, of: &str, path: &str, out: &mut Vec<Finding>) {
    if rate.mode == RateMode::Overage {
        if rate.base_rate.is_none() {
            out.push(
                Finding::error("missing_field", format!("{path}.base_rate"), "overage needs a base rate")
                    .help("add `base_rate`: the rate up to the goal"),
            );
        }
        if rate.on != RateOn::Actual {
            out.push(
                Finding::error("bad_combination", format!("{path}.on"), "overage is on the actual")
                    .help("leave `on` out"),
            );
        }
    }
    if let Some(BaseRate::Rate(base)) = &rate.base_rate {
        check_rate_size(base, of, &format!("{path}.base_rate"), out);
    }
    let mut end: Option<&Exact> = None;
    for (i, tier) in rate.tiers.iter().enumerate() {
        let path = format!("{path}.tiers[{i}]");
        match (&tier.from, i) {
            (None, 0) => {}
            (None, _) => out.push(
                Finding::error("missing_field", format!("{path}.from"), "only the first tier may leave out `from`")
                    .help("say where the tier begins"),
            ),
            (Some(from), _) => {
                let before = i.checked_sub(1).and_then(|k| rate.tiers.get(k)).and_then(|t| t.from.as_ref());
                if before.is_some_and(|before| from <= before) {
                    out.push(
                        Finding::error(
                            "not_rising",
                            format!("{path}.from"),
                            format!("`{from}` does not lie above the tier before it"),
                        )
                        .help("sort the tiers by rising `from` and keep each value once"),
                    );
                } else if end.is_some_and(|end| from < end) {
                    out.push(
                        Finding::error(
                            "overlapping",
                            format!("{path}.from"),
                            format!("the tier begins at `{from}`, before the one before it ends"),
                        )
                        .help("let the tier before it end where this begins, or leave its `to` out"),
                    );
                }
                if tier.to.as_ref().is_some_and(|to| to <= from) {
                    out.push(
                        Finding::error(
                            "bounds_inverted",
                            format!("{path}.to"),
                            "the tier ends at or before its beginning",
                        )
                        .help("swap `from` and `to`"),
                    );
                }
            }
        }
        end = tier.to.as_ref();
        if tier.times.is_some() && rate.base_rate.is_none() {
            out.push(
                Finding::error("missing_field", format!("{path}.times"), "`times` needs a base rate to multiply")
                    .help("add `base_rate` or write `rate`"),
            );
        }
        if tier.min.as_ref().zip(tier.max.as_ref()).is_some_and(|(min, max)| min > max) {
            out.push(Finding::error("bounds_inverted", path.clone(), "`min` is above `max`").help("swap them"));
        }
        if let Some(rate) = &tier.rate {
            check_rate_size(rate, of, &format!("{path}.rate"), out);
        }
    }
    if rate.tier_by == TierBy::Attainment
        && rate.tiers.iter().filter_map(|t| t.from.as_ref()).any(|f| *f > Exact::whole(10))
    {
        out.push(
            Finding::warning("attainment_scale", format!("{path}.tiers"), "a tier begins above 1000 % of the goal")
                .help("write 100 % as 1"),
        );
    }
}

fn check_awards(rank: &super::Rank, path: &str, out: &mut Vec<Finding>) {
    let mut before: Option<&super::Award> = None;
    for (i, award) in rank.awards.iter().enumerate() {
        if let Some(before) = before {
            let path = format!("{path}.awards[{i}]");
            let rises = match (&before.reach, &award.reach) {
                (Reach::ToRank(a), Reach::ToRank(b)) => a < b,
                (Reach::ToPercentile(a), Reach::ToPercentile(b)) => a < b,
                _ => {
                    out.push(
                        Finding::error("bad_combination", path, "awards by rank and by percentile stand together")
                            .help("use one kind for all awards"),
                    );
                    return;
                }
            };
            if !rises {
                out.push(
                    Finding::error("not_rising", path.clone(), "the award does not reach beyond the one before it")
                        .help("sort the awards by rising reach"),
                );
            }
            if std::mem::discriminant(&before.pays) != std::mem::discriminant(&award.pays) {
                out.push(
                    Finding::error("bad_combination", path, "awards in shares and in money stand together")
                        .help("use one kind for all awards"),
                );
            }
        }
        before = Some(award);
    }
}
