//! Farmaceutica Aurora: a pharmaceutical company made from a seed.
