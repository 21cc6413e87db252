//! What was measured, and how it reads as plain text.

use super::device::Device;
use super::gpu::Missing;
use super::text::Text;
use marquee_app::protocol::Engine;

/// So many posters are measured.
pub(super) const COUNTS: [u32; 3] = [1, 256, 1_000];

/// How long an engine takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Timing {
    /// The engine.
    pub(super) engine: Engine,
    /// Posters in a run.
    pub(super) posters: u32,
    /// Milliseconds for a run; 0 where the browser's clock is too coarse.
    pub(super) ms: f64,
}

impl Timing {
    /// Posters per second, if that can be told.
    pub(super) fn rate(&self) -> Option<f64> {
        (self.ms > 0.0).then(|| f64::from(self.posters) * 1_000.0 / self.ms)
    }
}

/// All that was measured, or has been so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Report {
    /// The network, as its papers call it.
    pub(super) network: String,
    /// Where and when.
    pub(super) device: Device,
    /// In the order in which they were taken.
    pub(super) timings: Vec<Timing>,
    /// Why WebGPU is not among them.
    pub(super) missing: Option<Missing>,
}

impl Report {
    /// Facts about the machine and the network, and what each is.
    pub(super) fn facts(&self, text: &Text) -> Vec<(&'static str, String)> {
        let device = &self.device;
        let mut facts = vec![
            (text.network, self.network.clone()),
            (text.browser, device.browser.clone()),
        ];
        if device.threads > 0 {
            facts.push((text.threads, device.threads.to_string()));
        }
        if let Some(adapter) = device.adapter.as_ref().filter(|name| !name.is_empty()) {
            facts.push((text.graphics, adapter.clone()));
        }
        facts.push((text.date, device.date.clone()));
        facts
    }

    /// The timings over so many posters.
    pub(super) fn over(&self, posters: u32) -> Vec<Timing> {
        let same = |timing: &&Timing| timing.posters == posters;
        self.timings.iter().filter(same).copied().collect()
    }

    /// The whole as plain text.
    pub(super) fn plain(&self, text: &Text) -> String {
        let facts = self.facts(text);
        let facts = facts.iter().map(|(what, value)| format!("{what}: {value}"));
        let heads = [text.engine, text.count, text.time, text.rate].map(str::to_owned);
        let rows = COUNTS.iter().flat_map(|&posters| self.over(posters));
        let rows = rows.map(|timing| {
            [
                name(timing.engine).to_owned(),
                grouped(timing.posters.into()),
                time(timing.ms),
                rate(&timing, text),
            ]
        });
        let rows: Vec<[String; 4]> = std::iter::once(heads).chain(rows).collect();
        let mut lines = vec![format!(
            "Marquee {}: {}",
            env!("CARGO_PKG_VERSION"),
            text.heading
        )];
        lines.extend(facts);
        lines.push(String::new());
        lines.extend(aligned(&rows));
        lines.push(String::new());
        lines.extend(self.missing.map(|missing| text.missing(missing).to_owned()));
        lines.push(text.method.to_owned());
        lines.join("\n") + "\n"
    }
}

/// An engine's name, in any language.
pub(super) fn name(engine: Engine) -> &'static str {
    match engine {
        Engine::Cpu => "CPU",
        Engine::Gpu => "WebGPU",
    }
}

/// Milliseconds, to three digits or so.
pub(super) fn time(ms: f64) -> String {
    if ms < 0.01 {
        "<0.01 ms".into()
    } else if ms < 9.995 {
        format!("{ms:.2} ms")
    } else if ms < 99.95 {
        format!("{ms:.1} ms")
    } else {
        format!("{} ms", grouped(ms))
    }
}

/// Posters per second.
pub(super) fn rate(timing: &Timing, text: &Text) -> String {
    match timing.rate() {
        None => text.too_quick.to_owned(),
        Some(rate) if rate < 10.0 => format!("{rate:.1}"),
        Some(rate) => grouped(rate),
    }
}

/// A number's whole part, its thousands apart.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Columns under each other in letters of one width: the first to the left, the others to the right.
fn aligned(rows: &[[String; 4]]) -> impl Iterator<Item = String> + '_ {
    let widths = [0, 1, 2, 3].map(|column| {
        let widths = rows.iter().map(|row| width(&row[column]));
        widths.max().unwrap_or(0)
    });
    rows.iter().map(move |row| {
        let mut line = String::new();
        for (column, (cell, widest)) in row.iter().zip(widths).enumerate() {
            let gap = " ".repeat(widest - width(cell));
            line += &match column {
                0 => format!("{cell}{gap}"),
                _ => format!("   {gap}{cell}"),
            };
        }
        line
    })
}

/// Hangul is as wide as two other letters.
fn width(text: &str) -> usize {
    let of = |letter| {
        if ('\u{1100}'..'\u{ff00}').contains(&letter) {
            2
        } else {
            1
        }
    };
    text.chars().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::super::text::text;
    use super::*;
    use marquee_app::ui::language::Language;

    fn report() -> Report {
        let timing = |engine, posters, ms| Timing {
            engine,
            posters,
            ms,
        };
        Report {
            network: "CNN32".into(),
            device: Device {
                browser: "Firefox 140".into(),
                threads: 8,
                date: "2026-01-02".into(),
                adapter: Some("acme".into()),
            },
            timings: vec![
                timing(Engine::Cpu, 1, 0.2),
                timing(Engine::Cpu, 1_000, 181.0),
                timing(Engine::Gpu, 1, 200.0),
                timing(Engine::Gpu, 1_000, 12.5),
            ],
            missing: None,
        }
    }

    #[test]
    fn the_text_is_a_table_with_what_was_measured_and_where() {
        for language in Language::ALL {
            let plain = report().plain(text(language));
            for word in ["CNN32", "Firefox 140", "8", "acme", "2026-01-02", "80,000"] {
                assert!(plain.contains(word), "{word} in {plain}");
            }
            let rows: Vec<&str> = plain
                .lines()
                .filter(|line| line.starts_with("CPU") || line.starts_with("WebGPU"))
                .collect();
            assert_eq!(rows.len(), 4, "{plain}");
            let ends: Vec<usize> = rows.iter().filter_map(|row| row.find(" ms")).collect();
            assert_eq!(ends, [ends[0]; 4], "{plain}");
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        let alone = Report {
            missing: Some(Missing::Unavailable),
            ..report()
        };
        let english = text(Language::English);
        assert!(alone.plain(english).contains(english.no_gpu));
        assert!(!report().plain(english).contains(english.no_gpu));
    }

    #[test]
    fn numbers_have_as_many_digits_as_matter() {
        assert_eq!(time(0.004), "<0.01 ms");
        assert_eq!(time(0.162), "0.16 ms");
        assert_eq!(time(41.26), "41.3 ms");
        assert_eq!(time(12_345.6), "12,346 ms");
        assert_eq!(grouped(999.0), "999");
        assert_eq!(grouped(1_234_567.0), "1,234,567");
        assert_eq!(report().timings[2].rate(), Some(5.0));
        let timing = Timing {
            ms: 0.0,
            ..report().timings[0]
        };
        assert_eq!(timing.rate(), None);
    }
}
