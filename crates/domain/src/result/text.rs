//! A result as a person reads it: every figure with what it is made of.
