//! `cargo xtask bench native`: how fast `marquee predict` is.

use super::{cargo, whole};
use anyhow::Result;
use clap::Args;

/// The networks that are measured.
const ALL: [&str; 2] = ["cnn32", "posternet"];

/// Compare predictions on this machine's CPU with ONNX Runtime.
///
/// Both have the same weights, the same drawn JPEGs and the same number of threads: one, and as many as
/// the machine has. They take turns in each round. In the network alone, ONNX Runtime may take the
/// posters one by one or in batches, and share them among its own threads or among callers, whichever
/// is fastest. Files are read and answered by `marquee predict`, its start included, and by a Python
/// program whose threads decode with Pillow; its start does not count. The table has the median of the
/// rounds and their range. ONNX Runtime takes part if a python3, or the Python whose path is in
/// MARQUEE_PYTHON, has onnxruntime, numpy and Pillow.
#[derive(Args)]
pub(super) struct Native {
    /// Only this network (may be repeated)
    #[arg(long, value_name = "NAME", default_values = ALL)]
    network: Vec<String>,
    /// Number of rounds
    #[arg(long, value_name = "COUNT", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Number of files
    #[arg(long, value_name = "COUNT", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    files: u32,
    /// Put the table into docs/BENCHMARKS.md, and all figures into docs/benchmarks/native.json
    #[arg(long)]
    write: bool,
}

impl Native {
    pub(super) fn run(self) -> Result<()> {
        if self.write {
            whole::require(&self.network, &ALL)?;
        }
        let options = [
            ("--rounds", self.rounds.to_string()),
            ("--files", self.files.to_string()),
            ("--networks", self.network.join(",")),
        ];
        cargo::bench("native", "inference", &options, self.write)
    }
}
