//! Weights that were trained in PyTorch.

use anyhow::{Error, Result};
use marquee_models::file::{Metadata, Model, ModelError, Weights};
use marquee_models::network::{NetworkName, Task};

use super::imported::Imported;
use crate::dataset::{Dataset, Statistics};
use crate::training::{Provenance, score_scale};

/// How `Metadata::trainer` begins for a network that was trained elsewhere.
const IMPORTED: &str = "imported by";

/// Whether a network was trained elsewhere and imported, so that its recipe is not known.
pub fn is_imported(metadata: &Metadata) -> bool {
    metadata.trainer.starts_with(IMPORTED)
}

/// Makes a model from the tensors of a `.safetensors` file, such as a PyTorch `state_dict`, with what the
/// file's metadata says about their training: `command`, `source`, `teacher`, and as JSON lists the
/// `mean` and `std` of the inputs.
///
/// The tensors have PyTorch's names and shapes (see [`Network::parameters`]). They are in single, half
/// or bfloat16 precision; batch norm's `num_batches_tracked` may be missing. Labels, genres and the
/// scale of the score are taken from `dataset`, on which the network was trained. `statistics` are the
/// mean and standard deviation that its inputs were normalised by, with colours from 0 to 1. Without
/// them, those of the file are used, or else those of the dataset's training split; then the dataset's posters are resized for the
/// network, unless they already are.
///
/// # Errors
///
/// Where the bytes are not a safetensors file, a tensor is missing, unknown, of another shape or not
/// finite, `statistics` are out of range, or the dataset's posters cannot be read.
///
/// [`Network::parameters`]: marquee_models::network::Network::parameters
pub fn import(
    bytes: &[u8],
    network: NetworkName,
    dataset: &mut Dataset,
    statistics: Option<Statistics>,
) -> Result<(Model, Imported)> {
    let weights = Weights::from_bytes(bytes).map_err(with_remedy)?;
    // checks the tensors before any poster is resized
    let model = Model::new(metadata_of(network, &weights, dataset), weights.clone())
        .map_err(|error| mismatch(network, &weights, dataset, error))?;
    let provenance = Provenance::read(bytes)?;
    let statistics = match statistics.or(provenance.statistics()?) {
        Some(statistics) => statistics,
        None => *dataset.pixels(model.network().input)?.statistics(),
    };
    let metadata = Metadata {
        mean: statistics.mean,
        std: statistics.std,
        ..model.metadata().clone()
    };
    Ok((Model::new(metadata, weights)?, Imported::of(&provenance)))
}

/// The metadata of a network that was trained on this dataset, except mean and standard deviation.
fn metadata_of(network: NetworkName, weights: &Weights, dataset: &Dataset) -> Metadata {
    let untrained = Metadata::untrained(network);
    let layers = untrained.layers();
    let heads = layers.heads.iter().zip(layers.prefixes().heads);
    let mut scores = heads.filter(|(head, _)| head.task == Task::Score);
    let scored = scores.any(|(_, prefix)| weights.has(&format!("{prefix}.weight")));
    let answers = |task| layers.output_range(task).is_some();
    Metadata {
        labels: dataset.summary().labels.clone(),
        genres: match answers(Task::Genres) {
            true => dataset.genre_names(),
            false => Vec::new(),
        },
        score: scored.then(|| score_scale(dataset)),
        dataset: dataset.summary().hash.clone(),
        trainer: format!("{IMPORTED} Marquee {}", env!("CARGO_PKG_VERSION")),
        ..untrained
    }
}

/// Adds what to do in PyTorch.
fn with_remedy(error: ModelError) -> Error {
    let remedy = match error {
        ModelError::NotSafetensors(_) => {
            "write the file in PyTorch with \
             safetensors.torch.save_file(network.state_dict(), \"weights.safetensors\")"
        }
        ModelError::WrongPrecision { .. } => {
            "call network.float() in PyTorch before you write the weights"
        }
        _ => return error.into(),
    };
    Error::from(error).context(remedy)
}

/// Says which network the tensors belong to, or else which classes and genres they must have.
fn mismatch(
    network: NetworkName,
    weights: &Weights,
    dataset: &Dataset,
    error: ModelError,
) -> Error {
    match error {
        ModelError::MissingTensor(_)
        | ModelError::UnknownTensor(..)
        | ModelError::WrongShape { .. } => {}
        _ => return error.into(),
    }
    let fits = |name: &NetworkName| {
        Model::new(metadata_of(*name, weights, dataset), weights.clone()).is_ok()
    };
    if let Some(other) = NetworkName::ALL.into_iter().find(fits) {
        return Error::msg(format!(
            "these are the tensors of {other}; name it with --network {other}"
        ));
    }
    let metadata = metadata_of(network, weights, dataset);
    let mut outputs = format!(
        "{} classes ({})",
        metadata.labels.len(),
        metadata.labels.join(", ")
    );
    if !metadata.genres.is_empty() {
        outputs += &format!(
            " and {} genres ({})",
            metadata.genres.len(),
            metadata.genres.join(", ")
        );
    }
    Error::from(error).context(format!(
        "with this dataset {network} has {outputs}, and the tensors of its class in \
         trainer/python/marquee_networks.py"
    ))
}
