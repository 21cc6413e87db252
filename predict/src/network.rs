//! The network that a name or a path means.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use marquee_models::file::Model;
use marquee_models::shipped::{self, SHIPPED, Shipped};

/// A network, and what its card says.
pub struct Named {
    /// The network.
    pub model: Model,
    /// Its model card, in Markdown; `None` if there is none beside its file.
    pub card: Option<String>,
}

impl Named {
    /// A network that comes with Marquee, by its name, or the one in a file. The names go first: a file that is called
    /// `cnn32` is `./cnn32`.
    ///
    /// # Errors
    ///
    /// If `name` is neither a name nor a file, or the file is no network of Marquee's.
    pub fn find(name: &str) -> Result<Named> {
        let path = Path::new(name);
        let bytes = shipped::read(path).with_context(|| {
            let names = SHIPPED.map(|shipped| shipped.name).join(", ");
            format!(
                "cannot read the model {name}; name one of Marquee's .safetensors files, or a network that comes with \
                 Marquee: {names}"
            )
        })?;
        let model =
            Model::from_bytes(&bytes).with_context(|| format!("{name} is not a usable model"))?;
        let card = match Shipped::named(path) {
            Some(shipped) => Some(shipped.card.to_owned()),
            None => fs::read_to_string(path.with_extension("md")).ok(),
        };
        Ok(Named { model, card })
    }
}
