//! Times as people say them, such as "3 minutes ago".

use js_sys::Intl::RelativeTimeFormat;
use js_sys::{Array, Date, Object, Reflect};
use marquee_app::ui::language::Language;

/// Lengths of time in milliseconds.
const MINUTE: f64 = 60_000.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// A time in milliseconds since 1970, by ISO 8601 for a `datetime` attribute.
pub(super) fn iso(when: f64) -> String {
    // Only a number that is not a date throws.
    Date::new(&when.into()).to_iso_string().into()
}

/// How long ago a time was, both in milliseconds since 1970; after a week, its date.
pub(super) fn time_ago(language: Language, when: f64, now: f64) -> String {
    match distance(now - when) {
        Some((count, unit)) => {
            let options = Object::new();
            // A new object takes any property.
            _ = Reflect::set(&options, &"numeric".into(), &"auto".into());
            let locales = Array::of1(&language.tag().into());
            let format = RelativeTimeFormat::new(&locales, &options);
            format.format(-count, unit).into()
        }
        None => {
            let options = Object::new();
            _ = Reflect::set(&options, &"dateStyle".into(), &"medium".into());
            let date = Date::new(&when.into());
            date.to_locale_date_string(language.tag(), &options).into()
        }
    }
}

/// A length in milliseconds as a number of units; `None` from a week on.
fn distance(passed: f64) -> Option<(f64, &'static str)> {
    // The clock may have been set back.
    let passed = passed.max(0.0);
    match passed {
        _ if passed < MINUTE => Some((0.0, "second")),
        _ if passed < HOUR => Some(((passed / MINUTE).floor(), "minute")),
        _ if passed < DAY => Some(((passed / HOUR).floor(), "hour")),
        _ if passed < 7.0 * DAY => Some(((passed / DAY).floor(), "day")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_grows_with_the_time() {
        assert_eq!(distance(-5.0), Some((0.0, "second")));
        assert_eq!(distance(59_000.0), Some((0.0, "second")));
        assert_eq!(distance(61_000.0), Some((1.0, "minute")));
        assert_eq!(distance(2.5 * HOUR), Some((2.0, "hour")));
        assert_eq!(distance(6.9 * DAY), Some((6.0, "day")));
        assert_eq!(distance(7.0 * DAY), None);
    }
}
