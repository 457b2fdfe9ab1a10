//! Counters for Prometheus: requests by operation and status, and how long they took.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the buckets, in milliseconds.
const BOUNDS_MS: [u128; 9] = [1, 5, 10, 25, 50, 100, 500, 1_000, 5_000];

#[derive(Debug, Clone, Copy, Default)]
struct Series {
    buckets: [u64; BOUNDS_MS.len()],
    count: u64,
    sum_micros: u128,
}

static SERIES: Mutex<BTreeMap<(&'static str, u16), Series>> = Mutex::new(BTreeMap::new());

/// Counts one answer.
pub fn count(operation: &'static str, status: u16, took: Duration) {
    let mut all = SERIES.lock().unwrap_or_else(PoisonError::into_inner);
    let series = all.entry((operation, status)).or_default();
    for (bucket, bound) in series.buckets.iter_mut().zip(BOUNDS_MS) {
        *bucket = bucket.saturating_add(u64::from(took.as_millis() <= bound));
    }
    series.count = series.count.saturating_add(1);
    series.sum_micros = series.sum_micros.saturating_add(took.as_micros());
}

/// Everything counted, in the text format of Prometheus.
pub fn render() -> String {
    let all = SERIES.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let name = "traguardo_request_duration_seconds";
    let mut text = format!("# HELP {name} How long answers took.\n# TYPE {name} histogram\n");
    for ((operation, status), series) in &all {
        let labels = format!("operation=\"{operation}\",status=\"{status}\"");
        for (count, bound) in series.buckets.iter().zip(BOUNDS_MS) {
            let _ = writeln!(text, "{name}_bucket{{{labels},le=\"{}.{:03}\"}} {count}", bound / 1000, bound % 1000);
        }
        let _ = writeln!(text, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", series.count);
        let (whole, part) = (series.sum_micros / 1_000_000, series.sum_micros % 1_000_000);
        let _ = writeln!(text, "{name}_sum{{{labels}}} {whole}.{part:06}\n{name}_count{{{labels}}} {}", series.count);
    }
    text
}
