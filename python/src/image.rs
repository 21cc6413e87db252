//! One image, as `_images.py` hands it over.

use std::path::PathBuf;

use marquee_models::network::Size;
use marquee_models::preprocess::Rgb8;
use marquee_predict::pictures::read_file;
use marquee_predict::predictor::{Prediction, Predictor};
use pyo3::FromPyObject;
use pyo3::pybacked::PyBackedBytes;

/// One image. Python's types tell which: bytes, tuples of five and of one, or a path.
#[derive(FromPyObject)]
pub(crate) enum Image {
    /// An encoded file.
    #[pyo3(transparent)]
    File(PyBackedBytes),
    /// Samples, width, height, channels, and bytes of a sample.
    #[pyo3(transparent)]
    Samples((PyBackedBytes, usize, usize, usize, usize)),
    /// Why there is no image.
    #[pyo3(transparent)]
    Refused((String,)),
    /// The path of a file.
    #[pyo3(transparent)]
    Path(PathBuf),
}

impl Image {
    /// What a network says about it, or why there is no answer.
    pub(crate) fn predict(&self, predictor: &Predictor) -> Result<Prediction, String> {
        match self {
            Image::File(file) => predictor.predict(file),
            Image::Samples((samples, width, height, channels, bytes)) => {
                let (width, height) = (*width, *height);
                let size = Size { width, height };
                let poster = Rgb8::from_samples(size, *channels, *bytes, samples.to_vec());
                predictor.predict_pixels(&poster.map_err(|error| error.to_string())?)
            }
            Image::Refused((reason,)) => Err(reason.clone()),
            Image::Path(path) => {
                let file = read_file(path).map_err(|error| error.to_string())?;
                predictor.predict(&file)
            }
        }
    }
}
