//! Where the bytes come from: a path or a slice, gzip or not, UTF-16 or not, and always readable from the beginning again.
//!
//! Gzip is known by its first bytes, whatever a header says. Limits bind compressed input only: a plain file is read in small
//! pieces and may be of any size.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::refusal::Refusal;

/// What compressed input may grow to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnpackLimits {
    /// Bytes that may come out whatever went in.
    pub free_bytes: u64,
    /// Beyond those, bytes out for each byte in.
    pub ratio_max: u64,
    /// Bytes that may come out at all.
    pub bytes_max: u64,
}

impl Default for UnpackLimits {
    /// 1 MiB free, then 100 to 1, at most 16 GiB.
    fn default() -> UnpackLimits {
        UnpackLimits { free_bytes: 1 << 20, ratio_max: 100, bytes_max: 16 << 30 }
    }
}

/// The bytes of a file.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A file on disk.
    Path(&'a Path),
    /// Bytes in memory: a downloaded document, standard input read to its end.
    Bytes(&'a [u8]),
}

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packing {
    pub(crate) gzip: bool,
    pub(crate) mark: Option<Mark>,
}

/// A byte order mark, or zeros where only UTF-16 has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Utf8,
    Utf16 { little: bool },
}

impl Input<'_> {
    fn raw(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        match self {
            Input::Path(path) => Ok(Box::new(File::open(path)?)),
            Input::Bytes(bytes) => Ok(Box::new(*bytes)),
        }
    }

    /// SHA-256 of the bytes as they are, in hexadecimal: the same file again has the same one.
    ///
    /// # Errors
    ///
    /// [`Refusal::Unreadable`].
    pub fn sha256(&self) -> Result<String, Refusal> {
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        let mut reader = self.raw().map_err(|error| self.unreadable(&error))?;
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => digest.update(&buffer[..read]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.unreadable(&error)),
            }
        }
        Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The name for messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Input::Path(path) => path.display().to_string(),
            Input::Bytes(_) => "The document".to_owned(),
        }
    }

    pub(crate) fn unreadable(&self, error: &io::Error) -> Refusal {
        Refusal::Unreadable { file: self.name(), reason: error.to_string() }
    }

    /// How the bytes are packed.
    pub(crate) fn packing(&self, limits: UnpackLimits) -> Result<Packing, Refusal> {
        let mut head = [0; 4];
        let mut raw = self.raw().map_err(|error| self.unreadable(&error))?;
        let read = fill(&mut raw, &mut head).map_err(|error| self.unreadable(&error))?;
        let gzip = head[..read].starts_with(&[0x1f, 0x8b]);
        let mut text = self.unpacked(gzip, limits)?;
        let read = fill(&mut text, &mut head).map_err(|error| self.failure(&error))?;
        Ok(Packing { gzip, mark: mark_of(&head[..read]) })
    }

    /// The text from its beginning, without its mark, in UTF-8 if it was UTF-16.
    pub(crate) fn text(&self, packing: Packing, limits: UnpackLimits) -> Result<Box<dyn Read + Send + '_>, Refusal> {
        let mut unpacked = self.unpacked(packing.gzip, limits)?;
        Ok(match packing.mark {
            None => unpacked,
            Some(Mark::Utf8) => {
                fill(&mut unpacked, &mut [0; 3]).map_err(|error| self.failure(&error))?;
                unpacked
            }
            Some(Mark::Utf16 { little }) => {
                let encoding = if little { UTF_16LE } else { UTF_16BE };
                Box::new(Transcoded::new(unpacked, encoding.new_decoder_with_bom_removal()))
            }
        })
    }

    fn unpacked(&self, gzip: bool, limits: UnpackLimits) -> Result<Box<dyn Read + Send + '_>, Refusal> {
        let raw = self.raw().map_err(|error| self.unreadable(&error))?;
        if !gzip {
            return Ok(raw);
        }
        Ok(Box::new(Unpacked { inner: MultiGzDecoder::new(Counted { inner: raw, bytes: 0 }), out: 0, limits }))
    }

    /// What a failure while reading means.
    pub(crate) fn failure(&self, error: &io::Error) -> Refusal {
        if let Some(Grown(limit)) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
            return Refusal::Bomb { limit: limit.clone() };
        }
        match error.kind() {
            ErrorKind::UnexpectedEof => Refusal::Damaged { reason: "the gzip file was cut off".to_owned() },
            ErrorKind::InvalidData | ErrorKind::InvalidInput => Refusal::Damaged {
                reason: "the gzip file does not match its checksum or holds something else".to_owned(),
            },
            _ => self.unreadable(error),
        }
    }
}

fn mark_of(head: &[u8]) -> Option<Mark> {
    match head {
        [0xEF, 0xBB, 0xBF, ..] => Some(Mark::Utf8),
        [0xFF, 0xFE, ..] => Some(Mark::Utf16 { little: true }),
        [0xFE, 0xFF, ..] => Some(Mark::Utf16 { little: false }),
        [a, 0, b, 0] if *a != 0 && *b != 0 => Some(Mark::Utf16 { little: true }),
        [0, a, 0, b] if *a != 0 && *b != 0 => Some(Mark::Utf16 { little: false }),
        _ => None,
    }
}

/// Reads until `buffer` is full or there is no more.
pub(crate) fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

struct Counted<R> {
    inner: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the text grows beyond {0}")]
struct Grown(String);

/// Unpacks and stops when a limit is passed.
struct Unpacked<R> {
    inner: MultiGzDecoder<Counted<R>>,
    out: u64,
    limits: UnpackLimits,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.out += read as u64;
        let UnpackLimits { free_bytes, ratio_max, bytes_max } = self.limits;
        let by_ratio = free_bytes.saturating_add(ratio_max.saturating_mul(self.inner.get_ref().bytes));
        if self.out > bytes_max {
            return Err(io::Error::other(Grown(format!("{bytes_max} bytes"))));
        }
        if self.out > by_ratio {
            return Err(io::Error::other(Grown(format!("{ratio_max} times its size"))));
        }
        Ok(read)
    }
}

/// Another encoding as UTF-8.
pub(crate) struct Transcoded<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Transcoded<R> {
    pub(crate) fn new(inner: R, decoder: Decoder) -> Transcoded<R> {
        Transcoded { inner, decoder, raw: vec![0; 1 << 15], text: Vec::new(), given: 0, ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let read = fill(&mut self.inner, &mut self.raw)?;
        self.ended = read < self.raw.len();
        let needed = self.decoder.max_utf8_buffer_length(read).unwrap_or(4 * self.raw.len());
        self.text.resize(needed, 0);
        let (result, _, written, _) = self.decoder.decode_to_utf8(&self.raw[..read], &mut self.text, self.ended);
        debug_assert_eq!(result, CoderResult::InputEmpty, "the buffer has the length that the decoder asked for");
        self.text.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let rest = &self.text[self.given..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::zipped;

    fn text(bytes: &[u8], limits: UnpackLimits) -> Result<String, Refusal> {
        let input = Input::Bytes(bytes);
        let packing = input.packing(limits)?;
        let mut text = String::new();
        input.text(packing, limits)?.read_to_string(&mut text).map_err(|error| input.failure(&error))?;
        Ok(text)
    }

    #[test]
    fn every_packing_gives_the_same_text() {
        let plain = "a\tcafé\n".repeat(10_000);
        let utf16: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16_be: Vec<u8> = plain.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let packings = [
            plain.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", plain.as_bytes()].concat(),
            zipped(plain.as_bytes()),
            [zipped(&plain.as_bytes()[..100]), zipped(&plain.as_bytes()[100..])].concat(),
            [&[0xFF, 0xFE][..], &utf16].concat(),
            [&[0xFE, 0xFF][..], &utf16_be].concat(),
            utf16,
            utf16_be,
        ];
        for packing in packings {
            assert!(text(&packing, UnpackLimits::default()).unwrap() == plain);
        }
    }

    #[test]
    fn a_cut_a_wrong_checksum_and_a_bomb_are_told_apart() {
        let whole = zipped("settlement-id\tamount\n".repeat(1000).as_bytes());
        let damaged = |bytes: &[u8]| text(bytes, UnpackLimits::default()).unwrap_err();
        assert_eq!(damaged(&whole[..whole.len() - 9]).code(), "damaged");
        let mut wrong = whole.clone();
        let crc = wrong.len() - 8;
        wrong[crc] ^= 1;
        assert_eq!(damaged(&wrong).code(), "damaged");
        let bomb = zipped(&vec![b'0'; 4 << 20]);
        assert_eq!(damaged(&bomb).code(), "bomb");
        let generous = UnpackLimits { ratio_max: 10_000, ..UnpackLimits::default() };
        assert_eq!(text(&bomb, generous).unwrap().len(), 4 << 20);
        let small = UnpackLimits { ratio_max: 10_000, bytes_max: 1 << 20, ..UnpackLimits::default() };
        assert_eq!(text(&bomb, small).unwrap_err().code(), "bomb");
    }
}
