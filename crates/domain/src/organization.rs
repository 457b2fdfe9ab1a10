//! People, the posts they hold over time, who reports to whom, and when they are away.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::exact::Exact;
use crate::finding::Finding;
use crate::inputs::Absence;
use crate::time::{Days, Timeline, Validity};

/// What is true of a person for some time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Organisational unit, by code.
    pub unit: Option<String>,
    /// Position (`representative`, `area_manager`…).
    pub position: Option<String>,
    /// Level inside the position.
    pub level: Option<String>,
    /// Code of the person reported to.
    pub manager: Option<String>,
    /// Full-time equivalent, 0 to 1.
    pub fte: Option<Exact>,
    /// Own target incentive per measurement period, in the plan's currency.
    pub target_incentive: Option<Exact>,
}

/// A person (or a position that nobody holds).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Person {
    /// Day of hire; none: always there.
    pub hire: Option<NaiveDate>,
    /// Last day of employment; none: still there.
    pub leave: Option<NaiveDate>,
    /// A position that nobody holds: takes no part and no place.
    pub vacant: bool,
    /// Posts over time.
    pub posts: Timeline<Post>,
    /// Times away.
    pub absences: Vec<Absence>,
}

impl Person {
    /// The days of `days` on which the person is employed.
    pub fn employed(&self, days: Days) -> Option<Days> {
        Days::new(
            self.hire.map_or(days.first, |hire| hire.max(days.first)),
            self.leave.map_or(days.last, |leave| leave.min(days.last)),
        )
    }

    /// The post on `day`, with the days around it on which it is the same.
    pub fn post_at(&self, day: NaiveDate) -> (Validity, Option<&Post>) {
        self.posts.piece_at(day)
    }

    /// The last post held inside `days`.
    pub fn last_post(&self, days: Days) -> Option<&Post> {
        self.posts.pieces(days).into_iter().rev().find_map(|(_, post)| post)
    }
}

/// Everybody, by code.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Roster {
    /// People by code.
    pub people: BTreeMap<String, Person>,
}

/// No reporting line is longer than this; a longer one is taken for a circle.
const LONGEST_LINE: usize = 64;

impl Roster {
    /// The person with this code.
    pub fn person(&self, code: &str) -> Option<&Person> {
        self.people.get(code)
    }

    /// Everybody above `code` on `day`, nearest first, with the days around `day` on which this line is the same.
    /// A circle ends where it closes.
    pub fn line_above<'a>(&'a self, code: &str, day: NaiveDate) -> (Validity, Vec<&'a str>) {
        let mut validity = Validity::ALWAYS;
        let mut line: Vec<&'a str> = Vec::new();
        let mut current = code.to_owned();
        while line.len() < LONGEST_LINE {
            let Some(person) = self.people.get(&current) else { break };
            let (piece, post) = person.post_at(day);
            validity = validity.intersect(piece);
            let above = post.and_then(|post| post.manager.as_deref());
            let Some((known, _)) = above.and_then(|manager| self.people.get_key_value(manager)) else {
                break;
            };
            if known == code || line.contains(&known.as_str()) {
                break;
            }
            line.push(known);
            current.clone_from(known);
        }
        (validity, line)
    }

    /// Who reports to `code` directly on `day`, in order of code.
    pub fn reports(&self, code: &str, day: NaiveDate) -> Vec<&str> {
        self.people
            .iter()
            .filter(|(_, person)| person.employed(Days { first: day, last: day }).is_some())
            .filter(|(_, person)| person.post_at(day).1.is_some_and(|post| post.manager.as_deref() == Some(code)))
            .map(|(code, _)| code.as_str())
            .collect()
    }

    /// What is wrong with the roster in `days`: unknown managers, circles, people without a post, posts that leave gaps.
    pub fn check(&self, days: Days) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
        for (code, person) in &self.people {
            let Some(employed) = person.employed(days) else { continue };
            let place = format!("participant {code}");
            for (piece, post) in person.posts.pieces(employed) {
                let Some(post) = post else {
                    found.push(
                        Finding::warning("no_post", &place, format!("`{code}` has no post from {piece}"))
                            .help("give the participant a position for these days, or correct hire and leave dates"),
                    );
                    continue;
                };
                if let Some(manager) = post.manager.as_deref().filter(|m| !self.people.contains_key(*m)) {
                    found.push(
                        Finding::warning(
                            "unknown_manager",
                            &place,
                            format!("`{code}` reports to `{manager}`, who is unknown"),
                        )
                        .help("import the manager, or correct the reporting line"),
                    );
                }
            }
            for (piece, _) in person.posts.pieces(employed) {
                let (_, line) = self.line_above(code, piece.first);
                let top = line.last().copied().unwrap_or(code);
                let closes = self
                    .people
                    .get(top)
                    .and_then(|p| p.post_at(piece.first).1)
                    .and_then(|post| post.manager.as_deref())
                    .is_some_and(|manager| manager == code || line.contains(&manager));
                if closes {
                    let mut members: Vec<String> = line.iter().map(|c| (*c).to_owned()).collect();
                    members.push(code.clone());
                    members.sort();
                    circles.insert(members);
                }
            }
        }
        for members in circles {
            let names = members.join("`, `");
            found.push(
                Finding::error(
                    "reporting_circle",
                    format!("participant {}", members.first().map_or("", String::as_str)),
                    format!("the reporting lines of `{names}` run in a circle"),
                )
                .help("let one of them report to somebody outside the circle"),
            );
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

    fn reports_to(manager: &str) -> Post {
        Post { manager: Some(manager.to_owned()), ..Post::default() }
    }

    fn roster(lines: &[(&str, &[(&str, &str)])]) -> Roster {
        let people = lines.iter().map(|(code, posts)| {
            let posts = posts.iter().map(|(from, manager)| (Validity::since(day(from)), reports_to(manager)));
            let person = Person { posts: Timeline::new(posts).0, ..Person::default() };
            ((*code).to_owned(), person)
        });
        Roster { people: people.collect() }
    }

    #[test]
    fn the_line_above_follows_the_date() {
        let roster = roster(&[
            ("R1", &[("2026-01-01", "M1"), ("2026-02-01", "M2")]),
            ("M1", &[("2026-01-01", "H")]),
            ("M2", &[("2026-01-01", "H")]),
            ("H", &[]),
        ]);
        let (validity, line) = roster.line_above("R1", day("2026-01-15"));
        assert_eq!(line, ["M1", "H"]);
        assert_eq!(validity.until, Some(day("2026-02-01")));
        assert_eq!(roster.line_above("R1", day("2026-02-01")).1, ["M2", "H"]);
        assert!(roster.line_above("R1", day("2025-12-31")).1.is_empty());
        assert_eq!(roster.reports("M2", day("2026-01-31")), Vec::<&str>::new());
        assert_eq!(roster.reports("M2", day("2026-02-01")), ["R1"]);
    }

    #[test]
    fn circles_and_strangers_are_found_once() {
        let roster = roster(&[
            ("A", &[("2026-01-01", "B")]),
            ("B", &[("2026-01-01", "C")]),
            ("C", &[("2026-01-01", "B")]),
            ("D", &[("2026-01-10", "X")]),
        ]);
        let january = Days::new(day("2026-01-01"), day("2026-01-31")).unwrap();
        let found: Vec<(String, String)> = roster.check(january).into_iter().map(|f| (f.code, f.path)).collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(c, p)| (c.as_str(), p.as_str())).collect();
        assert_eq!(
            found,
            [
                ("no_post", "participant D"),
                ("unknown_manager", "participant D"),
                ("reporting_circle", "participant A"),
                ("reporting_circle", "participant B"),
            ]
        );
        // A circle ends where it closes.
        assert_eq!(roster.line_above("A", day("2026-01-15")).1, ["B", "C"]);
    }
}
