use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn held(from: &str, until: &str) -> Validity {
    Validity { from: day(from), until: (!until.is_empty()).then(|| day(until)) }
}

/// `a 10..20, - 20..25` for the pieces of a timeline inside January 2026.
fn pieces(timeline: &Timeline<&str>, first: &str, last: &str) -> String {
    let days = Days::new(day(first), day(last)).unwrap();
    let parts: Vec<String> = timeline
        .pieces(days)
        .into_iter()
        .map(|(piece, value)| format!("{} {}..{}", value.copied().unwrap_or("-"), piece.first.day(), piece.last.day()))
        .collect();
    parts.join(", ")
}

#[test]
fn ranges() {
    let january = Days::new(day("2026-01-01"), day("2026-01-31")).unwrap();
    assert_eq!(january.len(), 31);
    assert_eq!(Days::new(day("2026-01-02"), day("2026-01-01")), None);
    assert_eq!(january.validity(), held("2026-01-01", "2026-02-01"));
    assert_eq!(Validity::inclusive(day("2026-01-05"), Some(day("2026-01-05"))), held("2026-01-05", "2026-01-06"));
    // validity, its part of January
    let rows = [
        (held("2025-01-01", ""), Some((1, 31))),
        (held("2026-01-31", ""), Some((31, 31))),
        (held("2026-02-01", ""), None),
        (held("2025-01-01", "2026-01-01"), None),
        (held("2026-01-10", "2026-01-11"), Some((10, 10))),
        (held("2026-01-11", "2026-01-10"), None),
    ];
    for (validity, expected) in rows {
        let found = validity.within(january).map(|d| (d.first.day(), d.last.day()));
        assert_eq!(found, expected, "{validity:?}");
        for date in january.iter() {
            assert_eq!(
                validity.contains(date),
                expected.is_some_and(|(first, last)| (first..=last).contains(&date.day()))
            );
        }
    }
}

#[test]
fn timeline_tells_pieces_gaps_and_overlaps() {
    let (timeline, overlaps) = Timeline::new([
        (held("2026-01-20", "2026-01-25"), "b"),
        (held("2026-01-05", "2026-01-10"), "a"),
        (held("2026-01-25", ""), "c"),
    ]);
    assert_eq!(overlaps, []);
    assert_eq!(pieces(&timeline, "2026-01-01", "2026-01-31"), "- 1..4, a 5..9, - 10..19, b 20..24, c 25..31");
    assert_eq!(pieces(&timeline, "2026-01-07", "2026-01-08"), "a 7..8");
    assert_eq!(timeline.gaps(Days::new(day("2026-01-01"), day("2026-02-01")).unwrap()).len(), 2);
    assert_eq!(timeline.at(day("2026-01-10")), None);
    assert_eq!(timeline.at(day("2099-01-10")), Some(&"c"));

    let (timeline, overlaps) = Timeline::new([
        (held("2026-01-05", ""), "a"),
        (held("2026-01-20", "2026-01-25"), "b"),
        (held("2026-01-20", "2026-01-20"), "empty"),
    ]);
    assert_eq!(overlaps, [Overlap { range: held("2026-01-20", "2026-01-25") }]);
    // The later start wins, and the earlier entry does not come back after it.
    assert_eq!(pieces(&timeline, "2026-01-01", "2026-01-31"), "- 1..4, a 5..19, b 20..24, - 25..31");
}

#[test]
fn stacked_entries_are_cut_where_the_set_changes() {
    let stack = Timeline::stack(&[
        (held("2026-01-05", "2026-01-20"), 'a'),
        (held("2026-01-10", ""), 'b'),
        (held("2026-01-25", "2026-01-25"), 'c'),
    ]);
    let at = |text: &str| -> String { stack.at(day(text)).map(|set| set.iter().collect()).unwrap_or_default() };
    assert_eq!(
        [at("2026-01-04"), at("2026-01-05"), at("2026-01-10"), at("2026-01-20"), at("2026-01-25")],
        ["", "a", "ab", "b", "b"]
    );
}

#[test]
fn months_stand_still_at_the_end() {
    assert_eq!(plus_months(day("2026-01-31"), 1), Some(day("2026-02-28")));
    assert_eq!(plus_months(day("2024-03-31"), -1), Some(day("2024-02-29")));
}

proptest::proptest! {
    /// The pieces of a range cover it without gap or overlap, and each day of a piece says the same.
    #[test]
    fn pieces_partition_the_range(spans in proptest::collection::vec((0_u64..60, 0_u64..30), 0..8), from in 0_u64..50, len in 0_u64..50) {
        let start = day("2026-01-01");
        let at = |offset: u64| start.checked_add_days(chrono::Days::new(offset)).unwrap();
        let entries: Vec<(Validity, usize)> = spans.iter().enumerate()
            .map(|(i, (a, n))| (Validity { from: at(*a), until: (i % 3 != 0).then(|| at(a + n)) }, i)).collect();
        let (timeline, _) = Timeline::new(entries.clone());
        let range = Days { first: at(from), last: at(from + len) };
        let mut next = range.first;
        for (piece, value) in timeline.pieces(range) {
            proptest::prop_assert_eq!(piece.first, next);
            for date in piece.iter() {
                proptest::prop_assert_eq!(timeline.at(date), value);
            }
            next = piece.last.succ_opt().unwrap();
        }
        proptest::prop_assert_eq!(next, range.last.succ_opt().unwrap());
        let stack = Timeline::stack(&entries);
        for date in range.iter() {
            let expected: Vec<usize> = entries.iter().filter(|(v, _)| v.contains(date)).map(|(_, i)| *i).collect();
            proptest::prop_assert_eq!(stack.at(date).cloned().unwrap_or_default(), expected);
        }
    }
}
