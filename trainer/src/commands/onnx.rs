use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use marquee_trainer::dataset::write_whole;
use marquee_trainer::interchange::onnx::{self, OPSET};

/// Write a trained network as an ONNX file, for other runtimes.
///
/// Its input is called input, its outputs class and, of PosterNet, genres and score. Labels, mean,
/// standard deviation, temperature and all else that is needed to use it stand in its metadata.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Trained network
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
        "{} is {} for ONNX, opset {OPSET} ({} bytes).",
        args.out.display(),
        network.name,
        bytes.len()
    );
    println!(
        "It takes input [batch, 3, {}, {}] and answers {}.",
        network.input.height,
        network.input.width,
        tasks.join(", ")
    );
    Ok(ExitCode::SUCCESS)
}
