//! The minimum of a smooth function of many parameters, by L-BFGS (Liu & Nocedal 1989; the two loops
//! are algorithm 7.4 of Nocedal & Wright 2006, "Numerical Optimization").

use std::collections::VecDeque;

/// How many of the last steps tell about the function's curvature.
const MEMORY: usize = 10;

/// A step is taken if it lowers the value by this share of what the slope promises (Armijo's rule).
const SUFFICIENT: f64 = 1e-4;

/// A step is halved at most this often. Then the numbers are as exact as they get.
const HALVINGS: usize = 40;

/// A step and the change of the gradient along it.
struct Step {
    parameters: Vec<f64>,
    gradient: Vec<f64>,
    /// One divided by the product of both.
    inverse: f64,
}

/// Moves `parameters` to where `function`, which must be convex, is lowest.
///
/// `function` gets parameters, writes the gradient there into a list as long as they are, and returns
/// the value. The search ends where no partial derivative is above `tolerance`, or after `iterations`
/// steps.
pub(crate) fn minimise(
    parameters: &mut Vec<f64>,
    tolerance: f64,
    iterations: usize,
    mut function: impl FnMut(&[f64], &mut [f64]) -> f64,
) {
    let mut gradient = vec![0.0; parameters.len()];
    let mut value = function(parameters, &mut gradient);
    let mut steps: VecDeque<Step> = VecDeque::new();
    for _ in 0..iterations {
        if gradient.iter().all(|slope| slope.abs() <= tolerance) {
            return;
        }
        let mut direction = direction(&gradient, &steps);
        let mut slope = dot(&direction, &gradient);
        if slope >= 0.0 {
            // rounding has spoiled what was remembered
            steps.clear();
            direction = gradient.iter().map(|slope| -slope).collect();
            slope = dot(&direction, &gradient);
        }
        // the first step knows nothing of the curvature
        let mut length = match steps.is_empty() {
            true => 1.0 / slope.abs().sqrt().max(1.0),
            false => 1.0,
        };
        let mut next_gradient = vec![0.0; parameters.len()];
        let mut taken = None;
        for _ in 0..HALVINGS {
            let moved = parameters.iter().zip(&direction);
            let next: Vec<f64> = moved.map(|(at, along)| at + length * along).collect();
            let next_value = function(&next, &mut next_gradient);
            if next_value <= value + SUFFICIENT * length * slope {
                taken = Some((next, next_value));
                break;
            }
            length *= 0.5;
        }
        let Some((next, next_value)) = taken else {
            return;
        };
        let step = difference(&next, parameters);
        let change = difference(&next_gradient, &gradient);
        let product = dot(&step, &change);
        // of a convex function it is not negative; too small a one would be rounding
        if product > 1e-12 * dot(&change, &change) {
            if steps.len() == MEMORY {
                steps.pop_front();
            }
            steps.push_back(Step {
                parameters: step,
                gradient: change,
                inverse: 1.0 / product,
            });
        }
        *parameters = next;
        gradient = next_gradient;
        value = next_value;
    }
}

/// Where to go from a place with this gradient: minus the gradient, bent by the curvature.
fn direction(gradient: &[f64], steps: &VecDeque<Step>) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
    let mut shares = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        let share = step.inverse * dot(&step.parameters, &direction);
        add(&mut direction, -share, &step.gradient);
        shares.push(share);
    }
    if let Some(last) = steps.back() {
        let scale = 1.0 / (last.inverse * dot(&last.gradient, &last.gradient));
        for value in &mut direction {
            *value *= scale;
        }
    }
    for (step, share) in steps.iter().zip(shares.into_iter().rev()) {
        let back = step.inverse * dot(&step.gradient, &direction);
        add(&mut direction, share - back, &step.parameters);
    }
    direction
}

/// The scalar product. In lanes, so that it needs a quarter of the time.
pub(crate) fn dot(one: &[f64], other: &[f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let ((one, rest), (other, others)) = (one.as_chunks::<4>(), other.as_chunks::<4>());
    for (one, other) in one.iter().zip(other) {
        for (lane, (one, other)) in lanes.iter_mut().zip(one.iter().zip(other)) {
            *lane += one * other;
        }
    }
    let rest = rest.iter().zip(others).map(|(one, other)| one * other);
    lanes.iter().sum::<f64>() + rest.sum::<f64>()
}

/// Adds `factor` times `values` to `to`.
pub(crate) fn add(to: &mut [f64], factor: f64, values: &[f64]) {
    for (to, value) in to.iter_mut().zip(values) {
        *to += factor * value;
    }
}

fn difference(one: &[f64], other: &[f64]) -> Vec<f64> {
    let pairs = one.iter().zip(other);
    pairs.map(|(one, other)| one - other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottom_of_a_long_valley_is_found() {
        // a quadratic whose curvatures differ ten-thousandfold, with its minimum at 1, 2, 3, …
        let curvature = |at: usize| 10_f64.powi((at % 5) as i32);
        let mut parameters = vec![0.0; 23];
        let mut calls = 0;
        minimise(&mut parameters, 1e-9, 500, |at, gradient| {
            calls += 1;
            let mut value = 0.0;
            for (place, (at, gradient)) in at.iter().zip(gradient).enumerate() {
                let off = at - (place + 1) as f64;
                *gradient = curvature(place) * off;
                value += 0.5 * curvature(place) * off * off;
            }
            value
        });
        for (place, found) in parameters.iter().enumerate() {
            assert!((found - (place + 1) as f64).abs() < 1e-8, "{parameters:?}");
        }
        assert!(calls < 200, "{calls} calls");
    }
}
