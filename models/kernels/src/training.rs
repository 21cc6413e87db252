//! Forward and backward passes over batches: what training on a CPU spends its time in.
//!
//! A block is *convolution, batch norm, activation, perhaps a 2×2 max-pool*, computed as one: of the
//! intermediate results only the convolution's is kept for the backward pass. Features are `[batch,
//! height, width, channels]`. Pointwise convolutions are products of matrices, over tiles of pixels.
//! Depthwise ones have too little to multiply for that and are loops over the input. The others run as they do at
//! inference: inputs that are copied side by side for a product (im2col; Chellapilla et al. 2006) took longer to copy
//! than to multiply.
//!
//! Work is cut into groups of samples, however many cores there are, and the groups' sums are added
//! in order: the same input gives the same output on every machine of a kind.

mod backward;
mod block;
mod depthwise;
mod elementwise;
mod forward;
mod matrix;
mod moments;
mod pool;
mod spatial;
mod tile;

pub use backward::Gradients;
pub use block::Block;
pub use forward::{Forward, Kept, Weights};

/// Samples that one task works on.
const GROUP: usize = 16;
