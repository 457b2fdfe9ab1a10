//! Reading numbers as people type and paste them. Pure; nothing here knows the browser.

use rust_decimal::Decimal;

/// Reads a typed number: `1.234,56`, `1,234.56`, `1 234,5`, `€ 12`, `-3`. `decimal` is the reader's own decimal sign,
/// which settles what a lone `1.234` means. Nothing when it is no number.
pub(crate) fn parse(text: &str, decimal: char) -> Option<Decimal> {
    let mut plain = String::with_capacity(text.len());
    let mut negative = false;
    for sign in text.trim().chars() {
        match sign {
            '0'..='9' | '.' | ',' => plain.push(sign),
            // Groups are also written with a space (several kinds) or an apostrophe.
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' | '€' | '$' | '£' | '%' => {}
            '-' | '−' if plain.is_empty() && !negative => negative = true,
            '+' if plain.is_empty() => {}
            _ => return None,
        }
    }
    let canonical: String = match decimal_mark(&plain, decimal) {
        Some(mark) => {
            let (whole, part) = plain.rsplit_once(mark)?;
            format!("{}.{part}", without_groups(whole)?)
        }
        None => without_groups(&plain)?,
    };
    if !canonical.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let canonical = canonical.trim_end_matches('.');
    let canonical = if canonical.starts_with('.') { format!("0{canonical}") } else { canonical.to_owned() };
    let value: Decimal = canonical.parse().ok()?;
    Some(if negative { -value } else { value })
}

/// The digits of a whole number; nothing where its groups are not of three digits.
fn without_groups(whole: &str) -> Option<String> {
    let mut groups = whole.split(['.', ',']);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let is_plain = rest.is_empty();
    let is_grouped = (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    let one_sign = !(whole.contains('.') && whole.contains(','));
    (is_plain || (is_grouped && one_sign)).then(|| first.to_owned() + &rest.concat())
}

/// Which of `.` and `,` separates the decimals of `plain`.
fn decimal_mark(plain: &str, own: char) -> Option<char> {
    let last = plain.rfind(['.', ','])?;
    let mark = plain.get(last..)?.chars().next()?;
    let other = if mark == '.' { ',' } else { '.' };
    let times = plain.matches(mark).count();
    if plain.contains(other) {
        // Both are there: the last one is the decimal sign, if it stands once.
        return (times == 1).then_some(mark);
    }
    if times > 1 {
        return None;
    }
    if mark == own {
        return Some(mark);
    }
    // A lone sign of the other language: a group of exactly three digits is a group, all else decimals.
    let behind = plain.len() - last - 1;
    if behind == 3 && last > 0 { None } else { Some(mark) }
}

/// The number as text to edit: the reader's decimal sign, no groups, no needless zeros.
pub(crate) fn editable(value: &Decimal, decimal: char) -> String {
    value.normalize().to_string().replace('.', &decimal.to_string())
}

/// Splits what was copied from a spreadsheet column into its numbers; `None` in a place that is no number.
pub(crate) fn pasted_column(text: &str, decimal: char) -> Vec<Option<Decimal>> {
    text.lines()
        .map(|line| line.split('\t').next().unwrap_or_default())
        .filter(|cell| !cell.trim().is_empty())
        .map(|cell| parse(cell, decimal))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        // typed, decimal sign of the language, read as
        let cases = [
            ("1.234,56", ',', Some("1234.56")),
            ("1,234.56", ',', Some("1234.56")),
            ("1.234.567", ',', Some("1234567")),
            ("1,234,567", '.', Some("1234567")),
            ("1.234", ',', Some("1234")),
            ("1.234", '.', Some("1.234")),
            ("1,234", '.', Some("1234")),
            ("1,234", ',', Some("1.234")),
            ("12.5", ',', Some("12.5")),
            ("12,5", '.', Some("12.5")),
            ("0,5", '.', Some("0.5")),
            (".5", ',', Some("0.5")),
            (",5", ',', Some("0.5")),
            ("5,", ',', Some("5")),
            ("€ 1 234,50", ',', Some("1234.50")),
            ("104,6%", ',', Some("104.6")),
            ("-3", ',', Some("-3")),
            ("−3,5", ',', Some("-3.5")),
            ("1’234.5", ',', Some("1234.5")),
            ("", ',', None),
            ("-", ',', None),
            (".", ',', None),
            ("12a", ',', None),
            ("1-2", ',', None),
            ("1.2,3.4", ',', None),
            ("1.23.4", ',', None),
            ("12,34.5", '.', None),
            ("1.234,567,8", ',', None),
            ("99999999999999999999999999999999", ',', None),
        ];
        for (typed, sign, expected) in cases {
            let expected = expected.map(|text| text.parse::<Decimal>().unwrap());
            assert_eq!(parse(typed, sign), expected, "`{typed}` with `{sign}`");
        }
    }

    #[test]
    fn what_is_shown_for_editing_reads_back_the_same() {
        for text in ["0", "1234.50", "-0.001", "1.234", "123456.789"] {
            let value: Decimal = text.parse().unwrap();
            for sign in [',', '.'] {
                assert_eq!(parse(&editable(&value, sign), sign), Some(value), "{text} with `{sign}`");
            }
        }
    }

    #[test]
    fn a_pasted_column_keeps_its_order_and_shows_what_is_no_number() {
        let column = pasted_column("1.000,50\tx\n\nabc\n3\n", ',');
        assert_eq!(column, [Some("1000.50".parse().unwrap()), None, Some(Decimal::from(3))]);
    }
}
