//! The layers of a network that are no convolutions, for one picture.

/// 2×2 max-pool (PyTorch's `MaxPool2d(2)`) of `[height, width, channels]`; `output` becomes
/// `[height / 2, width / 2, channels]`. `row` is width × channels. A last odd row or column is left out,
/// as PyTorch does. Numbers after the last whole pair of rows are ignored.
///
/// # Panics
///
/// If `row` or `channels` is 0.
pub fn max_pool(input: &[f32], row: usize, channels: usize, output: &mut Vec<f32>) {
    output.clear();
    for rows in input.chunks_exact(2 * row) {
        let (upper, lower) = rows.split_at(row);
        let upper = upper.chunks_exact(2 * channels);
        for (upper, lower) in upper.zip(lower.chunks_exact(2 * channels)) {
            let pixel = output.len();
            output.extend_from_slice(&upper[..channels]);
            for other in [&upper[channels..], &lower[..channels], &lower[channels..]] {
                for (largest, other) in output[pixel..].iter_mut().zip(other) {
                    // `f32::max` takes care of NaN, which WebAssembly has no fast instruction for.
                    *largest = if *other > *largest { *other } else { *largest };
                }
            }
        }
    }
}

/// Overwrites `output` with the mean of each channel over all pixels of `[height, width, channels]`;
/// NaN if there are no pixels. Numbers after the last whole pixel are ignored.
///
/// # Panics
///
/// If `channels` is 0.
pub fn mean(input: &[f32], channels: usize, output: &mut Vec<f32>) {
    output.clear();
    output.resize(channels, 0.0);
    for pixel in input.chunks_exact(channels) {
        for (sum, value) in output.iter_mut().zip(pixel) {
            *sum += value;
        }
    }
    let pixels = (input.len() / channels) as f32;
    for sum in output {
        *sum /= pixels;
    }
}

/// Appends `biases + input · weights` to `output` (PyTorch's `Linear`). `input` is `[in_features]`,
/// `weights` `[in_features, out_features]`, `biases` `[out_features]`.
///
/// # Panics
///
/// If a slice has not the length that the others ask for, or `biases` is empty.
pub fn linear(input: &[f32], weights: &[f32], biases: &[f32], output: &mut Vec<f32>) {
    assert!(weights.len() == input.len() * biases.len());
    let start = output.len();
    output.extend_from_slice(biases);
    let sums = &mut output[start..];
    for (input, weights) in input.iter().zip(weights.chunks_exact(biases.len())) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += input * weight;
        }
    }
}
