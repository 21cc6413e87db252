//! What the network predicts for one poster.

use marquee_models::math::argmax;

/// A prediction. It is small, because there may be thousands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Prediction {
    /// The likeliest class.
    pub(super) class: u8,
    /// Whether its probability reaches the network's threshold.
    pub(super) sure: bool,
    /// The probability of each class, in the order of the network's labels.
    pub(super) probabilities: Box<[f32]>,
}

impl Prediction {
    /// `None` where there are no classes, or more than 256.
    pub(super) fn new(probabilities: Vec<f32>, sure: bool) -> Option<Prediction> {
        let class = argmax(&probabilities);
        (class < probabilities.len()).then_some(Prediction {
            class: class.try_into().ok()?,
            sure,
            probabilities: probabilities.into(),
        })
    }

    /// The probability of the likeliest class.
    pub(super) fn confidence(&self) -> f32 {
        self.probabilities[usize::from(self.class)]
    }
}
