//! Products through time and their categories.

use chrono::{DateTime, NaiveDate, Utc};
use traguardo_domain::id::{CategoryId, ProductId, UnitId};

use crate::db::list::{self, Source, text};
use crate::db::timeline::Timeline;
use crate::db::{Change, Listed, Listing, Scaled, StoreError, Tx, args, new_id, row};

row! {
    /// A product category.
    pub struct Category {
        /// The small key.
        pub num: i64,
        /// Its id.
        pub id: CategoryId,
        /// Unique: plans name it.
        pub code: String,
        /// As shown.
        pub name: String,
        /// The category above.
        pub parent_id: Option<CategoryId>,
        /// The business unit that sells it.
        pub unit_id: Option<UnitId>,
        /// Counts changes.
        pub version: i64,
    }
}

row! {
    /// A product.
    pub struct Product {
        /// The small key that sales lines carry.
        pub num: i64,
        /// Its id.
        pub id: ProductId,
        /// Unique.
        pub code: String,
        /// As shown.
        pub name: String,
        /// Counts changes, of price and category too.
        pub version: i64,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// Last change.
        pub updated_at: DateTime<Utc>,
    }
}

row! {
    /// Category, price and margin of a product for a time.
    pub struct Terms {
        /// Which product.
        pub product_id: ProductId,
        /// First day.
        pub valid_from: NaiveDate,
        /// First day on which they no longer hold.
        pub valid_to: Option<NaiveDate>,
        /// The category.
        pub category_id: CategoryId,
        /// Price of one unit.
        pub list_price: Option<Scaled>,
        /// Margin of one unit.
        pub unit_margin: Option<Scaled>,
    }
}

/// What [`put_terms`] writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewTerms {
    /// The category.
    pub category_id: CategoryId,
    /// Price of one unit.
    pub list_price: Option<Scaled>,
    /// Margin of one unit.
    pub unit_margin: Option<Scaled>,
}

const CATEGORY: &str = "num, id, code, name, parent_id, unit_id, version";
const PRODUCT: &str = "num, id, code, name, version, created_at, updated_at";
const TERMS: &str = "product_id, valid_from, valid_to, category_id, list_price, unit_margin";
const TIMELINE: Timeline = Timeline { table: "product_versions", owner: "product_id" };

/// The category of this code.
pub async fn category_by_code(tx: &Tx, code: &str) -> Result<Option<Category>, StoreError> {
    tx.maybe(&format!("SELECT {CATEGORY} FROM categories WHERE code = $1"), args![code]).await
}

/// The category.
pub async fn category(tx: &Tx, id: CategoryId) -> Result<Category, StoreError> {
    tx.one("category", id, &format!("SELECT {CATEGORY} FROM categories WHERE id = $1"), args![id]).await
}

/// Every category, by code.
pub async fn categories(tx: &Tx) -> Result<Vec<Category>, StoreError> {
    tx.all(&format!("SELECT {CATEGORY} FROM categories ORDER BY code"), vec![]).await
}

/// Makes or changes the category of this code. A category is never put below itself.
pub async fn put_category(
    tx: &Tx,
    code: &str,
    name: &str,
    parent: Option<CategoryId>,
    unit: Option<UnitId>,
) -> Result<(Category, Change), StoreError> {
    let old = category_by_code(tx, code).await?;
    let change = match &old {
        Some(old) if (old.name.as_str(), old.parent_id, old.unit_id) == (name, parent, unit) => {
            return Ok((old.clone(), Change::Unchanged));
        }
        Some(_) => Change::Updated,
        None => Change::Created,
    };
    if let (Some(old), Some(parent)) = (&old, parent) {
        let sql = "WITH RECURSIVE above (id, parent_id) AS (SELECT id, parent_id FROM categories WHERE id = $1 \
                   UNION SELECT c.id, c.parent_id FROM categories c JOIN above a ON c.id = a.parent_id) \
                   SELECT COUNT(*) AS value FROM above WHERE id = $2";
        if tx.number(sql, args![parent, old.id]).await? > 0 {
            let message = format!("the category `{code}` cannot be put below itself: choose another parent");
            return Err(StoreError::refused("category_cycle", message));
        }
    }
    let id: CategoryId = new_id();
    let sql = "INSERT INTO categories AS c (id, code, name, parent_id, unit_id, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (code) DO UPDATE SET name = excluded.name, \
               parent_id = excluded.parent_id, unit_id = excluded.unit_id, updated_at = excluded.updated_at, \
               version = c.version + 1";
    tx.execute(sql, args![id, code, name, parent, unit, tx.now()]).await?;
    match category_by_code(tx, code).await? {
        Some(category) => Ok((category, change)),
        None => Err(StoreError::not_found("category", code)),
    }
}

const CATEGORIES: Source = Source {
    columns: CATEGORY,
    from: "categories",
    id: "id",
    fields: &[
        text("code", "code"),
        text("name", "name"),
        text("parent_id", "COALESCE(parent_id, '')"),
        text("unit_id", "COALESCE(unit_id, '')"),
    ],
    sort: "code",
};

/// Categories.
pub async fn category_list(tx: &Tx, listing: &Listing) -> Result<Listed<Category>, StoreError> {
    list::list(tx, &CATEGORIES, listing, vec![], vec![]).await
}

/// The product.
pub async fn product(tx: &Tx, id: ProductId) -> Result<Product, StoreError> {
    tx.one("product", id, &format!("SELECT {PRODUCT} FROM products WHERE id = $1"), args![id]).await
}

/// The product of this code.
pub async fn by_code(tx: &Tx, code: &str) -> Result<Option<Product>, StoreError> {
    tx.maybe(&format!("SELECT {PRODUCT} FROM products WHERE code = $1"), args![code]).await
}

/// Every product, by code.
pub async fn all(tx: &Tx) -> Result<Vec<Product>, StoreError> {
    tx.all(&format!("SELECT {PRODUCT} FROM products ORDER BY code"), vec![]).await
}

/// Makes or changes the product of this code, without its terms.
pub async fn put(tx: &Tx, code: &str, name: &str) -> Result<(Product, Change), StoreError> {
    let change = match by_code(tx, code).await? {
        Some(old) if old.name == name => return Ok((old, Change::Unchanged)),
        Some(_) => Change::Updated,
        None => Change::Created,
    };
    let id: ProductId = new_id();
    let sql = "INSERT INTO products AS p (id, code, name, created_at, updated_at) VALUES ($1, $2, $3, $4, $4) \
               ON CONFLICT (code) DO UPDATE SET name = excluded.name, updated_at = excluded.updated_at, \
               version = p.version + 1";
    tx.execute(sql, args![id, code, name, tx.now()]).await?;
    match by_code(tx, code).await? {
        Some(product) => Ok((product, change)),
        None => Err(StoreError::not_found("product", code)),
    }
}

/// Gives a product its category, price and margin from `from` on, up to `to` or the next terms.
pub async fn put_terms(
    tx: &Tx,
    id: ProductId,
    (from, to): (NaiveDate, Option<NaiveDate>),
    new: NewTerms,
) -> Result<Change, StoreError> {
    let sql = format!(
        "SELECT {TERMS} FROM product_versions WHERE product_id = $1 AND valid_from <= $2 \
         AND (valid_to IS NULL OR valid_to > $2)"
    );
    let old: Option<Terms> = tx.maybe(&sql, args![id, from]).await?;
    let same = |old: &Terms| {
        (old.category_id, old.list_price, old.unit_margin) == (new.category_id, new.list_price, new.unit_margin)
            && to.is_none_or(|to| old.valid_to == Some(to))
    };
    if old.as_ref().is_some_and(same) {
        return Ok(Change::Unchanged);
    }
    let to = TIMELINE.make_room(tx, id, from, to).await?;
    let sql = format!("INSERT INTO product_versions ({TERMS}) VALUES ($1, $2, $3, $4, $5, $6)");
    tx.execute(&sql, args![id, from, to, new.category_id, new.list_price, new.unit_margin]).await?;
    let sql = "UPDATE products SET version = version + 1, updated_at = $2 WHERE id = $1";
    tx.execute(sql, args![id, tx.now()]).await?;
    Ok(if old.is_some() { Change::Updated } else { Change::Created })
}

/// All terms that hold on any day from `first` to `last`, by product and day.
pub async fn terms(tx: &Tx, first: NaiveDate, last: NaiveDate) -> Result<Vec<Terms>, StoreError> {
    let sql = format!(
        "SELECT {TERMS} FROM product_versions WHERE valid_from <= $2 AND (valid_to IS NULL OR valid_to > $1) \
         ORDER BY product_id, valid_from"
    );
    tx.all(&sql, args![first, last]).await
}

/// All terms of a product, in order.
pub async fn terms_of(tx: &Tx, id: ProductId) -> Result<Vec<Terms>, StoreError> {
    let sql = format!("SELECT {TERMS} FROM product_versions WHERE product_id = $1 ORDER BY valid_from");
    tx.all(&sql, args![id]).await
}

const PRODUCTS: Source = Source {
    columns: PRODUCT,
    from: "products",
    id: "id",
    fields: &[text("code", "code"), text("name", "name")],
    sort: "code",
};

/// Products.
pub async fn list(tx: &Tx, listing: &Listing) -> Result<Listed<Product>, StoreError> {
    list::list(tx, &PRODUCTS, listing, vec![], vec![]).await
}
