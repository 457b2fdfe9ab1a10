//! HTTP: how a request reaches its handler and how its answer leaves.
//!
//! A handler is a plain async function whose first parameter is a [`Permit`] (or [`Public`]) of its
//! endpoint; without one it cannot be registered. Method, path, permission, body and answer come
//! from the endpoint's row in the contract.

mod body;
mod dispatch;
pub mod docs;
mod frame;
mod health;
mod keyed;
pub mod metrics;
pub mod openapi;
mod permit;
mod security;

use std::collections::BTreeMap;

use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, Route, web};
use traguardo_contract::endpoint::{BASE, Info, Method};
use traguardo_contract::problem::ProblemCode;

pub use body::{Answer, Body, Query, check_media_type, listing};
pub use dispatch::{Extract, Handler};
pub use frame::{RequestId, request_id};
pub use keyed::{NO_BODY, write};
pub use permit::{Permit, Public, client_address};

use crate::problem::ApiError;
use crate::state::State;

/// The routes, as the features register them.
#[derive(Default)]
pub struct Routes {
    by_path: BTreeMap<(u8, &'static str), Vec<(&'static Info, Route)>>,
}

impl Routes {
    /// Serves `handler` at the method and path of its endpoint.
    pub fn on<E, H, A>(&mut self, handler: H) -> &mut Self
    where
        E: traguardo_contract::endpoint::Endpoint,
        H: Handler<E, A>,
        A: 'static,
    {
        let info: &'static Info = const { &E::INFO };
        let route = dispatch::route::<E, H, A>(handler);
        // A fixed part of a path goes before a parameter in its place.
        let order = u8::from(info.path.contains('{'));
        self.by_path.entry((order, info.path)).or_default().push((info, route));
        self
    }

    /// The rows of all registered endpoints.
    pub fn rows(&self) -> Vec<&'static Info> {
        self.by_path.values().flatten().map(|(info, _)| *info).collect()
    }

    fn configure(self, config: &mut web::ServiceConfig) {
        let mut scope = web::scope(BASE);
        for ((_, path), routes) in self.by_path {
            let allow = allow_header(routes.iter().map(|(info, _)| info.method));
            let mut resource = web::resource(path);
            for (_, route) in routes {
                resource = resource.route(route);
            }
            let refuse = move |req: HttpRequest| std::future::ready(method_not_allowed(&req, &allow));
            scope = scope.service(resource.default_service(web::to(refuse)));
        }
        config.service(scope.default_service(web::to(no_such_operation)));
    }
}

fn allow_header(methods: impl Iterator<Item = Method>) -> String {
    let mut names: Vec<&str> = methods.map(Method::as_str).collect();
    names.sort_unstable();
    names.join(", ")
}

fn method_not_allowed(req: &HttpRequest, allow: &str) -> HttpResponse {
    let detail = format!("`{}` takes {allow}", req.path());
    let mut error = ApiError::new(ProblemCode::MethodNotAllowed, detail);
    if let Ok(value) = HeaderValue::from_str(allow) {
        error.headers.push((ALLOW, value));
    }
    error.response(&request_id(req))
}

async fn no_such_operation(req: HttpRequest) -> HttpResponse {
    ApiError::new(ProblemCode::NoSuchOperation, "no operation has this address; see /docs").response(&request_id(&req))
}

/// The rows of everything that is served.
pub fn served() -> Vec<&'static Info> {
    let mut routes = Routes::default();
    crate::routes::register(&mut routes);
    routes.rows()
}

/// Everything that is served, on one app.
pub fn configure(config: &mut web::ServiceConfig) {
    let mut routes = Routes::default();
    crate::routes::register(&mut routes);
    health::configure(config);
    docs::configure(config);
    routes.configure(config);
    config.service(web::scope("/api").default_service(web::to(no_such_operation)));
    config.default_service(web::to(crate::spa::serve));
}

/// Serves until the process is told to stop.
pub async fn serve(state: State) -> std::io::Result<()> {
    let (bind, workers) = (state.config.bind, state.config.workers);
    let listener = std::net::TcpListener::bind(bind)?;
    let worker = crate::job::worker::start(state.clone());
    let done = run(state, listener, workers)?.await;
    worker.stop();
    done
}

/// A server on an open listener; tests use it with a port of the system's choice.
pub fn run(state: State, listener: std::net::TcpListener, workers: usize) -> std::io::Result<actix_web::dev::Server> {
    let data = web::Data::new(state);
    let server = HttpServer::new(move || {
        App::new().app_data(data.clone()).wrap(Compress::default()).wrap(from_fn(frame::frame)).configure(configure)
    });
    let server = server
        .workers(workers)
        .client_request_timeout(std::time::Duration::from_secs(5))
        .keep_alive(std::time::Duration::from_secs(30))
        .max_connections(2_000)
        .shutdown_timeout(10)
        .listen(listener)?;
    Ok(server.run())
}
