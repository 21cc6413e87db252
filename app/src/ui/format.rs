//! Numbers and names as people read them, and numbers as programs do.

use js_sys::Number;

/// A probability from 0 to 1 in whole percent. Only what is certain is 100%, only what is impossible 0%.
pub fn percent(probability: f32) -> String {
    if probability > 0.0 && probability < 0.005 {
        "<1%".into()
    } else if probability < 1.0 && probability > 0.995 {
        ">99%".into()
    } else {
        format!("{}%", whole((probability * 100.0).into()))
    }
}

/// A share from 0 to 1 in percent with one decimal.
pub fn percent_with_tenths(share: f64) -> String {
    tenths(100.0 * share) + "%"
}

/// Milliseconds, with one decimal below 10.
pub fn milliseconds(ms: f64) -> String {
    if ms < 0.1 {
        "<0.1 ms".into()
    } else if ms < 9.95 {
        format!("{} ms", tenths(ms))
    } else {
        format!("{} ms", whole(ms))
    }
}

/// A number from 0 to 429,496,729 with one decimal; larger ones are cut.
pub fn tenths(number: f64) -> String {
    let tenths = whole(number * 10.0);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The nearest whole number. Formatting integers takes much less code than formatting floats, and this
/// code is downloaded before anything can be seen.
fn whole(number: f64) -> u32 {
    number.round_ties_even() as u32
}

/// A number as JavaScript writes it, with all its digits, for style sheets and tests.
pub fn exact(number: f64) -> String {
    // Only a radix that there isn't would be an error.
    Number::from(number)
        .to_string_with_radix(10)
        .map_or_else(|_| String::new(), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_whole_but_never_falsely_certain() {
        assert_eq!(percent(0.634), "63%");
        assert_eq!(percent(0.004), "<1%");
        assert_eq!(percent(0.9999), ">99%");
        assert_eq!(percent(0.0), "0%");
        assert_eq!(percent(1.0), "100%");
    }

    #[test]
    fn milliseconds_have_tenths_only_while_they_matter() {
        assert_eq!(milliseconds(0.04), "<0.1 ms");
        assert_eq!(milliseconds(0.16), "0.2 ms");
        assert_eq!(milliseconds(9.96), "10 ms");
        assert_eq!(milliseconds(103.4), "103 ms");
    }
}
