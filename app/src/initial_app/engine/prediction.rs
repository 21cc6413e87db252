//! The outcome of a request.

use marquee_app::protocol::{Engine, Picture, Problem};

/// The outcome of a request.
pub(crate) enum Outcome {
    /// The network's answer, and the decoded poster unless it is very large.
    Answered(Prediction, Option<Picture>),
    /// Why there is none.
    Refused(Problem),
}

/// What the network answers about a poster.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prediction {
    /// The classes and their probabilities, in the model's order.
    pub(crate) classes: Vec<(String, f32)>,
    /// Whether the likeliest class reaches the network's threshold.
    pub(crate) sure: bool,
    /// The network's weights' file.
    pub(crate) network: String,
    /// The network's name, as visitors read it.
    pub(crate) title: String,
    /// Which engine ran the network.
    pub(crate) engine: Engine,
    /// Milliseconds to read the file.
    pub(crate) read_ms: f64,
    /// Milliseconds in the network.
    pub(crate) infer_ms: f64,
    /// Whether the file holds the whole poster.
    pub(crate) complete: bool,
}

impl Prediction {
    /// The most probable class, the first of several, and its probability.
    pub(crate) fn winner(&self) -> Option<&(String, f32)> {
        self.classes.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prediction(probabilities: &[f32]) -> Prediction {
        Prediction {
            classes: probabilities.iter().map(|p| (p.to_string(), *p)).collect(),
            sure: true,
            network: String::new(),
            title: String::new(),
            engine: Engine::Cpu,
            read_ms: 0.0,
            infer_ms: 0.0,
            complete: true,
        }
    }

    #[test]
    fn the_most_probable_class_wins() {
        let winner = prediction(&[0.2, 0.7, 0.1]).winner().map(|it| it.1);
        assert_eq!(winner, Some(0.7));
        assert_eq!(prediction(&[]).winner(), None);
    }
}
