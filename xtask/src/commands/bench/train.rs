//! `cargo xtask bench train`: how fast a CPU trains.

use super::{cargo, whole};
use anyhow::Result;
use clap::Args;

/// The networks that are measured.
const ALL: [&str; 4] = ["cnn32", "deepcnn32", "cnn64", "posternet"];

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
    #[arg(long, value_name = "NAME", default_values = ALL)]
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
        if self.write {
            whole::require(&self.network, &ALL)?;
        }
        let options = [
            ("--rounds", self.rounds.to_string()),
            ("--networks", self.network.join(",")),
        ];
        cargo::bench("train", "training", &options, self.write)
    }
}
