//! `marquee onnx`: ONNX files out.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use marquee_onnx::{OPSET, RAW_OPSET};
use marquee_trainer::files::write_whole;

/// Export a trained network as an ONNX file, for other runtimes.
///
/// The input is called input. The output is called class; PosterNet also has the outputs genres and
/// score. The file's metadata contains everything that is needed to use the network: labels, mean,
/// standard deviation, temperature and more.
///
/// With --raw nobody needs to know any of it: the input is called pictures, 8 bits of red, green and blue in any
/// size, and the outputs are probabilities and points.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Trained network: a file, or the name of one that comes with Marquee
    #[arg(long, default_value = "cnn32", value_name = "FILE|NAME")]
    model: PathBuf,

    /// Take pictures, and give probabilities: resizing, normalising, temperature and softmax are in the file
    #[arg(long)]
    raw: bool,

    /// File to write
    #[arg(long, value_name = "FILE.onnx")]
    out: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    super::check_folder(&args.out)?;
    let model = super::read_model(&args.model)?;
    let (bytes, opset) = match args.raw {
        true => (marquee_onnx::to_raw_bytes(&model), RAW_OPSET),
        false => (marquee_onnx::to_bytes(&model), OPSET),
    };
    write_whole(&args.out, &bytes)?;

    let network = model.network();
    let tasks: Vec<&str> = network.heads.iter().map(|h| h.task.as_str()).collect();
    println!(
        "Wrote {}: {} for ONNX, opset {opset} ({} bytes).",
        args.out.display(),
        network.name,
        bytes.len()
    );
    let input = match args.raw {
        true => "pictures, uint8 [batch, height, width, 3]".to_owned(),
        false => {
            let size = network.input;
            format!("input [batch, 3, {}, {}]", size.height, size.width)
        }
    };
    println!("Input: {input}; outputs: {}.", tasks.join(", "));
    Ok(ExitCode::SUCCESS)
}
