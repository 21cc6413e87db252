//! The answers about many images, a column for each question.

use marquee_predict::predictor::Prediction;
use pyo3::types::{PyByteArray, PyDict, PyDictMethods};
use pyo3::{Bound, PyResult, Python};

/// The columns. Rows without an answer are NaN in numbers, and `None` elsewhere.
pub(crate) struct Columns<'a> {
    labels: &'a [String],
    lengths: Lengths,
    label: Vec<Option<&'a str>>,
    sure: Vec<Option<bool>>,
    probabilities: Vec<f32>,
    genres: Vec<f32>,
    /// The expected score, and half the width of its interval.
    score: Vec<f32>,
    features: Vec<f32>,
    error: Vec<Option<String>>,
    note: Vec<Option<&'static str>>,
}

/// How many numbers an image has in columns.
struct Lengths {
    genres: usize,
    score: usize,
    features: usize,
}

impl<'a> Columns<'a> {
    /// Columns for a network with these labels, this many genres and features, and a score or none.
    pub(crate) fn new(labels: &'a [String], genres: usize, score: bool, features: usize) -> Self {
        Columns {
            labels,
            lengths: Lengths {
                genres,
                score: if score { 2 } else { 0 },
                features,
            },
            label: Vec::new(),
            sure: Vec::new(),
            probabilities: Vec::new(),
            genres: Vec::new(),
            score: Vec::new(),
            features: Vec::new(),
            error: Vec::new(),
            note: Vec::new(),
        }
    }

    /// Adds an image's row.
    pub(crate) fn push(&mut self, prediction: Result<Prediction, String>) {
        match prediction {
            Ok(prediction) => {
                let note = Some(prediction.note()).filter(|note| !note.is_empty());
                let answer = prediction.answer;
                self.label.push(Some(&self.labels[answer.class]));
                self.sure.push(Some(answer.sure));
                self.probabilities.extend(answer.probabilities);
                self.genres.extend(answer.genres);
                let score = answer.score.map(|score| [score.points, score.half_width]);
                self.score.extend(score.into_iter().flatten());
                self.features.extend(prediction.features);
                self.error.push(None);
                self.note.push(note);
            }
            Err(error) => {
                self.label.push(None);
                self.sure.push(None);
                let nothing = |count| std::iter::repeat_n(f32::NAN, count);
                self.probabilities.extend(nothing(self.labels.len()));
                self.genres.extend(nothing(self.lengths.genres));
                self.score.extend(nothing(self.lengths.score));
                self.features.extend(nothing(self.lengths.features));
                self.error.push(Some(error));
                self.note.push(None);
            }
        }
    }

    /// A dictionary of lists, and of 32-bit floats as bytes, row by row.
    pub(crate) fn into_dict(self, py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
        let bytes = |numbers: Vec<f32>| {
            let bytes: Vec<u8> = numbers.iter().flat_map(|it| it.to_ne_bytes()).collect();
            PyByteArray::new(py, &bytes)
        };
        let columns = PyDict::new(py);
        columns.set_item("label", self.label)?;
        columns.set_item("sure", self.sure)?;
        columns.set_item("probabilities", bytes(self.probabilities))?;
        columns.set_item("genres", bytes(self.genres))?;
        columns.set_item("score", bytes(self.score))?;
        columns.set_item("features", bytes(self.features))?;
        columns.set_item("error", self.error)?;
        columns.set_item("note", self.note)?;
        Ok(columns)
    }
}
