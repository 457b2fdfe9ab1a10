//! Figures for the components on show: invented, and the same on each visit.

use crate::ui::Band;
use rust_decimal::Decimal;

/// A person of the sample table.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) region: &'static str,
    pub(super) product: &'static str,
    pub(super) goal: Decimal,
    pub(super) actual: Decimal,
    pub(super) attainment: Decimal,
    /// Not known yet for some.
    pub(super) pay: Option<Decimal>,
    pub(super) months: Vec<Decimal>,
}

impl Person {
    pub(super) fn band(&self) -> Band {
        band(&self.attainment)
    }
}

/// The band with the limits of the sample plan.
pub(super) fn band(attainment: &Decimal) -> Band {
    Band::of(attainment, &Decimal::new(8, 1), &Decimal::new(11, 1))
}

const FIRST: [&str; 12] = [
    "Giulia",
    "Marco",
    "Francesca",
    "Luca",
    "Chiara",
    "Alessandro",
    "Martina",
    "Davide",
    "Sofia",
    "Matteo",
    "Elena",
    "Paolo",
];
const LAST: [&str; 14] = [
    "Bianchi", "Rossi", "Esposito", "Romano", "Colombo", "Ricci", "Marino", "Greco", "Bruno", "Gallo", "Conti",
    "De Luca", "Mancini", "Costa",
];
const REGIONS: [&str; 8] =
    ["Lombardia", "Lazio", "Campania", "Veneto", "Piemonte", "Sicilia", "Emilia-Romagna", "Toscana"];
const PRODUCTS: [&str; 4] = ["Neurex", "Cardiolan", "Respiva", "Oncavel"];

/// Draws numbers that look like chance and are the same each time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }

    fn of(&mut self, words: &'static [&'static str]) -> &'static str {
        let place = usize::try_from(self.below(words.len() as u64)).unwrap_or(0);
        words.get(place).copied().unwrap_or_default()
    }

    fn decimal(&mut self, from: i64, to: i64, scale: u32) -> Decimal {
        let span = u64::try_from(to.saturating_sub(from)).unwrap_or(1);
        Decimal::new(from.saturating_add(i64::try_from(self.below(span)).unwrap_or(0)), scale)
    }
}

/// So many people.
pub(super) fn people(count: usize) -> Vec<Person> {
    let mut draw = Draw(2026);
    (0..count)
        .map(|place| {
            let goal = draw.decimal(80_000, 400_000, 0);
            // Three draws added up: most people near their goal, few far away.
            let attainment = draw.decimal(200, 500, 3) + draw.decimal(100, 400, 3) + draw.decimal(150, 500, 3);
            let actual = (goal * attainment).round_dp(2);
            let noise = draw.decimal(0, 90_000, 2) + draw.decimal(0, 60_000, 2);
            let pay = (Decimal::from(2400) * (attainment - Decimal::new(55, 2)).max(Decimal::ZERO) * Decimal::TWO
                + noise)
                .round_dp(2);
            Person {
                name: format!("{} {}", draw.of(&FIRST), draw.of(&LAST)),
                code: format!("R{:05}", place + 1),
                region: draw.of(&REGIONS),
                product: draw.of(&PRODUCTS),
                goal,
                actual,
                attainment,
                pay: (draw.below(17) != 0).then_some(pay),
                months: (0..9)
                    .map(|month| Decimal::from(month) * Decimal::new(4, 2) + draw.decimal(60, 110, 2))
                    .collect(),
            }
        })
        .collect()
}

/// A decimal of the sample, written exactly.
pub(super) fn d(text: &str) -> Decimal {
    text.parse().unwrap_or_default()
}
