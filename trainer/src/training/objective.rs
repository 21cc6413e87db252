//! The loss that training lowers: a term for each of a network's heads.

mod classes;
mod genres;
mod score;
mod tensors;

use burn::tensor::Tensor;
use marquee_models::file::ScoreScale;
use marquee_models::network::{Network, Task};

use super::distillation::TeacherAnswers;
use super::example::Example;
use super::recipe::Recipe;
use crate::dataset::Dataset;
use classes::ClassTerm;
use genres::GenreTerm;
use score::ScoreTerm;

/// The loss of a network's outputs, with the targets of all rows of a dataset.
pub(super) struct Objective {
    classes: ClassTerm,
    genres: Option<GenreTerm>,
    score: Option<ScoreTerm>,
}

impl Objective {
    /// `genres` are the names of the genres that the network answers, and `scale` the scale of its
    /// scores.
    pub(super) fn new(
        recipe: &Recipe,
        dataset: &Dataset,
        network: &Network,
        genres: &[String],
        scale: Option<ScoreScale>,
    ) -> Objective {
        let outputs = |task| network.output_range(task);
        Objective {
            classes: ClassTerm::new(outputs(Task::Class).unwrap_or_default(), dataset, recipe),
            genres: outputs(Task::Genres)
                .map(|outputs| GenreTerm::new(outputs, dataset, genres, recipe.genre_weight)),
            score: outputs(Task::Score).zip(scale).map(|(outputs, scale)| {
                ScoreTerm::new(outputs, dataset, scale, recipe.score_weight)
            }),
        }
    }

    /// Makes a teacher's answers this share of the targets (Hinton et al. 2015).
    pub(super) fn distill(&mut self, teacher: TeacherAnswers, share: f32) {
        if let (Some(term), Some(probabilities)) = (&mut self.genres, teacher.genres) {
            term.distill(probabilities, share);
        }
        if let (Some(term), Some(points)) = (&mut self.score, teacher.scores) {
            term.distill(points, share);
        }
        self.classes.distill(teacher.classes, share);
    }

    /// The loss of a batch's outputs, `[batch, outputs]`: the class's cross-entropy, and the weighted
    /// losses of the other heads.
    pub(super) fn loss(&self, outputs: &Tensor<2>, batch: &[Example]) -> Tensor<1> {
        let mut loss = self.classes.loss(outputs, batch);
        if let Some(genres) = &self.genres {
            loss = loss + genres.loss(outputs, batch);
        }
        if let Some(score) = &self.score {
            loss = loss + score.loss(outputs, batch);
        }
        loss
    }
}
