//! `marquee import`: PyTorch weights in.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use clap::builder::PossibleValuesParser;
use marquee_models::network::{CHANNELS, NetworkName};
use marquee_trainer::dataset::{Dataset, Statistics};
use marquee_trainer::files::write_whole;
use marquee_trainer::interchange::import::import;

use super::stored::Stored;

/// Import weights that were trained in PyTorch.
///
/// The weights are the state_dict, as a .safetensors file, of a class in
/// trainer/python/marquee_networks.py. Labels, genres and the scale of the score are taken from the dataset
/// that the network was trained on. So are the mean and standard deviation of the inputs, unless the
/// file's metadata or --mean and --std name them. What the metadata says about the training is
/// written to import.json beside the network, for the model card of `marquee export`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Weights that PyTorch has written, a .safetensors file
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,

    /// Network that the weights belong to
    #[arg(
        long,
        value_parser = PossibleValuesParser::new(NetworkName::ALL.map(NetworkName::as_str))
    )]
    network: String,

    /// Dataset that the network was trained on
    #[arg(long, value_name = "DATASET")]
    data: PathBuf,

    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    #[command(flatten)]
    stored: Stored,

    /// Means of red, green and blue that were subtracted from the inputs, 0 to 1 [default: those of the
    /// file, or of the dataset's training split]
    #[arg(long, value_name = "R,G,B", value_parser = parse_colours, requires = "std")]
    mean: Option<[f32; CHANNELS]>,

    /// Standard deviations that the inputs were then divided by [default: those of the dataset's
    /// training split]
    #[arg(long, value_name = "R,G,B", value_parser = parse_colours, requires = "mean")]
    std: Option<[f32; CHANNELS]>,
}

fn parse_colours(text: &str) -> Result<[f32; CHANNELS], String> {
    let numbers: Result<Vec<f32>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    numbers
        .ok()
        .and_then(|numbers| numbers.try_into().ok())
        .ok_or_else(|| {
            "give three numbers with commas between them, such as 0.5,0.45,0.4".to_owned()
        })
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    super::check_folder(&args.out)?;
    let network = args.network.parse()?;
    let shown = args.weights.display();
    let bytes = std::fs::read(&args.weights).with_context(|| {
        format!("cannot read the weights {shown}; name a .safetensors file with --weights")
    })?;
    let mut dataset = Dataset::open(&args.data)?;
    let statistics = args.mean.zip(args.std);
    let statistics = statistics.map(|(mean, std)| Statistics { mean, std });
    let (model, imported) = import(&bytes, network, &mut dataset, statistics)
        .map_err(|error| anyhow!("cannot import {shown} as {network}: {error:#}"))?;
    let bytes = args.stored.of(&model)?.to_bytes(args.stored.precision());
    write_whole(&args.out, &bytes)?;
    imported.write(&args.out)?;

    println!(
        "Wrote the network to {} ({} bytes). To see how good it is:\n\n  marquee evaluate --data {} --model {}",
        args.out.display(),
        bytes.len(),
        args.data.display(),
        args.out.display()
    );
    Ok(ExitCode::SUCCESS)
}
