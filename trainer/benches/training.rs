//! Training on this machine's CPU: each block as one operation, beside the same network through
//! Burn's own layers and in PyTorch. It prints the table of docs/TRAINING_SPEED.md.
//! `cargo bench -p marquee-trainer --bench training --no-default-features`; PyTorch takes part if a
//! `python3`, or the Python whose path is in `MARQUEE_PYTHON`, has torch, numpy, safetensors and Pillow.

mod python;

use std::hint::black_box;
use std::time::{Duration, Instant};

use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};
use marquee_models::burn::Net;
use marquee_models::file::Metadata;
use marquee_models::network::{CHANNELS, Network, NetworkName};
use python::Script;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often each of them is measured, in turns.
const ROUNDS: usize = 7;

/// How long each of them is measured in a round.
const TIME: Duration = Duration::from_secs(3);

/// Posters in a step.
const BATCH: usize = 128;

fn main() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let arguments = [threads, BATCH, TIME.as_secs() as usize].map(|number| number.to_string());
    let mut pytorch = Script::start("pytorch.py", &arguments);
    let other = match &pytorch {
        Some(script) => script.version.clone(),
        None => "PyTorch (not installed)".to_owned(),
    };
    println!(
        "{}, {threads} threads, batches of {BATCH}: posters a second, the median of {ROUNDS} rounds \
         and their range.\n",
        processor()
    );
    println!(
        "| network | one operation a block | Burn {}'s layers | {other} | times Burn | times PyTorch |",
        burn()
    );
    println!("|---|---|---|---|---|---|");
    for name in [
        NetworkName::Cnn32,
        NetworkName::DeepCnn32,
        NetworkName::Cnn64,
        NetworkName::PosterNet,
    ] {
        let network = Metadata::untrained(name).layers();
        let line = format!("{name} {} {}", network.input.height, network.input.width);
        let rounds: Vec<[f64; 3]> = (0..ROUNDS)
            .map(|_| {
                [
                    rate(&network, Net::forward),
                    rate(&network, Net::forward_by_layers),
                    pytorch
                        .as_mut()
                        .map_or(f64::NAN, |script| script.ask(&line)),
                ]
            })
            .collect();
        let rates = [0, 1, 2].map(|of| spread(rounds.iter().map(|round| round[of]), 0));
        let times = [1, 2].map(|of| spread(rounds.iter().map(|round| round[0] / round[of]), 2));
        println!("| {name} | {} | {} |", rates.join(" | "), times.join(" | "));
    }
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

/// The median of some numbers, and their range; a dash if they were not measured.
fn spread(numbers: impl Iterator<Item = f64>, digits: usize) -> String {
    let mut sorted: Vec<f64> = numbers.collect();
    sorted.sort_by(f64::total_cmp);
    let (median, highest) = (sorted[sorted.len() / 2], sorted[sorted.len() - 1]);
    match median.is_nan() {
        true => "–".to_owned(),
        false => format!(
            "{median:.digits$} ({:.digits$} to {highest:.digits$})",
            sorted[0]
        ),
    }
}

/// The version of Burn that is measured.
fn burn() -> &'static str {
    let lock = include_str!("../../Cargo.lock");
    let entry = lock.split_once("name = \"burn\"\nversion = \"");
    entry
        .and_then(|(_, version)| version.split('"').next())
        .unwrap_or("?")
}

/// The processor's name, where Linux tells it.
fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find(|line| line.starts_with("model name"));
    let name = name.and_then(|line| line.split_once(": "));
    name.map_or("this machine's processor", |(_, name)| name)
        .to_owned()
}
