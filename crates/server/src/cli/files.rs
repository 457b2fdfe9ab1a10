//! Reading documents for commands that need no database.

use std::io::Read as _;
use std::path::Path;

use super::Failure;

/// Largest document read: 64 MiB.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A language of the text forms.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Language {
    /// English.
    En,
    /// Italian.
    It,
}

impl Language {
    /// ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::It => "it",
        }
    }
}

/// The text of a file, or of the standard input for `-`.
///
/// # Errors
/// Wrong input where it cannot be read, is too large or is no UTF-8.
pub fn read_document(path: &Path) -> Result<String, Failure> {
    let name = path.display();
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::Wrong(format!("`{name}` cannot be read: {error}")))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LARGEST {
        return Err(Failure::Wrong(format!("`{name}` is larger than 64 MiB")));
    }
    // A byte order mark is what some editors put before UTF-8; it is no part of the document.
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::Wrong(format!("`{name}` is not UTF-8: save it as UTF-8")))?;
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
}
