//! What was measured, also as plain text.

use super::device::Device;
use super::missing::Missing;
use super::timing::{COUNTS, Timing, engine_name};
use crate::text::MachineText;
use marquee_app::protocol::Engine;
use marquee_models::text::thousands;

/// Everything that was measured so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Report {
    /// The network, as its documents call it.
    pub(super) network: String,
    /// The machine, and the date.
    pub(super) device: Device,
    /// In the order of measurement.
    pub(super) timings: Vec<Timing>,
    /// Why WebGPU is not among them, if it is not.
    pub(super) missing: Option<Missing>,
}

impl Report {
    /// Facts about the machine and the network, each with its name.
    pub(super) fn facts(&self, text: &MachineText) -> Vec<(&'static str, String)> {
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

    /// The timings for this many posters.
    pub(super) fn of(&self, posters: u32) -> Vec<Timing> {
        let same = |timing: &&Timing| timing.posters == posters;
        self.timings.iter().filter(same).copied().collect()
    }

    /// From how many posters at a time WebGPU is faster, in words; `None` if it was not measured to the end.
    pub(super) fn verdict(&self, text: &MachineText) -> Option<String> {
        let mut from = None;
        for count in COUNTS.into_iter().rev() {
            let of = |engine| {
                let timings = self.timings.iter();
                let mut own = timings.filter(|it| it.posters == count && it.engine == engine);
                own.next().map(|timing| timing.ms)
            };
            if of(Engine::Gpu)? >= of(Engine::Cpu)? {
                break;
            }
            from = Some(count);
        }
        Some((text.gpu_from)(from))
    }

    /// The report as plain text.
    pub(super) fn plain(&self, text: &MachineText) -> String {
        let facts = self.facts(text);
        let facts = facts.iter().map(|(what, value)| format!("{what}: {value}"));
        let heads = [text.engine, text.count, text.time, text.rate].map(str::to_owned);
        let rows = COUNTS.iter().flat_map(|&posters| self.of(posters));
        let rows = rows.map(|timing| {
            [
                engine_name(timing.engine).to_owned(),
                thousands(timing.posters),
                timing.time_in_words(),
                timing.rate_in_words(text),
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
        lines.extend(
            self.missing
                .map(|missing| missing.sentence(text).to_owned()),
        );
        lines.extend(self.verdict(text));
        lines.push(text.method.to_owned());
        lines.join("\n") + "\n"
    }
}

/// Lines with aligned columns, for a font of one width: the first column to the left, the others to
/// the right.
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

/// The width of a text in Latin letters; a letter of Hangul is twice as wide.
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
    use super::*;
    use crate::text::text;
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
                timing(Engine::Cpu, 16, 3.0),
                timing(Engine::Cpu, 256, 46.0),
                timing(Engine::Cpu, 1_000, 181.0),
                timing(Engine::Gpu, 1, 200.0),
                timing(Engine::Gpu, 16, 210.0),
                timing(Engine::Gpu, 256, 4.0),
                timing(Engine::Gpu, 1_000, 12.5),
            ],
            missing: None,
        }
    }

    #[test]
    fn the_text_is_a_table_with_what_was_measured_and_where() {
        for language in Language::ALL {
            let plain = report().plain(&text(language).machine);
            for word in ["CNN32", "Firefox 140", "8", "acme", "2026-01-02", "80,000"] {
                assert!(plain.contains(word), "{word} in {plain}");
            }
            let rows: Vec<&str> = plain
                .lines()
                .filter(|line| line.starts_with("CPU   ") || line.starts_with("WebGPU   "))
                .collect();
            assert_eq!(rows.len(), 8, "{plain}");
            let ends: Vec<usize> = rows.iter().filter_map(|row| row.find(" ms")).collect();
            assert_eq!(ends, [ends[0]; 8], "{plain}");
        }
    }

    #[test]
    fn it_is_said_from_how_many_posters_on_webgpu_is_faster() {
        let text = &text(Language::English).machine;
        let faster = report().verdict(text).unwrap_or_default();
        assert!(faster.contains("from 256 posters"), "{faster}");
        let mut slower = report();
        for timing in &mut slower.timings {
            timing.ms += if timing.engine == Engine::Gpu {
                999.0
            } else {
                0.0
            };
        }
        assert_eq!(slower.verdict(text), Some((text.gpu_from)(None)));
        slower.timings.pop();
        assert_eq!(slower.verdict(text), None);
    }

    #[test]
    fn what_is_missing_is_said() {
        let alone = Report {
            missing: Some(Missing::Unavailable),
            ..report()
        };
        let english = &text(Language::English).machine;
        assert!(alone.plain(english).contains(english.no_gpu));
        assert!(!report().plain(english).contains(english.no_gpu));
    }
}
