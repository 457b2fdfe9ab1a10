//! What can be imported: each kind is a table of columns.

use serde::{Deserialize, Serialize};

/// A kind of import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// People whose performance is measured and paid.
    Participants,
    /// The organisation's units.
    Units,
    /// Territories from the nation down to the brick.
    Territories,
    /// Who holds which territory when.
    Assignments,
    /// Who is away when.
    Absences,
    /// Products.
    Products,
    /// Product categories.
    Categories,
    /// Sales lines.
    Sales,
    /// Performance indicators other than sales.
    Kpis,
    /// Goals.
    Goals,
    /// Results of the system that is being replaced, for the parallel run.
    Results,
}

impl Kind {
    /// Every kind, in the order in which a new installation imports them.
    pub const ALL: [Self; 11] = [
        Self::Units,
        Self::Participants,
        Self::Territories,
        Self::Assignments,
        Self::Absences,
        Self::Categories,
        Self::Products,
        Self::Sales,
        Self::Kpis,
        Self::Goals,
        Self::Results,
    ];

    /// The kind's word in URLs and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Participants => "participants",
            Self::Units => "units",
            Self::Territories => "territories",
            Self::Assignments => "assignments",
            Self::Absences => "absences",
            Self::Products => "products",
            Self::Categories => "categories",
            Self::Sales => "sales",
            Self::Kpis => "kpis",
            Self::Goals => "goals",
            Self::Results => "results",
        }
    }

    /// The column of that name.
    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

impl std::str::FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| UnknownKind(word.to_owned()))
    }
}

/// There is no such kind of import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKind(pub String);

impl std::fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unknown import kind `{}`; use one of", self.0)?;
        for kind in Kind::ALL {
            write!(f, " `{kind}`")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownKind {}

/// Whether a row needs a value in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Every row.
    Required,
    /// May be empty or absent.
    Optional,
    /// At least one of the columns that share this word.
    OneOf(&'static str),
    /// Not part of the kind itself: says what to create with `--create-missing`.
    Creates,
}

/// What a column's cells are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A short stable key, at most 64 characters.
    Code,
    /// Free text, at most 500 characters.
    Text,
    /// An e-mail address.
    Email,
    /// A three-letter ISO 4217 code.
    Currency,
    /// A calendar day.
    Date,
    /// A month, quarter, four months, half-year or year: `2026-03`, `2026-Q1`, `2026-T1`, `2026-H1`, `2026`.
    Period,
    /// An exact number.
    Decimal(Bounds),
    /// One of a closed list; each value with other words for it.
    Choice(&'static [(&'static str, &'static [&'static str])]),
}

/// What a number may be. Beyond `scale` decimals it is rounded half to even, with a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Decimals kept.
    pub scale: u32,
    /// Whether it may be below zero.
    pub negative: bool,
    /// The largest value allowed, where there is one below the general limit (12 digits before the point).
    pub at_most: Option<u32>,
}

/// Money: six decimals, returns are negative.
pub const MONEY: Type = Type::Decimal(Bounds { scale: 6, negative: true, at_most: None });
/// A quantity or a measured value: six decimals, may be negative.
pub const QUANTITY: Type = MONEY;
/// A price, a potential or a goal: six decimals, not negative.
pub const POSITIVE: Type = Type::Decimal(Bounds { scale: 6, negative: false, at_most: None });
/// A share or full-time equivalent between 0 and 1 (`0.8`, `80%`).
pub const SHARE: Type = Type::Decimal(Bounds { scale: 6, negative: false, at_most: Some(1) });

impl Type {
    /// The type's word in documents.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Text => "text",
            Self::Email => "email",
            Self::Currency => "currency",
            Self::Date => "date",
            Self::Period => "period",
            Self::Decimal(_) => "decimal",
            Self::Choice(_) => "choice",
        }
    }
}

/// One column of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in a file that follows our own format, and its key in a mapping.
    pub name: &'static str,
    /// Whether a row needs it.
    pub need: Need,
    /// What its cells are.
    pub ty: Type,
    /// Part of what makes a row the same as another one (see [`crate::twins`]).
    pub key: bool,
    /// The kind whose code or name it holds.
    pub refers: Option<Kind>,
    /// Headers found in the field, lower case, Italian and English.
    pub aliases: &'static [&'static str],
}

impl Column {
    /// An optional column.
    pub const fn new(name: &'static str, ty: Type) -> Self {
        Self { name, need: Need::Optional, ty, key: false, refers: None, aliases: &[] }
    }

    /// Every row needs it.
    #[must_use]
    pub const fn required(self) -> Self {
        self.need(Need::Required)
    }

    /// Whether a row needs it.
    #[must_use]
    pub const fn need(mut self, need: Need) -> Self {
        self.need = need;
        self
    }

    /// Part of the row's key.
    #[must_use]
    pub const fn key(mut self) -> Self {
        self.key = true;
        self
    }

    /// Holds the code or name of a thing of another kind.
    #[must_use]
    pub const fn refers(mut self, kind: Kind) -> Self {
        self.refers = Some(kind);
        self
    }

    /// Other headers for it.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }
}
