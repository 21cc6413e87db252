//! Numbers and names as a page writes them.

/// Text as it may stand in HTML, between tags and within a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            other => escaped.push(other),
        }
    }
    escaped
}

/// `1,234,567`
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 film`, `2,000 films`
pub(crate) fn counted(number: usize, one: &str, several: &str) -> String {
    let noun = if number == 1 { one } else { several };
    format!("{} {noun}", thousands(number))
}

/// `12.3 %`; a dash where there is nothing to be a share of.
pub(crate) fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    format!("{:.1} %", 100.0 * part as f64 / whole as f64)
}

/// `1,000 × 1,500`
pub(crate) fn size(width: u32, height: u32) -> String {
    let side = |side| thousands(side as usize);
    format!("{} × {}", side(width), side(height))
}

/// `45 s`, `12 min`, `3 h 20 min`
pub(crate) fn duration(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round() as usize;
    match (minutes / 60, minutes % 60) {
        (0, _) if seconds < 99.5 => format!("{seconds:.0} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// As in a `data:` URL.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            // A byte makes two digits, two make three; the rest is padding.
            text.push(if digit <= three.len() {
                char::from(DIGITS[(bits >> (18 - 6 * digit)) as usize & 63])
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        let numbers = [0, 12, 999, 1_000, 22_647, 123_456, 1_234_567];
        assert_eq!(
            numbers.map(thousands),
            ["0", "12", "999", "1,000", "22,647", "123,456", "1,234,567"]
        );
    }

    /// The vectors of RFC 4648.
    #[test]
    fn base64_is_padded() {
        let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        assert_eq!(
            texts.map(|text| base64(text.as_bytes())),
            [
                "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"
            ]
        );
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn durations_are_told_as_people_do() {
        let seconds = [0.0, 45.2, 99.0, 130.0, 3_599.0, 12_000.0];
        assert_eq!(
            seconds.map(duration),
            ["0 s", "45 s", "99 s", "2 min", "1 h 0 min", "3 h 20 min"]
        );
    }
}
