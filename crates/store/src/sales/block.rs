//! Lines packed for reading all of a period.
//!
//! A block is the format number (1), then for each line eleven numbers, each as a variable-length
//! integer (seven bits a byte, lowest first; signed ones zigzag): the row less the row before, the day
//! less the day before, product, participant, territory, channel, customer (0: none), currency
//! (three letters as base 26, plus 1), amount, quantity and margin (0: none, otherwise
//! zigzag plus 1).

use super::day_number;
use super::line::{Currency, MAX_ROWS, NewLine, line_id};
use crate::db::StoreError;

/// Lines of one block.
pub(super) const LINES: usize = 4096;
const FORMAT: u8 = 1;

/// A line as a scan gives it: everything but the source's own id, as plain numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Packed {
    /// The line's id.
    pub id: i64,
    /// Days since 1970-01-01.
    pub day: i64,
    /// Number of the product.
    pub product: i64,
    /// Number of the participant named on it; 0: none.
    pub participant: i64,
    /// Number of the territory; 0: none.
    pub territory: i64,
    /// Number of the channel; 0: none.
    pub channel: i64,
    /// Number of the customer; 0: none.
    pub customer: i64,
    /// The currency, as [`Packed::currency`] reads it.
    currency: u32,
    /// Amount in millionths.
    pub amount: i64,
    /// Quantity in millionths.
    pub quantity: Option<i64>,
    /// Margin in millionths.
    pub margin: Option<i64>,
}

impl Packed {
    /// The currency.
    pub fn currency(&self) -> Option<Currency> {
        let letter = |place: u32| {
            let digit = self.currency.checked_sub(1)?.checked_div(place)?.checked_rem(26)?;
            char::from_u32(digit.saturating_add(u32::from(b'A')))
        };
        let text: String = [letter(676)?, letter(26)?, letter(1)?].iter().collect();
        Currency::parse(&text)
    }

    /// The number by which lines carry a currency.
    pub fn code_of(currency: Currency) -> u32 {
        u32::try_from(currency_number(currency)).unwrap_or(0)
    }

    /// The currency as a number that compares fast.
    pub fn currency_code(&self) -> u32 {
        self.currency
    }
}

fn currency_number(currency: Currency) -> u64 {
    let number = currency
        .as_str()
        .bytes()
        .fold(0_u64, |sum, letter| sum.saturating_mul(26).saturating_add(u64::from(letter.saturating_sub(b'A'))));
    number.saturating_add(1)
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ (number & 1).cast_signed().wrapping_neg()
}

fn put(data: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        data.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
        number >>= 7;
    }
    data.push(u8::try_from(number).unwrap_or(0));
}

/// Zigzag plus 1 in 65 bits does not fit for the one smallest number; it is written as two.
fn put_maybe(data: &mut Vec<u8>, number: Option<i64>) {
    match number.map(zigzag) {
        None => put(data, 0),
        Some(u64::MAX) => {
            put(data, u64::MAX);
            put(data, 1);
        }
        Some(number) => {
            let plus = number.saturating_add(1);
            put(data, plus);
            if plus == u64::MAX {
                put(data, 0);
            }
        }
    }
}

/// Packs lines of ascending rows; refused where they do not ascend.
pub(super) fn pack(lines: &[NewLine]) -> Result<Vec<u8>, StoreError> {
    let mut data = Vec::with_capacity(lines.len().saturating_mul(28).saturating_add(1));
    data.push(FORMAT);
    let (mut row, mut day) = (0, 0);
    for line in lines {
        let ahead = u64::try_from(line.row.saturating_sub(row)).ok().filter(|ahead| *ahead > 0);
        let Some(ahead) = ahead else {
            let message = format!("row `{}` comes after row `{row}`: stage rows in their order", line.row);
            return Err(StoreError::refused("row_order", message));
        };
        put(&mut data, ahead);
        row = line.row;
        let this = day_number(line.day);
        put(&mut data, zigzag(this.saturating_sub(day)));
        day = this;
        for number in [Some(line.product), line.participant, line.territory, line.channel, line.customer] {
            put(&mut data, number.unwrap_or(0).cast_unsigned());
        }
        put(&mut data, currency_number(line.currency));
        put(&mut data, zigzag(line.amount.0));
        put_maybe(&mut data, line.quantity.map(|quantity| quantity.0));
        put_maybe(&mut data, line.margin.map(|margin| margin.0));
    }
    Ok(data)
}

/// Reads a block line by line.
struct Reader<'a> {
    data: std::slice::Iter<'a, u8>,
}

impl Reader<'_> {
    #[inline]
    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        let mut shift = 0_u32;
        loop {
            let byte = *self.data.next()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
            shift = shift.checked_add(7)?;
        }
    }

    #[inline]
    fn small(&mut self) -> Option<i64> {
        self.number().map(u64::cast_signed)
    }

    #[inline]
    fn signed(&mut self) -> Option<i64> {
        self.number().map(unzigzag)
    }

    #[inline]
    fn maybe(&mut self) -> Option<Option<i64>> {
        Some(match self.number()? {
            0 => None,
            u64::MAX => Some(unzigzag(u64::MAX.wrapping_sub(1).wrapping_add(self.number()?))),
            number => Some(unzigzag(number.wrapping_sub(1))),
        })
    }

    #[inline]
    fn line(&mut self, batch_num: i64, row: &mut i64, day: &mut i64) -> Option<Packed> {
        *row = row.checked_add(self.small()?)?;
        *day = day.checked_add(self.signed()?)?;
        Some(Packed {
            id: line_id(batch_num, *row),
            day: *day,
            product: self.small()?,
            participant: self.small()?,
            territory: self.small()?,
            channel: self.small()?,
            customer: self.small()?,
            currency: u32::try_from(self.number()?).ok()?,
            amount: self.signed()?,
            quantity: self.maybe()?,
            margin: self.maybe()?,
        })
    }
}

/// Unpacks a block of a batch; a damaged one is an error.
pub(super) fn unpack(
    batch_num: i64,
    data: &[u8],
    mut each: impl FnMut(&Packed) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let damaged = || StoreError::Corrupt {
        column: "sales_blocks.data".to_owned(),
        value: format!("batch {batch_num}, {} bytes", data.len()),
        expected: "block of lines",
    };
    let Some((&FORMAT, rest)) = data.split_first() else {
        return Err(damaged());
    };
    let mut reader = Reader { data: rest.iter() };
    let (mut row, mut day) = (0, 0);
    while !reader.data.as_slice().is_empty() {
        let line = reader.line(batch_num, &mut row, &mut day).filter(|_| row < MAX_ROWS).ok_or_else(damaged)?;
        each(&line)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Scaled;
    use crate::sales::day_of;

    fn line(row: i64, day: i64, amount: i64, margin: Option<i64>) -> NewLine {
        NewLine {
            row,
            day: day_of(day).unwrap(),
            product: 60,
            participant: (row % 2 == 0).then_some(5_000),
            territory: (row % 2 == 1).then_some(i64::from(u32::MAX)),
            channel: None,
            customer: Some(1),
            amount: Scaled(amount),
            quantity: margin.map(|margin| Scaled(margin.wrapping_neg())),
            margin: margin.map(Scaled),
            currency: Currency::parse(if row == 3 { "ZZZ" } else { "EUR" }).unwrap(),
            external_id: None,
        }
    }

    #[test]
    fn what_is_packed_is_read() {
        let lines = [
            line(1, 17_000, 0, None),
            line(2, 16_999, i64::MIN, Some(i64::MIN)),
            line(3, -10, i64::MAX, Some(i64::MAX)),
            line(7, 30_000, -1, Some(0)),
            line(268_435_455, 0, 300_000, Some(-1)),
            line(268_435_455, 0, 1, None),
        ];
        let data = pack(&lines[..5]).unwrap();
        let mut read = Vec::new();
        unpack(9, &data, |packed| {
            read.push(*packed);
            Ok(())
        })
        .unwrap();
        assert_eq!(read.len(), 5);
        for (packed, line) in read.iter().zip(&lines) {
            assert_eq!(packed.id, line_id(9, line.row));
            assert_eq!(day_of(packed.day), Some(line.day));
            assert_eq!((packed.product, packed.channel, packed.customer), (60, 0, 1));
            assert_eq!(packed.participant, line.participant.unwrap_or(0));
            assert_eq!(packed.territory, line.territory.unwrap_or(0));
            assert_eq!(packed.amount, line.amount.0);
            assert_eq!(packed.quantity, line.quantity.map(|quantity| quantity.0));
            assert_eq!(packed.margin, line.margin.map(|margin| margin.0));
            assert_eq!(packed.currency(), Some(line.currency));
        }
        assert!(matches!(pack(&lines), Err(StoreError::Refused { code: "row_order", .. })));
        for cut in [1, data.len() - 1, data.len() - 5] {
            let outcome = unpack(9, &data[..cut], |_| Ok(()));
            assert_eq!(outcome.is_err(), cut != 1, "cut at {cut}");
        }
        assert!(unpack(9, &[], |_| Ok(())).is_err());
        assert!(unpack(9, &[2], |_| Ok(())).is_err());
    }
}
