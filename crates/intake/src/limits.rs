//! What a file may ask of us. Each limit has one place and one finding.

/// Limits of one file. The defaults hold a million-row sales file and refuse bombs within memory of tens of megabytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as it arrives.
    pub file_bytes: u64,
    /// Rows, header and empty ones included.
    pub rows: u64,
    /// Cells of one row.
    pub columns: usize,
    /// Bytes of one cell (a spreadsheet's own limit is 32,767 characters).
    pub cell_bytes: usize,
    /// Bytes of one row.
    pub row_bytes: usize,
    /// Entries of an XLSX archive.
    pub archive_entries: usize,
    /// Bytes of one archive entry after inflation.
    pub entry_bytes: u64,
    /// How many times larger than its compressed form an entry may be, once it passes [`Limits::ratio_from`].
    pub ratio: u64,
    /// Inflated bytes from which the ratio counts.
    pub ratio_from: u64,
    /// Bytes of all shared strings of a workbook together.
    pub shared_bytes: usize,
    /// Bytes of one XML event (a tag with its attributes, or a text).
    pub xml_event_bytes: usize,
    /// Attributes of one XML tag.
    pub xml_attributes: usize,
    /// Depth of XML elements.
    pub xml_depth: usize,
    /// Findings kept in full; all are counted.
    pub findings: usize,
    /// Findings kept in full for the same code and column.
    pub findings_of_a_sort: usize,
    /// Rows remembered for finding twins.
    pub remembered: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 1 << 30,
            rows: 10_000_000,
            columns: 512,
            cell_bytes: 32 * 1024 * 4,
            row_bytes: 1 << 20,
            archive_entries: 2_000,
            entry_bytes: 2 << 30,
            ratio: 100,
            ratio_from: 8 << 20,
            shared_bytes: 48 << 20,
            xml_event_bytes: 256 * 1024,
            xml_attributes: 64,
            xml_depth: 64,
            findings: 1_000,
            findings_of_a_sort: 100,
            remembered: 4_000_000,
        }
    }
}
