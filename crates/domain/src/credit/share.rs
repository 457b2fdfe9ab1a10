//! Who is credited which share of a line, by its place and date.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Cause, Ground, Whose};
use crate::organization::{Person, Roster};
use crate::sales::{Dictionaries, Fact, Key, ONE};
use crate::territory::{Holding, Level, Role, TerritoryMap};
use crate::time::{Timeline, Validity};

/// What one person is credited of a line, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    /// Place among the people of the roster.
    pub(super) person: usize,
    pub(super) direct: i64,
    pub(super) overlay: i64,
    /// As head of a team that begins with the person.
    pub(super) team: i64,
    /// Whether any of `team` comes from somebody else.
    pub(super) leads: bool,
}

impl Share {
    /// What counts for a slot that looks at somebody's own credit or that of the team, in millionths.
    pub(super) fn of(&self, whose: Option<Whose>) -> i64 {
        match whose {
            Some(Whose::Own) => self.direct.saturating_add(self.overlay),
            Some(Whose::Team) => self.team,
            Some(Whose::All) | None => 0,
        }
    }
}

/// Who is credited for lines of one place, for as long as nothing changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    validity: Validity,
    pub(super) shares: Vec<Share>,
    /// Sum of the direct shares.
    pub(super) credited: i64,
    /// Why not all is credited.
    pub(super) cause: Option<Cause>,
}

/// Who holds what, over time.
pub(super) struct Holders<'a> {
    roster: &'a Roster,
    map: &'a TerritoryMap,
    people: Vec<&'a str>,
    held: BTreeMap<&'a str, Timeline<Vec<&'a Holding>>>,
    vacant_to_district: bool,
}

impl<'a> Holders<'a> {
    pub(super) fn new(ground: Ground<'a>) -> Self {
        let mut held: BTreeMap<&str, Vec<(Validity, &Holding)>> = BTreeMap::new();
        for holding in &ground.territories.holdings {
            held.entry(&holding.territory).or_default().push((holding.validity, holding));
        }
        Self {
            roster: ground.roster,
            map: ground.territories,
            people: ground.roster.people.keys().map(String::as_str).collect(),
            held: held.into_iter().map(|(code, entries)| (code, Timeline::stack(&entries))).collect(),
            vacant_to_district: ground.vacant_to_district,
        }
    }

    fn person(&self, code: &str) -> Option<usize> {
        self.people.binary_search(&code).ok()
    }

    /// Whether a holder is employed on `day`, with the days around it on which the answer is the same.
    fn employed(person: &Person, day: NaiveDate) -> (Validity, bool) {
        let after = person.leave.and_then(|leave| leave.succ_opt());
        match (person.hire, after) {
            (Some(hire), _) if day < hire => (Validity { from: NaiveDate::MIN, until: Some(hire) }, false),
            (_, Some(after)) if after <= day => (Validity::since(after), false),
            (hire, after) => (Validity { from: hire.unwrap_or(NaiveDate::MIN), until: after }, true),
        }
    }

    /// Works out who is credited for a line that names `participant` or fell in `territory` on `day`.
    fn work_out(&self, participant: Option<&str>, territory: Option<&str>, day: NaiveDate) -> Found {
        let mut validity = Validity::ALWAYS;
        let mut cause = None;
        let mut direct: Vec<(usize, i64)> = Vec::new();
        let mut overlay: Vec<(usize, i64)> = Vec::new();
        match (participant, territory) {
            (Some(code), _) => match self.person(code) {
                Some(person) => direct.push((person, ONE)),
                None => cause = Some(Cause::UnknownParticipant),
            },
            (None, None) => cause = Some(Cause::NoPlace),
            (None, Some(_)) => {}
        }
        if let Some(territory) = territory {
            let (same, chain) = self.map.chain(territory, day);
            validity = validity.intersect(same);
            if chain.is_empty() && participant.is_none() {
                cause = Some(Cause::UnknownTerritory);
            }
            let mut settled = participant.is_some() || chain.is_empty();
            for (code, place) in chain {
                let mut held_here = false;
                if let Some(timeline) = self.held.get(code) {
                    let (same, holdings) = timeline.piece_at(day);
                    validity = validity.intersect(same);
                    for holding in holdings.into_iter().flatten() {
                        let known = self.roster.people.get(&holding.participant);
                        let Some((person, who)) = self.person(&holding.participant).zip(known) else {
                            cause = cause.or(Some(Cause::UnknownParticipant));
                            held_here = held_here || holding.role == Role::Direct;
                            continue;
                        };
                        let (same, employed) = Self::employed(who, day);
                        validity = validity.intersect(same);
                        if !employed {
                            continue;
                        }
                        match holding.role {
                            Role::Overlay => overlay.push((person, holding.share)),
                            Role::Direct if !settled => {
                                held_here = true;
                                direct.push((person, holding.share));
                            }
                            Role::Direct => {}
                        }
                    }
                }
                let climbs = place.level == Level::Brick || self.vacant_to_district;
                settled = settled || held_here || !climbs;
            }
        }
        let credited = direct.iter().fold(0_i64, |sum, (_, share)| sum.saturating_add(*share));
        if credited < ONE && cause.is_none() {
            cause = Some(if direct.is_empty() { Cause::Vacant } else { Cause::SharesShort });
        }
        if credited >= ONE {
            cause = None;
        }
        let (same, shares) = self.rolled_up(&direct, &overlay, day);
        Found { validity: validity.intersect(same), shares, credited, cause }
    }

    /// Adds everybody above those who are credited.
    fn rolled_up(&self, direct: &[(usize, i64)], overlay: &[(usize, i64)], day: NaiveDate) -> (Validity, Vec<Share>) {
        #[derive(Default)]
        struct Own {
            direct: i64,
            overlay: i64,
            team_direct: i64,
            team_overlay: i64,
            leads: bool,
        }
        let mut validity = Validity::ALWAYS;
        let mut all: BTreeMap<usize, Own> = BTreeMap::new();
        for (list, is_direct) in [(direct, true), (overlay, false)] {
            for (person, share) in list {
                let Some(code) = self.people.get(*person) else { continue };
                let (same, line) = self.roster.line_above(code, day);
                validity = validity.intersect(same);
                let own = all.entry(*person).or_default();
                if is_direct {
                    own.direct = own.direct.saturating_add(*share);
                } else {
                    own.overlay = own.overlay.saturating_add(*share);
                }
                let above = line.into_iter().filter_map(|code| self.person(code)).map(|person| (person, true));
                for (head, leads) in std::iter::once((*person, false)).chain(above) {
                    let head = all.entry(head).or_default();
                    head.leads = head.leads || leads;
                    if is_direct {
                        head.team_direct = head.team_direct.saturating_add(*share);
                    } else {
                        head.team_overlay = head.team_overlay.saturating_add(*share);
                    }
                }
            }
        }
        let shares = all
            .into_iter()
            .map(|(person, own)| Share {
                person,
                direct: own.direct,
                overlay: own.overlay,
                team: if own.team_direct == 0 { own.team_overlay } else { own.team_direct },
                leads: own.leads,
            })
            .collect();
        (validity, shares)
    }
}

/// Where who is credited was worked out before, for a stretch of days.
#[derive(Clone, Copy)]
struct Remembered {
    validity: Validity,
    found: u32,
}

/// Remembers who is credited, per place and stretch of days.
pub(super) struct Shares<'a> {
    holders: Holders<'a>,
    names: &'a Dictionaries,
    found: Vec<Found>,
    by_territory: Vec<Vec<Remembered>>,
    by_participant: Vec<Vec<Remembered>>,
    by_both: BTreeMap<(Key, Key), Vec<Remembered>>,
    nowhere: Vec<Remembered>,
}

impl<'a> Shares<'a> {
    pub(super) fn new(holders: Holders<'a>, names: &'a Dictionaries) -> Self {
        Self {
            holders,
            names,
            found: Vec::new(),
            by_territory: vec![Vec::new(); names.territories.len()],
            by_participant: vec![Vec::new(); names.participants.len()],
            by_both: BTreeMap::new(),
            nowhere: Vec::new(),
        }
    }

    pub(super) fn names(&self) -> &'a Dictionaries {
        self.names
    }

    /// The number of who is credited for a line.
    pub(super) fn find(&mut self, fact: &Fact) -> u32 {
        let remembered = match (fact.participant.place(), fact.territory.place()) {
            (None, None) => Some(&mut self.nowhere),
            (Some(person), None) => self.by_participant.get_mut(person),
            (None, Some(territory)) => self.by_territory.get_mut(territory),
            (Some(_), Some(_)) => Some(self.by_both.entry((fact.participant, fact.territory)).or_default()),
        };
        let mut unknown = Vec::new();
        let remembered = remembered.unwrap_or(&mut unknown);
        if let Some(known) = remembered.iter().find(|known| known.validity.contains(fact.date)) {
            return known.found;
        }
        let participant = self.names.participants.name(fact.participant);
        let territory = self.names.territories.name(fact.territory);
        let found = self.holders.work_out(participant, territory, fact.date);
        let number = u32::try_from(self.found.len()).unwrap_or(u32::MAX);
        remembered.push(Remembered { validity: found.validity, found: number });
        self.found.push(found);
        number
    }

    /// Who is credited, by its number.
    pub(super) fn get(&self, number: u32) -> &Found {
        static NOBODY: Found =
            Found { validity: Validity::ALWAYS, shares: Vec::new(), credited: 0, cause: Some(Cause::NoPlace) };
        self.found.get(number as usize).unwrap_or(&NOBODY)
    }
}
