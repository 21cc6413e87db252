//! Numbers as people read them, for the reports and the page.

/// A whole number with a comma between thousands, as English and Korean write it.
///
/// ```
/// # use marquee_models::text::thousands;
/// assert_eq!(["999", "1,000", "1,234,567"], [999, 1_000, 1_234_567].map(thousands)[..]);
/// ```
pub fn thousands(number: impl ToString) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
