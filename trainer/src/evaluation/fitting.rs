//! What is fitted on the validation split once a network is trained: the temperature of its
//! percentages, the threshold below which it is not sure, and the width of the score's interval.

use marquee_models::file::{Card, ScoreScale};

use crate::evaluation::Evaluation;
use crate::evaluation::abstention::Abstention;

/// The card with what fits these answers, which a network of this card gave for films that it was
/// not trained on; and what the threshold does on them. What there are too few films for stays as it
/// is.
pub fn fitted(card: &Card, validation: &Evaluation) -> (Card, Option<Abstention>) {
    let mut card = card.clone();
    card.temperature = validation.classes.fit_temperature() as f32;
    let abstention = Abstention::fit(&validation.classes, f64::from(card.temperature));
    if let Some(found) = abstention {
        card.threshold = found.threshold as f32;
    }
    let factor = validation
        .score
        .as_ref()
        .and_then(|score| score.fit_interval());
    if let (Some(scale), Some(factor)) = (card.score, factor) {
        card.score = Some(ScoreScale {
            interval: scale.interval * factor,
            ..scale
        });
    }
    (card, abstention)
}
