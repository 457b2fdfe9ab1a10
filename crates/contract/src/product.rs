//! Products and categories.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::decimal::Decimal;
use crate::endpoint::{Json, Nothing, Permission};
use crate::page::Page;

/// A product category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryDto {
    /// Identifies it.
    pub id: Uuid,
    /// Unique code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The category above.
    pub parent_id: Option<Uuid>,
    /// The unit that sells it.
    pub unit_id: Option<Uuid>,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// A category to create or as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CategoryBody {
    /// Unique code; it never changes.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60, example = "CARDIO"))]
    pub code: String,
    /// Name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, example = "Cardiology"))]
    pub name: String,
    /// The category above.
    #[serde(default)]
    pub parent_id: Option<Uuid>,
    /// The unit that sells it.
    #[serde(default)]
    pub unit_id: Option<Uuid>,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductDto {
    /// Identifies it.
    pub id: Uuid,
    /// Unique code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// What is true of a product for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermsDto {
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds.
    pub valid_to: Option<NaiveDate>,
    /// Its category.
    pub category_id: Uuid,
    /// Price of one.
    pub list_price: Option<Decimal>,
    /// Margin of one.
    pub unit_margin: Option<Decimal>,
}

/// A product with its terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductDetail {
    /// Identifies it.
    pub id: Uuid,
    /// Unique code.
    pub code: String,
    /// Name.
    pub name: String,
    /// All terms, in order.
    pub terms: Vec<TermsDto>,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// Terms to give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TermsBody {
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which they no longer hold.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// Its category.
    pub category_id: Uuid,
    /// Price of one.
    #[serde(default)]
    pub list_price: Option<Decimal>,
    /// Margin of one.
    #[serde(default)]
    pub unit_margin: Option<Decimal>,
}

/// A product to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProductBody {
    /// Unique code; it never changes.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60, example = "ASP-100"))]
    pub code: String,
    /// Name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, example = "Aspirina 100 mg"))]
    pub name: String,
    /// The first terms.
    pub terms: TermsBody,
}

list_query! {
    /// Filters of the list of products.
    ProductQuery {
        /// Only this code.
        code: String,
        /// Only this name.
        name: String,
    }
}

list_query! {
    /// Filters of the list of categories.
    CategoryQuery {
        /// Only this code.
        code: String,
        /// Only those directly below this category.
        parent_id: Uuid,
        /// Only those of this unit.
        unit_id: Uuid,
    }
}

const READ: Permission = Permission::Needs(Operation::ProductRead);
const WRITE: Permission = Permission::Needs(Operation::ProductWrite);

endpoints! { "product";
    /// Product categories, by code.
    ListCategories: Get "/categories" "list_categories", READ, [],
        query CategoryQuery, body Nothing, answer 200 Json<Page<CategoryDto>>, problems [];
    /// Create a category.
    CreateCategory: Post "/categories" "create_category", WRITE, [keyed],
        query Nothing, body Json<CategoryBody>, answer 201 Json<CategoryDto>, problems [AlreadyExists ValidationFailed];
    /// One category.
    GetCategory: Get "/categories/{id}" "get_category", READ, [],
        query Nothing, body Nothing, answer 200 Json<CategoryDto>, problems [];
    /// Change a category.
    ///
    /// A category is never put below itself; its code stays.
    ChangeCategory: Put "/categories/{id}" "change_category", WRITE, [versioned],
        query Nothing, body Json<CategoryBody>, answer 200 Json<CategoryDto>, problems [ValidationFailed];
    /// Products, by code.
    ListProducts: Get "/products" "list_products", READ, [],
        query ProductQuery, body Nothing, answer 200 Json<Page<ProductDto>>, problems [];
    /// Create a product with its first terms.
    CreateProduct: Post "/products" "create_product", WRITE, [keyed],
        query Nothing, body Json<ProductBody>, answer 201 Json<ProductDetail>, problems [AlreadyExists ValidationFailed];
    /// One product with all its terms.
    GetProduct: Get "/products/{id}" "get_product", READ, [],
        query Nothing, body Nothing, answer 200 Json<ProductDetail>, problems [];
    /// Give a product category, price and margin from a day on.
    AddTerms: Post "/products/{id}/terms" "add_terms", WRITE, [keyed versioned],
        query Nothing, body Json<TermsBody>, answer 200 Json<ProductDetail>, problems [ValidationFailed];
}
