//! A row as the file holds it: one buffer of text and where each cell lies in it. Reused from row to row.

/// What the file itself says of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) enum CellKind {
    /// Text, to be read in the file's style.
    #[default]
    Text,
    /// A number written as machines do (`-12.5`), from XLSX or NDJSON.
    Number,
    /// An ISO day, from a date cell of XLSX.
    Date,
    /// An error value of the spreadsheet (`#REF!`), or a formula without a stored value.
    Fault,
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell<'a> {
    pub(crate) text: &'a str,
    pub(crate) kind: CellKind,
}

impl Cell<'_> {
    const EMPTY: Cell<'static> = Cell { text: "", kind: CellKind::Text };
}

/// Why a whole row cannot be taken, whatever its cells hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

#[derive(Debug, Default)]
pub(crate) struct RawRow {
    /// As a spreadsheet counts: the first row of the file is 1.
    pub(crate) number: u64,
    pub(crate) trouble: Option<Trouble>,
    /// A key that no column has (NDJSON).
    pub(crate) unknown: Option<String>,
    text: String,
    cells: Vec<(u32, u32, CellKind)>,
}

impl RawRow {
    pub(crate) fn clear(&mut self, number: u64) {
        self.number = number;
        self.trouble = None;
        self.unknown = None;
        self.text.clear();
        self.cells.clear();
    }

    /// Appends a cell.
    pub(crate) fn push(&mut self, text: &str, kind: CellKind) {
        let start = self.text.len();
        self.text.push_str(text);
        self.mark(start, self.text.len(), kind);
    }

    /// Text that cells are marked in afterwards.
    pub(crate) fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }

    /// Marks `start..end` of the text as the next cell. Rows are far smaller than 4 GiB; a larger one would be cut.
    pub(crate) fn mark(&mut self, start: usize, end: usize, kind: CellKind) {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.cells.push((narrow(start), narrow(end), kind));
    }

    /// Puts a cell at `index`, empty ones before it.
    pub(crate) fn put(&mut self, index: usize, text: &str, kind: CellKind) {
        while self.cells.len() < index {
            self.push("", CellKind::Text);
        }
        let start = self.text.len();
        self.text.push_str(text);
        let place =
            (u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(self.text.len()).unwrap_or(u32::MAX), kind);
        match self.cells.get_mut(index) {
            Some(cell) => *cell = place,
            None => self.cells.push(place),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(crate) fn cell(&self, index: usize) -> Cell<'_> {
        let Some((start, end, kind)) = self.cells.get(index).copied() else {
            return Cell::EMPTY;
        };
        let text = self.text.get(start as usize..end as usize).unwrap_or_default();
        Cell { text, kind }
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.cells.len()).map(|index| self.cell(index))
    }

    /// All that the row holds, to be compared with other rows.
    pub(crate) fn content(&self) -> impl std::hash::Hash + use<'_> {
        (self.text.as_str(), self.cells.as_slice())
    }

    /// Whether no cell holds anything.
    pub(crate) fn is_blank(&self) -> bool {
        self.cells().all(|cell| cell.text.trim().is_empty())
    }

    /// Keeps the first trouble of the row.
    pub(crate) fn fail(&mut self, code: &'static str, message: impl Into<String>, help: &'static str) {
        self.trouble.get_or_insert_with(|| Trouble { code, message: message.into(), help });
    }
}
