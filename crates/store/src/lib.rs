//! What is kept: the only crate that knows SQL.
