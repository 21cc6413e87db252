//! `cargo xtask bench train`: how fast a CPU trains.

use super::docs;
use crate::{paths, run};
use anyhow::{Context, Result};
use clap::Args;
use std::fs;

/// Compare training on this machine's CPU with PyTorch, and with Burn's own layers.
///
/// A step is a forward pass, a backward pass and AdamW over 128 posters. The three take turns in each
/// round, for three seconds each, with as many threads as the machine has. The table has posters a
/// second, as the median of the rounds and their range, and the ratios within each round. PyTorch takes
/// part if a python3, or the Python whose path is in MARQUEE_PYTHON, has torch, numpy, safetensors and
/// Pillow.
#[derive(Args)]
pub(super) struct Train {
    /// Only this network (may be repeated)
    #[arg(long, value_name = "NAME", default_values = ["cnn32", "deepcnn32", "cnn64", "posternet"])]
    network: Vec<String>,
    /// Number of rounds
    #[arg(long, value_name = "COUNT", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Put the table into docs/BENCHMARKS.md, and all figures into docs/benchmarks/train.json
    #[arg(long)]
    write: bool,
}

impl Train {
    pub(super) fn run(self) -> Result<()> {
        let folder = paths::scratch()?.join("bench-train");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let mut cargo =
            run::cargo("bench -p marquee-trainer --bench training --no-default-features --");
        cargo
            .args(["--rounds", &self.rounds.to_string()])
            .args(["--networks", &self.network.join(",")])
            .arg("--out")
            .arg(&folder);
        run::run(&mut cargo)?;
        if self.write {
            let read = |name: &str| {
                let path = folder.join(name);
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
            };
            docs::write("train", &read("table.md")?, &read("train.json")?)?;
        }
        Ok(())
    }
}
