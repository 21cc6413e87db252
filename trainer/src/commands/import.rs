use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use clap::builder::PossibleValuesParser;
use marquee_models::network::{CHANNELS, NetworkName};
use marquee_trainer::dataset::{Dataset, Statistics, write_whole};
use marquee_trainer::interchange::import::import;

use super::stored::Stored;

/// Make a network of Marquee's from weights that were trained in PyTorch.
///
/// The weights are a .safetensors file of a state_dict, with the names and shapes of the classes in
/// trainer/python/marquee_networks.py. What else the network needs comes from the dataset that it was
/// trained on: labels, genres, the score's scale, and what its inputs are normalised by.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Weights that PyTorch has written
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,

    /// Network that they are of
    #[arg(
        long,
        value_parser = PossibleValuesParser::new(NetworkName::ALL.map(NetworkName::as_str))
    )]
    network: String,

    /// Dataset whose training split they were trained on
    #[arg(long, value_name = "DATASET")]
    data: PathBuf,

    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    #[command(flatten)]
    stored: Stored,

    /// What was taken off red, green and blue, in 0 to 1 [default: the training split's means]
    #[arg(long, value_name = "R,G,B", value_parser = colours, requires = "std")]
    mean: Option<[f32; CHANNELS]>,

    /// What they were divided by then [default: the training split's standard deviations]
    #[arg(long, value_name = "R,G,B", value_parser = colours, requires = "mean")]
    std: Option<[f32; CHANNELS]>,
}

fn colours(text: &str) -> Result<[f32; CHANNELS], String> {
    let numbers: Result<Vec<f32>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    numbers
        .ok()
        .and_then(|numbers| numbers.try_into().ok())
        .ok_or_else(|| "three numbers with commas between them, such as 0.5,0.45,0.4".to_owned())
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
    let model = import(&bytes, network, &mut dataset, statistics)
        .map_err(|error| anyhow!("cannot import {shown} as {network}: {error:#}"))?;
    let bytes = args.stored.of(&model)?.to_bytes(args.stored.precision());
    write_whole(&args.out, &bytes)?;

    println!(
        "The network is {} ({} bytes). How good is it?\n\n  marquee evaluate --data {} --model {}",
        args.out.display(),
        bytes.len(),
        args.data.display(),
        args.out.display()
    );
    Ok(ExitCode::SUCCESS)
}
