//! Reads the file back as another program would. The trainer's `tests/onnx.rs` does that with ONNX's own checker
//! and with ONNX Runtime, if Python has them.

use std::collections::BTreeMap;

use marquee_models::file::{Metadata, Model, Weights};
use marquee_models::network::{Activation, NetworkName};
use prost::Message;

use super::graph::{RELU6_HIGH, RELU6_LOW};
use super::proto::{GraphProto, ModelProto, NodeProto, ValueInfoProto};
use super::to_bytes;

fn model(name: NetworkName) -> Model {
    let metadata = Metadata::untrained(name);
    let mut weights = Weights::default();
    for (number, parameter) in metadata.layers().parameters().into_iter().enumerate() {
        let len = parameter.shape.iter().product();
        let values = (0..len).map(|at: usize| ((at * 31 + number) % 17) as f32 / 16.0);
        weights.insert(parameter.name, parameter.shape, values.collect());
    }
    Model::new(metadata, weights).expect("an untrained network is sound")
}

fn read_back(name: NetworkName) -> (Model, ModelProto, GraphProto) {
    let model = model(name);
    let mut file = ModelProto::decode(&*to_bytes(&model)).expect("the file is a protocol buffer");
    let graph = file.graph.take().expect("the file has a graph");
    (model, file, graph)
}

/// A value's shape, as `batch` and numbers.
fn shape(value: &ValueInfoProto) -> String {
    let tensor = value.r#type.as_ref().and_then(|t| t.tensor_type.as_ref());
    let tensor = tensor.expect("the value is a tensor");
    let shape = tensor.shape.as_ref().expect("it has a shape");
    let dims = shape
        .dim
        .iter()
        .map(|dim| match (&dim.dim_param, dim.dim_value) {
            (Some(name), None) => name.clone(),
            (None, Some(number)) => number.to_string(),
            other => panic!("{other:?} is no dimension"),
        });
    dims.collect::<Vec<_>>().join(" ")
}

fn ints<'a>(node: &'a NodeProto, name: &str) -> &'a [i64] {
    let attribute = node.attribute.iter().find(|a| a.name == name);
    &attribute.expect("the node has the attribute").ints
}

#[test]
fn inputs_and_outputs_are_named_and_shaped() {
    let io = |name| {
        let (_, _, graph) = read_back(name);
        let values = graph.input.iter().chain(&graph.output);
        let values = values.map(|value| format!("{} [{}]", value.name, shape(value)));
        values.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(
        io(NetworkName::Cnn),
        "input [batch 3 300 300], class [batch 6]"
    );
    assert_eq!(
        io(NetworkName::Cnn32),
        "input [batch 3 32 32], class [batch 6]"
    );
    assert_eq!(
        io(NetworkName::PosterNet),
        "input [batch 3 240 160], class [batch 6], genres [batch 19], score [batch 2]"
    );
}

#[test]
fn every_tensor_of_the_weights_is_there_under_its_name() {
    for name in NetworkName::ALL {
        let (model, _, graph) = read_back(name);
        let parameters = model.network().parameters();
        let others = graph.initializer.iter().skip(parameters.len());
        let others: Vec<&str> = others.map(|tensor| tensor.name.as_str()).collect();
        let mut blocks = model.network().blocks.iter();
        match blocks.any(|block| block.conv.activation == Activation::Relu6) {
            true => assert_eq!(others, [RELU6_LOW, RELU6_HIGH]),
            false => assert!(others.is_empty(), "{name}: {others:?}"),
        }
        for (tensor, parameter) in graph.initializer.iter().zip(parameters) {
            assert_eq!(tensor.name, parameter.name);
            let dims: Vec<usize> = tensor.dims.iter().map(|&dim| dim as usize).collect();
            assert_eq!(dims, parameter.shape, "{name}: {}", tensor.name);
            let chunks = tensor.raw_data.chunks_exact(4);
            let values: Vec<f32> = chunks
                .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                .collect();
            assert!(values == model.weights().values(&parameter.name));
        }
    }
}

#[test]
fn a_node_reads_only_what_came_before_it() {
    for name in NetworkName::ALL {
        let (_, _, graph) = read_back(name);
        let mut known: Vec<&str> = graph.input.iter().map(|v| v.name.as_str()).collect();
        known.extend(graph.initializer.iter().map(|t| t.name.as_str()));
        for node in &graph.node {
            for input in &node.input {
                assert!(known.contains(&input.as_str()), "{name}: {input}");
            }
            for output in &node.output {
                assert!(!known.contains(&output.as_str()), "{name}: {output} twice");
                known.push(output);
            }
        }
        for output in &graph.output {
            assert!(known.contains(&output.name.as_str()), "{name}: {output:?}");
        }
    }
}

#[test]
fn the_layers_are_those_of_the_description() {
    let (model, _, graph) = read_back(NetworkName::PosterNet);
    let mut counts = BTreeMap::new();
    for node in &graph.node {
        *counts.entry(node.op_type.as_str()).or_insert(0) += 1;
    }
    let expected = [
        ("Add", 9),
        ("BatchNormalization", 45),
        ("Clip", 30),
        ("Conv", 45),
        ("Flatten", 1),
        ("Gemm", 3),
        ("GlobalAveragePool", 1),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
    let convs = graph.node.iter().filter(|node| node.op_type == "Conv");
    for (conv, block) in convs.zip(&model.network().blocks) {
        assert_eq!(ints(conv, "kernel_shape"), [block.conv.kernel as i64; 2]);
        assert_eq!(ints(conv, "strides"), [block.conv.stride as i64; 2]);
        assert_eq!(ints(conv, "pads"), [block.conv.kernel as i64 / 2; 4]);
        let groups = block.conv.groups();
        let group = conv.attribute.iter().find(|a| a.name == "group");
        assert_eq!(group.and_then(|group| group.i), Some(groups as i64));
        assert_eq!(conv.input.len(), 2, "PosterNet's convolutions have no bias");
    }
    // the input of the bottleneck is added, which is the output of the block before
    let add = graph.node.iter().find(|node| node.op_type == "Add");
    let add = add.expect("PosterNet has residual connections");
    assert_eq!(add.input, ["blocks.8.norm", "blocks.5.norm"]);

    let (_, _, graph) = read_back(NetworkName::DeepCnn32);
    let pools = graph.node.iter().filter(|node| node.op_type == "MaxPool");
    assert_eq!(pools.count(), 3);
}

#[test]
fn the_metadata_is_that_of_the_weights_file() {
    let (model, file, _) = read_back(NetworkName::PosterNet);
    let metadata: BTreeMap<String, String> = file
        .metadata_props
        .into_iter()
        .map(|entry| (entry.key, entry.value))
        .collect();
    assert_eq!(metadata, model.metadata().to_fields());
    assert_eq!(metadata["mean"], "[0.0,0.0,0.0]");
    assert!(
        metadata["labels"].starts_with("[\"Action\","),
        "{metadata:?}"
    );
}
