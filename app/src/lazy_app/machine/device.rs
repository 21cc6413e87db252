//! What the browser tells about this machine: its own name, the threads and the graphics adapter.

use js_sys::{Array, Date};
use leptos::prelude::window;
use marquee_app::ui::webgpu::{self, get};
use wasm_bindgen::{JsCast, JsValue};

/// A machine, and the date of the measurement.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Device {
    /// The browser and its version.
    pub(super) browser: String,
    /// Threads that run at once; 0 if the browser doesn't tell.
    pub(super) threads: u32,
    /// Year, month and day, by ISO 8601.
    pub(super) date: String,
    /// The graphics adapter, if the browser has WebGPU.
    pub(super) adapter: Option<String>,
}

impl Device {
    /// This machine, without its adapter, for which [`adapter`] asks.
    pub(super) fn here() -> Device {
        let navigator = window().navigator();
        let agent = navigator.user_agent().unwrap_or_default();
        let now = Date::new_0();
        Device {
            browser: brand(&navigator).unwrap_or_else(|| known(&agent)),
            // A whole number.
            threads: navigator.hardware_concurrency() as u32,
            date: format!(
                "{}-{:02}-{:02}",
                now.get_full_year(),
                now.get_month() + 1,
                now.get_date()
            ),
            adapter: None,
        }
    }
}

/// The browser's brand in its own words, where it tells. Some brands are decoys.
fn brand(navigator: &JsValue) -> Option<String> {
    let data = get(navigator, "userAgentData")?;
    let brands: Array = get(&data, "brands")?.dyn_into().ok()?;
    let brands = brands.iter().filter_map(|brand| {
        let name = get(&brand, "brand")?.as_string()?;
        let version = get(&brand, "version")?.as_string()?;
        Some((name, version))
    });
    let brands: Vec<(String, String)> = brands.collect();
    let real = |(name, _): &&(String, String)| !name.contains("Not");
    let own = |brand: &&(String, String)| real(brand) && brand.0 != "Chromium";
    let (name, version) = brands.iter().find(own).or(brands.iter().find(real))?;
    let system = get(&data, "platform").and_then(|system| system.as_string());
    Some(match system.filter(|system| !system.is_empty()) {
        Some(system) => format!("{name} {version}, {system}"),
        None => format!("{name} {version}"),
    })
}

/// The browser's name in a `User-Agent` text.
fn known(agent: &str) -> String {
    let after = |name: &str| {
        let rest = agent.split_once(name)?.1;
        let version: &str = rest.split([' ', '.', ';', ')']).next()?;
        (!version.is_empty()).then(|| version.to_owned())
    };
    // In this order, because Edge also calls itself Chrome, and Chrome also Safari.
    let names = [
        ("Firefox", "Firefox/"),
        ("Edge", "Edg/"),
        ("Chrome", "Chrome/"),
        ("Safari", "Version/"),
    ];
    names
        .iter()
        .find_map(|(name, mark)| Some(format!("{name} {}", after(mark)?)))
        .unwrap_or_else(|| agent.to_owned())
}

/// The graphics adapter's name; `None` without WebGPU.
pub(super) async fn adapter() -> Option<String> {
    let adapter = webgpu::adapter().await?;
    let info = get(&adapter, "info");
    let parts = ["description", "vendor", "architecture"].map(|name| {
        let part = info.as_ref().and_then(|info| get(info, name));
        part.and_then(|part| part.as_string()).unwrap_or_default()
    });
    Some(match &parts {
        // Most browsers tell only the vendor and the architecture.
        [description, vendor, architecture] if description.is_empty() => {
            format!("{vendor} {architecture}").trim().to_owned()
        }
        [description, ..] => description.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart_by_their_agents() {
        let agents = [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox 140",
            ),
            (
                "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
                "Safari 17",
            ),
            (
                "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36",
                "Chrome 136",
            ),
            ("something else", "something else"),
        ];
        for (agent, name) in agents {
            assert_eq!(known(agent), name);
        }
    }
}
