//! When to say "not sure" rather than name a class: where the likeliest one's probability is below a
//! threshold.

use serde::Serialize;

use crate::evaluation::calibration::Answers;

/// How many times as often an answer has to be right as what is not answered would have been.
pub const RATIO: f64 = 2.0;

/// The least share of the films that has to be on either side of the threshold: a handful says
/// nothing about how often the others are right.
const LEAST: f64 = 0.05;

/// The least share that is answered where no threshold keeps its word: who hardly ever hears an answer
/// has no use for one that is right a little more often.
const LEAST_ANSWERED: f64 = 0.5;

/// What is answered, and how much of it is right, each share in 0–1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Abstention {
    /// The probability of the likeliest class below which the answer is "not sure".
    pub threshold: f64,
    /// Share of the films that are answered.
    pub answered: f64,
    /// Of those, the share that is right.
    pub right_of_answered: f64,
    /// Of the others, the share whose likeliest class is right. 0 where all are answered.
    pub right_of_unanswered: f64,
}

impl Abstention {
    /// Judges a threshold by films whose classes are known; `temperature` is the network's.
    pub fn of(answers: &Answers, temperature: f64, threshold: f64) -> Abstention {
        let (mut films, mut right) = ([0_usize; 2], [0_usize; 2]);
        for (confidence, hit) in answers.confidences(temperature) {
            let side = usize::from(confidence >= threshold);
            films[side] += 1;
            right[side] += usize::from(hit);
        }
        Abstention::counted(threshold, films, right)
    }

    /// The threshold that answers as many films as can be, while what it answers is right at least
    /// [`RATIO`] times as often as what it does not; or, where there is none, the one that comes
    /// closest, of those that answer half of the films if it can be. At least a twentieth of the films
    /// is on either side of it. `None` for too few films.
    pub fn fit(answers: &Answers, temperature: f64) -> Option<Abstention> {
        let mut films: Vec<(f64, bool)> = answers.confidences(temperature).collect();
        films.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let right = films.iter().filter(|(_, hit)| *hit).count();
        let least = (LEAST * films.len() as f64).ceil() as usize;
        let mut unanswered = 0;
        let (mut best, mut closest) = (None, None);
        for below in 1..films.len() {
            unanswered += usize::from(films[below - 1].1);
            let cuts = films[below - 1].0 < films[below].0;
            if !cuts || below < least || films.len() - below < least {
                continue;
            }
            let found = Abstention::counted(
                // between the two films, so that rounding puts neither on the other side
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
            if closer(&best) && found.answered >= LEAST_ANSWERED {
                best = Some(found);
            }
        }
        best.or(closest)
    }

    /// Whether answers are right [`RATIO`] times as often as what is not answered.
    pub fn keeps_its_word(&self) -> bool {
        self.ratio() >= RATIO
    }

    fn ratio(&self) -> f64 {
        match self.right_of_unanswered > 0.0 {
            true => self.right_of_answered / self.right_of_unanswered,
            false => f64::INFINITY,
        }
    }

    /// From films and right answers, each below the threshold and from it on.
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

    /// A hundred films a step, of which a share is right, told with a confidence of their own.
    fn films(steps: &[(f32, usize)]) -> Answers {
        let (mut logits, mut truths) = (Vec::new(), Vec::new());
        for &(confidence, right) in steps {
            let logit = (confidence / (1.0 - confidence)).ln();
            for film in 0..100 {
                logits.extend([logit, 0.0]);
                truths.push(usize::from(film >= right));
            }
        }
        Answers::new(2, logits, truths)
    }

    #[test]
    fn as_many_are_answered_as_can_be() {
        let answers = films(&[(0.6, 20), (0.7, 30), (0.8, 50), (0.9, 80)]);
        let fitted = Abstention::fit(&answers, 1.0).expect("there are films enough");
        // 53 % of three quarters against 20 % of the first: no higher threshold is needed
        assert!(
            fitted.threshold > 0.6 && fitted.threshold < 0.7,
            "{fitted:?}"
        );
        assert!(fitted.keeps_its_word());
        assert_eq!(fitted.answered, 0.75);
        assert!((fitted.right_of_answered - 160.0 / 300.0).abs() < 1e-9);
        assert!((fitted.right_of_unanswered - 0.2).abs() < 1e-9);
        assert_eq!(Abstention::of(&answers, 1.0, fitted.threshold), fitted);
    }

    #[test]
    fn the_closest_is_taken_where_none_is_good_enough() {
        let answers = films(&[(0.6, 50), (0.7, 50), (0.9, 70)]);
        let fitted = Abstention::fit(&answers, 1.0).expect("there are films enough");
        assert!(!fitted.keeps_its_word());
        // 70 % of the last third against 50 % would be closer, and leave most films without an answer
        assert!((fitted.answered - 2.0 / 3.0).abs() < 1e-9, "{fitted:?}");
    }

    #[test]
    fn a_single_wrong_answer_proves_nothing() {
        // the least sure film of a thousand is wrong, all others are right as often as each other
        let mut logits = vec![0.1, 0.0];
        let mut truths = vec![1];
        for film in 0..999 {
            logits.extend([0.2 + 0.001 * film as f32, 0.0]);
            truths.push(film % 2);
        }
        let answers = Answers::new(2, logits, truths);
        let fitted = Abstention::fit(&answers, 1.0).expect("there are films enough");
        assert!(fitted.answered <= 0.95, "{fitted:?}");
    }
}
