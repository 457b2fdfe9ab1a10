//! What travels: requests and answers of the REST API, problem codes and the endpoint table.
//!
//! Server and single-page app share these types. Each endpoint is a type that names its method, path,
//! permission, request and answer; [`endpoint::all`] is the table of them, and the OpenAPI document
//! (feature `openapi`) is made from that table.

pub mod decimal;
#[macro_use]
pub mod endpoint;
#[macro_use]
pub mod page;
pub mod problem;

pub mod act;
pub mod assignment;
pub mod audit;
pub mod goal;
pub mod import;
pub mod insight;
pub mod job;
pub mod organization;
pub mod payment;
pub mod period;
pub mod plan;
pub mod product;
pub mod run;
pub mod session;
pub mod statement;
pub mod territory;
