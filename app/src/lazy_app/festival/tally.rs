//! How often the network is right, by the true classes that a visitor ticks.

/// Answers counted by true and by predicted class.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tally {
    classes: usize,
    /// True classes row by row, predicted ones in each row.
    counts: Vec<u32>,
}

impl Tally {
    /// With nothing counted.
    pub(super) fn new(classes: usize) -> Tally {
        Tally {
            classes,
            counts: vec![0; classes * classes],
        }
    }

    /// Counts an answer. Classes that there aren't are left out.
    pub(super) fn add(&mut self, truth: usize, predicted: usize) {
        if truth < self.classes && predicted < self.classes {
            self.counts[truth * self.classes + predicted] += 1;
        }
    }

    /// How many posters of a class were taken for another, or for itself.
    pub(super) fn of(&self, truth: usize, predicted: usize) -> u32 {
        self.counts[truth * self.classes + predicted]
    }

    /// How many classes there are.
    pub(super) fn classes(&self) -> usize {
        self.classes
    }

    /// How many answers were counted.
    pub(super) fn total(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// How many of them are right.
    pub(super) fn right(&self) -> u32 {
        (0..self.classes).map(|class| self.of(class, class)).sum()
    }

    /// The share that is right, of 0 to 1; none of nothing.
    pub(super) fn accuracy(&self) -> Option<f64> {
        let total = self.total();
        (total > 0).then(|| f64::from(self.right()) / f64::from(total))
    }

    /// The mean of the F1 scores, of 0 to 1, of all classes that are among the true or the
    /// predicted ones, which is what scikit-learn averages over; none of nothing.
    pub(super) fn macro_f1(&self) -> Option<f64> {
        let scores: Vec<f64> = (0..self.classes)
            .filter_map(|class| self.f1(class))
            .collect();
        (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    }

    fn f1(&self, class: usize) -> Option<f64> {
        let hits = self.of(class, class);
        let true_ones: u32 = (0..self.classes).map(|other| self.of(class, other)).sum();
        let predicted: u32 = (0..self.classes).map(|other| self.of(other, class)).sum();
        let occurs = true_ones + predicted;
        (occurs > 0).then(|| 2.0 * f64::from(hits) / f64::from(occurs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(pairs: &[(usize, usize)]) -> Tally {
        let mut tally = Tally::new(6);
        for &(truth, predicted) in pairs {
            tally.add(truth, predicted);
        }
        tally
    }

    #[test]
    fn nothing_has_no_figures() {
        assert_eq!(tally(&[]).accuracy(), None);
        assert_eq!(tally(&[]).macro_f1(), None);
    }

    #[test]
    fn classes_that_do_not_occur_are_not_averaged_over() {
        // sklearn.metrics.f1_score([0, 0, 1, 3], [0, 1, 1, 0], average="macro") is 0.3888…:
        // 1/2, 2/3 and 0 of the classes 0, 1 and 3.
        let tally = tally(&[(0, 0), (0, 1), (1, 1), (3, 0)]);
        assert_eq!(tally.total(), 4);
        assert_eq!(tally.accuracy(), Some(0.5));
        let f1 = tally.macro_f1().expect("a figure");
        assert!((f1 - 7.0 / 18.0).abs() < 1e-12, "{f1}");
        assert_eq!((tally.of(0, 1), tally.of(1, 0), tally.of(3, 0)), (1, 0, 1));
    }

    #[test]
    fn all_right_is_one() {
        let tally = tally(&[(2, 2), (5, 5)]);
        assert_eq!(tally.accuracy(), Some(1.0));
        assert_eq!(tally.macro_f1(), Some(1.0));
    }
}
