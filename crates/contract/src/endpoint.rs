//! The endpoint table: each endpoint is a type, and the table lists all of them.

use traguardo_domain::access::Operation;

use crate::problem::ProblemCode;

/// HTTP methods that the API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Reads; changes nothing.
    Get,
    /// Creates or acts.
    Post,
    /// Replaces.
    Put,
    /// Ends or removes.
    Delete,
}

impl Method {
    /// As HTTP spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// Who may call an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Anybody, signed in or not.
    Public,
    /// Whoever is granted the operation.
    Needs(Operation),
}

/// What must be true of a type that travels.
#[cfg(feature = "openapi")]
pub trait Described: utoipa::ToSchema {}
#[cfg(feature = "openapi")]
impl<T: utoipa::ToSchema> Described for T {}
/// What must be true of a type that travels.
#[cfg(not(feature = "openapi"))]
pub trait Described {}
#[cfg(not(feature = "openapi"))]
impl<T> Described for T {}

/// What must be true of a query.
#[cfg(feature = "openapi")]
pub trait QueryDescribed: utoipa::IntoParams {}
#[cfg(feature = "openapi")]
impl<T: utoipa::IntoParams> QueryDescribed for T {}
/// What must be true of a query.
#[cfg(not(feature = "openapi"))]
pub trait QueryDescribed {}
#[cfg(not(feature = "openapi"))]
impl<T> QueryDescribed for T {}

/// Named schemas, as utoipa collects them.
#[cfg(feature = "openapi")]
pub type Schemas = Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>;

/// A body or an answer.
pub trait Content {
    /// The value that is carried.
    type Value;
    /// Media types; empty: no content.
    const MEDIA: &'static [&'static str];
    /// Its schema, its name, and the schemas it refers to; `None` where it is not JSON.
    #[cfg(feature = "openapi")]
    fn schema(schemas: &mut Schemas) -> Option<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>;
}

/// JSON of `T`.
#[derive(Debug)]
pub struct Json<T>(std::marker::PhantomData<T>);

impl<T: Described> Content for Json<T> {
    type Value = T;
    const MEDIA: &'static [&'static str] = &["application/json"];

    #[cfg(feature = "openapi")]
    fn schema(schemas: &mut Schemas) -> Option<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>> {
        T::schemas(schemas);
        let name = T::name().into_owned();
        schemas.push((name.clone(), T::schema()));
        Some(utoipa::openapi::Ref::from_schema_name(name).into())
    }
}

/// A form (`application/x-www-form-urlencoded`) of the fields of `T`.
#[derive(Debug)]
pub struct Form<T>(std::marker::PhantomData<T>);

impl<T: Described> Content for Form<T> {
    type Value = T;
    const MEDIA: &'static [&'static str] = &["application/x-www-form-urlencoded"];

    #[cfg(feature = "openapi")]
    fn schema(schemas: &mut Schemas) -> Option<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>> {
        Json::<T>::schema(schemas)
    }
}

/// No body, or an answer without content.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl Content for Nothing {
    type Value = Nothing;
    const MEDIA: &'static [&'static str] = &[];

    #[cfg(feature = "openapi")]
    fn schema(_: &mut Schemas) -> Option<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>> {
        None
    }
}

#[cfg(feature = "openapi")]
impl utoipa::IntoParams for Nothing {
    fn into_params(
        _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
    ) -> Vec<utoipa::openapi::path::Parameter> {
        Vec::new()
    }
}

/// Declares contents that are not JSON.
macro_rules! raw_content {
    ($($(#[$meta:meta])* $name:ident [$($media:literal),+];)+) => {$(
        $(#[$meta])*
        #[derive(Debug)]
        pub struct $name;

        impl Content for $name {
            type Value = Vec<u8>;
            const MEDIA: &'static [&'static str] = &[$($media),+];

            #[cfg(feature = "openapi")]
            fn schema(_: &mut Schemas) -> Option<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>> {
                None
            }
        }
    )+};
}

raw_content! {
    /// A file to import, streamed.
    SalesFile [
        "text/csv",
        "application/x-ndjson",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ];
    /// A file of rows to keep.
    RowsFile ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"];
    /// A ZIP archive to keep.
    Archive ["application/zip"];
    /// Server-sent events.
    Events ["text/event-stream"];
    /// Plain text.
    Text ["text/plain"];
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Info {
    /// HTTP method.
    pub method: Method,
    /// Path below the base, with `{name}` for its parameters.
    pub path: &'static str,
    /// Unique name, `snake_case`.
    pub operation_id: &'static str,
    /// Feature word that groups it.
    pub tag: &'static str,
    /// First line of the description.
    pub summary: &'static str,
    /// The whole description.
    pub description: &'static str,
    /// Who may call it.
    pub permission: Permission,
    /// Status of the good answer.
    pub status: u16,
    /// Whether `Idempotency-Key` is demanded.
    pub keyed: bool,
    /// Whether `If-Match` is demanded.
    pub versioned: bool,
    /// Whether people must have given their password within the last minutes.
    pub stepup: bool,
    /// Problems besides those that follow from the rest of the row.
    pub problems: &'static [ProblemCode],
    /// Whether it takes a body.
    pub has_body: bool,
    /// Media types of the body.
    pub body_media: &'static [&'static str],
    /// Media types of the answer.
    pub answer_media: &'static [&'static str],
    /// Parameters of the query.
    #[cfg(feature = "openapi")]
    pub query: fn() -> Vec<utoipa::openapi::path::Parameter>,
    /// Schema of the body.
    #[cfg(feature = "openapi")]
    pub body: fn(&mut Schemas) -> Option<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
    /// Schema of the answer.
    #[cfg(feature = "openapi")]
    pub answer: fn(&mut Schemas) -> Option<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
}

impl Info {
    /// Names of the parameters in the path.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

/// An endpoint.
pub trait Endpoint: 'static {
    /// The query.
    type Query: QueryDescribed;
    /// The body.
    type Body: Content;
    /// The good answer.
    type Answer: Content;
    /// Its row.
    const INFO: Info;
}

/// Base of all paths of the table.
pub const BASE: &str = "/api/v1";

/// Declares the endpoints of a feature and its part of the table.
///
/// `Name: METHOD "path" "operation_id" permission, [keyed versioned stepup], query Q, body B, answer STATUS A, problems [..];`
#[macro_export]
macro_rules! endpoints {
    ($tag:literal; $(
        #[doc = $summary:literal] $(#[doc = $more:literal])*
        $name:ident: $method:ident $path:literal $id:literal, $permission:expr, [$($flag:ident)*],
        query $query:ty, body $body:ty, answer $status:literal $answer:ty, problems [$($problem:ident)*];
    )+) => {
        $(
            #[doc = $summary] $(#[doc = $more])*
            #[derive(Debug)]
            pub struct $name;

            impl $crate::endpoint::Endpoint for $name {
                type Query = $query;
                type Body = $body;
                type Answer = $answer;
                const INFO: $crate::endpoint::Info = $crate::endpoint::Info {
                    method: $crate::endpoint::Method::$method,
                    path: $path,
                    operation_id: $id,
                    tag: $tag,
                    summary: $summary,
                    description: concat!($summary, $("\n", $more),*),
                    permission: $permission,
                    status: $status,
                    keyed: $crate::endpoint::has_flag(&[$(stringify!($flag)),*], "keyed"),
                    versioned: $crate::endpoint::has_flag(&[$(stringify!($flag)),*], "versioned"),
                    stepup: $crate::endpoint::has_flag(&[$(stringify!($flag)),*], "stepup"),
                    problems: &[$($crate::problem::ProblemCode::$problem),*],
                    has_body: !<$body as $crate::endpoint::Content>::MEDIA.is_empty(),
                    body_media: <$body as $crate::endpoint::Content>::MEDIA,
                    answer_media: <$answer as $crate::endpoint::Content>::MEDIA,
                    #[cfg(feature = "openapi")]
                    query: || <$query as utoipa::IntoParams>::into_params(|| Some(utoipa::openapi::path::ParameterIn::Query)),
                    #[cfg(feature = "openapi")]
                    body: <$body as $crate::endpoint::Content>::schema,
                    #[cfg(feature = "openapi")]
                    answer: <$answer as $crate::endpoint::Content>::schema,
                };
            }
        )+

        /// The endpoints of this feature.
        pub const ENDPOINTS: &[&$crate::endpoint::Info] = &[$(&<$name as $crate::endpoint::Endpoint>::INFO,)+];
    };
}

/// Whether `flags` contains `flag`; for the macro.
#[doc(hidden)]
pub const fn has_flag(flags: &[&str], flag: &str) -> bool {
    let (mut rest, wanted) = (flags, flag.as_bytes());
    while let [first, others @ ..] = rest {
        if same(first.as_bytes(), wanted) {
            return true;
        }
        rest = others;
    }
    false
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let (mut a, mut b) = (a, b);
    loop {
        match (a, b) {
            ([], []) => return true,
            ([x, rest_a @ ..], [y, rest_b @ ..]) => {
                if *x != *y {
                    return false;
                }
                (a, b) = (rest_a, rest_b);
            }
            _ => return false,
        }
    }
}

/// The whole table.
pub fn all() -> impl Iterator<Item = &'static Info> {
    let parts: &'static [&'static [&'static Info]] = &[
        crate::session::ENDPOINTS,
        crate::organization::ENDPOINTS,
        crate::territory::ENDPOINTS,
        crate::product::ENDPOINTS,
        crate::period::ENDPOINTS,
        crate::import::ENDPOINTS,
        crate::goal::ENDPOINTS,
        crate::plan::ENDPOINTS,
        crate::assignment::ENDPOINTS,
        crate::run::ENDPOINTS,
        crate::statement::ENDPOINTS,
        crate::payment::ENDPOINTS,
        crate::insight::ENDPOINTS,
        crate::job::ENDPOINTS,
        crate::audit::ENDPOINTS,
    ];
    parts.iter().flat_map(|part| part.iter().copied())
}

/// Header that every unsafe request of a browser carries, with [`CLIENT_VALUE`]: a page of another origin cannot send it.
pub const CLIENT_HEADER: &str = "x-requested-with";
/// Value of [`CLIENT_HEADER`].
pub const CLIENT_VALUE: &str = "traguardo";
/// Header that names the user for whom a substitute acts.
pub const ON_BEHALF_HEADER: &str = "traguardo-on-behalf-of";
