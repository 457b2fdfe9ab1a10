//! Products and categories.

use traguardo_contract::problem::ProblemCode;
use traguardo_contract::product::{
    AddTerms, CategoryBody, CategoryDto, ChangeCategory, CreateCategory, CreateProduct, GetCategory, GetProduct,
    ListCategories, ListProducts, ProductDetail, ProductDto, TermsBody, TermsDto,
};
use traguardo_domain::id::{CategoryId, ProductId, UnitId};
use traguardo_store::Tx;
use traguardo_store::db::Exclusive;
use traguardo_store::product::{self as store, Category, NewTerms, Product, Terms};

use crate::http::{Answer, Body, Permit, Query, Routes, listing, write};
use crate::organization::{Checks, decimal, same_version, scaled};
use crate::problem::ApiError;

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    routes.on(list_categories).on(create_category).on(get_category).on(change_category);
    routes.on(list).on(create).on(get).on(add_terms);
}

fn show_category(category: Category) -> CategoryDto {
    CategoryDto {
        id: category.id.0,
        code: category.code,
        name: category.name,
        parent_id: category.parent_id.map(|id| id.0),
        unit_id: category.unit_id.map(|id| id.0),
        version: category.version,
    }
}

async fn list_categories(
    permit: Permit<ListCategories>,
    query: Query<ListCategories>,
) -> Result<Answer<ListCategories>, ApiError> {
    let listing = listing(&query.0)?;
    Answer::page(
        permit.state.db.read_tx(async |tx: &Tx| store::category_list(tx, &listing).await).await?,
        show_category,
    )
}

async fn get_category(permit: Permit<GetCategory>) -> Result<Answer<GetCategory>, ApiError> {
    let id = permit.id()?;
    let found = permit.state.db.read_tx(async |tx: &Tx| store::category(tx, id).await).await?;
    let version = found.version;
    Ok(Answer::json(&show_category(found))?.version(version))
}

fn check_category(body: &CategoryBody) -> Result<(), ApiError> {
    let mut checks = Checks::default();
    checks.code("code", &body.code);
    checks.text("name", &body.name, 200);
    checks.done()
}

/// Makes or changes the category of this code.
async fn put_category(tx: &Tx, body: &CategoryBody) -> Result<CategoryDto, ApiError> {
    let (parent, unit) = (body.parent_id.map(CategoryId), body.unit_id.map(UnitId));
    let (made, _) = store::put_category(tx, &body.code, body.name.trim(), parent, unit).await?;
    Ok(show_category(made))
}

async fn create_category(
    permit: Permit<CreateCategory>,
    body: Body<CreateCategory>,
) -> Result<Answer<CreateCategory>, ApiError> {
    check_category(&body.value)?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        tx.exclusive(Exclusive::Publication).await?;
        if store::category_by_code(tx, &body.value.code).await?.is_some() {
            return Err(ApiError::new(
                ProblemCode::AlreadyExists,
                format!("there is already a category `{}`", body.value.code),
            ));
        }
        let made = put_category(tx, &body.value).await?;
        permit.note(tx, "category.create", made.id, None::<&()>, Some(&made));
        Ok(Answer::json(&made)?.version(made.version).location(&format!("/categories/{}", made.id)))
    })
    .await
}

async fn change_category(
    permit: Permit<ChangeCategory>,
    body: Body<ChangeCategory>,
) -> Result<Answer<ChangeCategory>, ApiError> {
    let id: CategoryId = permit.id()?;
    check_category(&body.value)?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        tx.exclusive(Exclusive::Publication).await?;
        let before = store::category(tx, id).await?;
        same_version("category", permit.request.version, before.version)?;
        if before.code != body.value.code {
            return Err(ApiError::at(
                ProblemCode::ValidationFailed,
                "code",
                "$.code",
                "the code of a category never changes",
            ));
        }
        let after = put_category(tx, &body.value).await?;
        permit.note(tx, "category.change", id, Some(&show_category(before)), Some(&after));
        Ok(Answer::json(&after)?.version(after.version))
    })
    .await
}

async fn list(permit: Permit<ListProducts>, query: Query<ListProducts>) -> Result<Answer<ListProducts>, ApiError> {
    let listing = listing(&query.0)?;
    let show = |product: Product| ProductDto {
        id: product.id.0,
        code: product.code,
        name: product.name,
        version: product.version,
    };
    Answer::page(permit.state.db.read_tx(async |tx: &Tx| store::list(tx, &listing).await).await?, show)
}

fn show_terms(terms: Terms) -> TermsDto {
    TermsDto {
        valid_from: terms.valid_from,
        valid_to: terms.valid_to,
        category_id: terms.category_id.0,
        list_price: terms.list_price.map(decimal),
        unit_margin: terms.unit_margin.map(decimal),
    }
}

async fn detail(tx: &Tx, id: ProductId) -> Result<ProductDetail, ApiError> {
    let found = store::product(tx, id).await?;
    let terms = store::terms_of(tx, id).await?;
    Ok(ProductDetail {
        id: found.id.0,
        code: found.code,
        name: found.name,
        terms: terms.into_iter().map(show_terms).collect(),
        version: found.version,
    })
}

async fn get(permit: Permit<GetProduct>) -> Result<Answer<GetProduct>, ApiError> {
    let id = permit.id()?;
    let found = permit.state.db.read_tx(async |tx: &Tx| detail(tx, id).await).await?;
    Ok(Answer::json(&found)?.version(found.version))
}

/// Gives the product the terms of `body`.
async fn put_terms(tx: &Tx, id: ProductId, body: &TermsBody) -> Result<(), ApiError> {
    let new = NewTerms {
        category_id: CategoryId(body.category_id),
        list_price: body.list_price.map(scaled).transpose()?,
        unit_margin: body.unit_margin.map(scaled).transpose()?,
    };
    store::put_terms(tx, id, (body.valid_from, body.valid_to), new).await?;
    Ok(())
}

fn check_terms(checks: &mut Checks, at: &str, body: &TermsBody) {
    let ends = body.valid_to.is_none_or(|to| to > body.valid_from);
    checks.must(ends, "dates", &format!("{at}valid_to"), "terms end after they begin");
}

async fn create(permit: Permit<CreateProduct>, body: Body<CreateProduct>) -> Result<Answer<CreateProduct>, ApiError> {
    let given = &body.value;
    let mut checks = Checks::default();
    checks.code("code", &given.code);
    checks.text("name", &given.name, 200);
    check_terms(&mut checks, "terms.", &given.terms);
    checks.done()?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        tx.exclusive(Exclusive::Publication).await?;
        if store::by_code(tx, &given.code).await?.is_some() {
            return Err(ApiError::new(
                ProblemCode::AlreadyExists,
                format!("there is already a product `{}`", given.code),
            ));
        }
        let (made, _) = store::put(tx, &given.code, given.name.trim()).await?;
        put_terms(tx, made.id, &given.terms).await?;
        let made = detail(tx, made.id).await?;
        permit.note(tx, "product.create", made.id, None::<&()>, Some(&made));
        Ok(Answer::json(&made)?.version(made.version).location(&format!("/products/{}", made.id)))
    })
    .await
}

async fn add_terms(permit: Permit<AddTerms>, body: Body<AddTerms>) -> Result<Answer<AddTerms>, ApiError> {
    let id: ProductId = permit.id()?;
    let mut checks = Checks::default();
    check_terms(&mut checks, "", &body.value);
    checks.done()?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        tx.exclusive(Exclusive::Publication).await?;
        let before = detail(tx, id).await?;
        same_version("product", permit.request.version, before.version)?;
        put_terms(tx, id, &body.value).await?;
        let after = detail(tx, id).await?;
        permit.note(tx, "product.add_terms", id, Some(&before), Some(&after));
        Ok(Answer::json(&after)?.version(after.version))
    })
    .await
}
