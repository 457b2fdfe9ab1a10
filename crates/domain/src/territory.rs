//! Bricks, territories, districts, areas: which lies in which, and who holds them when.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::time::{Days, Timeline, Validity};

/// How high a territory stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The whole country.
    National,
    /// An area.
    Area,
    /// A district.
    District,
    /// What one representative works.
    Territory,
    /// The smallest place for which data are sold.
    Brick,
}

/// One territory.
#[derive(Debug, Clone, PartialEq)]
pub struct Territory {
    /// How high it stands.
    pub level: Level,
    /// The territory it lies in, over time, by code.
    pub parents: Timeline<String>,
}

/// How somebody holds a territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Its sales are theirs; the direct shares of a territory sum to 1 on every day.
    Direct,
    /// A specialist, credited in addition.
    Overlay,
}

/// Somebody holds a territory for some time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holding {
    /// Code of the territory.
    pub territory: String,
    /// Since when, until when.
    pub validity: Validity,
    /// How.
    pub role: Role,
    /// Code of the participant.
    pub participant: String,
    /// Share of the credit in millionths: 1,000,000 is the whole.
    pub share: i64,
}

/// All territories and who holds them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TerritoryMap {
    /// Territories by code.
    pub territories: BTreeMap<String, Territory>,
    /// Who holds what, in any order.
    pub holdings: Vec<Holding>,
}

/// No chain of territories is longer than this; a longer one is taken for a circle.
const DEEPEST: usize = 16;

impl TerritoryMap {
    /// `code` and what it lies in on `day`, smallest first, with the days around `day` on which this is the same.
    /// A circle ends where it closes.
    pub fn chain<'a>(&'a self, code: &str, day: NaiveDate) -> (Validity, Vec<(&'a str, &'a Territory)>) {
        let mut validity = Validity::ALWAYS;
        let mut chain: Vec<(&str, &Territory)> = Vec::new();
        let mut next = self.territories.get_key_value(code);
        while let Some((code, territory)) = next {
            if chain.len() >= DEEPEST || chain.iter().any(|(seen, _)| seen == code) {
                break;
            }
            chain.push((code, territory));
            let (piece, parent) = territory.parents.piece_at(day);
            validity = validity.intersect(piece);
            next = parent.and_then(|parent| self.territories.get_key_value(parent));
        }
        (validity, chain)
    }

    /// The territories that lie directly in `code` on `day`, in order of code.
    pub fn children(&self, code: &str, day: NaiveDate) -> Vec<&str> {
        self.territories
            .iter()
            .filter(|(_, territory)| territory.parents.at(day).is_some_and(|parent| parent == code))
            .map(|(code, _)| code.as_str())
            .collect()
    }

    /// The days of `days` on which the direct shares of a held territory do not sum to 1, and unknown territories
    /// or parents.
    pub fn check(&self, days: Days) -> Vec<Finding> {
        let mut found = Vec::new();
        for (code, territory) in &self.territories {
            for (piece, parent) in territory.parents.pieces(days) {
                if let Some(parent) = parent.filter(|parent| !self.territories.contains_key(*parent)) {
                    found.push(
                        Finding::warning(
                            "unknown_territory",
                            format!("territory {code}"),
                            format!("`{code}` lies in `{parent}` from {piece}, which is unknown"),
                        )
                        .help("import the parent territory, or correct the parent"),
                    );
                }
            }
        }
        let mut direct: BTreeMap<&str, Vec<(Validity, i64)>> = BTreeMap::new();
        for holding in &self.holdings {
            if !self.territories.contains_key(&holding.territory) {
                found.push(
                    Finding::error(
                        "unknown_territory",
                        format!("participant {}", holding.participant),
                        format!("`{}` holds `{}`, which is unknown", holding.participant, holding.territory),
                    )
                    .help("import the territory, or correct the assignment"),
                );
            }
            if holding.role == Role::Direct {
                direct.entry(&holding.territory).or_default().push((holding.validity, holding.share));
            }
        }
        for (code, shares) in direct {
            for (piece, set) in Timeline::stack(&shares).pieces(days) {
                let sum: i64 = set.map_or(0, |set| set.iter().fold(0, |sum, share| sum.saturating_add(*share)));
                let place = format!("territory {code}");
                let percent = crate::exact::Exact::scaled(i128::from(sum), 4);
                if sum > 1_000_000 {
                    found.push(
                        Finding::error(
                            "shares_exceed_one",
                            place,
                            format!("the direct shares of `{code}` from {piece} sum to {percent} %"),
                        )
                        .help("lower the shares until they sum to 100 %, or make somebody an overlay"),
                    );
                } else if sum > 0 && sum < 1_000_000 {
                    found.push(
                        Finding::warning(
                            "shares_below_one",
                            place,
                            format!("the direct shares of `{code}` from {piece} sum to {percent} %; the rest is credited to nobody"),
                        )
                        .help("raise the shares until they sum to 100 %"),
                    );
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn map(rows: &[(&str, Level, &str)], holdings: &[(&str, &str, Role, i64, &str, &str)]) -> TerritoryMap {
        TerritoryMap {
            territories: rows
                .iter()
                .map(|(code, level, parent)| {
                    let parents =
                        if parent.is_empty() { Timeline::default() } else { Timeline::always((*parent).to_owned()) };
                    ((*code).to_owned(), Territory { level: *level, parents })
                })
                .collect(),
            holdings: holdings
                .iter()
                .map(|(participant, territory, role, share, from, until)| Holding {
                    territory: (*territory).to_owned(),
                    validity: Validity { from: day(from), until: (!until.is_empty()).then(|| day(until)) },
                    role: *role,
                    participant: (*participant).to_owned(),
                    share: *share,
                })
                .collect(),
        }
    }

    #[test]
    fn chains_climb_and_stop_at_circles() {
        let map = map(
            &[
                ("B1", Level::Brick, "T1"),
                ("T1", Level::Territory, "D1"),
                ("D1", Level::District, "A1"),
                ("X", Level::District, "Y"),
                ("Y", Level::District, "X"),
            ],
            &[],
        );
        let codes = |code: &str| -> Vec<&str> {
            map.chain(code, day("2026-01-01")).1.into_iter().map(|(code, _)| code).collect()
        };
        assert_eq!(codes("B1"), ["B1", "T1", "D1"]);
        assert_eq!(codes("X"), ["X", "Y"]);
        assert_eq!(codes("nowhere"), Vec::<&str>::new());
        assert_eq!(map.children("T1", day("2026-01-01")), ["B1"]);
    }

    #[test]
    fn direct_shares_sum_to_one_on_every_day() {
        use Role::{Direct, Overlay};
        let map = map(
            &[("T1", Level::Territory, ""), ("T2", Level::Territory, "D9")],
            &[
                ("R1", "T1", Direct, 600_000, "2026-01-01", ""),
                ("R2", "T1", Direct, 400_000, "2026-01-01", "2026-01-16"),
                ("R3", "T1", Direct, 500_000, "2026-01-26", ""),
                ("S", "T1", Overlay, 1_000_000, "2026-01-01", ""),
                ("R4", "T2", Direct, 1_000_000, "2026-01-05", ""),
                ("R4", "T9", Direct, 1_000_000, "2026-01-05", ""),
            ],
        );
        let january = Days::new(day("2026-01-01"), day("2026-01-31")).unwrap();
        let found: Vec<String> = map.check(january).iter().map(|f| format!("{} {}", f.code, f.message)).collect();
        assert_eq!(
            found,
            [
                "unknown_territory `T2` lies in `D9` from 2026-01-01 to 2026-01-31, which is unknown",
                "unknown_territory `R4` holds `T9`, which is unknown",
                "shares_below_one the direct shares of `T1` from 2026-01-16 to 2026-01-25 sum to 60 %; the rest is credited to nobody",
                "shares_exceed_one the direct shares of `T1` from 2026-01-26 to 2026-01-31 sum to 110 %",
            ]
        );
    }
}
