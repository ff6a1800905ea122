//! From the bytes of a document to text: gunzip by magic bytes, charset by mark, header, or trial.
//!
//! Headers are not trusted for compression (gzip comes labelled `identity`), and for the charset only after a byte order
//! mark and only if the label is known. Bombs are refused: at most 256 MiB, at most 100 to 1 beyond the first MiB.

use std::io::Read;

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, WINDOWS_1252};
use flate2::read::MultiGzDecoder;
use ports::{ConnectorError, System};

const TEXT_BYTES_MAX: u64 = 256 << 20;
const FREE_BYTES: u64 = 1 << 20;
const RATIO_MAX: u64 = 100;

/// The document as text. `japan` decides the last guess: Cp932 instead of Cp1252.
pub(crate) fn decode(bytes: &[u8], content_type: Option<&str>, japan: bool) -> Result<String, ConnectorError> {
    let inflated;
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        inflated = gunzip(bytes)?;
        &inflated
    } else {
        bytes
    };
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok(encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0.into_owned());
    }
    if let Some(encoding) = content_type.and_then(charset) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        // A label that does not fit the bytes is a wrong label.
        if !broken {
            return Ok(text.into_owned());
        }
    }
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    }
    let guess = if japan { SHIFT_JIS } else { WINDOWS_1252 };
    Ok(guess.decode_without_bom_handling(bytes).0.into_owned())
}

fn gunzip(bytes: &[u8]) -> Result<Vec<u8>, ConnectorError> {
    let allowed = FREE_BYTES.saturating_add(RATIO_MAX.saturating_mul(bytes.len() as u64)).min(TEXT_BYTES_MAX);
    let mut out = Vec::new();
    let mut decoder = MultiGzDecoder::new(bytes).take(allowed + 1);
    decoder.read_to_end(&mut out).map_err(|_| ConnectorError::Unavailable {
        system: System::Amazon,
        reason: "the report is damaged or was cut off".to_owned(),
    })?;
    if out.len() as u64 > allowed {
        return Err(ConnectorError::Malformed {
            system: System::Amazon,
            reason: "the report grows beyond all measure when it is unpacked".to_owned(),
        });
    }
    Ok(out)
}

/// `text/plain; charset=Cp1252` → the encoding.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    let parameter = content_type.split(';').map(str::trim).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then_some(value)
    })?;
    encoding_of(parameter.trim().trim_matches('"'))
}

/// The encoding that Amazon calls `label`.
pub(crate) fn encoding_of(label: &str) -> Option<&'static Encoding> {
    if label.eq_ignore_ascii_case("cp932") || label.eq_ignore_ascii_case("ms932") {
        return Some(SHIFT_JIS);
    }
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::zipped;

    #[test]
    fn gzip_is_known_by_its_first_bytes_whatever_the_header_says() {
        assert_eq!(decode(&zipped("a\tb\n".as_bytes()), Some("text/plain; charset=UTF-8"), false).unwrap(), "a\tb\n");
    }

    #[test]
    fn the_charset_comes_from_mark_then_header_then_trial() {
        assert_eq!(decode(b"\xEF\xBB\xBFcaf\xC3\xA9", Some("text/plain; charset=Cp1252"), false).unwrap(), "café");
        assert_eq!(decode(b"caf\xE9", Some("text/plain; charset=Cp1252"), false).unwrap(), "café");
        assert_eq!(decode("café".as_bytes(), None, false).unwrap(), "café");
        assert_eq!(decode(b"caf\xE9", None, false).unwrap(), "café");
        assert_eq!(decode(b"caf\xE9", Some("text/plain; charset=UTF-8"), false).unwrap(), "café");
        assert_eq!(decode(&[0x83, 0x65], None, true).unwrap(), "テ");
        assert_eq!(decode(&[0x83, 0x65], Some("text/plain;charset=\"Cp932\""), false).unwrap(), "テ");
    }

    #[test]
    fn a_bomb_is_refused_and_a_cut_file_is_transient() {
        let bomb = zipped(&vec![b'0'; 64 << 20]);
        assert_eq!(decode(&bomb, None, false).unwrap_err().code(), "CON-008");
        let whole = zipped(b"amazon-order-id\tquantity\n");
        assert_eq!(decode(&whole[..whole.len() - 9], None, false).unwrap_err().code(), "CON-002");
    }
}
