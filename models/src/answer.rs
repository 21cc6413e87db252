//! What the outputs of a network's heads say about a poster.

use crate::file::Metadata;
use crate::math::{argmax, sigmoid};
use crate::network::{Network, Task};

/// What the outputs of a network's heads say about a poster.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The likeliest class, as an index among the network's labels.
    pub class: usize,
    /// Whether its probability reaches the network's threshold. If not, the answer is "not sure".
    pub sure: bool,
    /// A probability for each class, 0 to 1; their sum is 1.
    pub probabilities: Vec<f32>,
    /// A probability for each of the network's genres, 0 to 1; a film may have several genres. Empty if the
    /// network has no head for them.
    pub genres: Vec<f32>,
    /// The score; `None` if the network has no head for it.
    pub score: Option<Score>,
}

/// A film's expected score, in TMDB's points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The expected score; not cut to 0–10.
    pub points: f32,
    /// Half the width of the interval around it that holds four of five films.
    pub half_width: f32,
}

impl Answer {
    /// Reads the outputs of all heads for one poster, in the order of [`Network::heads`].
    ///
    /// `network` is that of the metadata: [`Metadata::layers`].
    ///
    /// # Panics
    ///
    /// If there are fewer outputs than the network has.
    pub fn new(metadata: &Metadata, network: &Network, outputs: &[f32]) -> Answer {
        let of = |task| {
            let range = network.output_range(task);
            range.map_or(&[][..], |range| &outputs[range])
        };
        let probabilities = metadata.probabilities(outputs);
        let score = match (&metadata.score, of(Task::Score)) {
            (Some(scale), &[mean, log_variance]) => {
                let (points, half_width) = scale.points(mean, log_variance);
                Some(Score { points, half_width })
            }
            _ => None,
        };
        Answer {
            class: argmax(&probabilities),
            sure: metadata.is_sure(&probabilities),
            genres: of(Task::Genres).iter().map(|&it| sigmoid(it)).collect(),
            probabilities,
            score,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::ScoreScale;
    use crate::network::NetworkName;

    #[test]
    fn each_head_is_read_in_its_own_way() {
        let mut metadata = Metadata::untrained(NetworkName::PosterNet);
        metadata.threshold = 0.9;
        metadata.score = Some(ScoreScale {
            mean: 6.0,
            deviation: 2.0,
            interval: 1.5,
        });
        let network = metadata.layers();
        let mut outputs = vec![0.0; network.output_len()];
        outputs[2] = 1.0;
        // the first genre, and the score's mean
        outputs[6] = 100.0;
        outputs[6 + metadata.genres.len()] = 0.5;
        let answer = Answer::new(&metadata, &network, &outputs);
        assert_eq!((answer.class, answer.sure), (2, false));
        assert_eq!((answer.genres[0], answer.genres[1]), (1.0, 0.5));
        let (points, half_width) = (7.0, 3.0);
        assert_eq!(answer.score, Some(Score { points, half_width }));

        let metadata = Metadata::untrained(NetworkName::Cnn32);
        let answer = Answer::new(&metadata, &metadata.layers(), &[0.0; 6]);
        assert!(answer.genres.is_empty() && answer.score.is_none() && answer.sure);
    }
}
