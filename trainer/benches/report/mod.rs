//! What the tables of benches have in common.

/// The median of some numbers, and their range; a dash if they were not measured.
pub(crate) fn spread(numbers: impl Iterator<Item = f64>, digits: usize) -> String {
    let mut sorted: Vec<f64> = numbers.collect();
    sorted.sort_by(f64::total_cmp);
    let (median, highest) = (sorted[sorted.len() / 2], sorted[sorted.len() - 1]);
    match median.is_nan() {
        true => "–".to_owned(),
        false => format!(
            "{median:.digits$} ({:.digits$} to {highest:.digits$})",
            sorted[0]
        ),
    }
}

/// The processor's name, where Linux tells it.
pub(crate) fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find(|line| line.starts_with("model name"));
    let name = name.and_then(|line| line.split_once(": "));
    name.map_or("this machine's processor", |(_, name)| name)
        .to_owned()
}
