//! Lists: one envelope, one way to ask for the next part.

use serde::{Deserialize, Serialize};

/// Most items of one answer.
pub const LIMIT_MAX: u32 = 200;
/// Items of one answer where the request does not say.
pub const LIMIT_DEFAULT: u32 = 50;

/// One part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items of this part.
    pub items: Vec<T>,
    /// Give it as `cursor` for the next part; `null` at the end.
    pub next_cursor: Option<String>,
    /// How many items there are in all parts, within your reach.
    pub total: u64,
}

#[cfg(feature = "openapi")]
impl<T: utoipa::ToSchema> utoipa::PartialSchema for Page<T> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
        let items = ArrayBuilder::new()
            .items(utoipa::openapi::Ref::from_schema_name(T::name()))
            .description(Some("The items of this part."));
        let cursor = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some("Give it as `cursor` for the next part; `null` at the end."));
        let total = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(0))
            .description(Some("How many items there are in all parts, within your reach."));
        ObjectBuilder::new()
            .property("items", items)
            .required("items")
            .property("next_cursor", cursor)
            .required("next_cursor")
            .property("total", total)
            .required("total")
            .description(Some("One part of a list."))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl<T: utoipa::ToSchema> utoipa::ToSchema for Page<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("Page_{}", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        T::schemas(schemas);
        schemas.push((T::name().into_owned(), T::schema()));
    }
}

/// Declares the query of a list: the common parameters and the filters given.
#[macro_export]
macro_rules! list_query {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Most items of the answer, 1 to 200; 50 where it is not given.
            #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200, required = false, nullable = false))]
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub limit: Option<u32>,
            /// `next_cursor` of the part before.
            #[cfg_attr(feature = "openapi", param(required = false, nullable = false))]
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub cursor: Option<String>,
            /// The field to sort by; `-field` for the largest first.
            #[cfg_attr(feature = "openapi", param(required = false, nullable = false))]
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub sort: Option<String>,
            $(
                $(#[$field_meta])*
                #[cfg_attr(feature = "openapi", param(required = false, nullable = false))]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
        }

        impl $crate::page::ListQuery for $name {}
    };
}

/// A query of a list: what is not `limit`, `cursor` or `sort` is a filter.
pub trait ListQuery: Serialize {}
