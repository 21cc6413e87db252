//! Training on this machine's CPU, posters a second: each block as one operation, beside the same
//! network through Burn's own layers.
//! `cargo bench -p marquee-trainer --bench training --no-default-features`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};
use marquee_models::burn::Net;
use marquee_models::file::Metadata;
use marquee_models::network::{CHANNELS, Network, NetworkName};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long each figure is measured.
const TIME: Duration = Duration::from_secs(8);

/// Posters a step.
const BATCH: usize = 128;

fn main() {
    for name in [
        NetworkName::Cnn32,
        NetworkName::DeepCnn32,
        NetworkName::Cnn64,
        NetworkName::PosterNet,
    ] {
        let network = Metadata::untrained(name).layers();
        let fused = rate(&network, Net::forward);
        let layers = rate(&network, Net::forward_by_layers);
        println!("{name:<10} one operation a block {fused:>6.0}/s   Burn's layers {layers:>6.0}/s");
    }
}

/// Posters a second through steps of forward pass, backward pass and optimiser.
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
