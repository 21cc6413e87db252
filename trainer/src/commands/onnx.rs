//! `marquee onnx`: ONNX files out.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use marquee_trainer::files::write_whole;
use marquee_trainer::interchange::onnx::{self, OPSET};

/// Export a trained network as an ONNX file, for other runtimes.
///
/// The input is called input. The output is called class; PosterNet also has the outputs genres and
/// score. The file's metadata contains everything that is needed to use the network: labels, mean,
/// standard deviation, temperature and more.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Trained network, a .safetensors file
    #[arg(
        long,
        default_value = "models/weights/cnn32.safetensors",
        value_name = "FILE"
    )]
    model: PathBuf,

    /// File to write
    #[arg(long, value_name = "FILE.onnx")]
    out: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    super::check_folder(&args.out)?;
    let model = super::read_model(&args.model)?;
    let bytes = onnx::to_bytes(&model);
    write_whole(&args.out, &bytes)?;

    let network = model.network();
    let tasks: Vec<&str> = network.heads.iter().map(|h| h.task.as_str()).collect();
    println!(
        "Wrote {}: {} for ONNX, opset {OPSET} ({} bytes).",
        args.out.display(),
        network.name,
        bytes.len()
    );
    println!(
        "Input: input [batch, 3, {}, {}]; outputs: {}.",
        network.input.height,
        network.input.width,
        tasks.join(", ")
    );
    Ok(ExitCode::SUCCESS)
}
