//! A network's layers as ONNX operators.

use marquee_models::file::{Model, Weights};
use marquee_models::network::{Activation, BATCH_NORM_EPSILON, ConvBlock, Pooling, RESIDUAL};

use super::proto::{AttributeProto, AttributeType, FLOAT, GraphProto, NodeProto, TensorProto};

/// The name of the graph's only input.
pub(super) const INPUT: &str = "input";

/// The names of ReLU6's bounds.
pub(super) const LOW: &str = "relu6.low";
pub(super) const HIGH: &str = "relu6.high";

/// Nodes and weights of `model`, without the description of its inputs and outputs.
///
/// A node has the name of the layer in PyTorch, and what it gives has the node's name; only what the
/// heads give is named after their tasks.
pub(super) fn graph(model: &Model) -> GraphProto {
    let network = model.network();
    let prefixes = network.prefixes();
    let mut builder = Builder {
        weights: model.weights(),
        graph: GraphProto {
            name: network.name.to_string(),
            ..GraphProto::default()
        },
    };
    let mut features = INPUT.to_owned();
    let mut came = Vec::new();
    for (index, (block, (conv, norm))) in network.blocks.iter().zip(&prefixes.blocks).enumerate() {
        came.push(features.clone());
        let before = &came[index.saturating_sub(RESIDUAL)];
        features = builder.block(block, conv, norm, &features, before);
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
        builder.linear(prefix, &features, head.task.as_str());
    }
    let relu6 = |block: &ConvBlock| block.conv.activation == Activation::Relu6;
    if network.blocks.iter().any(relu6) {
        builder.bounds();
    }
    builder.graph
}

struct Builder<'a> {
    weights: &'a Weights,
    graph: GraphProto,
}

impl Builder<'_> {
    /// Convolution, batch norm, activation, and the pool or the residual connection. `before` is what
    /// came in [`RESIDUAL`] blocks earlier.
    ///
    /// Batch norm stays an operator of its own, so that the file holds the tensors as they were
    /// trained, under their own names; runtimes fold it into the convolution when they load it.
    fn block(
        &mut self,
        block: &ConvBlock,
        conv: &str,
        norm: &str,
        features: &str,
        before: &str,
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
                let inputs = [normed.as_str(), LOW, HIGH];
                self.node("Clip", &format!("{norm}.relu6"), &inputs, Vec::new())
            }
        };
        if block.pool {
            let attributes = vec![ints("kernel_shape", [2; 2]), ints("strides", [2; 2])];
            features = self.node("MaxPool", &format!("{norm}.pool"), &[features], attributes);
        }
        if block.residual {
            let inputs = [features.as_str(), before];
            features = self.node("Add", &format!("{norm}.add"), &inputs, Vec::new());
        }
        features
    }

    /// The bounds of the ReLU6s, which ONNX has only as `Clip` with inputs for them.
    fn bounds(&mut self) {
        let (low, high) = Activation::Relu6.bounds();
        for (name, bound) in [(LOW, low), (HIGH, high)] {
            self.graph.initializer.push(TensorProto {
                dims: Vec::new(),
                data_type: FLOAT,
                raw_data: bound.to_le_bytes().to_vec(),
                name: name.to_owned(),
            });
        }
    }

    /// A linear layer, whose weight is `[out, in]`, and what its output is called.
    fn linear(&mut self, prefix: &str, features: &str, output: &str) -> String {
        let inputs = [
            features.to_owned(),
            self.weight(prefix, "weight"),
            self.weight(prefix, "bias"),
        ];
        self.push("Gemm", prefix, &inputs, output, vec![int("transB", 1)])
    }

    /// Adds an operator whose output has its name, and returns that.
    fn node(
        &mut self,
        op_type: &str,
        name: &str,
        inputs: &[impl AsRef<str>],
        attributes: Vec<AttributeProto>,
    ) -> String {
        self.push(op_type, name, inputs, name, attributes)
    }

    fn push(
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

    /// Adds a tensor of the weights, and returns its name.
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

fn int(name: &str, value: i64) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        i: Some(value),
        r#type: AttributeType::Int.into(),
        ..AttributeProto::default()
    }
}

fn ints<const N: usize>(name: &str, values: [usize; N]) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        ints: values.map(|value| value as i64).into(),
        r#type: AttributeType::Ints.into(),
        ..AttributeProto::default()
    }
}
