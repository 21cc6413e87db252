//! Weights that were trained in PyTorch, made a network of Marquee's.

use anyhow::{Error, Result};
use marquee_models::file::{Metadata, Model, ModelError, Weights};
use marquee_models::network::{NetworkName, Task};

use crate::dataset::{Dataset, Statistics};
use crate::training::score_scale;

/// What begins the name of the trainer of a network that was trained elsewhere.
const IMPORTED: &str = "imported by";

/// Whether a network was trained elsewhere: nobody knows its recipe.
pub fn is_imported(metadata: &Metadata) -> bool {
    metadata.trainer.starts_with(IMPORTED)
}

/// Puts the tensors of a `.safetensors` file, whatever its metadata says, together with what else is
/// needed to use them.
///
/// The tensors have PyTorch's names and shapes (see [`Network::parameters`]), in single or half
/// precision, bfloat16 included; batch norm's `num_batches_tracked` may be there or not. Labels,
/// genres and the score's scale are those that a network trained on `dataset` has. `statistics` are
/// what its inputs were normalised by, in 0–1; without them, those of the dataset's training split
/// are taken, and its pixels made at this size where they are not there yet.
///
/// # Errors
///
/// Where the bytes are no safetensors file, a tensor is missing, unknown, of another shape or not
/// finite, or the dataset's posters cannot be read.
///
/// [`Network::parameters`]: marquee_models::network::Network::parameters
pub fn import(
    bytes: &[u8],
    network: NetworkName,
    dataset: &mut Dataset,
    statistics: Option<Statistics>,
) -> Result<Model> {
    let weights = Weights::from_bytes(bytes).map_err(with_remedy)?;
    // before any poster is resized
    let model = Model::new(metadata_of(network, dataset), weights.clone())
        .map_err(|error| not_of(network, &weights, dataset, error))?;
    let statistics = match statistics {
        Some(statistics) => statistics,
        None => *dataset.pixels(model.network().input)?.statistics(),
    };
    let metadata = Metadata {
        mean: statistics.mean,
        std: statistics.std,
        ..model.metadata().clone()
    };
    Ok(Model::new(metadata, weights)?)
}

/// The metadata of a network that was trained on this dataset, but for how its inputs are normalised.
fn metadata_of(network: NetworkName, dataset: &Dataset) -> Metadata {
    let untrained = Metadata::untrained(network);
    let layers = untrained.layers();
    let answers = |task| layers.output_range(task).is_some();
    Metadata {
        labels: dataset.summary().labels.clone(),
        genres: match answers(Task::Genres) {
            true => dataset.genre_names(),
            false => Vec::new(),
        },
        score: answers(Task::Score).then(|| score_scale(dataset)),
        dataset: dataset.summary().hash.clone(),
        trainer: format!("{IMPORTED} Marquee {}", env!("CARGO_PKG_VERSION")),
        ..untrained
    }
}

fn with_remedy(error: ModelError) -> Error {
    let remedy = match error {
        ModelError::NotSafetensors(_) => {
            "it is no file that PyTorch has written with \
             safetensors.torch.save_file(network.state_dict(), \"weights.safetensors\")"
        }
        ModelError::WrongPrecision { .. } => {
            "call network.float() in PyTorch before the weights are written"
        }
        _ => return error.into(),
    };
    Error::from(error).context(remedy)
}

/// Weights that do not fit: says which network they would fit, or what the dataset asks of them.
fn not_of(network: NetworkName, weights: &Weights, dataset: &Dataset, error: ModelError) -> Error {
    match error {
        ModelError::MissingTensor(_)
        | ModelError::UnknownTensor(..)
        | ModelError::WrongShape { .. } => {}
        _ => return error.into(),
    }
    let fits =
        |name: &NetworkName| Model::new(metadata_of(*name, dataset), weights.clone()).is_ok();
    if let Some(other) = NetworkName::ALL.into_iter().find(fits) {
        return Error::msg(format!(
            "its tensors are those of {other}; name it with --network {other}"
        ));
    }
    let metadata = metadata_of(network, dataset);
    let mut told = format!(
        "{} classes ({})",
        metadata.labels.len(),
        metadata.labels.join(", ")
    );
    if !metadata.genres.is_empty() {
        told += &format!(
            " and {} genres ({})",
            metadata.genres.len(),
            metadata.genres.join(", ")
        );
    }
    Error::from(error).context(format!(
        "on this dataset {network} tells {told} apart, and its tensors are those of its class in \
         trainer/python/marquee_networks.py"
    ))
}
