//! What comes of a request.

use marquee_app::protocol::{Engine, Problem};

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// It was classified.
    Answered(Prediction),
    /// Its file can't be.
    Refused(Problem),
}

/// What the network says of a poster.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prediction {
    /// The classes and their probabilities, in the model's order.
    pub(crate) classes: Vec<(String, f32)>,
    /// Whether the network is.
    pub(crate) sure: bool,
    /// Who said it.
    pub(crate) engine: Engine,
    /// Milliseconds to read the file.
    pub(crate) read_ms: f64,
    /// Milliseconds in the network.
    pub(crate) infer_ms: f64,
}

impl Prediction {
    /// The most probable class and its probability.
    pub(crate) fn winner(&self) -> Option<&(String, f32)> {
        self.classes.iter().max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prediction(probabilities: &[f32]) -> Prediction {
        Prediction {
            classes: probabilities.iter().map(|p| (p.to_string(), *p)).collect(),
            sure: true,
            engine: Engine::Cpu,
            read_ms: 0.0,
            infer_ms: 0.0,
        }
    }

    #[test]
    fn the_most_probable_class_wins() {
        let winner = prediction(&[0.2, 0.7, 0.1]).winner().map(|it| it.1);
        assert_eq!(winner, Some(0.7));
        assert_eq!(prediction(&[]).winner(), None);
    }
}
