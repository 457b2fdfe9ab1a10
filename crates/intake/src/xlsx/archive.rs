//! The ZIP archive of a workbook: its directory, and one entry as a stream that stops at the limits.
//!
//! Our own reader of the few ZIP structures, because the guards must look at the same bytes as the reader: a library that
//! finds another directory than the one that was checked would be a way round.

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom, Take};

use flate2::Crc;
use flate2::read::DeflateDecoder;
use traguardo_domain::finding::Finding;

use super::{bomb, damaged, refusal};
use crate::limits::Limits;

/// The directory of an archive.
#[derive(Debug)]
pub(crate) struct Archive {
    entries: Vec<Entry>,
}

/// One file of an archive. Sizes are what the directory claims.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) name: String,
    deflated: bool,
    crc: u32,
    compressed: u64,
    size: u64,
    header_at: u64,
}

const END: &[u8] = b"PK\x05\x06";
const END_LEN: usize = 22;

impl Archive {
    /// Reads the directory at the end of `input`.
    pub(crate) fn read<R: Read + Seek>(input: &mut R, limits: &Limits) -> Result<Self, Box<Finding>> {
        Self::directory(input, limits).map_err(|e| super::finding_of(&e))
    }

    /// The entry of that path, whatever its case: writers differ.
    pub(crate) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn directory<R: Read + Seek>(input: &mut R, limits: &Limits) -> io::Result<Self> {
        let broken = |detail: &str| refusal(*damaged(detail));
        let length = input.seek(SeekFrom::End(0))?;
        let tail_len = length.min(u64::from(u16::MAX) + END_LEN as u64);
        input.seek(SeekFrom::Start(length - tail_len))?;
        let mut tail = Vec::new();
        input.by_ref().take(tail_len).read_to_end(&mut tail)?;
        let end_at = (0..tail.len().saturating_sub(END_LEN - 1))
            .rev()
            .find(|at| {
                let record = tail.get(*at..).unwrap_or_default();
                record.starts_with(END) && END_LEN + usize::from(u16_at(record, 20)) == record.len()
            })
            .ok_or_else(|| broken("its end is missing, the file was probably cut"))?;
        let end = tail.get(end_at..).unwrap_or_default();
        let (mut count, mut size, mut offset) =
            (u64::from(u16_at(end, 10)), u64::from(u32_at(end, 12)), u64::from(u32_at(end, 16)));
        if count == 0xffff || size == 0xffff_ffff || offset == 0xffff_ffff {
            // ZIP64: the locator stands right before the end record.
            let locator = end_at.checked_sub(20).and_then(|at| tail.get(at..end_at)).unwrap_or_default();
            if locator.starts_with(b"PK\x06\x07") {
                input.seek(SeekFrom::Start(u64_at(locator, 8)))?;
                let mut record = [0u8; 56];
                input.read_exact(&mut record)?;
                if !record.starts_with(b"PK\x06\x06") {
                    return Err(broken("its ZIP64 directory is missing"));
                }
                (count, size, offset) = (u64_at(&record, 32), u64_at(&record, 40), u64_at(&record, 48));
            }
        }
        // An entry takes 46 bytes and its names; a directory far larger than its count says is no honest one.
        let most = limits.archive_entries as u64;
        if count > most || size > most * 1024 {
            return Err(refusal(bomb(
                "too_many_entries",
                format!("the workbook's archive has more than `{most}` entries"),
            )));
        }
        if offset.checked_add(size).is_none_or(|to| to > length) {
            return Err(broken("its directory lies outside the file"));
        }
        input.seek(SeekFrom::Start(offset))?;
        let mut directory = Vec::new();
        input.by_ref().take(size).read_to_end(&mut directory)?;
        let mut entries = Vec::new();
        let mut names = HashSet::new();
        let mut rest = directory.as_slice();
        for _ in 0..count {
            let (entry, after) = Entry::parse(rest).ok_or_else(|| broken("its directory is damaged"))?;
            if entry.encrypted() {
                return Err(broken("it is encrypted; save it without a password"));
            }
            if !names.insert(entry.entry.name.to_ascii_lowercase()) {
                return Err(broken("two entries have the same name"));
            }
            entries.push(entry.entry);
            rest = after;
        }
        Ok(Self { entries })
    }
}

struct Parsed {
    entry: Entry,
    flags: u16,
}

impl Parsed {
    fn encrypted(&self) -> bool {
        self.flags & 1 != 0
    }
}

impl Entry {
    /// One record of the directory and what follows it.
    fn parse(bytes: &[u8]) -> Option<(Parsed, &[u8])> {
        if !bytes.starts_with(b"PK\x01\x02") || bytes.len() < 46 {
            return None;
        }
        let method = u16_at(bytes, 10);
        let (name_len, extra_len, comment_len) = (u16_at(bytes, 28), u16_at(bytes, 30), u16_at(bytes, 32));
        let name_end = 46 + usize::from(name_len);
        let extra_end = name_end + usize::from(extra_len);
        let name = String::from_utf8_lossy(bytes.get(46..name_end)?).replace('\\', "/");
        let mut entry = Self {
            name: name.trim_start_matches('/').to_owned(),
            deflated: match method {
                0 => false,
                8 => true,
                _ => return None,
            },
            crc: u32_at(bytes, 16),
            compressed: u64::from(u32_at(bytes, 20)),
            size: u64::from(u32_at(bytes, 24)),
            header_at: u64::from(u32_at(bytes, 42)),
        };
        entry.wide(bytes.get(name_end..extra_end)?);
        let flags = u16_at(bytes, 8);
        let rest = bytes.get(extra_end + usize::from(comment_len)..)?;
        Some((Parsed { entry, flags }, rest))
    }

    /// Sizes beyond 32 bits stand in an extra field.
    fn wide(&mut self, mut extra: &[u8]) {
        while extra.len() >= 4 {
            let (id, len) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
            if id == 1 {
                let mut at = 4;
                for value in [&mut self.size, &mut self.compressed, &mut self.header_at] {
                    if *value == 0xffff_ffff {
                        *value = u64_at(extra, at);
                        at += 8;
                    }
                }
                return;
            }
            extra = extra.get(4 + len..).unwrap_or_default();
        }
    }

    /// The entry's content, inflated within the limits.
    pub(crate) fn open<R: Read + Seek>(&self, mut input: R, limits: &Limits) -> io::Result<Inflating<R>> {
        if self.size > limits.entry_bytes {
            return Err(refusal(self.too_large(limits)));
        }
        input.seek(SeekFrom::Start(self.header_at))?;
        let mut header = [0u8; 30];
        input.read_exact(&mut header)?;
        if !header.starts_with(b"PK\x03\x04") {
            return Err(refusal(*damaged("an entry is not where the directory says")));
        }
        let skip = i64::from(u16_at(&header, 26)) + i64::from(u16_at(&header, 28));
        input.seek(SeekFrom::Current(skip))?;
        let taken = input.take(self.compressed);
        Ok(Inflating {
            body: if self.deflated { Body::Deflated(DeflateDecoder::new(taken)) } else { Body::Stored(taken) },
            out: 0,
            crc: Crc::new(),
            entry: self.clone(),
            limits: *limits,
        })
    }

    fn too_large(&self, limits: &Limits) -> Finding {
        bomb(
            "entry_too_large",
            format!("`{}` in the workbook is larger than `{}` bytes", self.name, limits.entry_bytes),
        )
    }
}

/// An entry's content as it is inflated; an error as soon as a limit is passed, and at the end when the checksum differs.
pub(crate) struct Inflating<R> {
    body: Body<R>,
    out: u64,
    crc: Crc,
    entry: Entry,
    limits: Limits,
}

enum Body<R> {
    Stored(Take<R>),
    Deflated(DeflateDecoder<Take<R>>),
}

impl<R: Read> Read for Inflating<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let (got, consumed) = match &mut self.body {
            Body::Stored(body) => {
                let got = body.read(out)?;
                (got, self.out + got as u64)
            }
            Body::Deflated(body) => {
                let got = body.read(out)?;
                (got, body.total_in())
            }
        };
        self.out += got as u64;
        self.crc.update(out.get(..got).unwrap_or_default());
        if self.out > self.limits.entry_bytes {
            return Err(refusal(self.entry.too_large(&self.limits)));
        }
        if self.out > self.limits.ratio_from && self.out / self.limits.ratio > consumed {
            return Err(refusal(bomb(
                "inflates_too_much",
                format!(
                    "`{}` in the workbook inflates to more than `{}` times its size",
                    self.entry.name, self.limits.ratio
                ),
            )));
        }
        if got == 0 && !out.is_empty() && self.crc.sum() != self.entry.crc {
            return Err(refusal(*damaged(&format!("the checksum of `{}` differs", self.entry.name))));
        }
        Ok(got)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map_or(0, u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
}
