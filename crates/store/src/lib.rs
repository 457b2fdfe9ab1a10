//! What is kept: the only crate that knows SQL. See README.md for how to use it.
//!
//! A feature is a module of plain async functions over an open [`Tx`]; a transaction is opened by
//! [`Db`] alone. SQLite and PostgreSQL answer byte for byte the same.

pub mod db;

pub use db::{Backend, Change, Db, Exclusive, Listed, Listing, Scaled, StoreError, Tx, WorkError, new_id};

pub mod adjustment;
pub mod assignment;
pub mod audit;
pub mod dispute;
pub mod goal;
pub mod integration;
pub mod organization;
pub mod payment;
pub mod period;
pub mod plan;
pub mod product;
pub mod run;
pub mod sales;
pub mod session;
pub mod statement;
pub mod territory;
