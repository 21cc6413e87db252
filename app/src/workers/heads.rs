//! What a network's other heads say, in the form of the messages.

use marquee_models::file::Metadata;
use marquee_models::math::sigmoid;
use marquee_models::network::Task;

/// How likely each of the network's genres is, and its score: the points and half the width of the
/// interval that holds four films of five. Each is empty if the network has no head for it.
///
/// `outputs` are those of all its heads for one poster.
pub fn genres_and_score(metadata: &Metadata, outputs: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let layers = metadata.layers();
    let answers = |task| {
        let range = layers.output_range(task);
        range
            .and_then(|range| outputs.get(range))
            .unwrap_or_default()
    };
    let genres = answers(Task::Genres).iter().map(|&logit| sigmoid(logit));
    let score = match (&metadata.score, answers(Task::Score)) {
        (Some(scale), &[mean, log_variance]) => {
            let (points, interval) = scale.points(mean, log_variance);
            vec![points, interval]
        }
        _ => Vec::new(),
    };
    (genres.collect(), score)
}
