//! Splitting a whole so that the parts sum to it: the largest-remainder method (Hamilton's method of apportionment).

use crate::exact::{Exact, RoundingMode};

/// Splits `whole` (already rounded to `scale` places) in proportion to `shares`, none of them
/// negative. Each part is rounded towards zero; the units of 10^-`scale` that are left over go one
/// each to the largest remainders, ties in byte order of `keys`. The parts sum to `whole` exactly,
/// unless all shares are zero: then every part is zero. The order of the arguments does not matter.
pub fn largest_remainder(whole: &Exact, shares: &[Exact], keys: &[&str], scale: u32) -> Vec<Exact> {
    let sum: Exact = shares.iter().sum();
    if sum.is_zero() {
        return vec![Exact::ZERO; shares.len()];
    }
    let size = whole.abs();
    let exact: Vec<Exact> = shares.iter().map(|share| (&size * share).div_or_zero(&sum)).collect();
    let mut parts: Vec<Exact> = exact.iter().map(|part| part.round(scale, RoundingMode::Down)).collect();
    let unit = Exact::scaled(1, scale);
    let mut left = &size - &parts.iter().sum();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    let remainder = |i: &usize| exact.get(*i).zip(parts.get(*i)).map(|(exact, part)| exact - part);
    let remainders: Vec<Option<Exact>> = (0..shares.len()).map(|i| remainder(&i)).collect();
    order.sort_by(|a, b| remainders.get(*b).cmp(&remainders.get(*a)).then_with(|| keys.get(*a).cmp(&keys.get(*b))));
    for i in order {
        if left < unit {
            break;
        }
        if let Some(part) = parts.get_mut(i) {
            *part += &unit;
        }
        left = &left - &unit;
    }
    if whole.is_negative() { parts.iter().map(|part| -part).collect() } else { parts }
}
