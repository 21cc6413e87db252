use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};

/// The columns of a head among all outputs, `[batch, outputs]`.
pub(super) fn columns(outputs: &Tensor<2>, range: &Range<usize>) -> Tensor<2> {
    outputs.clone().narrow(1, range.start, range.len())
}

/// A tensor `[rows, columns]` of values in this order.
pub(super) fn matrix(values: Vec<f32>, rows: usize, device: &Device) -> Tensor<2> {
    let columns = values.len() / rows;
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

/// Moves a target towards the teacher's by this share.
pub(super) fn towards(target: &mut f32, teacher: f32, share: f32) {
    *target += (teacher - *target) * share;
}
