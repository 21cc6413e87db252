//! Makes checksums right again: behind a wrong one, nothing else of damaged input would be read.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The first bytes of PNG.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A PNG file with right checksums of its chunks; `None` for other files.
pub(crate) fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(PNG)?;
    let mut sound = PNG.to_vec();
    // a chunk is its length, its kind, its content and the sum of the last two
    while let Some((head, _)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, ..] = *head;
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let Some(chunk) = rest.get(..8 + length) else {
            break;
        };
        sound.extend(chunk);
        sound.extend(crc32fast::hash(&chunk[4..]).to_be_bytes());
        rest = rest.get(12 + length..).unwrap_or_default();
    }
    sound.extend(rest);
    Some(sound)
}

/// What is within a link: its bytes without their sum.
pub(crate) fn opened(fragment: &str) -> Option<Vec<u8>> {
    let (_, coded) = fragment.split_once('.')?;
    let mut bytes = URL_SAFE_NO_PAD.decode(coded).ok()?;
    bytes.truncate(bytes.len().checked_sub(4)?);
    Some(bytes)
}

/// A link with these bytes in it and their sum.
pub(crate) fn sealed(bytes: &[u8]) -> String {
    let mut bytes = bytes.to_vec();
    let sum = crc32fast::hash(&bytes);
    bytes.extend(sum.to_be_bytes());
    format!("p1.{}", URL_SAFE_NO_PAD.encode(bytes))
}
