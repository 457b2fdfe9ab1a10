//! Charts, drawn as SVG by hand: each has a sentence that says the same, and a table with the same figures.
//!
//! The only place with floating point: figures come in as exact decimals and become pixels here.
#![allow(clippy::float_arithmetic, reason = "pixels, never figures")]

mod bars;
mod bullet;
mod curve;
mod distribution;
mod frame;
mod scale;
mod scatter;
mod spark;
mod waterfall;

pub(crate) use bars::{Bar, Bars};
pub(crate) use bullet::Bullet;
pub(crate) use curve::{Above, Curve, CurvePoint, Shape};
pub(crate) use distribution::{Bin, Distribution};
pub(crate) use scale::Unit;
pub(crate) use scatter::{Scatter, ScatterPoint};
pub(crate) use spark::Sparkline;
pub(crate) use waterfall::{Step, StepKind, Waterfall};
