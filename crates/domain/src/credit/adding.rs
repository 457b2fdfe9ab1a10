//! The crediting itself: lines in, sums of lines that are alike, and at the end everybody's share of every sum.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::gather::{Alike, Gathered, Stretches, Values, times};
use super::ledger::Books;
use super::selection::{self, Pieces, Test};
use super::share::{Holders, Shares};
use super::{Credited, Ground, LineCredit, Of, Outcome, Slot, Sums, Whose};
use crate::sales::{Credit, Fact, Key, ONE};
use crate::time::Days;

/// A slot, made ready.
struct Compiled<'a> {
    slot: &'a Slot<'a>,
    of: Of,
    whose: Whose,
    pieces: Option<Vec<bool>>,
    channels: Option<Vec<bool>>,
    /// The numbers of its exclusions among all.
    exclude: std::ops::Range<usize>,
    currency: Key,
}

impl Compiled<'_> {
    fn takes(&self, fact: &Fact, piece: usize) -> bool {
        selection::allows(self.pieces.as_deref(), Some(piece))
            && selection::allows(self.channels.as_deref(), fact.channel.place())
    }

    /// In which windows the date lies: current, previous, last year.
    fn windows(&self, date: NaiveDate) -> (bool, bool, bool) {
        let windows = &self.slot.windows;
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
    /// What the lines make, where they come apart.
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

/// What tells lines apart besides place, day and product.
struct Kind {
    channel: Key,
    currency: Key,
    /// Which exclusions of plans hold, one bit each.
    excluded: Vec<u64>,
}

/// Adds up credit, fact by fact: nothing is kept of a fact but sums (and the lines that slots want).
pub struct Crediting<'a> {
    scope: Days,
    as_of: u32,
    people: Vec<&'a str>,
    pieces: Pieces<'a>,
    shares: Shares<'a>,
    exclusions: Vec<Test>,
    slots: Vec<Compiled<'a>>,
    /// Exclusions of all slots.
    tests: Vec<Test>,
    /// For each piece of a product its sort: pieces of a sort are judged alike by every slot.
    sorts: Vec<u32>,
    sort_count: u32,
    /// Whether any slot wants lines of the piece.
    wanted: Vec<bool>,
    by_channel: bool,
    kinds: Vec<Kind>,
    /// Room for the bits of one line's kind.
    bits: Vec<u64>,
    stretches: Stretches,
    gathered: Gathered,
    everybody: Vec<Cell>,
    mine: Vec<(usize, usize)>,
    cells: Vec<Cell>,
    /// The place of each holder among the cells.
    holders: Vec<Option<usize>>,
    lines: Vec<(u32, usize, Fact)>,
    books: Books<'a>,
    sums_only: bool,
}

impl<'a> Crediting<'a> {
    /// Begins. `scope` are the days for which conservation is proved (the period of the run), `as_of` the last batch
    /// that counts; `holders` are pairs of participant and slot.
    pub fn new(ground: Ground<'a>, scope: Days, as_of: u32, slots: &'a [Slot<'a>], holders: &[(&str, usize)]) -> Self {
        let people: Vec<&str> = ground.roster.people.keys().map(String::as_str).collect();
        let pieces = Pieces::new(ground.catalog, &ground.names.products);
        let mut tests: Vec<Test> = Vec::new();
        let mut cuts: Vec<NaiveDate> = Vec::new();
        let mut cut = |days: Days| {
            cuts.push(days.first);
            cuts.extend(days.last.succ_opt());
        };
        cut(scope);
        let mut reach = scope;
        let mut compiled: Vec<Compiled<'a>> = Vec::with_capacity(slots.len());
        for slot in slots {
            for days in
                [Some(slot.windows.current), slot.windows.previous, slot.windows.last_year].into_iter().flatten()
            {
                cut(days);
                reach = Days { first: reach.first.min(days.first), last: reach.last.max(days.last) };
            }
            let from = tests.len();
            tests.extend(slot.measure.exclude.iter().map(|e| Test::new(&e.when, ground.names, &pieces)));
            compiled.push(Compiled {
                slot,
                of: slot.of,
                whose: slot.measure.credit,
                pieces: pieces.selected(&slot.measure.products, &slot.measure.categories),
                channels: selection::named(&ground.names.channels, &slot.measure.channels),
                exclude: from..tests.len(),
                currency: ground.names.currencies.key(slot.currency),
            });
        }
        let (sorts, sort_count) = sorts(&pieces, &compiled);
        let wanted = (0..pieces.count())
            .map(|piece| compiled.iter().any(|c| c.slot.lines && selection::allows(c.pieces.as_deref(), Some(piece))))
            .collect();

        let mut held: Vec<(usize, usize)> = holders
            .iter()
            .filter_map(|(code, slot)| {
                let person = people.binary_search(code).ok()?;
                (*slot < slots.len()).then_some((person, *slot))
            })
            .collect();
        held.sort_unstable();
        held.dedup();
        let places = holders
            .iter()
            .map(|(code, slot)| {
                let person = people.binary_search(code).ok()?;
                held.binary_search(&(person, *slot)).ok()
            })
            .collect();
        let mine = (0..people.len())
            .map(|person| (held.partition_point(|(p, _)| *p < person), held.partition_point(|(p, _)| *p <= person)))
            .collect();
        let cells = held.iter().map(|(_, slot)| Cell { slot: *slot, ..Cell::default() }).collect();
        let mut of_all: Vec<usize> = held.iter().map(|(_, slot)| *slot).collect();
        of_all.sort_unstable();
        of_all.dedup();
        of_all.retain(|slot| compiled.get(*slot).is_some_and(|compiled| compiled.whose == Whose::All));
        let everybody = of_all.into_iter().map(|slot| Cell { slot, ..Cell::default() }).collect();
        let exclusions = ground.exclusions.iter().map(|rule| Test::new(&rule.when, ground.names, &pieces)).collect();
        let books = Books::new(&people, pieces.categories(), ground.names, ground.exclusions);
        let shares = Shares::new(Holders::new(ground), ground.names);
        Self {
            scope,
            as_of,
            people,
            shares,
            exclusions,
            by_channel: compiled.iter().any(|c| c.channels.is_some()),
            slots: compiled,
            bits: vec![0; tests.len().div_ceil(64)],
            tests,
            sorts,
            sort_count,
            wanted,
            kinds: Vec::new(),
            stretches: Stretches::new(reach, cuts),
            gathered: Gathered::default(),
            everybody,
            mine,
            cells,
            holders: places,
            lines: Vec::new(),
            books,
            pieces,
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
        if !fact.in_force(self.as_of) {
            return;
        }
        let Some(stretch) = self.stretches.of(fact.date) else { return };
        let counts = pass != Pass::Lines;
        let in_scope = counts && self.scope.contains(fact.date);
        let piece = self.pieces.of(fact.product, fact.date);
        if counts {
            self.stretches.see(stretch);
        }
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
        if counts {
            let sort = self.sorts.get(piece).copied().unwrap_or(0);
            let class = stretch.saturating_mul(self.sort_count).saturating_add(sort);
            let kind = self.kind(fact, piece);
            self.gathered.add(Alike { found, class, kind }, fact);
        }
        if pass != Pass::Sums && self.wanted.get(piece).copied().unwrap_or(false) {
            self.lines.push((found, piece, *fact));
        }
    }

    /// The number of the fact's kind.
    fn kind(&mut self, fact: &Fact, piece: usize) -> u32 {
        for (word, tests) in self.bits.iter_mut().zip(self.tests.chunks(64)) {
            *word = tests.iter().rev().fold(0, |word, test| (word << 1) | u64::from(test.holds(fact, piece)));
        }
        let channel = if self.by_channel { fact.channel } else { Key::NONE };
        let bits = &self.bits;
        let alike = |kind: &Kind| kind.channel == channel && kind.currency == fact.currency && kind.excluded == *bits;
        let place = self.kinds.iter().position(alike).unwrap_or_else(|| {
            self.kinds.push(Kind { channel, currency: fact.currency, excluded: bits.clone() });
            self.kinds.len().saturating_sub(1)
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// Ends: what everybody is credited.
    pub fn finish(mut self) -> Outcome {
        let mut given = Given::default();
        for (alike, values, fact) in self.gathered.groups() {
            let piece = self.pieces.of(fact.product, fact.date);
            let found = self.shares.get(alike.found);
            if self.scope.contains(fact.date) {
                self.books.credit(fact, values, self.pieces.category(piece), found);
            }
            let group = Group { fact, values, piece, slots: &self.slots, tests: &self.tests };
            for share in &found.shares {
                for cell in own(&mut self.cells, &self.mine, share.person) {
                    let part = share.of(self.slots.get(cell.slot).map(|slot| slot.whose));
                    if part != 0 {
                        group.add(cell, part, &mut given);
                    }
                }
            }
            for cell in &mut self.everybody {
                group.add(cell, ONE, &mut given);
            }
        }
        let lines = self.hand_out_lines(&mut given);
        self.close(lines, given)
    }

    /// Gives each wanted line to whose slots want it: pairs of cell and line, in order of cell, date and number.
    fn hand_out_lines(&mut self, given: &mut Given) -> Vec<(usize, LineCredit)> {
        let mut lines: Vec<(usize, LineCredit)> = Vec::new();
        let mut for_all: Vec<(usize, LineCredit)> = Vec::new();
        for (found, piece, fact) in &self.lines {
            let mut values = Values::default();
            values.add(fact);
            let group = Group { fact, values: &values, piece: *piece, slots: &self.slots, tests: &self.tests };
            for share in &self.shares.get(*found).shares {
                let start = self.mine.get(share.person).map_or(0, |(start, _)| *start);
                for (offset, cell) in own(&mut self.cells, &self.mine, share.person).iter_mut().enumerate() {
                    let part = share.of(self.slots.get(cell.slot).map(|slot| slot.whose));
                    if part != 0 && group.line(cell, part, given) {
                        lines.push((start.saturating_add(offset), LineCredit { fact: *fact, share: part }));
                    }
                }
            }
            for cell in &mut self.everybody {
                if group.line(cell, ONE, given) {
                    for_all.push((cell.slot, LineCredit { fact: *fact, share: ONE }));
                }
            }
        }
        for (place, cell) in self.cells.iter().enumerate() {
            if self.slots.get(cell.slot).is_some_and(|slot| slot.whose == Whose::All) {
                lines.extend(for_all.iter().filter(|(slot, _)| *slot == cell.slot).map(|(_, line)| (place, *line)));
            }
        }
        lines.sort_unstable_by_key(|(place, line)| {
            let f = &line.fact;
            (*place, f.date, f.line, line.share, f.amount, f.quantity, f.margin, f.product, f.customer, f.channel)
        });
        lines
    }

    fn close(self, lines: Vec<(usize, LineCredit)>, mut given: Given) -> Outcome {
        let known = |days: Option<Days>| days.is_some_and(|days| self.stretches.seen_in(days));
        let mut credited = Vec::with_capacity(self.holders.len());
        for place in &self.holders {
            let cell = place.and_then(|place| Some((place, self.cells.get(place)?)));
            let Some((place, own)) = cell else {
                credited.push(Credited::default());
                continue;
            };
            let Some(slot) = self.slots.get(own.slot) else { continue };
            let cell = match slot.whose {
                Whose::All => self.everybody.iter().find(|cell| cell.slot == own.slot).unwrap_or(own),
                _ => own,
            };
            if slot.slot.lines && cell.detail != cell.sums.current {
                given.without_lines.push(own.slot);
            }
            let from = lines.partition_point(|(p, _)| *p < place);
            let to = lines.partition_point(|(p, _)| *p <= place);
            let windows = &slot.slot.windows;
            credited.push(Credited {
                sums: cell.sums,
                known: (known(Some(windows.current)), known(windows.previous), known(windows.last_year)),
                lines: lines.get(from..to).unwrap_or_default().iter().map(|(_, line)| *line).collect(),
            });
        }
        given.without_lines.sort_unstable();
        given.without_lines.dedup();
        let names = self.shares.names();
        let (ledger, rows) = self.books.close(&self.people);
        let mut foreign: Vec<(usize, String, u64)> = given
            .foreign
            .into_iter()
            .map(|((slot, key), lines)| (slot, names.currencies.name(key).unwrap_or("?").to_owned(), lines))
            .collect();
        foreign.sort();
        Outcome {
            credited,
            ledger,
            rows,
            slot_excluded: given
                .excluded
                .into_iter()
                .map(|((slot, rule), (sum, lines))| (slot, rule, sum, lines))
                .collect(),
            foreign,
            without_lines: given.without_lines,
        }
    }
}

/// The cells of one person.
fn own<'c>(cells: &'c mut [Cell], mine: &[(usize, usize)], person: usize) -> &'c mut [Cell] {
    let (start, end) = mine.get(person).copied().unwrap_or((0, 0));
    cells.get_mut(start..end).unwrap_or_default()
}

/// Sorts the pieces of products: of one sort are those of one category that every slot takes or leaves together.
fn sorts(pieces: &Pieces<'_>, slots: &[Compiled<'_>]) -> (Vec<u32>, u32) {
    // Slots of one plan version over different days select the same: each selection is looked at once.
    let mut selections: Vec<&[bool]> = slots.iter().filter_map(|slot| slot.pieces.as_deref()).collect();
    selections.sort_unstable();
    selections.dedup();
    let mut known: BTreeMap<(Option<usize>, Vec<bool>), u32> = BTreeMap::new();
    let mut sorts = Vec::with_capacity(pieces.count());
    for piece in 0..pieces.count() {
        let bits = selections.iter().map(|bits| bits.get(piece).copied().unwrap_or(false)).collect();
        let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
        sorts.push(*known.entry((pieces.category(piece), bits)).or_insert(next));
    }
    (sorts, u32::try_from(known.len()).unwrap_or(u32::MAX).max(1))
}

/// What is told beside the sums.
#[derive(Default)]
struct Given {
    excluded: BTreeMap<(usize, usize), (Credit, u64)>,
    foreign: BTreeMap<(usize, Key), u64>,
    without_lines: Vec<usize>,
}

/// Lines that are alike, and what judges them.
struct Group<'b, 'a> {
    /// One of them.
    fact: &'b Fact,
    /// All of them.
    values: &'b Values,
    piece: usize,
    slots: &'b [Compiled<'a>],
    tests: &'b [Test],
}

impl<'b, 'a> Group<'b, 'a> {
    /// The exclusion of the slot that takes the lines out, if one does.
    fn excluded(&self, slot: &Compiled<'_>) -> Option<usize> {
        self.tests.get(slot.exclude.clone())?.iter().position(|test| test.holds(self.fact, self.piece))
    }

    fn foreign(&self, slot: &Compiled<'_>) -> bool {
        slot.of != Of::Quantity && self.fact.currency != Key::NONE && self.fact.currency != slot.currency
    }

    fn credit(&self, slot: &Compiled<'_>, share: i64) -> Credit {
        let [amount, quantity, margin] = self.values.of;
        let value = match slot.of {
            Of::Amount => amount,
            Of::Quantity => quantity,
            Of::Margin => margin,
        };
        times(value, share)
    }

    /// Adds a share of the lines to a cell where its slot takes them.
    fn add(&self, cell: &mut Cell, share: i64, given: &mut Given) {
        let Some(slot) = self.slots.get(cell.slot) else { return };
        let (current, previous, last_year) = slot.windows(self.fact.date);
        if !(current || previous || last_year) || !slot.takes(self.fact, self.piece) {
            return;
        }
        let credit = self.credit(slot, share);
        if let Some(rule) = self.excluded(slot) {
            if current {
                let (sum, lines) = given.excluded.entry((cell.slot, rule)).or_default();
                *sum = sum.saturating_add(credit);
                *lines = lines.saturating_add(self.values.lines);
            }
            return;
        }
        if self.foreign(slot) {
            if current {
                let lines = given.foreign.entry((cell.slot, self.fact.currency)).or_default();
                *lines = lines.saturating_add(self.values.lines);
            }
            return;
        }
        if current {
            cell.sums.current = cell.sums.current.saturating_add(credit);
            cell.sums.lines = cell.sums.lines.saturating_add(self.values.lines);
        }
        if previous {
            cell.sums.previous = cell.sums.previous.saturating_add(credit);
        }
        if last_year {
            cell.sums.last_year = cell.sums.last_year.saturating_add(credit);
        }
    }

    /// Whether the slot of a cell wants this line by itself.
    fn line(&self, cell: &mut Cell, share: i64, given: &mut Given) -> bool {
        let Some(slot) = self.slots.get(cell.slot).filter(|slot| slot.slot.lines) else { return false };
        let wanted = slot.slot.windows.current.contains(self.fact.date)
            && slot.takes(self.fact, self.piece)
            && !self.foreign(slot)
            && self.excluded(slot).is_none();
        if wanted {
            cell.detail = cell.detail.saturating_add(self.credit(slot, share));
            if self.fact.lines != 1 {
                given.without_lines.push(cell.slot);
            }
        }
        wanted
    }
}
