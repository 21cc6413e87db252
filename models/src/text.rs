//! Texts as people and spreadsheets read them, for the reports, the tables and the page.

use std::borrow::Cow;

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

/// What spreadsheets take for the beginning of a formula, which they run when they open a file (OWASP,
/// "CSV Injection").
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether a text begins as a formula, or as one that [`cell`] has marked. A number is none, though it may begin
/// with `-`.
fn is_formula(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    text.starts_with(FORMULA) && text.parse::<f64>().is_err()
}

/// A text for a cell of a CSV file: `'=1+2` for `=1+2`, which spreadsheets show and do not run. Most texts stay as
/// they are.
///
/// ```
/// # use marquee_models::text::cell;
/// assert_eq!(["Heat", "=1+2", "'Tis", "-0.5"].map(cell), ["Heat", "'=1+2", "'Tis", "-0.5"]);
/// ```
pub fn cell(text: &str) -> Cow<'_, str> {
    match is_formula(text) {
        true => format!("'{text}").into(),
        false => text.into(),
    }
}

/// The text that [`cell`] was given.
///
/// ```
/// # use marquee_models::text::{cell, from_cell};
/// let texts = ["Heat", "=1+2", "'=1+2", "'Tis", "''-", ""];
/// assert!(texts.into_iter().all(|text| from_cell(&cell(text)) == text));
/// ```
pub fn from_cell(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_formula(text) => text,
        _ => cell,
    }
}
