//! What is in the database by code and by name.

use std::collections::HashMap;

use traguardo_domain::finding::Finding;
use traguardo_intake::kind::Kind;
use traguardo_intake::names::Codes;
use traguardo_intake::record::Sale;
use traguardo_intake::references::References;
use traguardo_intake::report::RowFinding;
use traguardo_store::period::Period;
use traguardo_store::{StoreError, Tx, organization, period, product, sales, territory};

/// The things of one kind.
#[derive(Debug, Default, Clone)]
pub struct Directory {
    /// Codes and names.
    pub codes: Codes,
    nums: HashMap<String, i64>,
    /// Texts that were looked up, as the file writes them.
    seen: HashMap<String, Option<i64>>,
}

impl Directory {
    fn of(things: impl IntoIterator<Item = (String, String, i64)>) -> Self {
        let mut directory = Self::default();
        for (code, name, num) in things {
            directory.codes.seed(&code, &name);
            directory.nums.insert(code, num);
        }
        directory
    }

    /// The number of the thing that a text of the file names by code or name.
    pub fn num(&mut self, text: &str) -> Option<i64> {
        if let Some(num) = self.seen.get(text) {
            return *num;
        }
        let num = self.codes.find(text).and_then(|code| self.nums.get(code)).copied();
        // A file of endless unknown names does not fill the memory.
        if self.seen.len() < 1_000_000 {
            self.seen.insert(text.to_owned(), num);
        }
        num
    }
}

/// What sales lines are checked against.
#[derive(Debug, Default, Clone)]
pub struct Known {
    /// Products.
    pub products: Directory,
    /// Participants.
    pub people: Directory,
    /// Territories.
    pub territories: Directory,
    closed: Vec<Period>,
    ignore_late: bool,
}

impl Known {
    /// Reads all of it from one snapshot.
    pub async fn load(tx: &Tx, source: &str) -> Result<Self, StoreError> {
        let products = product::all(tx).await?;
        let people = organization::all_participants(tx).await?;
        let territories = territory::all(tx).await?;
        let closed = period::all(tx).await?.into_iter().filter(|period| period.state == "closed").collect();
        let sources = sales::sources(tx).await?;
        Ok(Self {
            products: Directory::of(products.into_iter().map(|p| (p.code, p.name, p.num))),
            people: Directory::of(people.into_iter().map(|p| (p.code, p.name, p.num))),
            territories: Directory::of(territories.into_iter().map(|t| (t.code, t.name, t.num))),
            closed,
            ignore_late: sources.iter().any(|known| known.code == source && known.late_policy == "ignore"),
        })
    }

    /// What the database says against a line. With `create_missing`, what is not there will be made.
    pub fn judge(&mut self, row: u64, sale: &Sale, create_missing: bool, findings: &mut Vec<RowFinding>) {
        if !create_missing {
            let mut unknown = |directory: &mut Directory, column: &str, text: Option<&str>| {
                if let Some(text) = text
                    && directory.num(text).is_none()
                {
                    let message = format!("there is no {column} `{text}`");
                    let finding = Finding::error(&format!("unknown_{column}"), "", message)
                        .help("import it first, map the value, or ask for `create_missing`");
                    findings.push(RowFinding::of_cell(row, column, None, text, finding));
                }
            };
            unknown(&mut self.products, "product", Some(&sale.product));
            unknown(&mut self.people, "participant", sale.participant.as_deref());
            unknown(&mut self.territories, "territory", sale.territory.as_deref());
        }
        let closed = self.closed.iter().find(|period| period.first_day <= sale.date && sale.date <= period.last_day);
        if let Some(period) = closed {
            let message = format!("`{}` lies in the closed period `{}`", sale.date, period.code);
            let finding = if self.ignore_late {
                Finding::error("closed_period", "", message).help("the source's policy ignores late data")
            } else {
                Finding::warning("closed_period", "", message)
                    .help("what was paid stays; the difference is paid in an open period, as the source's policy says")
            };
            findings.push(RowFinding::of_cell(row, "date", None, &sale.date.to_string(), finding));
        }
    }
}

/// The names of a kind that the file uses and the database does not have.
pub fn unknown<'r>(references: &'r References, kind: Kind, directory: &Codes) -> Vec<&'r str> {
    references.of(kind).into_keys().filter(|name| directory.find(name).is_none()).collect()
}
