//! Training on this machine's CPU: each block as one operation, beside the same network through Burn's own layers and
//! in PyTorch. `cargo xtask bench train` runs it, and tells its options. PyTorch takes part if a `python3`, or the
//! Python whose path is in `MARQUEE_PYTHON`, has torch, numpy, safetensors and Pillow.

mod python;
mod report;

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};
use clap::Parser;
use marquee_models::burn::Net;
use marquee_models::file::Metadata;
use marquee_models::network::{CHANNELS, Network, NetworkName};
use python::Script;
use report::{processor, spread};
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long each of them is measured in a round.
const TIME: Duration = Duration::from_secs(3);

/// Posters in a step.
const BATCH: usize = 128;

#[derive(Parser)]
struct Options {
    /// How often each of them is measured, in turns
    #[arg(long)]
    rounds: usize,
    /// Networks to train
    #[arg(long, value_delimiter = ',')]
    networks: Vec<NetworkName>,
    /// Folder to write table.md and train.json to
    #[arg(long)]
    out: PathBuf,
    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let options = Options::parse();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let arguments = [threads, BATCH, TIME.as_secs() as usize].map(|number| number.to_string());
    let mut pytorch = Script::start("pytorch.py", &arguments);
    if pytorch.is_none() {
        eprintln!(
            "PyTorch is left out: there is no Python with torch, numpy, safetensors and Pillow; name one with \
             MARQUEE_PYTHON"
        );
    }
    let measured: Vec<(NetworkName, Vec<[f64; 3]>)> = (options.networks.iter())
        .map(|&name| (name, rounds(name, options.rounds, &mut pytorch)))
        .collect();

    let version = pytorch.map_or("PyTorch (not installed)".to_owned(), |it| {
        it.version.clone()
    });
    let table = table(&measured, threads, options.rounds, &version);
    print!("\n{table}");
    let networks: serde_json::Map<String, Value> = (measured.iter())
        .map(|(name, rounds)| (name.to_string(), json!(rounds)))
        .collect();
    let figures = json!({
        "processor": processor(),
        "threads": threads,
        "batch": BATCH,
        "ways": ["one operation a block", format!("Burn {}", burn()), version],
        "posters a second, by network, round and way": networks,
    });
    let figures = serde_json::to_string_pretty(&figures).expect("numbers can be written") + "\n";
    for (name, text) in [("table.md", &table), ("train.json", &figures)] {
        std::fs::write(options.out.join(name), text).expect("the folder can be written");
    }
}

/// The rates of the three ways in each round; NaN for what is not installed.
fn rounds(name: NetworkName, count: usize, pytorch: &mut Option<Script>) -> Vec<[f64; 3]> {
    let network = Metadata::untrained(name).layers();
    let line = format!("{name} {} {}", network.input.height, network.input.width);
    let round = |round| {
        let rates = [
            rate(&network, Net::forward),
            rate(&network, Net::forward_by_layers),
            pytorch
                .as_mut()
                .map_or(f64::NAN, |script| script.ask(&line)),
        ];
        eprintln!(
            "{name}, round {} of {count}: {rates:.0?} posters a second",
            round + 1
        );
        rates
    };
    (0..count).map(round).collect()
}

/// The medians and ranges as Markdown.
fn table(
    measured: &[(NetworkName, Vec<[f64; 3]>)],
    threads: usize,
    rounds: usize,
    pytorch: &str,
) -> String {
    let mut table = format!(
        "{}, {threads} threads, batches of {BATCH}: posters a second, the median of {rounds} rounds and their \
         range.\n\n| network | one operation a block | Burn {}'s layers | {pytorch} | times Burn | times PyTorch |\n\
         |---|---|---|---|---|---|\n",
        processor(),
        burn()
    );
    for (name, rounds) in measured {
        let rates = [0, 1, 2].map(|of| spread(rounds.iter().map(|round| round[of]), 0));
        let times = [1, 2].map(|of| spread(rounds.iter().map(|round| round[0] / round[of]), 2));
        table += &format!(
            "| {name} | {} | {} |\n",
            rates.join(" | "),
            times.join(" | ")
        );
    }
    table
}

/// Posters a second through steps of forward pass, backward pass and AdamW.
fn rate(network: &Network, forward: impl Fn(&Net, Tensor<4>) -> Tensor<2>) -> f64 {
    let device = Device::flex().autodiff();
    let mut net = Net::init(network, &device);
    let mut optimizer = AdamWConfig::new().init();
    let size = network.input;
    let inputs: Vec<f32> = (0..BATCH * network.input_len())
        .map(|index| (index % 97) as f32 / 48.0 - 1.0)
        .collect();
    let inputs = TensorData::new(inputs, [BATCH, CHANNELS, size.height, size.width]);
    let mut step = |net: Net| {
        let inputs = Tensor::from_data(inputs.clone(), &device);
        let loss = forward(&net, inputs).powi_scalar(2).mean();
        let gradients = GradientsParams::from_grads(loss.backward(), &net);
        optimizer.step(1e-3, net, gradients)
    };
    net = step(net);
    let (started, mut steps) = (Instant::now(), 0);
    while started.elapsed() < TIME {
        net = black_box(step(net));
        steps += 1;
    }
    (steps * BATCH) as f64 / started.elapsed().as_secs_f64()
}

/// The version of Burn that is measured.
fn burn() -> &'static str {
    let lock = include_str!("../../Cargo.lock");
    let entry = lock.split_once("name = \"burn\"\nversion = \"");
    entry
        .and_then(|(_, version)| version.split('"').next())
        .unwrap_or("?")
}
