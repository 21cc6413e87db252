//! A network's layers as ONNX nodes, and its tensors as initializers.

use marquee_models::file::{Model, Weights};
use marquee_models::network::{Activation, BATCH_NORM_EPSILON, ConvBlock, Pooling, RESIDUAL};

use super::proto::{AttributeProto, AttributeType, FLOAT, GraphProto, NodeProto, TensorProto};
use super::raw::logits;

/// The name of the network's input.
pub(super) const INPUT: &str = "input";

/// The names of the initializers with ReLU6's bounds, 0 and 6.
pub(super) const RELU6_LOW: &str = "relu6.low";
pub(super) const RELU6_HIGH: &str = "relu6.high";

/// The nodes and initializers of `model`, without the description of its inputs and outputs.
///
/// A node has the PyTorch name of its layer. Its output has the same name; only the outputs of the heads
/// are named after their tasks.
///
/// With `raw`, pictures are prepared before the network, and its outputs become probabilities and points.
pub(super) fn graph(model: &Model, raw: bool) -> GraphProto {
    let network = model.network();
    let prefixes = network.prefixes();
    let mut builder = Builder {
        weights: model.weights(),
        graph: GraphProto {
            name: network.name.to_string(),
            ..GraphProto::default()
        },
    };
    if raw {
        builder.prepare(model.metadata());
    }
    let mut features = INPUT.to_owned();
    let mut block_inputs = Vec::new();
    for (index, (block, (conv, norm))) in network.blocks.iter().zip(&prefixes.blocks).enumerate() {
        block_inputs.push(features.clone());
        let residual = &block_inputs[index.saturating_sub(RESIDUAL)];
        features = builder.block(block, conv, norm, &features, residual);
    }
    if network.pooling == Pooling::Mean {
        features = builder.node("GlobalAveragePool", "mean", &[&features], Vec::new());
    }
    features = builder.node("Flatten", "flatten", &[&features], vec![int("axis", 1)]);
    for prefix in &prefixes.hidden {
        let linear = builder.linear(prefix, &features, prefix);
        features = builder.node("Relu", &format!("{prefix}.relu"), &[&linear], Vec::new());
    }
    for (head, prefix) in network.heads.iter().zip(&prefixes.heads) {
        let output = match raw {
            true => logits(head.task),
            false => head.task.as_str().to_owned(),
        };
        builder.linear(prefix, &features, &output);
    }
    if raw {
        builder.answer(model.metadata(), network);
    }
    let relu6 = |block: &ConvBlock| block.conv.activation == Activation::Relu6;
    if network.blocks.iter().any(relu6) {
        builder.relu6_bounds();
    }
    builder.graph
}

/// Adds nodes to a graph, and the tensors that they read as initializers.
pub(super) struct Builder<'a> {
    weights: &'a Weights,
    pub(super) graph: GraphProto,
}

impl Builder<'_> {
    /// Adds a block: `Conv`, `BatchNormalization`, `Relu` or `Clip` for the activation, then `MaxPool` or
    /// `Add` for the residual connection. `residual` is the input of the block [`RESIDUAL`] blocks
    /// earlier. Returns the name of the output.
    ///
    /// Batch norm stays a node of its own, so that the file contains the tensors as they were trained,
    /// under their own names. Runtimes fold it into the convolution when they load the file.
    fn block(
        &mut self,
        block: &ConvBlock,
        conv: &str,
        norm: &str,
        features: &str,
        residual: &str,
    ) -> String {
        let pad = block.conv.pad();
        let mut inputs = vec![features.to_owned(), self.weight(conv, "weight")];
        if block.bias {
            inputs.push(self.weight(conv, "bias"));
        }
        let attributes = vec![
            ints("kernel_shape", [block.conv.kernel; 2]),
            ints("strides", [block.conv.stride; 2]),
            ints("pads", [pad; 4]),
            int("group", block.conv.groups() as i64),
        ];
        let convolved = self.node("Conv", conv, &inputs, attributes);

        let mut inputs = vec![convolved];
        for field in ["weight", "bias", "running_mean", "running_var"] {
            inputs.push(self.weight(norm, field));
        }
        let epsilon = AttributeProto {
            name: "epsilon".to_owned(),
            f: Some(BATCH_NORM_EPSILON),
            r#type: AttributeType::Float.into(),
            ..AttributeProto::default()
        };
        let normed = self.node("BatchNormalization", norm, &inputs, vec![epsilon]);

        let mut features = match block.conv.activation {
            Activation::None => normed,
            Activation::Relu => self.node("Relu", &format!("{norm}.relu"), &[normed], Vec::new()),
            Activation::Relu6 => {
                let inputs = [normed.as_str(), RELU6_LOW, RELU6_HIGH];
                self.node("Clip", &format!("{norm}.relu6"), &inputs, Vec::new())
            }
        };
        if block.pool {
            let attributes = vec![ints("kernel_shape", [2; 2]), ints("strides", [2; 2])];
            features = self.node("MaxPool", &format!("{norm}.pool"), &[features], attributes);
        }
        if block.residual {
            let inputs = [features.as_str(), residual];
            features = self.node("Add", &format!("{norm}.add"), &inputs, Vec::new());
        }
        features
    }

    /// Adds the bounds of ReLU6: ONNX has no such operator, only `Clip` with its bounds as inputs.
    fn relu6_bounds(&mut self) {
        let (low, high) = Activation::Relu6.bounds();
        for (name, bound) in [(RELU6_LOW, low), (RELU6_HIGH, high)] {
            self.graph.initializer.push(TensorProto {
                dims: Vec::new(),
                data_type: FLOAT,
                raw_data: bound.to_le_bytes().to_vec(),
                name: name.to_owned(),
            });
        }
    }

    /// Adds a linear layer, whose weight is `[out_features, in_features]`, as a `Gemm` whose output is
    /// called `output`. Returns that name.
    fn linear(&mut self, prefix: &str, features: &str, output: &str) -> String {
        let inputs = [
            features.to_owned(),
            self.weight(prefix, "weight"),
            self.weight(prefix, "bias"),
        ];
        self.push("Gemm", prefix, &inputs, output, vec![int("transB", 1)])
    }

    /// Adds a node whose output has the node's name, and returns that name.
    pub(super) fn node(
        &mut self,
        op_type: &str,
        name: &str,
        inputs: &[impl AsRef<str>],
        attributes: Vec<AttributeProto>,
    ) -> String {
        self.push(op_type, name, inputs, name, attributes)
    }

    /// Adds a node, and returns the name of its output.
    pub(super) fn push(
        &mut self,
        op_type: &str,
        name: &str,
        inputs: &[impl AsRef<str>],
        output: &str,
        attribute: Vec<AttributeProto>,
    ) -> String {
        self.graph.node.push(NodeProto {
            input: inputs.iter().map(|name| name.as_ref().into()).collect(),
            output: vec![output.to_owned()],
            name: name.to_owned(),
            op_type: op_type.to_owned(),
            attribute,
        });
        output.to_owned()
    }

    /// Adds a tensor of the weights as an initializer, and returns its name.
    fn weight(&mut self, prefix: &str, field: &str) -> String {
        let name = format!("{prefix}.{field}");
        let values = self.weights.values(&name);
        self.graph.initializer.push(TensorProto {
            dims: self
                .weights
                .shape(&name)
                .iter()
                .map(|&n| n as i64)
                .collect(),
            data_type: FLOAT,
            raw_data: values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect(),
            name: name.clone(),
        });
        name
    }
}

/// An attribute that is an integer.
pub(super) fn int(name: &str, value: i64) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        i: Some(value),
        r#type: AttributeType::Int.into(),
        ..AttributeProto::default()
    }
}

/// An attribute that is a list of integers.
pub(super) fn ints<const N: usize>(name: &str, values: [usize; N]) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        ints: values.map(|value| value as i64).into(),
        r#type: AttributeType::Ints.into(),
        ..AttributeProto::default()
    }
}
