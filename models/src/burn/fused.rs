//! A block's layers as one operation with a gradient of its own, for training on a CPU.
//!
//! Burn's layers write every intermediate result to memory and keep it for the backward pass, which
//! takes a CPU several times as long; docs/BENCHMARKS.md has the numbers. Here features are
//! `[batch, height, width, channels]`.

use std::sync::Arc;

use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex, TensorMetadata};
use burn::tensor::{Tensor, TensorData};
use marquee_kernels::Convolution;
use marquee_kernels::training::{Block, Kept, Weights};

/// A tensor of Burn's CPU backend that records what is computed from it.
type Tracked = FloatTensor<Autodiff<Flex>>;

/// What a block's forward pass gives.
pub(super) struct Output {
    /// The block's output, `[batch, height, width, channels]`.
    pub(super) features: Tensor<4>,
    /// The mean over the batch of batch norm's input, `[channels]`.
    pub(super) mean: Vec<f32>,
    /// Its variance, `[channels]`.
    pub(super) variance: Vec<f32>,
}

/// The weights of a block, as Burn holds them.
pub(super) struct Parameters {
    /// `[out_channels, in_channels_per_group, kernel, kernel]`.
    pub(super) conv: Tensor<4>,
    pub(super) gamma: Tensor<1>,
    pub(super) beta: Tensor<1>,
}

/// Whether tensors like this one are computed on the CPU and record what is computed from them.
pub(super) fn applies(tensor: &Tensor<4>) -> bool {
    tensor
        .clone()
        .try_into_primitive::<Autodiff<Flex>>()
        .is_ok()
}

/// Runs a batch, `[batch, height, width, channels]`, through a block.
pub(super) fn forward(
    block: Block,
    input: Tensor<4>,
    skip: Option<Tensor<4>>,
    parameters: Parameters,
    epsilon: f32,
) -> Output {
    let [samples, ..] = input.dims();
    let device = FloatTensor::<Flex>::device(tracked(input.clone()).primitive());
    let nodes = [
        tracked(input.clone()),
        tracked(parameters.conv),
        tracked(parameters.gamma),
        tracked(parameters.beta),
        // Burn wants five parents; without a residual connection the input takes the fifth place.
        tracked(skip.clone().unwrap_or(input)),
    ];
    let [input, conv, gamma, beta, added] = nodes.each_ref().map(Tracked::primitive);
    let state = State {
        block,
        input: input.to_contiguous(),
        conv: numbers(&conv.permute(&[2, 3, 1, 0])),
        gamma: numbers(gamma),
        beta: numbers(beta),
        kept: None,
        skip: skip.is_some(),
    };
    let added = added.to_contiguous();
    let added = state.skip.then(|| slice(&added));
    let forward = block.forward(slice(&state.input), added, state.weights(), epsilon);

    let (width, height) = block.output_size();
    let shape = [samples, height, width, block.conv.out_channels];
    let output = Flex::float_from_data(TensorData::new(forward.output, shape), &device);
    let (mean, variance) = (forward.kept.mean.clone(), forward.kept.variance.clone());
    let guards = nodes.each_ref().map(Tracked::node);
    let output = match Step
        .prepare::<NoCheckpointing>(guards)
        .compute_bound()
        .stateful()
    {
        OpsKind::Tracked(prepared) => prepared.finish(
            State {
                kept: Some(Arc::new(forward.kept)),
                ..state
            },
            output,
        ),
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    };
    Output {
        features: Tensor::from_primitive::<Autodiff<Flex>>(output),
        mean,
        variance,
    }
}

/// Runs a batch through a block that does not learn, with batch norm's running `mean` and `variance`. Burn's graph
/// does not record it.
pub(super) fn forward_frozen(
    block: Block,
    input: Tensor<4>,
    skip: Option<Tensor<4>>,
    parameters: Parameters,
    [mean, variance]: [Tensor<1>; 2],
    epsilon: f32,
) -> Tensor<4> {
    let [samples, ..] = input.dims();
    let input = plain(input).to_contiguous();
    let skip = skip.map(|skip| plain(skip).to_contiguous());
    let conv = numbers(&plain(parameters.conv).permute(&[2, 3, 1, 0]));
    let vectors = [parameters.gamma, parameters.beta, mean, variance];
    let [gamma, beta, mean, variance] = vectors.map(|vector| numbers(&plain(vector)));
    let weights = Weights {
        conv: &conv,
        gamma: &gamma,
        beta: &beta,
    };
    let output = block.forward_frozen(
        slice(&input),
        skip.as_ref().map(slice),
        weights,
        (&mean, &variance),
        epsilon,
    );
    let (width, height) = block.output_size();
    let shape = [samples, height, width, block.conv.out_channels];
    let output = Flex::float_from_data(TensorData::new(output, shape), &input.device());
    Tensor::from_inner(Tensor::from_primitive::<Flex>(output))
}

/// A tensor's values alone, without what Burn records of them.
fn plain<const D: usize>(tensor: Tensor<D>) -> FloatTensor<Flex> {
    let tensor = tensor.inner().try_into_primitive::<Flex>();
    tensor.expect("a network's tensors are all on one device")
}

/// A block in Burn's graph of operations.
#[derive(Debug)]
struct Step;

/// What the backward pass needs.
#[derive(Clone, Debug)]
struct State {
    block: Block,
    input: FloatTensor<Flex>,
    /// `[kernel, kernel, in_channels_per_group, out_channels]`.
    conv: Arc<[f32]>,
    gamma: Arc<[f32]>,
    beta: Arc<[f32]>,
    kept: Option<Arc<Kept>>,
    skip: bool,
}

impl State {
    fn weights(&self) -> Weights<'_> {
        Weights {
            conv: &self.conv,
            gamma: &self.gamma,
            beta: &self.beta,
        }
    }
}

impl Backward<Flex, 5> for Step {
    type State = State;

    fn backward(
        self,
        ops: Ops<State, 5>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let grad_output = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let [input, conv, gamma, beta, skip] = ops.parents.map(|node| node.map(|node| node.id));
        let state = ops.state;
        let Some(kept) = &state.kept else { return };
        let grads = state.block.backward(
            slice(&state.input),
            kept,
            state.weights(),
            slice(&grad_output),
            input.is_some(),
        );

        let device = state.input.device();
        let tensor = |values: Vec<f32>, shape: &[usize]| {
            Flex::float_from_data(TensorData::new(values, shape), &device)
        };
        let mut register = |node: Option<NodeId>, gradient: FloatTensor<Flex>| {
            if let Some(node) = node {
                gradients.register::<Flex>(node, gradient);
            }
        };
        let Convolution {
            kernel,
            out_channels,
            ..
        } = state.block.conv;
        let in_channels = state.block.conv.in_channels_per_group();
        if input.is_some() {
            register(
                input,
                tensor(grads.grad_input, &state.input.shape().to_vec()),
            );
        }
        let grad_conv = tensor(
            grads.grad_conv,
            &[kernel, kernel, in_channels, out_channels],
        );
        register(conv, grad_conv.permute(&[3, 2, 0, 1]).to_contiguous());
        register(gamma, tensor(grads.grad_gamma, &[out_channels]));
        register(beta, tensor(grads.grad_beta, &[out_channels]));
        register(skip.filter(|_| state.skip), grad_output);
    }
}

fn tracked<const D: usize>(tensor: Tensor<D>) -> Tracked {
    let tensor = tensor.try_into_primitive::<Autodiff<Flex>>();
    tensor.expect("a network's tensors are all on one device")
}

/// The numbers of a tensor, in row-major order.
fn numbers(tensor: &FloatTensor<Flex>) -> Arc<[f32]> {
    slice(&tensor.to_contiguous()).into()
}

fn slice(tensor: &FloatTensor<Flex>) -> &[f32] {
    tensor.as_slice().expect("a contiguous tensor of f32")
}
