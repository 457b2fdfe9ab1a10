//! Arithmetic: in `i128` while it fits, after reducing to lowest terms when it does not, in big fractions otherwise.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

use num_rational::BigRational;

use super::{Exact, Repr};

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or(0));
    }
    // The arguments have positive denominators among them, so the divisor fits again.
    i128::try_from(a).unwrap_or(1).max(1)
}

fn lowest(n: i128, d: i128) -> (i128, i128) {
    let g = gcd(n, d);
    (n.checked_div(g).unwrap_or(n), d.checked_div(g).unwrap_or(d))
}

fn small_add(a: i128, b: i128, c: i128, d: i128) -> Option<(i128, i128)> {
    if b == d {
        return Some((a.checked_add(c)?, b));
    }
    if b == 1 {
        return Some((a.checked_mul(d)?.checked_add(c)?, d));
    }
    if d == 1 {
        return Some((c.checked_mul(b)?.checked_add(a)?, b));
    }
    if d % b == 0 {
        return Some((a.checked_mul(d.checked_div(b)?)?.checked_add(c)?, d));
    }
    if b % d == 0 {
        return Some((c.checked_mul(b.checked_div(d)?)?.checked_add(a)?, b));
    }
    Some((a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?, b.checked_mul(d)?))
}

fn small_mul(a: i128, b: i128, c: i128, d: i128) -> Option<(i128, i128)> {
    Some((a.checked_mul(c)?, b.checked_mul(d)?))
}

type SmallOp = fn(i128, i128, i128, i128) -> Option<(i128, i128)>;

fn apply(left: &Exact, right: &Exact, small: SmallOp, big: fn(BigRational, BigRational) -> BigRational) -> Exact {
    if let (Repr::Small(a, b), Repr::Small(c, d)) = (&left.0, &right.0) {
        if let Some((n, d)) = small(*a, *b, *c, *d)
            && n != i128::MIN
        {
            return Exact(Repr::Small(n, d));
        }
        let ((a, b), (c, d)) = (lowest(*a, *b), lowest(*c, *d));
        if let Some((n, d)) = small(a, b, c, d)
            && n != i128::MIN
        {
            return Exact(Repr::Small(n, d));
        }
    }
    Exact::from_big(big(left.to_big(), right.to_big()))
}

impl Exact {
    /// The quotient; `None` when the divisor is nought.
    pub fn checked_div(&self, divisor: &Self) -> Option<Self> {
        if divisor.is_zero() {
            return None;
        }
        let inverse = match &divisor.0 {
            Repr::Small(n, d) if *n < 0 => Self(Repr::Small(d.checked_neg()?, n.checked_neg()?)),
            Repr::Small(n, d) => Self(Repr::Small(*d, *n)),
            Repr::Big(value) => Self::from_big(value.recip()),
        };
        Some(self * &inverse)
    }

    /// The quotient, or nought when the divisor is nought: for shares of a whole that may be empty.
    #[must_use]
    pub fn div_or_zero(&self, divisor: &Self) -> Self {
        self.checked_div(divisor).unwrap_or(Self::ZERO)
    }
}

impl Add<&Exact> for &Exact {
    type Output = Exact;
    fn add(self, other: &Exact) -> Exact {
        apply(self, other, small_add, |a, b| a + b)
    }
}

impl Sub<&Exact> for &Exact {
    type Output = Exact;
    fn sub(self, other: &Exact) -> Exact {
        self + &-other
    }
}

impl Mul<&Exact> for &Exact {
    type Output = Exact;
    fn mul(self, other: &Exact) -> Exact {
        apply(self, other, small_mul, |a, b| a * b)
    }
}

impl Neg for &Exact {
    type Output = Exact;
    fn neg(self) -> Exact {
        match &self.0 {
            // `i128::MIN` is never stored.
            Repr::Small(n, d) => Exact(Repr::Small(-n, *d)),
            Repr::Big(value) => Exact::from_big(-(**value).clone()),
        }
    }
}

impl AddAssign<&Exact> for Exact {
    fn add_assign(&mut self, other: &Exact) {
        *self = &*self + other;
    }
}

impl<'a> Sum<&'a Exact> for Exact {
    fn sum<I: Iterator<Item = &'a Exact>>(iter: I) -> Self {
        iter.fold(Exact::ZERO, |sum, next| &sum + next)
    }
}

impl Sum<Exact> for Exact {
    fn sum<I: Iterator<Item = Exact>>(iter: I) -> Self {
        iter.fold(Exact::ZERO, |sum, next| &sum + &next)
    }
}
