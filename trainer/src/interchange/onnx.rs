//! A trained network as an ONNX file, which ONNX Runtime, OpenVINO, TensorRT and others run.
//!
//! The graph is made from [`marquee_models::network`], like both executors. The tensors stay as they
//! are, in single precision.

mod graph;
mod proto;
#[cfg(test)]
mod tests;

use marquee_models::file::Model;
use marquee_models::network::{CHANNELS, Task};
use prost::Message;

use proto::{
    DimensionProto, FLOAT, ModelProto, OperatorSetIdProto, StringStringEntryProto,
    TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto,
};

/// The version of ONNX's operator set in the file, that of ONNX 1.12 (2022). The networks need nothing
/// newer, so old runtimes read the file, too.
pub const OPSET: i64 = 17;

/// The version of the file format (*intermediate representation*) that goes with [`OPSET`].
pub const IR_VERSION: i64 = 8;

/// The bytes of an ONNX file. The same model always gives the same bytes.
///
/// The input `input` is `[batch, 3, height, width]`: red, green and blue from 0 to 1, less the mean,
/// divided by the standard deviation. There is an output for each head: `class` `[batch, classes]`, and
/// in PosterNet `genres` `[batch, genres]` and `score` `[batch, 2]`. The batch can have any size. The
/// file's metadata has the same keys and values as a weights file (see
/// [`Metadata`](marquee_models::file::Metadata)).
pub fn to_bytes(model: &Model) -> Vec<u8> {
    let network = model.network();
    let mut graph = graph::graph(model);
    let size = network.input;
    graph.input = vec![value(
        graph::INPUT,
        &[CHANNELS, size.height, size.width],
        format!(
            "Posters resized to {size} pixels (antialiased bilinear): planes of red, green and blue \
             from 0 to 1, less `mean`, divided by `std`."
        ),
    )];
    let heads = network.heads.iter();
    graph.output = heads
        .map(|head| {
            let (name, features) = (head.task.as_str(), head.linear.out_features);
            value(name, &[features], meaning(head.task).to_owned())
        })
        .collect();
    let file = ModelProto {
        ir_version: IR_VERSION,
        producer_name: "marquee".to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        doc_string: format!(
            "{}, which predicts the genre of a film from its poster. The metadata says how to use it.",
            network.name
        ),
        graph: Some(graph),
        opset_import: vec![OperatorSetIdProto { version: OPSET }],
        metadata_props: (model.metadata().to_fields().into_iter())
            .map(|(key, value)| StringStringEntryProto { key, value })
            .collect(),
    };
    file.encode_to_vec()
}

/// What an output means, for readers of the file who do not have this documentation.
fn meaning(task: Task) -> &'static str {
    match task {
        Task::Class => {
            "A logit for each of `labels`. Divided by `temperature`, their softmax gives the \
             probabilities."
        }
        Task::Genres => "A logit for each of `genres`. Its sigmoid is the probability.",
        Task::Score => {
            "The standardised score as a normal distribution: its mean m and the logarithm v of its \
             variance. The metadata's `score` is [a, b, c]: the score in points is a + b * m."
        }
    }
}

/// The description of an input or output, whose shape is `[batch, shape…]`.
fn value(name: &str, shape: &[usize], doc_string: String) -> ValueInfoProto {
    let batch = DimensionProto {
        dim_param: Some("batch".to_owned()),
        dim_value: None,
    };
    let known = shape.iter().map(|&length| DimensionProto {
        dim_value: Some(length as i64),
        dim_param: None,
    });
    ValueInfoProto {
        name: name.to_owned(),
        r#type: Some(TypeProto {
            tensor_type: Some(TensorTypeProto {
                elem_type: FLOAT,
                shape: Some(TensorShapeProto {
                    dim: std::iter::once(batch).chain(known).collect(),
                }),
            }),
        }),
        doc_string,
    }
}
