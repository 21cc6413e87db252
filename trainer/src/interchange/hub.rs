//! Repositories for the Hugging Face Hub, as <https://huggingface.co/docs/hub/model-cards> describes them.

use std::collections::BTreeMap;

use anyhow::Result;
use marquee_models::file::Model;
use marquee_models::network::CHANNELS;
use serde_json::{Value, json};

/// The licence in a card's front matter: a file of Marquee's checkout, and where else its text is.
const LICENCE: [&str; 2] = [
    "license_link: LICENSE-MIT",
    "license_link: https://spdx.org/licenses/MIT.html",
];

/// The files of a repository for a network of this name: each with its name and its bytes. `weights` is the network's own
/// file, and `card` its model card, with the front matter that the Hub reads.
///
/// # Errors
///
/// If the network's metadata cannot be written as JSON.
pub fn files(
    name: &str,
    model: &Model,
    weights: Vec<u8>,
    card: &str,
) -> Result<Vec<(String, Vec<u8>)>> {
    let card = card.replace(LICENCE[0], LICENCE[1]);
    let readme = format!("{}\n{}", card.trim_end(), section(name));
    Ok(vec![
        ("README.md".to_owned(), readme.into_bytes()),
        (
            "config.json".to_owned(),
            serde_json::to_vec_pretty(&config(model))?,
        ),
        (format!("{name}.safetensors"), weights),
        (format!("{name}.onnx"), marquee_onnx::to_bytes(model)),
        (
            format!("{name}-raw.onnx"),
            marquee_onnx::to_raw_bytes(model),
        ),
    ])
}

/// What else is in the repository.
fn section(name: &str) -> String {
    format!(
        "
## Files

| file | what it is |
|---|---|
| `{name}.safetensors` | the network with all that is needed to use it; `marquee predict`, the page and PyTorch read it |
| `{name}.onnx` | the same for ONNX Runtime; it takes posters that are resized and normalised, and gives logits |
| `{name}-raw.onnx` | takes pictures as they are decoded, 8 bits of red, green and blue, and gives probabilities |
| `config.json` | labels, size, mean, standard deviation and temperature, which the files hold, too |

```sh
marquee predict poster.jpg --model {name}.safetensors
```
"
    )
}

/// The network in the words of Hugging Face's image classifiers, with Marquee's own beside them.
fn config(model: &Model) -> Value {
    let (metadata, network) = (model.metadata(), model.network());
    let labels = metadata.labels.iter().enumerate();
    let id2label: BTreeMap<usize, &String> = labels.clone().collect();
    let label2id: BTreeMap<&String, usize> = labels.map(|(id, label)| (label, id)).collect();
    json!({
        "model_type": "marquee",
        "architectures": [metadata.network.as_str()],
        "num_channels": CHANNELS,
        "image_size": [network.input.height, network.input.width],
        "id2label": id2label,
        "label2id": label2id,
        "genres": metadata.genres,
        "image_mean": metadata.mean,
        "image_std": metadata.std,
        "temperature": metadata.temperature,
        "threshold": metadata.threshold,
        "metrics": metadata.metrics,
        "dataset": metadata.dataset,
        "trainer": metadata.trainer,
        "seed": metadata.seed,
    })
}
