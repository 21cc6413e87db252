//! The two executors side by side: posters a second for CNN32, one at a time and 256 at once, on
//! this machine's CPU. `cargo bench -p marquee-trainer --bench executors --no-default-features`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use burn::tensor::{Device, Tensor, TensorData};
use marquee_models::burn::Net;
use marquee_models::file::{Metadata, Model};
use marquee_models::network::{CHANNELS, NetworkName};
use marquee_models::simd::Executor;

/// How long each figure is measured.
const TIME: Duration = Duration::from_secs(2);

fn main() {
    let device = Device::flex();
    for name in [
        NetworkName::Cnn32,
        NetworkName::Cnn64,
        NetworkName::DeepCnn32,
        NetworkName::PosterNet,
    ] {
        let metadata = Metadata::untrained(name);
        let network = metadata.layers();
        let net = Net::init(&network, &device);
        let model = Model::new(metadata, net.weights(&network)).expect("a fresh network is sound");
        let executor = Executor::new(&model);
        for batch in [1, 256] {
            let inputs: Vec<f32> = (0..batch * network.input_len())
                .map(|index| (index % 97) as f32 / 48.0 - 1.0)
                .collect();
            let simd = rate(batch, || {
                black_box(executor.run(black_box(&inputs)));
            });
            let flex = rate(batch, || {
                let shape = [batch, CHANNELS, network.input.height, network.input.width];
                let data = TensorData::new(black_box(inputs.clone()), shape);
                black_box(net.forward(Tensor::from_data(data, &device)).into_data());
            });
            println!(
                "{name:<10} batch {batch:>3}   small executor {simd:>8.0}/s   Burn flex {flex:>8.0}/s"
            );
        }
    }
}

/// Posters a second.
fn rate(batch: usize, mut run: impl FnMut()) -> f64 {
    run();
    let started = Instant::now();
    let mut posters = 0;
    while started.elapsed() < TIME {
        run();
        posters += batch;
    }
    posters as f64 / started.elapsed().as_secs_f64()
}
