//! How good a network is, written down: `report.html`, `report.json`, a summary, and the model card.

mod content;
mod metrics;
mod mistake;
pub mod model_card;
mod network;
mod page;
mod summary;

pub use content::Report;
pub use metrics::{GenreMetrics, Metrics, Part, ScoreMetrics, SuchGenre, measure};
pub use mistake::{MISTAKES, Mistake};
pub use network::EvaluatedNetwork;
pub use page::render;
pub use summary::write_summary;

use std::path::Path;

use anyhow::Result;

use crate::files::write_whole;

impl Report {
    /// Writes `report.html` and `report.json` into a folder, and makes the folder if it is missing.
    ///
    /// # Errors
    ///
    /// Where a chart cannot be drawn, or a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        write_whole(&folder.join("report.html"), render(self)?.as_bytes())?;
        let json = serde_json::to_string_pretty(self)? + "\n";
        write_whole(&folder.join("report.json"), json.as_bytes())
    }
}
