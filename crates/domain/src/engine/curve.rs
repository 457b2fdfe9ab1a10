//! Curves and bands: which is reached, and what lies between two points.

use crate::exact::Exact;
use crate::plan::{Above, Below, Between, Boundary, Curve};

/// The index of the highest start that `x` has reached.
pub(crate) fn reached<'a>(
    starts: impl ExactSizeIterator<Item = &'a Exact>,
    x: &Exact,
    boundary: Boundary,
) -> Option<usize> {
    let mut found = None;
    for (i, start) in starts.enumerate() {
        let inside = match boundary {
            Boundary::From => start <= x,
            // The first band still includes its own start.
            Boundary::To => start < x || (i == 0 && start == x),
        };
        if !inside {
            break;
        }
        found = Some(i);
    }
    found
}

/// What a curve gives at a point, and how.
pub(crate) struct OnCurve {
    pub value: Exact,
    /// Whether the first point was reached (or the curve goes on below it).
    pub reached: bool,
    pub formula: String,
}

/// The value of a curve at `x`; `words` says whether the formula is wanted.
pub(crate) fn value(curve: &Curve, x: &Exact, words: bool) -> OnCurve {
    let (Some(first), Some(last)) = (curve.points.first(), curve.points.last()) else {
        return OnCurve { value: Exact::ZERO, reached: false, formula: String::new() };
    };
    let flat = |value: &Exact, reached: bool| OnCurve { value: value.clone(), reached, formula: String::new() };
    let line = |a: usize, b: usize| -> Option<OnCurve> {
        let (a, b) = (curve.points.get(a)?, curve.points.get(b)?);
        let slope = (&b.pay - &a.pay).checked_div(&(&b.at - &a.at))?;
        let value = &a.pay + &(&(x - &a.at) * &slope);
        let formula = if words {
            format!("{} + ({x} − {}) × ({} − {}) ÷ ({} − {})", a.pay, a.at, b.pay, a.pay, b.at, a.at)
        } else {
            String::new()
        };
        Some(OnCurve { value, reached: true, formula })
    };
    let count = curve.points.len();
    if x < &first.at {
        return match (curve.below, curve.between) {
            (Below::Zero, _) => flat(&Exact::ZERO, false),
            (Below::Extend, Between::Linear) => line(0, 1).unwrap_or_else(|| flat(&first.pay, true)),
            (Below::Hold | Below::Extend, _) => flat(&first.pay, true),
        };
    }
    match curve.between {
        Between::Step => {
            let i = reached(curve.points.iter().map(|p| &p.at), x, curve.boundary).unwrap_or(0);
            flat(curve.points.get(i).map_or(&first.pay, |p| &p.pay), true)
        }
        Between::Linear if x > &last.at => match curve.above {
            Above::Extend if count > 1 => line(count - 2, count - 1).unwrap_or_else(|| flat(&last.pay, true)),
            Above::Extend | Above::Hold => flat(&last.pay, true),
        },
        Between::Linear => {
            let i = reached(curve.points.iter().map(|p| &p.at), x, Boundary::From).unwrap_or(0);
            match curve.points.get(i) {
                Some(point) if point.at == *x => flat(&point.pay, true),
                _ => line(i, i + 1).unwrap_or_else(|| flat(&last.pay, true)),
            }
        }
    }
}
