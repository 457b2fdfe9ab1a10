//! Products and the tree of their categories.

use std::collections::{BTreeMap, BTreeSet};

use crate::time::Timeline;

/// All products and categories.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalog {
    /// Categories by code, each with the one it belongs to.
    pub categories: BTreeMap<String, Option<String>>,
    /// Products by code, each with its category over time.
    pub products: BTreeMap<String, Timeline<String>>,
}

/// No chain of categories is longer than this; a longer one is taken for a circle.
const DEEPEST: usize = 32;

impl Catalog {
    /// `category` and those above it, lowest first. A circle ends where it closes.
    pub fn chain<'a>(&'a self, category: &'a str) -> Vec<&'a str> {
        let mut chain = vec![category];
        let mut current = category;
        while let Some(Some(parent)) = self.categories.get(current) {
            if chain.len() >= DEEPEST || chain.contains(&parent.as_str()) {
                break;
            }
            chain.push(parent);
            current = parent;
        }
        chain
    }

    /// Whether `category` is one of `named` or lies below one of them.
    pub fn below_any(&self, category: &str, named: &BTreeSet<&str>) -> bool {
        self.chain(category).into_iter().any(|code| named.contains(code))
    }

    /// The categories directly below `category`; without it, those below none.
    pub fn children<'a>(&'a self, category: Option<&'a str>) -> impl Iterator<Item = &'a str> {
        self.categories.iter().filter(move |(_, parent)| parent.as_deref() == category).map(|(code, _)| code.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_category_tree() {
        let rows = [("A", None), ("A1", Some("A")), ("A11", Some("A1")), ("X", Some("Y")), ("Y", Some("X"))];
        let catalog = Catalog {
            categories: rows.iter().map(|(c, p)| ((*c).to_owned(), p.map(str::to_owned))).collect(),
            products: BTreeMap::new(),
        };
        assert_eq!(catalog.chain("A11"), ["A11", "A1", "A"]);
        assert_eq!(catalog.chain("X"), ["X", "Y"]);
        assert!(catalog.below_any("A11", &BTreeSet::from(["A"])));
        assert!(!catalog.below_any("A", &BTreeSet::from(["A1"])));
        assert_eq!(catalog.children(Some("A")).collect::<Vec<_>>(), ["A1"]);
        assert_eq!(catalog.children(None).collect::<Vec<_>>(), ["A"]);
    }
}
