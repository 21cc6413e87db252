//! A network that is ready to answer.

use std::io;
use std::num::NonZeroUsize;

use marquee_models::file::{Model, Precision};
use marquee_models::shipped::SHIPPED;
use marquee_predict::in_order::in_order;
use marquee_predict::network::Named;
use marquee_predict::predictor::Predictor;
use pyo3::exceptions::{PyFileNotFoundError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::columns::Columns;
use crate::image::Image;

/// After how many images the process asks whether Ctrl-C was pressed.
const IMAGES: usize = 32;

#[pyclass(frozen, module = "marquee_posters._marquee")]
pub(crate) struct Network {
    predictor: Predictor,
    card: Option<String>,
}

#[pymethods]
impl Network {
    /// A network that comes with Marquee, or one in a file.
    #[staticmethod]
    fn find(name: &str) -> PyResult<Network> {
        let Named { model, card } = Named::find(name).map_err(|error| {
            let io = error.root_cause().downcast_ref::<io::Error>();
            let text = format!("{error:#}");
            match io.map(io::Error::kind) {
                Some(io::ErrorKind::NotFound) => PyFileNotFoundError::new_err(text),
                _ => PyValueError::new_err(text),
            }
        })?;
        let predictor = Predictor::new(model);
        Ok(Network { predictor, card })
    }

    /// What `to_bytes` made.
    #[staticmethod]
    fn from_bytes(file: &[u8], card: Option<String>) -> PyResult<Network> {
        let model = Model::from_bytes(file);
        let model = model.map_err(|error| PyValueError::new_err(error.to_string()))?;
        let predictor = Predictor::new(model);
        Ok(Network { predictor, card })
    }

    /// The network as a `.safetensors` file.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.predictor.model().to_bytes(Precision::Single))
    }

    #[getter]
    fn card(&self) -> Option<&str> {
        self.card.as_deref()
    }

    #[getter]
    fn name(&self) -> &'static str {
        self.predictor.metadata().network.as_str()
    }

    #[getter]
    fn labels(&self) -> Vec<String> {
        self.predictor.metadata().labels.clone()
    }

    #[getter]
    fn genres(&self) -> Vec<String> {
        self.predictor.metadata().genres.clone()
    }

    #[getter]
    fn has_score(&self) -> bool {
        self.predictor.metadata().score.is_some()
    }

    #[getter]
    fn feature_len(&self) -> usize {
        self.predictor.model().network().feature_len()
    }

    #[getter]
    fn input(&self) -> (usize, usize) {
        let size = self.predictor.metadata().input;
        (size.width, size.height)
    }

    #[getter]
    fn threshold(&self) -> f32 {
        self.predictor.metadata().threshold
    }

    /// The answers about images, as columns; other threads of Python go on meanwhile.
    fn run<'py>(
        &self,
        py: Python<'py>,
        images: Vec<Image>,
        threads: Option<NonZeroUsize>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let metadata = self.predictor.metadata();
        let mut columns = Columns::new(
            &metadata.labels,
            metadata.genres.len(),
            metadata.score.is_some(),
            self.feature_len(),
        );
        let mut done = 0;
        let result = py.detach(|| {
            in_order(
                threads,
                |take| images.iter().try_for_each(take),
                |image: &Image| image.predict(&self.predictor),
                |prediction| {
                    columns.push(prediction);
                    done += 1;
                    if done % IMAGES == 0 {
                        Python::attach(|py| py.check_signals())?;
                    }
                    Ok(())
                },
            )
        });
        if let Err(error) = result {
            return Err(match error.downcast::<PyErr>() {
                Ok(error) => error,
                Err(error) => PyRuntimeError::new_err(format!("{error:#}")),
            });
        }
        columns.into_dict(py)
    }
}

/// The names of the networks that come with Marquee.
#[pyfunction]
pub(crate) fn shipped() -> Vec<&'static str> {
    SHIPPED.map(|shipped| shipped.name).into()
}
