use std::path::Path;

use anyhow::{Context, Result, ensure};
use marquee_models::file::Weights;
use marquee_models::network::{Labels, Network, Task};
use marquee_models::shipped::{self, SHIPPED};
use sha2::{Digest, Sha256};

use super::provenance::Provenance;
use crate::dataset::{Dataset, Statistics};
use crate::files::hex;

/// Weights that a run starts from instead of random ones.
pub(super) struct InitialWeights {
    /// Where they come from, in a few words.
    pub(super) source: String,
    /// The command that made the file, if the file says so.
    pub(super) command: Option<String>,
    /// Mean and deviation by which their inputs were normalised, if the file says so.
    pub(super) statistics: Option<Statistics>,
    /// Content hash of the dataset that they were trained on, if it is another one than the run's and the file says
    /// so.
    pub(super) dataset: Option<String>,
    /// SHA-256 of the file. A run is only resumed with the same.
    pub(super) digest: String,
    weights: Weights,
}

impl InitialWeights {
    /// Reads a shipped network by its name, or a `.safetensors` file with some or all of a network's tensors, with PyTorch's names: a
    /// file of `trainer/python/pretrained.py`, or a network of Marquee's.
    ///
    /// In its metadata, `source` says where the weights come from, `command` what made the file, and
    /// `mean` and `std`, as JSON lists, how their inputs were normalised. Heads that answer something else than the
    /// network's are left out: other classes or `genres`, or as many outputs as the network does not have.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, has no tensor or one that the network does not have, or has an impossible mean or
    /// deviation.
    pub(super) fn read(
        path: &Path,
        network: &Network,
        dataset: &Dataset,
    ) -> Result<InitialWeights> {
        let shown = path.display();
        let bytes = shipped::read(path).with_context(|| {
            format!(
                "cannot read {shown}, which the run should start from; name such a file with --start, or a network that \
                 comes with Marquee: {}",
                SHIPPED.map(|shipped| shipped.name).join(", ")
            )
        })?;
        InitialWeights::parse(&bytes, network, dataset)
            .with_context(|| format!("the run cannot start from {shown}"))
    }

    fn parse(bytes: &[u8], network: &Network, dataset: &Dataset) -> Result<InitialWeights> {
        let mut weights = Weights::from_bytes(bytes)?;
        let provenance = Provenance::read(bytes)?;
        let left_out = leave_out_heads(&mut weights, network, dataset, &provenance);
        weights.check_part(network)?;
        let named = network.parameters();
        ensure!(
            named.iter().any(|parameter| weights.has(&parameter.name)),
            "it holds no tensor"
        );
        let source = provenance.get("source").or(provenance.get("network"));
        let mut source = source.unwrap_or("other weights").to_owned();
        if !left_out.is_empty() {
            source += &format!(", but for its heads ({})", left_out.join(", "));
        }
        let other = provenance
            .get("dataset")
            .filter(|hash| *hash != dataset.summary().hash);
        Ok(InitialWeights {
            source,
            dataset: other.filter(|hash| !hash.is_empty()).map(str::to_owned),
            command: provenance.get("command").map(str::to_owned),
            statistics: provenance.statistics()?,
            digest: hex(&Sha256::digest(bytes)),
            weights,
        })
    }

    /// Replaces the tensors that the file has.
    pub(super) fn replace(&self, mut weights: Weights) -> Weights {
        weights.extend(&self.weights);
        weights
    }
}

/// Removes the heads that answer something else than the network's, and returns what they answer.
fn leave_out_heads(
    weights: &mut Weights,
    network: &Network,
    dataset: &Dataset,
    provenance: &Provenance,
) -> Vec<&'static str> {
    let names =
        |key: &str| -> Option<Vec<String>> { serde_json::from_str(provenance.get(key)?).ok() };
    let (labels, genres) = (names("labels"), names("genres"));
    let all = Labels {
        classes: 1,
        genres: 1,
        score: true,
    };
    let all = Network::new(network.name, all);
    let parameters = network.parameters();
    let mut left_out = Vec::new();
    for (head, prefix) in all.heads.iter().zip(all.prefixes().heads) {
        let others = match head.task {
            Task::Class => labels
                .as_ref()
                .is_some_and(|it| *it != dataset.summary().labels),
            Task::Genres => genres
                .as_ref()
                .is_some_and(|it| *it != dataset.genre_names()),
            Task::Score => false,
        };
        let is_of_head = |name: &str| {
            name.strip_prefix(&prefix)
                .is_some_and(|it| it.starts_with('.'))
        };
        let tensors = weights.names().filter(|name| is_of_head(name));
        let tensors: Vec<String> = tensors.map(str::to_owned).collect();
        if tensors.is_empty() {
            continue;
        }
        let fits = |name: &String| {
            let mut same = parameters
                .iter()
                .filter(|parameter| parameter.name == *name);
            same.any(|parameter| parameter.shape == weights.shape(name))
        };
        if others || !tensors.iter().all(fits) {
            weights.retain(|name| !is_of_head(name));
            left_out.push(head.task.as_str());
        }
    }
    left_out
}
