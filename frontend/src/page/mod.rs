//! The pages.

mod calculator;
mod design;
mod home;
mod not_found;
mod sign_in;

pub(crate) use calculator::Calculator;
pub(crate) use design::Design;
pub(crate) use home::Home;
pub(crate) use not_found::NotFound;
pub(crate) use sign_in::{SignIn, Waiting};
