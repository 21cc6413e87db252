//! Bytes in the letters that no messenger takes for the end of a link (RFC 4648, section 5), without padding.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// As letters.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = [0; 4];
        group[1..=chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes(group);
        for letter in 0..=chunk.len() {
            let at = bits >> (18 - 6 * letter) & 63;
            text.push(LETTERS[at as usize].into());
        }
    }
    text
}

/// Back to bytes; `None` for what [`encode`] doesn't write.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for (at, letter) in chunk.iter().enumerate() {
            let value = LETTERS.iter().position(|it| it == letter)?;
            bits |= (value as u32) << (18 - 6 * at);
        }
        let group = bits.to_be_bytes();
        let (whole, rest) = group[1..].split_at(chunk.len() - 1);
        // A letter alone is no byte, and bits behind the last byte aren't written.
        if whole.is_empty() || rest.iter().any(|&byte| byte != 0) {
            return None;
        }
        bytes.extend(whole);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_standard_s() {
        assert_eq!(encode(b""), "");
        assert_eq!(encode(b"f"), "Zg");
        assert_eq!(encode(b"fo"), "Zm8");
        assert_eq!(encode(b"foo"), "Zm9v");
        assert_eq!(encode(&[0xfb, 0xff]), "-_8");
        assert_eq!(decode("-_8"), Some(vec![0xfb, 0xff]));
    }

    #[test]
    fn what_is_never_written_is_not_read() {
        for text in ["Z", "Zh", "Zm9", "Zm9v=", "Zm9v Zm9v", "é"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
