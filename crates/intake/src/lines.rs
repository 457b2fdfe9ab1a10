//! A window over a stream in which lines are found before they are consumed, within a fixed bound of memory.

use std::io::{self, Read};

/// How much is asked of the input at a time.
const CHUNK: usize = 256 * 1024;

pub(crate) struct Lines<R> {
    input: R,
    window: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    terminator: u8,
    limit: usize,
}

/// A line at the front of the window, not yet consumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    /// Bytes without the terminator.
    pub(crate) len: usize,
    /// Bytes with it; equal to `len` at the end of a file without a last line break.
    pub(crate) full: usize,
}

/// What stands at the front of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Line(Line),
    /// The line goes on beyond the limit; [`Lines::skip_line`] goes past it.
    TooLong,
    End,
}

impl<R: Read> Lines<R> {
    /// Lines of at most `limit` bytes.
    pub(crate) fn new(input: R, terminator: u8, limit: usize) -> Self {
        Self { input, window: vec![0; limit + CHUNK], start: 0, end: 0, ended: false, terminator, limit }
    }

    /// What is in the window.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.window.get(self.start..self.end).unwrap_or_default()
    }

    pub(crate) fn consume(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.end);
    }

    /// The line that ends at the first terminator at or after `from`, all of it counted from the front of the window.
    pub(crate) fn line(&mut self, from: usize) -> io::Result<Found> {
        let mut from = from;
        loop {
            let rest = self.bytes().get(from..).unwrap_or_default();
            if let Some(at) = memchr::memchr(self.terminator, rest) {
                let len = from + at;
                return Ok(if len > self.limit { Found::TooLong } else { Found::Line(Line { len, full: len + 1 }) });
            }
            let held = self.end - self.start;
            if held > self.limit {
                return Ok(Found::TooLong);
            }
            from = held;
            if self.ended {
                return Ok(if held == 0 { Found::End } else { Found::Line(Line { len: held, full: held }) });
            }
            self.fill()?;
        }
    }

    /// Goes past a line of any length.
    pub(crate) fn skip_line(&mut self) -> io::Result<()> {
        loop {
            if let Some(at) = memchr::memchr(self.terminator, self.bytes()) {
                self.consume(at + 1);
                return Ok(());
            }
            self.start = self.end;
            if self.ended {
                return Ok(());
            }
            self.fill()?;
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.window.len() - self.end < CHUNK / 2 {
            self.window.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        let room = self.window.get_mut(self.end..).unwrap_or_default();
        match self.input.read(room) {
            Ok(0) => self.ended = true,
            Ok(got) => self.end += got,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
        Ok(())
    }
}
