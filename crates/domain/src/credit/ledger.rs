//! The books of a crediting: what came in, what was credited, excluded and left over.

use std::collections::BTreeMap;

use serde::Serialize;

use super::gather::{Values, times};
use super::share::Found;
use super::{ExclusionRule, Of};
use crate::exact::Exact;
use crate::plan::Text;
use crate::sales::{Credit, Dictionaries, Fact, Key, ONE, exact_credit};

/// Why nobody is credited for (part of) a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The line names neither participant nor territory.
    NoPlace,
    /// The participant named is not in the roster.
    UnknownParticipant,
    /// The territory named is not in the map.
    UnknownTerritory,
    /// Nobody held the territory on that day.
    Vacant,
    /// The direct shares sum to less than 1.
    SharesShort,
}

/// Conservation for one currency and quantity: `credited + excluded + uncredited = total`, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// Currency of the lines.
    pub currency: String,
    /// `sales.amount`, `sales.quantity` or `sales.margin`.
    pub measure: &'static str,
    /// Of all lines in the scope.
    pub total: Exact,
    /// Credited directly, summed over those who are credited.
    pub credited: Exact,
    /// Excluded by a rule.
    pub excluded: Exact,
    /// Credited to nobody.
    pub uncredited: Exact,
    /// Credited to overlay roles in addition; no part of the total.
    pub overlay: Exact,
    /// How many lines.
    pub lines: u64,
}

impl Balance {
    /// Whether it balances.
    pub fn holds(&self) -> bool {
        &(&self.credited + &self.excluded) + &self.uncredited == self.total
    }
}

/// What a rule excluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// The rule.
    pub rule: String,
    /// Why.
    pub reason: Text,
    /// Currency of the lines.
    pub currency: String,
    /// Money.
    pub amount: Exact,
    /// Units.
    pub quantity: Exact,
    /// How many lines.
    pub lines: u64,
}

/// What nobody is credited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Uncredited {
    /// Why.
    pub cause: Cause,
    /// The territory or participant named on the lines; empty where none is.
    pub place: String,
    /// Currency of the lines.
    pub currency: String,
    /// Money.
    pub amount: Exact,
    /// Units.
    pub quantity: Exact,
    /// How many lines.
    pub lines: u64,
}

/// The whole account of the lines in the scope.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// Per currency and quantity.
    pub balances: Vec<Balance>,
    /// Per rule and currency.
    pub excluded: Vec<Excluded>,
    /// Per cause, place and currency.
    pub uncredited: Vec<Uncredited>,
    /// How many lines in the scope.
    pub lines: u64,
}

impl Ledger {
    /// The balances that do not hold: with our own invariants kept, none.
    pub fn unbalanced(&self) -> Vec<&Balance> {
        self.balances.iter().filter(|balance| !balance.holds()).collect()
    }
}

/// How somebody came by credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditKind {
    /// Named on the line, or holds the territory.
    Direct,
    /// In addition, as a specialist.
    Overlay,
    /// Through the team.
    Team,
}

/// What one participant is credited in the scope, per category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreditRow {
    /// Code of the participant.
    pub participant: String,
    /// Code of the category; empty for lines without one.
    pub category: String,
    /// How.
    pub kind: CreditKind,
    /// Money.
    pub amount: Exact,
    /// Units.
    pub quantity: Exact,
    /// Margin.
    pub margin: Exact,
    /// How many lines.
    pub lines: u64,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    of: [Credit; 3],
    lines: u64,
}

impl Sum {
    fn add(&mut self, values: &Values, share: i64) {
        for (sum, value) in self.of.iter_mut().zip(values.of) {
            *sum = sum.saturating_add(times(value, share));
        }
        self.lines = self.lines.saturating_add(values.lines);
    }

    fn figures(&self) -> [Exact; 3] {
        self.of.map(exact_credit)
    }
}

#[derive(Clone, Copy, Default)]
struct Account {
    /// Of all lines as they came, before anything was summed or shared out.
    total: Values,
    credited: Sum,
    excluded: Sum,
    uncredited: Sum,
    overlay: Sum,
}

/// Rows per category, made when first needed: few people are credited in every way.
type Rows = Option<Box<[Sum]>>;

/// The books while they are open.
pub(super) struct Books<'a> {
    names: &'a Dictionaries,
    rules: &'a [ExclusionRule],
    categories: Vec<&'a str>,
    /// One account per currency; the last for lines without one.
    accounts: Vec<Account>,
    excluded: BTreeMap<(usize, Key), Sum>,
    uncredited: BTreeMap<(Cause, Key, Key, Key), Sum>,
    /// Direct, overlay and team rows per person.
    rows: Vec<[Rows; 3]>,
}

impl<'a> Books<'a> {
    pub(super) fn new(
        people: &[&str],
        categories: Vec<&'a str>,
        names: &'a Dictionaries,
        rules: &'a [ExclusionRule],
    ) -> Self {
        Self {
            names,
            rules,
            categories,
            accounts: vec![Account::default(); names.currencies.len().saturating_add(1)],
            excluded: BTreeMap::new(),
            uncredited: BTreeMap::new(),
            rows: people.iter().map(|_| [None, None, None]).collect(),
        }
    }

    fn account(&mut self, fact: &Fact) -> Option<&mut Account> {
        let none = self.accounts.len().saturating_sub(1);
        self.accounts.get_mut(fact.currency.place().unwrap_or(none))
    }

    pub(super) fn total(&mut self, fact: &Fact) {
        if let Some(account) = self.account(fact) {
            account.total.add(fact);
        }
    }

    pub(super) fn exclude(&mut self, rule: usize, fact: &Fact) {
        let mut values = Values::default();
        values.add(fact);
        if let Some(account) = self.account(fact) {
            account.excluded.add(&values, ONE);
        }
        self.excluded.entry((rule, fact.currency)).or_default().add(&values, ONE);
    }

    /// Enters lines that are alike; `fact` is one of them.
    pub(super) fn credit(&mut self, fact: &Fact, values: &Values, category: Option<usize>, found: &Found) {
        let columns = self.categories.len().saturating_add(1);
        let column = category.unwrap_or_else(|| columns.saturating_sub(1));
        let mut direct = Sum::default();
        let mut overlay = Sum::default();
        for share in &found.shares {
            let team = if share.leads { share.team } else { 0 };
            let Some(kinds) = self.rows.get_mut(share.person) else { continue };
            for (rows, part) in kinds.iter_mut().zip([share.direct, share.overlay, team]) {
                if part != 0 {
                    let rows = rows.get_or_insert_with(|| vec![Sum::default(); columns].into_boxed_slice());
                    if let Some(row) = rows.get_mut(column) {
                        row.add(values, part);
                    }
                }
            }
            if share.direct != 0 {
                direct.add(values, share.direct);
            }
            if share.overlay != 0 {
                overlay.add(values, share.overlay);
            }
        }
        let left = ONE.saturating_sub(found.credited);
        if let Some(account) = self.account(fact) {
            for (sum, part) in account.credited.of.iter_mut().zip(direct.of) {
                *sum = sum.saturating_add(part);
            }
            for (sum, part) in account.overlay.of.iter_mut().zip(overlay.of) {
                *sum = sum.saturating_add(part);
            }
            if left != 0 {
                account.uncredited.add(values, left);
            }
        }
        if left != 0 {
            let cause = found.cause.unwrap_or(Cause::SharesShort);
            let key = (cause, fact.participant, fact.territory, fact.currency);
            self.uncredited.entry(key).or_default().add(values, left);
        }
    }

    pub(super) fn close(self, people: &[&str]) -> (Ledger, Vec<CreditRow>) {
        let names = self.names;
        let currency = |key: Key| names.currencies.name(key).unwrap_or("").to_owned();
        let mut ledger = Ledger::default();
        let mut accounts: Vec<(String, Account)> = self
            .accounts
            .iter()
            .enumerate()
            .map(|(place, account)| (currency(Key::new(place)), *account))
            .filter(|(_, account)| account.total.lines > 0)
            .collect();
        accounts.sort_by(|a, b| a.0.cmp(&b.0));
        for (currency, account) in accounts {
            ledger.lines = ledger.lines.saturating_add(account.total.lines);
            let mut total = Sum::default();
            total.add(&account.total, ONE);
            let columns = [total, account.credited, account.excluded, account.uncredited, account.overlay];
            let [total, credited, excluded, uncredited, overlay] = columns.map(|sum| sum.figures());
            let rows = total.into_iter().zip(credited).zip(excluded).zip(uncredited).zip(overlay);
            for (of, ((((total, credited), excluded), uncredited), overlay)) in Of::ALL.into_iter().zip(rows) {
                ledger.balances.push(Balance {
                    currency: currency.clone(),
                    measure: of.key(),
                    total,
                    credited,
                    excluded,
                    uncredited,
                    overlay,
                    lines: account.total.lines,
                });
            }
        }
        for ((rule, key), sum) in &self.excluded {
            let Some(rule) = self.rules.get(*rule) else { continue };
            let [amount, quantity, _] = sum.figures();
            ledger.excluded.push(Excluded {
                rule: rule.id.clone(),
                reason: rule.reason.clone(),
                currency: currency(*key),
                amount,
                quantity,
                lines: sum.lines,
            });
        }
        ledger.excluded.sort_by(|a, b| (&a.rule, &a.currency).cmp(&(&b.rule, &b.currency)));
        let mut left: BTreeMap<(Cause, String, String), Sum> = BTreeMap::new();
        for ((cause, participant, territory, key), sum) in &self.uncredited {
            let place = match cause {
                Cause::NoPlace => None,
                Cause::UnknownParticipant => {
                    names.participants.name(*participant).or_else(|| names.territories.name(*territory))
                }
                _ => names.territories.name(*territory),
            };
            let entry = left.entry((*cause, place.unwrap_or("").to_owned(), currency(*key))).or_default();
            for (sum, part) in entry.of.iter_mut().zip(sum.of) {
                *sum = sum.saturating_add(part);
            }
            entry.lines = entry.lines.saturating_add(sum.lines);
        }
        for ((cause, place, currency), sum) in left {
            let [amount, quantity, _] = sum.figures();
            ledger.uncredited.push(Uncredited { cause, place, currency, amount, quantity, lines: sum.lines });
        }
        let mut rows = Vec::new();
        let kinds = [CreditKind::Direct, CreditKind::Overlay, CreditKind::Team];
        for (person, mine) in people.iter().zip(&self.rows) {
            for (kind, columns) in kinds.into_iter().zip(mine) {
                for (column, sum) in columns.iter().flat_map(|rows| rows.iter()).enumerate() {
                    if sum.lines > 0 {
                        let [amount, quantity, margin] = sum.figures();
                        rows.push(CreditRow {
                            participant: (*person).to_owned(),
                            category: self.categories.get(column).copied().unwrap_or("").to_owned(),
                            kind,
                            amount,
                            quantity,
                            margin,
                            lines: sum.lines,
                        });
                    }
                }
            }
        }
        (ledger, rows)
    }
}
