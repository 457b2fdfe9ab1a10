//! From a request to its handler: parameters are extracted in order, errors become problems, and a
//! panic becomes a 500 while the process goes on.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, Route, web};
use futures_util::FutureExt;
use traguardo_contract::endpoint::{Endpoint, Method};
use traguardo_contract::problem::ProblemCode;

use super::body::Answer;
use super::frame::{Operation, request_id};
use super::permit::Entry;
use crate::problem::ApiError;

/// A parameter of a handler of `E`.
pub trait Extract<E: Endpoint>: Sized {
    /// Takes it from the request.
    fn extract(req: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<Self, ApiError>>;
}

/// An async function that may serve `E`: its first parameter is the entry, its answer is `E`'s.
pub trait Handler<E: Endpoint, Args>: Copy + 'static {
    /// Extracts and calls.
    fn handle(
        self,
        req: HttpRequest,
        payload: Payload,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, ApiError>>>>;
}

macro_rules! handlers {
    ($($param:ident)*) => {
        impl<E, P, Fun, Fut, $($param,)*> Handler<E, (P, $($param,)*)> for Fun
        where
            E: Endpoint,
            P: Entry<E> + Extract<E>,
            $($param: Extract<E>,)*
            Fun: Fn(P, $($param),*) -> Fut + Copy + 'static,
            Fut: Future<Output = Result<Answer<E>, ApiError>>,
        {
            #[allow(non_snake_case, unused_mut, reason = "the names of type parameters serve as names of values")]
            fn handle(self, req: HttpRequest, mut payload: Payload) -> Pin<Box<dyn Future<Output = Result<HttpResponse, ApiError>>>> {
                Box::pin(async move {
                    let entry = P::extract(&req, &mut payload).await?;
                    $(let $param = $param::extract(&req, &mut payload).await?;)*
                    self(entry, $($param),*).await.map(Answer::into_response)
                })
            }
        }
    };
}
handlers!();
handlers!(A);
handlers!(A B);

/// The route of an endpoint, with its handler.
pub fn route<E: Endpoint, H: Handler<E, A>, A: 'static>(handler: H) -> Route {
    let route = match E::INFO.method {
        Method::Get => web::get(),
        Method::Post => web::post(),
        Method::Put => web::put(),
        Method::Delete => web::delete(),
    };
    route.to(move |req: HttpRequest, payload: web::Payload| async move {
        req.extensions_mut().insert(Operation(E::INFO.operation_id));
        let id = request_id(&req);
        // Transactions are dropped with the future, and a dropped transaction keeps nothing.
        let guarded = AssertUnwindSafe(handler.handle(req, payload.into_inner()));
        match guarded.catch_unwind().await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                tracing::debug!(request_id = %id, code = error.code.code(), "refused");
                error.response(&id)
            }
            Err(_) => {
                tracing::error!(request_id = %id, operation = E::INFO.operation_id, "a handler panicked");
                ApiError::plain(ProblemCode::Internal).response(&id)
            }
        }
    })
}
