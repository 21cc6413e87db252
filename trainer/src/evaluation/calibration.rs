//! What is calibrated on the validation split once a network is trained.

use marquee_models::file::{Metadata, ScoreScale};

use super::abstention::Abstention;
use super::evaluate::Evaluation;

/// Calibrates the temperature of a network's percentages, the threshold below which it is "not sure",
/// and the width of its score's interval.
///
/// `validation` are the answers of the network with this metadata about films that it was not trained
/// on. Returns the calibrated metadata, and what the threshold does to these answers. Whatever there
/// are too few films for stays as it is.
pub fn calibrate(metadata: &Metadata, validation: &Evaluation) -> (Metadata, Option<Abstention>) {
    let mut metadata = metadata.clone();
    metadata.temperature = validation.classes.calibrate_temperature() as f32;
    let abstention = Abstention::calibrate(&validation.classes, f64::from(metadata.temperature));
    if let Some(found) = abstention {
        metadata.threshold = found.threshold as f32;
    }
    let factor = (validation.score.as_ref()).and_then(|score| score.calibrate_interval());
    if let (Some(scale), Some(factor)) = (metadata.score, factor) {
        metadata.score = Some(ScoreScale {
            interval: scale.interval * factor,
            ..scale
        });
    }
    (metadata, abstention)
}
