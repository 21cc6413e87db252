//! Numbers as pages and model cards write them.

pub(crate) use marquee_models::text::thousands;

/// What stands in place of a number that does not exist.
const NONE: &str = "–";

/// `1 film`, `2,000 films`
pub(crate) fn counted(number: usize, one: &str, several: &str) -> String {
    let noun = if number == 1 { one } else { several };
    format!("{} {noun}", thousands(number))
}

/// `0.329`, or a dash for none.
pub(crate) fn decimal(number: impl Into<Option<f64>>) -> String {
    (number.into()).map_or(NONE.to_owned(), |number| format!("{number:.3}"))
}

/// `41.7 %` for 0.417.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// `12.3 %`, or a dash for a share of nothing.
pub(crate) fn percent_of(part: usize, whole: usize) -> String {
    match whole {
        0 => NONE.to_owned(),
        _ => percent(part as f64 / whole as f64),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_as_people_do() {
        let seconds = [0.0, 45.2, 99.0, 130.0, 3_599.0, 12_000.0];
        assert_eq!(
            seconds.map(duration),
            ["0 s", "45 s", "99 s", "2 min", "1 h 0 min", "3 h 20 min"]
        );
    }
}
