//! `cargo xtask bench native`: how fast `marquee predict` is.

use super::docs;
use crate::{paths, run};
use anyhow::{Context, Result};
use clap::Args;
use std::fs;

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
    #[arg(long, value_name = "NAME", default_values = ["cnn32", "posternet"])]
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
        let folder = paths::scratch()?.join("bench-native");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let mut cargo =
            run::cargo("bench -p marquee-trainer --bench inference --no-default-features --");
        cargo
            .args(["--rounds", &self.rounds.to_string()])
            .args(["--files", &self.files.to_string()])
            .args(["--networks", &self.network.join(",")])
            .arg("--out")
            .arg(&folder);
        run::run(&mut cargo)?;
        if self.write {
            let read = |name: &str| {
                let path = folder.join(name);
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
            };
            docs::write("native", &read("table.md")?, &read("native.json")?)?;
        }
        Ok(())
    }
}
