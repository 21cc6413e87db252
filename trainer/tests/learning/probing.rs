//! A network's features tell classes apart that the network was not trained for.

use marquee_models::file::Model;
use marquee_trainer::evaluation::linear_probe::Features;

use super::dataset;

/// Its own classes have nothing to do with the colours of drawn posters.
const NETWORK: &[u8] = include_bytes!("../../../models/weights/cnn32.safetensors");

#[test]
fn a_linear_probe_learns_from_all_films_and_from_a_few() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut dataset = dataset(folder.path(), 30);
    let model = Model::from_bytes(NETWORK).expect("the shipped network is sound");
    let pixels = dataset
        .pixels(model.network().input)
        .expect("the dataset has its posters");
    let features = Features::of(&model, &dataset, &pixels);
    let [all, accuracy] = features.probe_all();
    // six classes, so that guessing has a sixth
    assert!(all.value > 0.6 && accuracy.value > 0.6, "{all:?}");
    let [some, _] = features.probe_some(3).expect("every class has three");
    assert!(some.interval.low <= some.value && some.value <= some.interval.high);
    assert!(some.value > 0.3 && some.value < all.value + 0.1, "{some:?}");
    assert_eq!(features.probe_some(1000), None);
}
