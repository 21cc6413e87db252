//! A trained network as an ONNX file, which ONNX Runtime, OpenVINO, TensorRT and others run.
//!
//! It is made from the description of the layers that both executors read, and holds the tensors
//! unchanged, in single precision.

mod graph;
mod proto;
#[cfg(test)]
mod tests;

use marquee_models::file::{Metadata, Model};
use marquee_models::network::{CHANNELS, Task};
use prost::Message;

use proto::{
    DimensionProto, FLOAT, ModelProto, OperatorSetIdProto, StringStringEntryProto,
    TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto,
};

/// The version of ONNX's operators that the file uses: that of ONNX 1.12 (2022). The networks need
/// nothing newer, and so even old runtimes read it.
pub const OPSET: i64 = 17;

/// The version of the file's layout that goes with [`OPSET`].
pub const IR_VERSION: i64 = 8;

/// The bytes of an ONNX file. The same model gives the same bytes.
///
/// The input `input` is `[batch, 3, height, width]`, normalised; the outputs are one per head:
/// `class` `[batch, classes]`, and of PosterNet `genres` `[batch, genres]` and `score` `[batch, 2]`.
/// The batch is as large as the caller wants. All that the model's [`Metadata`] says stands in the
/// metadata, under the same names and in the same words as in a weights file.
pub fn to_bytes(model: &Model) -> Vec<u8> {
    let (metadata, network) = (model.metadata(), model.network());
    let mut graph = graph::graph(model);
    let size = network.input;
    graph.input = vec![value(
        graph::INPUT,
        &[CHANNELS, size.height, size.width],
        format!(
            "Posters squeezed to {size} pixels (antialiased bilinear), as planes of red, green and \
             blue in 0 to 1, less `mean`, divided by `std`."
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
            "{}, which reads a movie poster's genre. The metadata says how.",
            network.name
        ),
        graph: Some(graph),
        opset_import: vec![OperatorSetIdProto { version: OPSET }],
        metadata_props: fields(metadata),
    };
    file.encode_to_vec()
}

fn fields(metadata: &Metadata) -> Vec<StringStringEntryProto> {
    let fields = metadata.to_fields().into_iter();
    fields
        .map(|(key, value)| StringStringEntryProto { key, value })
        .collect()
}

/// What an output says, for those who open the file without this documentation.
fn meaning(task: Task) -> &'static str {
    match task {
        Task::Class => {
            "A logit for each of `labels`; their softmax, after division by `temperature`, are the \
             probabilities."
        }
        Task::Genres => "A logit for each of `genres`; its sigmoid is the probability.",
        Task::Score => {
            "The score as a normal distribution, standardised: its mean m and the logarithm v of its \
             variance. The metadata's `score` is [a, b, c]: in points it is a + b * m."
        }
    }
}

/// An input or output: a batch of numbers of this shape.
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
