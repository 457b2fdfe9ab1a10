//! Rows that are the same as an earlier one of the same file.
//!
//! A kind's key columns say which thing a row is about. The same thing again with the same content is a duplicate; with
//! another content it supersedes a sale, and is an error in master data, where nobody can know which one is meant. Sales
//! without an id have no key: equal lines are sales, not mistakes, all are kept, and reported.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::{BuildHasher, Hash, Hasher};

use crate::value::Value;

/// What an earlier row says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twin {
    /// The same thing with the same content.
    Duplicate {
        /// The first row with it.
        of: u64,
    },
    /// The same thing with another content.
    Differs {
        /// The first row with it.
        from: u64,
    },
    /// Equal content without a key.
    Equal {
        /// The first row with it.
        to: u64,
    },
}

/// Remembers rows by two keyed 64-bit hashes: a file cannot be made to collide, and by chance it will not.
pub(crate) struct Twins {
    hashers: [RandomState; 2],
    keyed: HashMap<[u64; 2], ([u64; 2], u64)>,
    plain: HashMap<[u64; 2], u64>,
    most: usize,
    full: bool,
}

impl Twins {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            hashers: [RandomState::new(), RandomState::new()],
            keyed: HashMap::new(),
            plain: HashMap::new(),
            most,
            full: false,
        }
    }

    /// Whether rows were no longer remembered because there were too many.
    pub(crate) const fn is_full(&self) -> bool {
        self.full
    }

    /// Looks for an earlier twin and remembers the row. The key is the values at `key`, when the first of them is there;
    /// with a key the content is all values, without one it is the whole `line` as the file holds it.
    pub(crate) fn see(&mut self, row: u64, values: &[Value], key: &[usize], line: impl Hash) -> Option<Twin> {
        let value = |at: &usize| values.get(*at).unwrap_or(&Value::Missing);
        let has_key = key.first().is_some_and(|first| *value(first) != Value::Missing);
        if !has_key {
            let content = self.hash(std::iter::once(line));
            if self.plain.len() >= self.most {
                self.full = true;
                return self.plain.get(&content).map(|to| Twin::Equal { to: *to });
            }
            return match self.plain.entry(content) {
                Entry::Occupied(earlier) => Some(Twin::Equal { to: *earlier.get() }),
                Entry::Vacant(vacant) => {
                    vacant.insert(row);
                    None
                }
            };
        }
        let content = self.hash(values.iter());
        let key = self.hash(key.iter().map(value));
        if let Some((earlier, at)) = self.keyed.get_mut(&key) {
            let twin = if *earlier == content { Twin::Duplicate { of: *at } } else { Twin::Differs { from: *at } };
            // What counts from now on is the latest content.
            if *earlier != content {
                (*earlier, *at) = (content, row);
            }
            return Some(twin);
        }
        if self.keyed.len() >= self.most {
            self.full = true;
        } else {
            self.keyed.insert(key, (content, row));
        }
        None
    }

    fn hash(&self, values: impl Iterator<Item = impl Hash>) -> [u64; 2] {
        let [a, b] = &self.hashers;
        let (mut a, mut b) = (a.build_hasher(), b.build_hasher());
        for value in values {
            value.hash(&mut a);
            value.hash(&mut b);
        }
        [a.finish(), b.finish()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_by_key_and_by_content() {
        let text = |text: &str| Value::Text(text.to_owned());
        let mut twins = Twins::new(100);
        let key = [0];
        assert_eq!(twins.see(2, &[text("a"), text("1")], &key, 0), None);
        assert_eq!(twins.see(3, &[text("a"), text("1")], &key, 0), Some(Twin::Duplicate { of: 2 }));
        assert_eq!(twins.see(4, &[text("a"), text("2")], &key, 0), Some(Twin::Differs { from: 2 }));
        assert_eq!(twins.see(5, &[text("a"), text("2")], &key, 0), Some(Twin::Duplicate { of: 4 }));
        assert_eq!(twins.see(6, &[Value::Missing, text("1")], &key, 0), None);
        assert_eq!(twins.see(7, &[Value::Missing, text("1")], &key, 0), Some(Twin::Equal { to: 6 }));
        assert_eq!(twins.see(8, &[Value::Missing, text("1")], &key, 1), None, "another line");
        assert!(!twins.is_full());
        let mut few = Twins::new(1);
        few.see(2, &[text("a")], &key, 0);
        few.see(3, &[text("b")], &key, 0);
        assert!(few.is_full());
    }
}
