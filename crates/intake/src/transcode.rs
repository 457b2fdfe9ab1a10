//! Any of our encodings to UTF-8, as a stream.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder};

use crate::reading::Encoding;

/// Reads UTF-8 out of a text in another encoding. UTF-8 itself passes through unchecked: rows are checked one by one.
pub(crate) struct Transcoder<R> {
    input: R,
    decoder: Option<Decoder>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    finished: bool,
}

impl<R: Read> Transcoder<R> {
    /// `input` stands after the byte order mark.
    pub(crate) fn new(input: R, encoding: Encoding) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 => None,
            Encoding::Windows1252 => Some(encoding_rs::WINDOWS_1252.new_decoder_without_bom_handling()),
            Encoding::Utf16Le => Some(encoding_rs::UTF_16LE.new_decoder_without_bom_handling()),
            Encoding::Utf16Be => Some(encoding_rs::UTF_16BE.new_decoder_without_bom_handling()),
        };
        let size = if decoder.is_some() { 32 * 1024 } else { 0 };
        Self { input, decoder, buffer: vec![0; size], start: 0, end: 0, ended: false, finished: false }
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(decoder) = &mut self.decoder else {
            return self.input.read(out);
        };
        if out.is_empty() || self.finished {
            return Ok(0);
        }
        loop {
            if self.start == self.end && !self.ended {
                self.start = 0;
                self.end = self.input.read(&mut self.buffer)?;
                self.ended = self.end == 0;
            }
            let source = self.buffer.get(self.start..self.end).unwrap_or_default();
            let (result, read, written, _) = decoder.decode_to_utf8(source, out, self.ended);
            self.start += read;
            // A decoder that was told of the end and has taken all must not be asked again.
            self.finished = self.ended && result == CoderResult::InputEmpty;
            if written > 0 || self.finished {
                return Ok(written);
            }
            if read == 0 && result == CoderResult::OutputFull {
                return Err(io::Error::other("buffer too small for a character"));
            }
        }
    }
}
