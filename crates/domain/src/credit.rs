//! From sales to credit: whose every line is, and what that makes per participant and measure.
//!
//! A line belongs to the participant named on it, else to those who hold the territory it fell in on its date
//! (a brick belongs to who holds the nearest territory above it), each by their share. Overlay roles are credited in
//! addition. A team's credit is what its members are credited, up the reporting lines of the line's date; a line counts
//! once in a team: overlay credit rolls up only where nobody in the team has direct credit on the line.
//!
//! Amounts have six decimal places and shares have six, so every credit is exact at twelve and nothing is rounded:
//! it makes no difference in which order lines come, or whether they come one by one or summed in groups.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::organization::Roster;
pub use crate::plan::Credit as Whose;
use crate::plan::{Measure, Text, When};
use crate::product::Catalog;
use crate::sales::{Credit, Dictionaries, Fact, Key, ONE};
use crate::territory::TerritoryMap;
use crate::time::Days;

mod ledger;
mod selection;
mod share;

use ledger::Books;
pub use ledger::{Balance, Cause, CreditKind, CreditRow, Excluded, Ledger, Uncredited};
pub use selection::Detail;
use selection::{Pieces, Test};
use share::{Holders, Shares};

/// What a measure adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Of {
    /// Money.
    Amount,
    /// Units.
    Quantity,
    /// Margin.
    Margin,
}

impl Of {
    /// All of them, in the order in which sums are kept.
    pub const ALL: [Self; 3] = [Self::Amount, Self::Quantity, Self::Margin];

    /// What the measure key `sales.…` adds up; none for keys of other measures.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.key() == key)
    }

    /// Its measure key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Amount => "sales.amount",
            Self::Quantity => "sales.quantity",
            Self::Margin => "sales.margin",
        }
    }

    /// Its value on a line, in millionths.
    pub fn value(self, fact: &Fact) -> i64 {
        match self {
            Self::Amount => fact.amount,
            Self::Quantity => fact.quantity,
            Self::Margin => fact.margin,
        }
    }
}

/// Sales that no one is credited for, by a rule of the house (not of one plan).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExclusionRule {
    /// What the rule is known by.
    pub id: String,
    /// Why.
    pub reason: Text,
    /// Which lines.
    pub when: When,
}

/// The days over which a measure is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Windows {
    /// What counts now.
    pub current: Days,
    /// The period before, where the plan compares with it.
    pub previous: Option<Days>,
    /// The same days of last year, where the plan compares with them.
    pub last_year: Option<Days>,
}

/// One measure of one plan over some days: what is to be summed for those who have it.
#[derive(Debug, Clone)]
pub struct Slot<'a> {
    /// What to add up of it.
    pub of: Of,
    /// Which sales count, and whose.
    pub measure: &'a Measure,
    /// Over which days.
    pub windows: Windows,
    /// Whether each line is wanted by itself.
    pub lines: bool,
    /// The currency of the plan: amounts in another do not count.
    pub currency: &'a str,
}

/// Where credit goes and where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// People and reporting lines.
    pub roster: &'a Roster,
    /// Territories and who holds them.
    pub territories: &'a TerritoryMap,
    /// Products and categories.
    pub catalog: &'a Catalog,
    /// What the keys of the facts mean.
    pub names: &'a Dictionaries,
    /// Sales nobody is credited for.
    pub exclusions: &'a [ExclusionRule],
    /// Whether the sales of a vacant territory go to who holds the district above it; else to nobody.
    pub vacant_to_district: bool,
}

/// Sums of one participant for one slot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// In the current window.
    pub current: Credit,
    /// In the previous window.
    pub previous: Credit,
    /// In last year's window.
    pub last_year: Credit,
    /// How many lines count in the current window.
    pub lines: u64,
}

/// A line and the share of it that somebody is credited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineCredit {
    /// The line.
    pub fact: Fact,
    /// Share in millionths.
    pub share: i64,
}

/// What one participant is credited for one slot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credited {
    /// The sums.
    pub sums: Sums,
    /// Whether there are any sales at all, of anybody, in the current, the previous and last year's window.
    pub known: (bool, bool, bool),
    /// The lines, where the slot wants them, in order of date and number.
    pub lines: Vec<LineCredit>,
}

/// What came out of crediting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// For each holder given, in their order.
    pub credited: Vec<Credited>,
    /// Proof of conservation, exclusions and what nobody is credited for.
    pub ledger: Ledger,
    /// Credit per participant and category in the scope.
    pub rows: Vec<CreditRow>,
    /// What each slot's own exclusions took out of the credit of its holders: slot, number of the rule, sum, lines.
    pub slot_excluded: Vec<(usize, usize, Credit, u64)>,
    /// Amounts in another currency that a slot did not count: slot, currency, lines.
    pub foreign: Vec<(usize, String, u64)>,
    /// Slots that want lines but were only given groups.
    pub without_lines: Vec<usize>,
}

struct Compiled<'a> {
    slot: &'a Slot<'a>,
    of: Of,
    whose: Whose,
    pieces: Option<Vec<bool>>,
    channels: Option<Vec<bool>>,
    exclude: Vec<Test>,
    currency: Key,
    previous: bool,
}

impl Compiled<'_> {
    fn takes(&self, fact: &Fact, piece: usize) -> bool {
        selection::allows(self.pieces.as_deref(), Some(piece))
            && selection::allows(self.channels.as_deref(), fact.channel.place())
    }

    /// In which windows the date lies: current, previous, last year.
    fn windows(&self, date: NaiveDate) -> (bool, bool, bool) {
        let windows = &self.slot.windows;
        if !self.previous {
            return (windows.current.contains(date), false, false);
        }
        (
            windows.current.contains(date),
            windows.previous.is_some_and(|days| days.contains(date)),
            windows.last_year.is_some_and(|days| days.contains(date)),
        )
    }
}

#[derive(Clone, Copy, Default)]
struct Cell {
    slot: usize,
    sums: Sums,
    detail: Credit,
}

/// How a fact is taken in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// Sums, and lines where they are wanted.
    Whole,
    /// Sums only: the lines come apart.
    Sums,
    /// Lines only: their sums are compared.
    Lines,
}

/// Adds up credit, fact by fact: nothing is kept of a fact but sums (and the lines that slots want).
pub struct Crediting<'a> {
    scope: Days,
    as_of: u32,
    reach: Days,
    people: Vec<&'a str>,
    pieces: Pieces<'a>,
    shares: Shares<'a>,
    exclusions: Vec<Test>,
    slots: Vec<Compiled<'a>>,
    everybody: Vec<Cell>,
    mine: Vec<(usize, usize)>,
    cells: Vec<Cell>,
    /// The place of each holder among the cells.
    holders: Vec<Option<usize>>,
    lines: Vec<(usize, LineCredit)>,
    all_lines: Vec<(usize, LineCredit)>,
    unseen: Vec<Days>,
    seen: Vec<Days>,
    books: Books<'a>,
    slot_excluded: BTreeMap<(usize, usize), (Credit, u64)>,
    foreign: BTreeMap<(usize, Key), u64>,
    without_lines: Vec<usize>,
    sums_only: bool,
}

impl<'a> Crediting<'a> {
    /// Begins. `scope` are the days for which conservation is proved (the period of the run), `as_of` the last batch
    /// that counts; `holders` are pairs of participant and slot.
    pub fn new(ground: Ground<'a>, scope: Days, as_of: u32, slots: &'a [Slot<'a>], holders: &[(&str, usize)]) -> Self {
        let people: Vec<&str> = ground.roster.people.keys().map(String::as_str).collect();
        let pieces = Pieces::new(ground.catalog, &ground.names.products);
        let compiled: Vec<Compiled<'a>> = slots
            .iter()
            .map(|slot| Compiled {
                slot,
                of: slot.of,
                whose: slot.measure.credit,
                pieces: pieces.selected(&slot.measure.products, &slot.measure.categories),
                channels: selection::named(&ground.names.channels, &slot.measure.channels),
                exclude: slot.measure.exclude.iter().map(|e| Test::new(&e.when, ground.names, &pieces)).collect(),
                currency: ground.names.currencies.key(slot.currency),
                previous: slot.windows.previous.is_some() || slot.windows.last_year.is_some(),
            })
            .collect();
        let mut windows: Vec<Days> = slots
            .iter()
            .flat_map(|slot| [Some(slot.windows.current), slot.windows.previous, slot.windows.last_year])
            .flatten()
            .collect();
        windows.sort_unstable();
        windows.dedup();
        let reach = windows
            .iter()
            .fold(scope, |reach, days| Days { first: reach.first.min(days.first), last: reach.last.max(days.last) });

        let mut wanted: Vec<(usize, usize)> = holders
            .iter()
            .filter_map(|(code, slot)| {
                let person = people.binary_search(code).ok()?;
                (*slot < slots.len()).then_some((person, *slot))
            })
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        let places: Vec<Option<usize>> = holders
            .iter()
            .map(|(code, slot)| {
                let person = people.binary_search(code).ok()?;
                wanted.binary_search(&(person, *slot)).ok()
            })
            .collect();
        let mine = (0..people.len())
            .map(|person| (wanted.partition_point(|(p, _)| *p < person), wanted.partition_point(|(p, _)| *p <= person)))
            .collect();
        let cells = wanted.iter().map(|(_, slot)| Cell { slot: *slot, ..Cell::default() }).collect();
        let everybody = compiled
            .iter()
            .enumerate()
            .filter(|(slot, compiled)| compiled.whose == Whose::All && wanted.iter().any(|(_, s)| s == slot))
            .map(|(slot, _)| Cell { slot, ..Cell::default() })
            .collect();
        let exclusions = ground.exclusions.iter().map(|rule| Test::new(&rule.when, ground.names, &pieces)).collect();
        let books = Books::new(&people, pieces.categories(), ground.names, ground.exclusions);
        let shares = Shares::new(Holders::new(ground), ground.names);
        Self {
            scope,
            as_of,
            reach,
            people,
            pieces,
            shares,
            exclusions,
            slots: compiled,
            everybody,
            mine,
            cells,
            holders: places,
            lines: Vec::new(),
            all_lines: Vec::new(),
            unseen: windows,
            seen: Vec::new(),
            books,
            slot_excluded: BTreeMap::new(),
            foreign: BTreeMap::new(),
            without_lines: Vec::new(),
            sums_only: false,
        }
    }

    /// From now on facts given to [`Self::add`] only make sums; the lines that slots want come through
    /// [`Self::add_line`], and must make the same sums.
    pub fn lines_come_apart(&mut self) {
        self.sums_only = true;
    }

    /// Takes in a line or a group.
    pub fn add(&mut self, fact: &Fact) {
        let pass = if self.sums_only { Pass::Sums } else { Pass::Whole };
        self.take(fact, pass);
    }

    /// Takes in a line only for slots that want lines by themselves.
    pub fn add_line(&mut self, fact: &Fact) {
        self.take(fact, Pass::Lines);
    }

    fn take(&mut self, fact: &Fact, pass: Pass) {
        if !fact.in_force(self.as_of) || !self.reach.contains(fact.date) {
            return;
        }
        let in_scope = pass != Pass::Lines && self.scope.contains(fact.date);
        if pass != Pass::Lines && !self.unseen.is_empty() {
            let seen = &mut self.seen;
            self.unseen.retain(|days| {
                let met = days.contains(fact.date);
                if met {
                    seen.push(*days);
                }
                !met
            });
        }
        let piece = self.pieces.of(fact.product, fact.date);
        if in_scope {
            self.books.total(fact);
        }
        if let Some(rule) = self.exclusions.iter().position(|test| test.holds(fact, piece)) {
            if in_scope {
                self.books.exclude(rule, fact);
            }
            return;
        }
        let found = self.shares.find(fact);
        if in_scope {
            self.books.credit(fact, self.pieces.category(piece), found);
        }
        let Self { slots, cells, mine, everybody, lines, all_lines, slot_excluded, foreign, without_lines, .. } = self;
        let mut into = Into { fact, piece, pass, slots, slot_excluded, foreign, without_lines };
        for share in &found.shares {
            let Some((start, end)) = mine.get(share.person).copied() else { continue };
            let Some(own) = cells.get_mut(start..end) else { continue };
            for (offset, cell) in own.iter_mut().enumerate() {
                let part = match into.slots.get(cell.slot).map(|slot| slot.whose) {
                    Some(Whose::Own) => share.direct.saturating_add(share.overlay),
                    Some(Whose::Team) => share.team,
                    _ => 0,
                };
                if part != 0 && into.add(cell, part) {
                    lines.push((start.saturating_add(offset), LineCredit { fact: *fact, share: part }));
                }
            }
        }
        for (place, cell) in everybody.iter_mut().enumerate() {
            if into.add(cell, ONE) {
                all_lines.push((place, LineCredit { fact: *fact, share: ONE }));
            }
        }
    }

    /// Ends: what everybody is credited.
    pub fn finish(self) -> Outcome {
        let Self {
            slots,
            cells,
            everybody,
            holders,
            mut lines,
            all_lines,
            unseen,
            people,
            books,
            sums_only,
            mut without_lines,
            ..
        } = self;
        let order = |line: &(usize, LineCredit)| {
            let f = &line.1.fact;
            (line.0, f.date, f.line, line.1.share, f.amount, f.quantity, f.margin, f.product, f.customer, f.channel)
        };
        for (place, cell) in cells.iter().enumerate() {
            if slots.get(cell.slot).is_some_and(|slot| slot.whose == Whose::All) {
                let from = everybody.iter().position(|all| all.slot == cell.slot);
                lines.extend(all_lines.iter().filter(|(p, _)| Some(*p) == from).map(|(_, line)| (place, *line)));
            }
        }
        lines.sort_unstable_by_key(order);
        let known = |days: Option<Days>| days.is_some_and(|days| unseen.binary_search(&days).is_err());
        let credited = holders
            .iter()
            .map(|place| {
                let Some((place, own)) = place.and_then(|place| Some((place, cells.get(place)?))) else {
                    return Credited::default();
                };
                let Some(slot) = slots.get(own.slot) else { return Credited::default() };
                let cell = match slot.whose {
                    Whose::All => everybody.iter().find(|cell| cell.slot == own.slot).unwrap_or(own),
                    _ => own,
                };
                if sums_only && slot.slot.lines && cell.detail != cell.sums.current {
                    without_lines.push(own.slot);
                }
                let from = lines.partition_point(|(p, _)| *p < place);
                let to = lines.partition_point(|(p, _)| *p <= place);
                let windows = &slot.slot.windows;
                Credited {
                    sums: cell.sums,
                    known: (known(Some(windows.current)), known(windows.previous), known(windows.last_year)),
                    lines: lines.get(from..to).unwrap_or_default().iter().map(|(_, line)| *line).collect(),
                }
            })
            .collect();
        without_lines.sort_unstable();
        without_lines.dedup();
        let names = self.shares.names();
        let (ledger, rows) = books.close(&people);
        Outcome {
            credited,
            ledger,
            rows,
            slot_excluded: self
                .slot_excluded
                .into_iter()
                .map(|((slot, rule), (sum, lines))| (slot, rule, sum, lines))
                .collect(),
            foreign: {
                let mut foreign: Vec<(usize, String, u64)> = self
                    .foreign
                    .into_iter()
                    .map(|((slot, key), lines)| (slot, names.currencies.name(key).unwrap_or("?").to_owned(), lines))
                    .collect();
                foreign.sort();
                foreign
            },
            without_lines,
        }
    }
}

/// Where one fact goes.
struct Into<'b, 'a> {
    fact: &'b Fact,
    piece: usize,
    pass: Pass,
    slots: &'b [Compiled<'a>],
    slot_excluded: &'b mut BTreeMap<(usize, usize), (Credit, u64)>,
    foreign: &'b mut BTreeMap<(usize, Key), u64>,
    without_lines: &'b mut Vec<usize>,
}

impl Into<'_, '_> {
    /// Adds a share of the fact to a cell where its slot takes it; answers whether the line itself is wanted.
    fn add(&mut self, cell: &mut Cell, share: i64) -> bool {
        let fact = self.fact;
        let Some(slot) = self.slots.get(cell.slot) else { return false };
        if self.pass == Pass::Lines && !slot.slot.lines {
            return false;
        }
        let (current, previous, last_year) = slot.windows(fact.date);
        if !(current || previous || last_year) || !slot.takes(fact, self.piece) {
            return false;
        }
        let credit = i128::from(slot.of.value(fact)).saturating_mul(i128::from(share));
        if let Some(rule) = slot.exclude.iter().position(|test| test.holds(fact, self.piece)) {
            if current && self.pass != Pass::Lines {
                let (sum, lines) = self.slot_excluded.entry((cell.slot, rule)).or_default();
                *sum = sum.saturating_add(credit);
                *lines = lines.saturating_add(u64::from(fact.lines));
            }
            return false;
        }
        if slot.of != Of::Quantity && fact.currency != Key::NONE && fact.currency != slot.currency {
            if current {
                let lines = self.foreign.entry((cell.slot, fact.currency)).or_default();
                *lines = lines.saturating_add(u64::from(fact.lines));
            }
            return false;
        }
        if self.pass == Pass::Lines {
            if current {
                cell.detail = cell.detail.saturating_add(credit);
            }
            return current;
        }
        if current {
            cell.sums.current = cell.sums.current.saturating_add(credit);
            cell.sums.lines = cell.sums.lines.saturating_add(u64::from(fact.lines));
        }
        if previous {
            cell.sums.previous = cell.sums.previous.saturating_add(credit);
        }
        if last_year {
            cell.sums.last_year = cell.sums.last_year.saturating_add(credit);
        }
        let wanted = slot.slot.lines && current && self.pass == Pass::Whole;
        if wanted && fact.lines != 1 {
            self.without_lines.push(cell.slot);
        }
        wanted
    }
}

#[cfg(test)]
pub(crate) mod tests;
