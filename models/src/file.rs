//! A trained model on disk: one `.safetensors` file that holds all that is needed to use it.
//!
//! The tensors have PyTorch's names and shapes, in single or half precision. The rest is in the
//! file's metadata: see [`Metadata`]. Executors take a [`Model`], and [`Model::new`] refuses whatever
//! does not fit, so executors need no checks of their own.

mod error;
mod metadata;
mod model;
mod score_scale;
mod weights;

pub use error::ModelError;
pub use metadata::{MAX_CLASSES, Metadata};
pub use model::Model;
pub use score_scale::ScoreScale;
pub use weights::{Precision, Weights};
