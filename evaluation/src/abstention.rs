//! Saying "not sure" instead of naming a class, if the likeliest class is less probable than a
//! threshold.

use serde::Serialize;

use crate::classes::ClassAnswers;

/// Answers should be right this many times as often as the films that are left unanswered would be.
pub const RATIO: f64 = 2.0;

/// At least this share of the films must lie on either side of the threshold: a handful of films says
/// nothing about how often others are right.
const MIN_SHARE: f64 = 0.05;

/// If no threshold reaches [`RATIO`], at least this share should be answered: answers that are a
/// little more often right are of no use if there are hardly any.
const MIN_ANSWERED: f64 = 0.5;

/// What a threshold does: how many films are answered, and how many answers are right. All shares are
/// from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Abstention {
    /// The answer is "not sure" if the likeliest class is less probable than this, 0 to 1.
    pub threshold: f64,
    /// Share of the films that are answered.
    pub answered: f64,
    /// Share of the answered films whose likeliest class is right.
    pub right_of_answered: f64,
    /// Share of the unanswered films whose likeliest class is right; 0 if all are answered.
    pub right_of_unanswered: f64,
}

impl Abstention {
    /// Judges a threshold, 0 to 1, by answers about films; `temperature`, above 0, is what their logits
    /// are divided by. Without films all shares are 0.
    pub fn of(answers: &ClassAnswers, temperature: f64, threshold: f64) -> Abstention {
        let (mut films, mut right) = ([0_usize; 2], [0_usize; 2]);
        for (confidence, hit) in answers.confidences(temperature) {
            let side = usize::from(confidence >= threshold);
            films[side] += 1;
            right[side] += usize::from(hit);
        }
        Abstention::counted(threshold, films, right)
    }

    /// Finds the lowest threshold whose answers are right at least [`RATIO`] times as often as the
    /// films it leaves unanswered would be.
    ///
    /// If there is none, the threshold with the highest such ratio is taken, preferably among those
    /// that answer at least half of the films. On either side of the threshold lies at least a
    /// twentieth of the films. `None` if no threshold separates the films like that: there are too
    /// few, or all have the same confidence. The films should not be those that the network was
    /// trained on.
    pub fn calibrate(answers: &ClassAnswers, temperature: f64) -> Option<Abstention> {
        let mut films: Vec<(f64, bool)> = answers.confidences(temperature).collect();
        films.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let right = films.iter().filter(|(_, hit)| *hit).count();
        let least = (MIN_SHARE * films.len() as f64).ceil() as usize;
        let mut unanswered = 0;
        let (mut best, mut closest) = (None, None);
        for below in 1..films.len() {
            unanswered += usize::from(films[below - 1].1);
            let cuts = films[below - 1].0 < films[below].0;
            if !cuts || below < least || films.len() - below < least {
                continue;
            }
            let found = Abstention::counted(
                // halfway between the two films, so that rounding moves neither to the other side
                f64::midpoint(films[below - 1].0, films[below].0),
                [below, films.len() - below],
                [unanswered, right - unanswered],
            );
            if found.ratio() >= RATIO {
                return Some(found);
            }
            let closer =
                |than: &Option<Abstention>| than.is_none_or(|than| found.ratio() > than.ratio());
            if closer(&closest) {
                closest = Some(found);
            }
            if closer(&best) && found.answered >= MIN_ANSWERED {
                best = Some(found);
            }
        }
        best.or(closest)
    }

    /// Whether answers are right at least [`RATIO`] times as often as unanswered films would be.
    pub fn reaches_ratio(&self) -> bool {
        self.ratio() >= RATIO
    }

    fn ratio(&self) -> f64 {
        match self.right_of_unanswered > 0.0 {
            true => self.right_of_answered / self.right_of_unanswered,
            false => f64::INFINITY,
        }
    }

    /// From the numbers of films and of right answers, each below the threshold and from it on.
    fn counted(threshold: f64, films: [usize; 2], right: [usize; 2]) -> Abstention {
        let share = |side: usize| right[side] as f64 / films[side].max(1) as f64;
        Abstention {
            threshold,
            answered: films[1] as f64 / (films[0] + films[1]).max(1) as f64,
            right_of_answered: share(1),
            right_of_unanswered: share(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hundred films for each pair of a confidence and the number of right answers among them.
    fn films(steps: &[(f32, usize)]) -> ClassAnswers {
        let (mut logits, mut truths) = (Vec::new(), Vec::new());
        for &(confidence, right) in steps {
            let logit = (confidence / (1.0 - confidence)).ln();
            for film in 0..100 {
                logits.extend([logit, 0.0]);
                truths.push(usize::from(film >= right));
            }
        }
        ClassAnswers::new(2, logits, truths)
    }

    #[test]
    fn as_many_are_answered_as_can_be() {
        let answers = films(&[(0.6, 20), (0.7, 30), (0.8, 50), (0.9, 80)]);
        let found = Abstention::calibrate(&answers, 1.0).expect("there are films enough");
        // 53 % of three quarters are right, and 20 % of the first: no higher threshold is needed
        assert!(found.threshold > 0.6 && found.threshold < 0.7, "{found:?}");
        assert!(found.reaches_ratio());
        assert_eq!(found.answered, 0.75);
        assert!((found.right_of_answered - 160.0 / 300.0).abs() < 1e-9);
        assert!((found.right_of_unanswered - 0.2).abs() < 1e-9);
        assert_eq!(Abstention::of(&answers, 1.0, found.threshold), found);
    }

    #[test]
    fn the_closest_is_taken_where_none_is_good_enough() {
        let answers = films(&[(0.6, 50), (0.7, 50), (0.9, 70)]);
        let found = Abstention::calibrate(&answers, 1.0).expect("there are films enough");
        assert!(!found.reaches_ratio());
        // 70 % of the last third and 50 % of the others would be closer, but leave most unanswered
        assert!((found.answered - 2.0 / 3.0).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn a_single_wrong_answer_proves_nothing() {
        // the least confident of a thousand films is wrong; of the others, every second one is right
        let mut logits = vec![0.1, 0.0];
        let mut truths = vec![1];
        for film in 0..999 {
            logits.extend([0.2 + 0.001 * film as f32, 0.0]);
            truths.push(film % 2);
        }
        let answers = ClassAnswers::new(2, logits, truths);
        let found = Abstention::calibrate(&answers, 1.0).expect("there are films enough");
        assert!(found.answered <= 0.95, "{found:?}");
    }
}
