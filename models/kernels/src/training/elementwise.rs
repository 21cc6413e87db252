//! What is done with each number: batch norm and activation, forward and backward.
//!
//! A loop over as many channels as the compiler knows becomes a few vector instructions; every other one tests at
//! each pixel how many numbers are left. So channels are taken `N` at a time: [`LANES`] if that comes out even, else
//! one by one.

use multiversion::multiversion;

/// Channels that are computed together: a register of AVX2.
const LANES: usize = 8;

/// Batch norm and the activation behind it. Vectors are `[channels]`.
#[derive(Clone, Copy)]
pub(super) struct Norm<'a> {
    /// Batch norm as a factor and a summand.
    pub(super) factors: &'a [f32],
    pub(super) summands: &'a [f32],
    /// The lowest and the highest value that the activation lets through.
    pub(super) bounds: (f32, f32),
}

/// Runs the function with as many channels at a time as come out even.
macro_rules! by_channels {
    ($channels:expr, $function:ident($($argument:expr),*)) => {
        match $channels % LANES {
            0 => $function::<LANES>($($argument),*),
            _ => $function::<1>($($argument),*),
        }
    };
}

/// The numbers, `N` at a time.
#[inline(always)]
fn parts<const N: usize>(values: &[f32]) -> &[[f32; N]] {
    values.as_chunks().0
}

#[inline(always)]
fn parts_mut<const N: usize>(values: &mut [f32]) -> &mut [[f32; N]] {
    values.as_chunks_mut().0
}

/// `output += activation(factor · convolved + summand)`.
#[multiversion(targets("x86_64+avx2+fma"))]
pub(super) fn activate(norm: Norm, convolved: &[f32], output: &mut [f32]) {
    by_channels!(norm.factors.len(), activate_by(norm, convolved, output));
}

#[inline(always)]
fn activate_by<const N: usize>(norm: Norm, convolved: &[f32], output: &mut [f32]) {
    let channels = norm.factors.len();
    let (low, high) = norm.bounds;
    let terms = || {
        parts::<N>(norm.factors)
            .iter()
            .zip(parts::<N>(norm.summands))
    };
    let pixels = output.chunks_exact_mut(channels);
    for (output, convolved) in pixels.zip(convolved.chunks_exact(channels)) {
        let values = parts_mut::<N>(output).iter_mut().zip(parts::<N>(convolved));
        for ((output, values), (factors, summands)) in values.zip(terms()) {
            for at in 0..N {
                output[at] += (factors[at] * values[at] + summands[at]).max(low).min(high);
            }
        }
    }
}

/// Adds the gradients with respect to batch norm's summands and factors, the latter still to be divided by the
/// standard deviation. `grad_output` is the gradient with respect to the activation's output.
#[multiversion(targets("x86_64+avx2+fma"))]
pub(super) fn norm_sums(
    norm: Norm,
    mean: &[f32],
    convolved: &[f32],
    grad_output: &[f32],
    sums: (&mut [f32], &mut [f32]),
) {
    by_channels!(
        mean.len(),
        norm_sums_by(norm, mean, convolved, grad_output, sums)
    );
}

#[inline(always)]
fn norm_sums_by<const N: usize>(
    norm: Norm,
    mean: &[f32],
    convolved: &[f32],
    grad_output: &[f32],
    (grad_beta, grad_gamma): (&mut [f32], &mut [f32]),
) {
    let channels = mean.len();
    let pixels = grad_output.chunks_exact(channels);
    for (grad, convolved) in pixels.zip(convolved.chunks_exact(channels)) {
        let terms = parts::<N>(norm.factors)
            .iter()
            .zip(parts::<N>(norm.summands));
        let sums = parts_mut::<N>(grad_beta).iter_mut();
        let sums = sums.zip(parts_mut::<N>(grad_gamma));
        let values = parts::<N>(grad).iter().zip(parts::<N>(convolved));
        let values = values.zip(parts::<N>(mean)).zip(terms);
        for (sums, (((grad, values), mean), (factors, summands))) in sums.zip(values) {
            let grads = let_through(norm, &affine(values, factors, summands), grad);
            for at in 0..N {
                sums.0[at] += grads[at];
                sums.1[at] += grads[at] * (values[at] - mean[at]);
            }
        }
    }
}

/// `grad = grad_output` where the activation let the value through, otherwise 0.
#[multiversion(targets("x86_64+avx2+fma"))]
pub(super) fn activation_backward(
    norm: Norm,
    convolved: &[f32],
    grad_output: &[f32],
    grad: &mut [f32],
) {
    by_channels!(
        norm.factors.len(),
        activation_backward_by(norm, convolved, grad_output, grad)
    );
}

#[inline(always)]
fn activation_backward_by<const N: usize>(
    norm: Norm,
    convolved: &[f32],
    grad_output: &[f32],
    grad: &mut [f32],
) {
    let channels = norm.factors.len();
    let pixels = grad.chunks_exact_mut(channels);
    let given = grad_output.chunks_exact(channels);
    for ((grad, given), convolved) in pixels.zip(given).zip(convolved.chunks_exact(channels)) {
        let terms = parts::<N>(norm.factors)
            .iter()
            .zip(parts::<N>(norm.summands));
        let values = parts::<N>(given).iter().zip(parts::<N>(convolved));
        let values = values.zip(terms);
        for (grad, ((given, values), (factors, summands))) in
            parts_mut::<N>(grad).iter_mut().zip(values)
        {
            *grad = let_through(norm, &affine(values, factors, summands), given);
        }
    }
}

/// `grad = factor · (grad − offset − convolved · scale)`, with one of each for every channel.
#[multiversion(targets("x86_64+avx2+fma"))]
pub(super) fn norm_backward(
    factors: &[f32],
    scales: &[f32],
    offsets: &[f32],
    convolved: &[f32],
    grad: &mut [f32],
) {
    by_channels!(
        factors.len(),
        norm_backward_by(factors, scales, offsets, convolved, grad)
    );
}

#[inline(always)]
fn norm_backward_by<const N: usize>(
    factors: &[f32],
    scales: &[f32],
    offsets: &[f32],
    convolved: &[f32],
    grad: &mut [f32],
) {
    let channels = factors.len();
    let pixels = grad.chunks_exact_mut(channels);
    for (grad, convolved) in pixels.zip(convolved.chunks_exact(channels)) {
        let terms = parts::<N>(factors).iter().zip(parts::<N>(scales));
        let terms = terms.zip(parts::<N>(offsets));
        let values = parts_mut::<N>(grad).iter_mut().zip(parts::<N>(convolved));
        for ((grad, values), ((factors, scales), offsets)) in values.zip(terms) {
            for at in 0..N {
                grad[at] = factors[at] * (grad[at] - offsets[at] - values[at] * scales[at]);
            }
        }
    }
}

/// `factor · value + summand` in each channel.
#[inline(always)]
fn affine<const N: usize>(values: &[f32; N], factors: &[f32; N], summands: &[f32; N]) -> [f32; N] {
    let mut normed = [0.0; N];
    for at in 0..N {
        normed[at] = factors[at] * values[at] + summands[at];
    }
    normed
}

/// The gradients in those channels that the activation lets through, otherwise 0.
#[inline(always)]
fn let_through<const N: usize>(norm: Norm, normed: &[f32; N], grads: &[f32; N]) -> [f32; N] {
    let (low, high) = norm.bounds;
    let mut through = *grads;
    for at in 0..N {
        // `&` rather than `&&`: without branches, neighbouring channels are computed together
        let open = (normed[at] > low) & (normed[at] < high);
        through[at] = if open { through[at] } else { 0.0 };
    }
    through
}
