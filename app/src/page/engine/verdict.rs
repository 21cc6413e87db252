//! What comes of a request.

use marquee_app::protocol::{Engine, Problem};

/// Below this the network isn't sure.
const SURE: f32 = 0.4;

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// It was classified.
    Answered(Verdict),
    /// Its file can't be.
    Refused(Problem),
}

/// What the network says of a poster.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// The classes and their probabilities, in the model's order.
    pub(crate) classes: Vec<(String, f32)>,
    /// Who said it.
    pub(crate) engine: Engine,
    /// Milliseconds to read the file.
    pub(crate) read_ms: f64,
    /// Milliseconds in the network.
    pub(crate) infer_ms: f64,
}

impl Verdict {
    /// The most probable class and its probability.
    pub(crate) fn winner(&self) -> Option<&(String, f32)> {
        self.classes.iter().max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// Whether the most probable class is much more so than the others.
    pub(crate) fn sure(&self) -> bool {
        self.winner()
            .is_some_and(|(_, probability)| *probability >= SURE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(probabilities: &[f32]) -> Verdict {
        Verdict {
            classes: probabilities.iter().map(|p| (p.to_string(), *p)).collect(),
            engine: Engine::Cpu,
            read_ms: 0.0,
            infer_ms: 0.0,
        }
    }

    #[test]
    fn the_most_probable_class_wins() {
        let winner = verdict(&[0.2, 0.7, 0.1]).winner().map(|it| it.1);
        assert_eq!(winner, Some(0.7));
        assert_eq!(verdict(&[]).winner(), None);
    }

    #[test]
    fn a_close_call_is_not_sure() {
        assert!(verdict(&[0.4, 0.3, 0.3]).sure());
        assert!(!verdict(&[0.35, 0.33, 0.32]).sure());
    }
}
