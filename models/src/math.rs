//! The functions that turn logits into answers, once for every crate.

/// The index of the highest value; the first one where several are as high.
///
/// NaN is never the highest. Where nothing is above minus infinity, an empty slice included, the
/// index is 0.
pub fn argmax(values: &[f32]) -> usize {
    let (mut best, mut highest) = (0, f32::NEG_INFINITY);
    for (index, &value) in values.iter().enumerate() {
        if value > highest {
            (best, highest) = (index, value);
        }
    }
    best
}

/// One probability for each logit, in the same order: `exp(logit / temperature)`, divided by the sum
/// of all, so that they add up to 1.
///
/// The highest logit is subtracted first, which changes nothing but keeps the exponentials finite.
/// An empty slice gives an empty list. A NaN, an infinite highest logit, or a temperature of 0 or NaN
/// make the probabilities NaN; the function never panics.
pub fn softmax(logits: &[f32], temperature: f32) -> Vec<f32> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut probabilities: Vec<f32> = logits
        .iter()
        .map(|logit| ((logit - highest) / temperature).exp())
        .collect();
    let sum: f32 = probabilities.iter().sum();
    for probability in &mut probabilities {
        *probability /= sum;
    }
    probabilities
}

/// The probability, 0 to 1, that a logit stands for: `1 / (1 + exp(-logit))`. NaN stays NaN.
pub fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_highest_value_wins_and_nan_never_does() {
        assert_eq!(argmax(&[-3.0, 2.0, f32::NAN, 2.0]), 1);
        assert_eq!(argmax(&[f32::NAN, -1.0]), 1);
        assert_eq!(argmax(&[]), 0);
    }

    #[test]
    fn probabilities_add_up_to_one_however_large_the_logits() {
        let probabilities = softmax(&[1000.0, 999.0, -1000.0], 0.5);
        assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((probabilities[0] - sigmoid(2.0)).abs() < 1e-6);
        assert!(softmax(&[], 1.0).is_empty());
    }
}
