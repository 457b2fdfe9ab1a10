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

pub mod audit;
pub mod import;
pub mod job;
pub mod organization;
pub mod period;
pub mod product;
pub mod session;
pub mod territory;
