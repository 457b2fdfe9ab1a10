//! Payouts that look at one participant alone: curve, rate, bonus, grid, scorecard, lines.

use super::component::{Base, Evaluated};
use super::values::score;
use super::world::World;
use super::{Paid, curve, lines, rate};
use crate::exact::Exact;
use crate::plan::{Bonus, BonusMode, Grid, GridBetween, Payout, Pays, Scorecard};
use crate::trace::{Step, Steps};

/// What component `c` pays participant `i`; `None` where it is blocked or paid together with others.
pub(crate) fn individual(
    world: &World<'_>,
    i: usize,
    c: usize,
    base: &Base,
    done: &[Option<Evaluated>],
) -> Option<Paid> {
    if base.blocked.is_some() {
        return None;
    }
    let component = world.plan.plan().components.get(c)?;
    match &component.payout {
        Payout::Curve(curve_payout) => {
            let x = base.x.as_ref()?;
            Some(on_curve(world, &curve_payout.curve, curve_payout.pays, x, base.target.as_ref()))
        }
        Payout::Rate(table) => Some(rate::pay(world, i, table, base)),
        Payout::Bonus(bonus) => Some(pay_bonus(world, bonus, base.x.as_ref()?)),
        Payout::Grid(grid) => Some(pay_grid(world, i, grid, base, done)),
        Payout::Scorecard(card) => Some(pay_scorecard(world, i, card, base)),
        Payout::PerLine(rules) => Some(lines::per_line(world, i, component, rules)),
        Payout::Rank(_) | Payout::Pool(_) | Payout::Override(_) => None,
    }
}

/// A curve over `x`, in shares of `target` or in money.
pub(crate) fn on_curve(
    world: &World<'_>,
    of: &crate::plan::Curve,
    pays: Pays,
    x: &Exact,
    target: Option<&Exact>,
) -> Paid {
    let mut steps = Steps::new(world.trace);
    let point = curve::value(of, x, steps.on());
    steps.add(|| Step::new("curve", &point.value).formula(point.formula.clone()));
    let amount = share_or_money(pays, &point.value, target, &mut steps);
    Paid::new(amount, point.reached, steps.take())
}

fn share_or_money(pays: Pays, value: &Exact, target: Option<&Exact>, steps: &mut Steps) -> Exact {
    if pays == Pays::Amount {
        return value.clone();
    }
    let target = target.unwrap_or(&Exact::ZERO);
    let amount = value * target;
    steps.add(|| Step::new("times_target", &amount).formula(format!("{value} × {target}")));
    amount
}

/// Fixed amounts.
pub(crate) fn pay_bonus(world: &World<'_>, bonus: &Bonus, x: &Exact) -> Paid {
    let mut steps = Steps::new(world.trace);
    let Some(highest) = curve::reached(bonus.steps.iter().map(|s| &s.from), x, bonus.boundary) else {
        return Paid::new(Exact::ZERO, false, steps.take());
    };
    let counted = match bonus.mode {
        BonusMode::Highest => bonus.steps.get(highest..=highest),
        BonusMode::Cumulative => bonus.steps.get(..=highest),
    };
    let counted = counted.unwrap_or(&[]);
    let amount: Exact = counted.iter().map(|s| &s.amount).sum();
    for step in counted {
        steps.add(|| Step::new("bonus_step", &step.amount).formula(format!("{x} ≥ {}", step.from)));
    }
    Paid::new(amount, true, steps.take())
}

fn pay_grid<'a>(world: &World<'a>, i: usize, grid: &'a Grid, base: &Base, done: &[Option<Evaluated>]) -> Paid {
    let mut steps = Steps::new(world.trace);
    let row = base.values.axis(world, i, &grid.rows.read, done);
    let column = base.values.axis(world, i, &grid.columns.read, done);
    let (Some(row), Some(column)) = (row, column) else {
        return Paid::no_data(steps.take());
    };
    let at_row = curve::reached(grid.rows.from.iter(), &row, grid.rows.boundary);
    let at_column = curve::reached(grid.columns.from.iter(), &column, grid.columns.boundary);
    let (Some(r), Some(c)) = (at_row, at_column) else {
        return Paid::new(Exact::ZERO, false, steps.take());
    };
    let cell = |r: usize, c: usize| grid.cells.get(r).and_then(|cells| cells.get(c)).cloned().unwrap_or(Exact::ZERO);
    let value = match grid.between {
        GridBetween::Step => cell(r, c),
        GridBetween::Bilinear => {
            // How far into the band, 0 to 1; beyond the last start the last cell holds.
            let part = |starts: &[Exact], k: usize, x: &Exact| match (starts.get(k), starts.get(k + 1)) {
                (Some(a), Some(b)) => ((x - a).div_or_zero(&(b - a)), k + 1),
                _ => (Exact::ZERO, k),
            };
            // With `boundary: to` a value on a border lies at the end of the lower band: the line is the same.
            let (down, next_r) = part(&grid.rows.from, r, &row);
            let (right, next_c) = part(&grid.columns.from, c, &column);
            let between = |a: &Exact, b: &Exact, part: &Exact| a + &(&(b - a) * part);
            let upper = between(&cell(r, c), &cell(r, next_c), &right);
            let lower = between(&cell(next_r, c), &cell(next_r, next_c), &right);
            between(&upper, &lower, &down)
        }
    };
    steps.add(|| {
        let (from_row, from_column) = (grid.rows.from.get(r), grid.columns.from.get(c));
        let shown = |start: Option<&Exact>| start.map_or_else(String::new, ToString::to_string);
        Step::new("grid_cell", &value).formula(format!(
            "[{row} ≥ {}; {column} ≥ {}]",
            shown(from_row),
            shown(from_column)
        ))
    });
    let amount = match grid.pays {
        Pays::Rate => {
            let actual = base.values.actual.clone().unwrap_or(Exact::ZERO);
            let amount = &value * &actual;
            steps.add(|| Step::new("times_actual", &amount).formula(format!("{value} × {actual}")));
            amount
        }
        pays => share_or_money(pays, &value, base.target.as_ref(), &mut steps),
    };
    Paid::new(amount, true, steps.take())
}

fn pay_scorecard(world: &World<'_>, i: usize, card: &Scorecard, base: &Base) -> Paid {
    let mut steps = Steps::new(world.trace);
    let mut result = Exact::ZERO;
    let mut missing = false;
    for objective in &card.objectives {
        let Some((_, score)) = score(world, i, &objective.code) else {
            steps.add(|| Step::new("score_missing", "–").about(objective.code.clone()));
            missing = true;
            continue;
        };
        let part = (&objective.weight * &score).div_or_zero(&objective.max);
        steps.add(|| {
            Step::new("objective", &part)
                .about(objective.code.clone())
                .formula(format!("{} × {score} ÷ {}", objective.weight, objective.max))
        });
        result += &part;
    }
    if missing {
        return Paid::no_data(steps.take());
    }
    steps.add(|| Step::new("score", &result));
    match &card.curve {
        Some(curve) => {
            let paid = on_curve(world, curve, Pays::Share, &result, base.target.as_ref());
            let mut all = steps.take();
            all.extend(paid.steps);
            Paid { steps: all, ..paid }
        }
        None => {
            let amount = share_or_money(Pays::Share, &result, base.target.as_ref(), &mut steps);
            Paid::new(amount, true, steps.take())
        }
    }
}
