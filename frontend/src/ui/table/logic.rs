//! Sorting, filtering and saving: what a table does apart from drawing.

use super::Sorting;
use super::column::{Column, Format, Value};
use crate::number;

/// The words of a search, small.
pub(super) fn words(search: &str) -> Vec<String> {
    search.to_lowercase().split_whitespace().map(str::to_owned).collect()
}

/// What the search looks at, row by row.
pub(super) fn haystacks(columns: &[Column], count: usize) -> Vec<String> {
    (0..count)
        .map(|place| {
            let mut text = String::new();
            for column in columns {
                if let Value::Text(part) = (column.value)(place) {
                    text.push_str(&part.to_lowercase());
                    text.push('\n');
                }
            }
            text
        })
        .collect()
}

/// The places of the rows to show, in their order; rows that are equal keep the order they came in.
pub(super) fn rows(
    columns: &[Column],
    count: usize,
    haystacks: Option<&[String]>,
    words: &[String],
    choices: &[(usize, String)],
    sorting: Option<Sorting>,
) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count)
        .filter(|place| {
            haystacks.and_then(|all| all.get(*place)).is_none_or(|text| words.iter().all(|word| text.contains(word)))
        })
        .filter(|place| {
            choices.iter().all(|(column, wanted)| {
                columns
                    .get(*column)
                    .is_none_or(|column| matches!((column.value)(*place), Value::Text(text) if text == *wanted))
            })
        })
        .collect();
    let Some(Sorting { column, descending }) = sorting else { return places };
    let Some(column) = columns.get(column) else { return places };
    let mut keyed: Vec<(Value, usize)> = places.iter().map(|place| ((column.value)(*place), *place)).collect();
    keyed.sort_by(|(one, _), (two, _)| {
        let by_rank = one.rank().cmp(&two.rank());
        let order = one.order(two);
        by_rank.then(if descending { order.reverse() } else { order })
    });
    places.clear();
    places.extend(keyed.into_iter().map(|(_, place)| place));
    places
}

/// The different texts of a column, in order.
pub(super) fn distinct(column: &Column, count: usize) -> Vec<String> {
    let mut texts: Vec<String> = (0..count)
        .filter_map(|place| match (column.value)(place) {
            Value::Text(text) => Some(text),
            _ => None,
        })
        .collect();
    texts.sort();
    texts.dedup();
    texts
}

/// The rows as CSV as the reader's spreadsheet opens it: semicolons, the reader's decimal sign, a byte order mark.
pub(super) fn csv(columns: &[&Column], rows: &[usize], decimal: char) -> String {
    let mut out = String::from('\u{feff}');
    let head: Vec<String> = columns.iter().map(|column| quoted(&column.label.get())).collect();
    out.push_str(&head.join(";"));
    out.push_str("\r\n");
    for place in rows {
        let cells: Vec<String> = columns.iter().map(|column| cell(column, *place, decimal)).collect();
        out.push_str(&cells.join(";"));
        out.push_str("\r\n");
    }
    out
}

fn cell(column: &Column, place: usize, decimal: char) -> String {
    match (column.value)(place) {
        Value::Text(text) => quoted(&text),
        // Exact, not as rounded for the eye; a percentage as the percentage it is read as.
        Value::Number(number) if column.format == Format::Percent => {
            let percent = number.checked_mul(rust_decimal::Decimal::ONE_HUNDRED).unwrap_or(number);
            format!("{}%", number::editable(&percent, decimal))
        }
        Value::Number(number) => number::editable(&number, decimal),
        Value::Date(date) => date.to_string(),
        Value::Missing | Value::Pending => String::new(),
    }
}

fn quoted(text: &str) -> String {
    // A spreadsheet would run a text that begins like a formula.
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([';', '"', '\n', '\r', ',']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

/// Keeps what the person set in the address, without a step in the history.
pub(super) mod url {
    use super::super::Sorting;
    use super::super::column::Column;
    use leptos::prelude::*;
    use std::sync::Arc;
    use wasm_bindgen::JsValue;

    /// Reads the state from the address once and writes each change to it.
    pub(in super::super) fn keep(
        name: &'static str,
        columns: &Arc<Vec<Column>>,
        search: RwSignal<String>,
        choices: RwSignal<Vec<(usize, String)>>,
        sorting: RwSignal<Option<Sorting>>,
    ) {
        if let Some(query) = query() {
            search.set(query.get(&format!("{name}.q")).unwrap_or_default());
            if let Some(order) = query.get(&format!("{name}.sort")) {
                let (code, descending) = order.strip_prefix('-').map_or((order.as_str(), false), |code| (code, true));
                let column = columns.iter().position(|column| column.code == code);
                sorting.set(column.map(|column| Sorting { column, descending }));
            }
            let kept = columns.iter().enumerate().filter(|(_, column)| column.choice).filter_map(|(place, column)| {
                query.get(&format!("{name}.{}", column.code)).map(|value| (place, value))
            });
            choices.set(kept.collect());
        }
        let columns = Arc::clone(columns);
        Effect::new(move |earlier: Option<()>| {
            let (search, choices, sorting) = (search.get(), choices.get(), sorting.get());
            if earlier.is_none() {
                return;
            }
            let Some(query) = query() else { return };
            set(&query, &format!("{name}.q"), (!search.trim().is_empty()).then_some(search.as_str()));
            let order = sorting.and_then(|sorting| {
                let code = columns.get(sorting.column)?.code;
                Some(if sorting.descending { format!("-{code}") } else { code.to_owned() })
            });
            set(&query, &format!("{name}.sort"), order.as_deref());
            for (place, column) in columns.iter().enumerate().filter(|(_, column)| column.choice) {
                let value = choices.iter().find(|(chosen, _)| *chosen == place).map(|(_, value)| value.as_str());
                set(&query, &format!("{name}.{}", column.code), value);
            }
            let query = query.to_string().as_string().unwrap_or_default();
            let path = window().location().pathname().unwrap_or_default();
            let address = if query.is_empty() { path } else { format!("{path}?{query}") };
            if let Ok(history) = window().history() {
                let state = history.state().unwrap_or(JsValue::NULL);
                let _ = history.replace_state_with_url(&state, "", Some(&address));
            }
        });
    }

    fn query() -> Option<web_sys::UrlSearchParams> {
        let search = window().location().search().ok()?;
        web_sys::UrlSearchParams::new_with_str(&search).ok()
    }

    fn set(query: &web_sys::UrlSearchParams, name: &str, value: Option<&str>) {
        match value {
            Some(value) => query.set(name, value),
            None => query.delete(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::*;
    use rust_decimal::Decimal;

    struct Row(&'static str, Option<&'static str>);

    fn columns(owner_rows: Vec<Row>) -> (Vec<Column>, usize) {
        let count = owner_rows.len();
        let data = Signal::stored(owner_rows);
        let name = Column::new("name", "Name", Format::Text, data, |row: &Row| Value::Text(row.0.to_owned()));
        let pay = Column::new("pay", "Pay", Format::Money("EUR"), data, |row: &Row| {
            row.1.map_or(Value::Missing, |pay| Value::Number(pay.parse::<Decimal>().unwrap_or_default()))
        });
        (vec![name, pay], count)
    }

    fn sample() -> (Vec<Column>, usize) {
        columns(vec![
            Row("Rossi", Some("10")),
            Row("bianchi", None),
            Row("Verdi", Some("9.50")),
            Row("=SUM(A1)", Some("-2")),
        ])
    }

    #[test]
    fn rows_are_sorted_and_what_is_missing_stays_last() {
        let owner = Owner::new();
        owner.set();
        let (columns, count) = sample();
        let sorted = |column, descending| rows(&columns, count, None, &[], &[], Some(Sorting { column, descending }));
        assert_eq!(sorted(1, false), [3, 2, 0, 1]);
        assert_eq!(sorted(1, true), [0, 2, 3, 1]);
        assert_eq!(sorted(0, false), [3, 1, 0, 2]);
        assert_eq!(rows(&columns, count, None, &[], &[], None), [0, 1, 2, 3]);
    }

    #[test]
    fn rows_are_found_by_all_words_and_by_choice() {
        let owner = Owner::new();
        owner.set();
        let (columns, count) = sample();
        let texts = haystacks(&columns, count);
        assert_eq!(rows(&columns, count, Some(&texts), &words("RO si"), &[], None), [0]);
        assert_eq!(rows(&columns, count, None, &[], &[(0, "Verdi".to_owned())], None), [2]);
        assert!(rows(&columns, count, Some(&texts), &words("nobody"), &[], None).is_empty());
    }

    #[test]
    fn csv_is_exact_quoted_and_cannot_run() {
        let owner = Owner::new();
        owner.set();
        let (columns, _) = sample();
        let columns: Vec<&Column> = columns.iter().collect();
        assert_eq!(csv(&columns, &[2, 1, 3], ','), "\u{feff}Name;Pay\r\nVerdi;9,5\r\nbianchi;\r\n'=SUM(A1);-2\r\n");
        assert_eq!(quoted("a;\"b\""), "\"a;\"\"b\"\"\"");
    }
}
