//! `cargo xtask bench web`.

use super::whole;
use crate::end2end;
use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};
use serde_json::json;

/// The networks that are measured.
const ALL: [&str; 2] = ["cnn32", "posternet"];

/// Compare the page in dist/ with ONNX Runtime Web and TensorFlow.js.
///
/// Each peer has a page of its own, bundled and minified, with the same weights and from the same
/// server, compressed by brotli. Each round measures all of them in turn, every time in a browser
/// with a new profile. The table has the median of the rounds and their range. An engine whose
/// logits for a fixed input are not within 0.001 of Marquee's is not measured. On WebAssembly every
/// engine has SIMD and one thread. Engines on a GPU are measured in the network alone (b and c).
#[derive(Args)]
pub(super) struct Web {
    /// Measure only these, such as a,e
    #[arg(long, value_name = "LETTERS", value_delimiter = ',')]
    only: Vec<Measurement>,
    /// Only this network (may be repeated)
    #[arg(long, value_name = "NAME", value_parser = ALL, default_values = ALL)]
    network: Vec<String>,
    /// Number of rounds
    #[arg(long, value_name = "COUNT", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Number of files for measurement d
    #[arg(long, value_name = "COUNT", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(2..))]
    files: u32,
    /// One round, with 200 files
    #[arg(long, conflicts_with_all = ["rounds", "files"])]
    quick: bool,
    /// Measure GPU engines even if a program on the CPU replaces the GPU
    #[arg(long)]
    software_gpu: bool,
    /// Print where the time of Marquee's first visit goes; with --only, measure those as well
    #[arg(long)]
    waterfall: bool,
    /// Put the table into docs/BENCHMARKS.md, and all figures into docs/benchmarks/web.json
    #[arg(long)]
    write: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Measurement {
    /// Milliseconds from navigation to the first answer to a JPEG of 500x750 pixels, which the page
    /// is given as soon as it has an input for files. The answer must be shown on the page
    A,
    /// Milliseconds for one poster in the network: warm, one at a time, already decoded and resized
    B,
    /// Posters a second in the network, for 256 prepared posters (PosterNet: 32), in batches or one
    /// by one, whichever is faster
    C,
    /// Files a second: JPEGs of 500x750 pixels, as many as --files says, chosen at once, until all have answers
    D,
    /// Bytes of all downloads before the first answer, the network's weights included
    E,
}

impl Web {
    pub(super) fn run(self) -> Result<()> {
        if self.write {
            // `cargo xtask test` compares with what is published, whatever it is of
            whole::require(&self.network, &ALL)?;
            ensure!(
                self.only.is_empty() && !self.waterfall,
                "--write replaces all figures, so it goes with a measurement of all; leave out --only and --waterfall, \
                 or --write"
            );
        }
        let named = |it: &Measurement| it.to_possible_value().map(|it| it.get_name().to_owned());
        end2end::bench(&json!({
            "only": self.only.iter().filter_map(named).collect::<Vec<_>>(),
            "networks": self.network,
            "rounds": if self.quick { 1 } else { self.rounds },
            "files": if self.quick { 200 } else { self.files },
            "softwareGpu": self.software_gpu,
            "waterfall": self.waterfall,
            "write": self.write,
        }))
    }
}
