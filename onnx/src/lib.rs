//! A trained network as an ONNX file, which ONNX Runtime, OpenVINO, TensorRT and others run.
//!
//! The graph is made from [`marquee_models::network`], like both executors. The tensors stay as they
//! are, in single precision. The native command and the page write the same bytes.

mod graph;
mod proto;
mod raw;
#[cfg(test)]
mod tests;

use marquee_models::file::Model;
use marquee_models::network::{CHANNELS, Task};
use prost::Message;

use proto::{
    DimensionProto, FLOAT, GraphProto, ModelProto, OperatorSetIdProto, StringStringEntryProto,
    TensorShapeProto, TensorTypeProto, TypeProto, UINT8, ValueInfoProto,
};

/// The version of ONNX's operator set in the file, that of ONNX 1.12 (2022). The networks need nothing
/// newer, so old runtimes read the file, too.
pub const OPSET: i64 = 17;

/// The version of the file format (*intermediate representation*) that goes with [`OPSET`].
pub const IR_VERSION: i64 = 8;

/// That of a file that takes pictures: before ONNX 1.13 (2022), `Resize` has no antialiasing.
pub const RAW_OPSET: i64 = 18;

/// The bytes of an ONNX file. The same model always gives the same bytes.
///
/// The input `input` is `[batch, 3, height, width]`: red, green and blue from 0 to 1, less the mean,
/// divided by the standard deviation. There is an output for each head: `class` `[batch, classes]`, and
/// in PosterNet `genres` `[batch, genres]` and `score` `[batch, 2]`. The batch can have any size. The
/// file's metadata has the same keys and values as a weights file (see
/// [`Metadata`](marquee_models::file::Metadata)).
pub fn to_bytes(model: &Model) -> Vec<u8> {
    let network = model.network();
    let mut graph = graph::graph(model, false);
    let size = network.input;
    let sides = [CHANNELS, size.height, size.width].map(Dimension::Known);
    graph.input = vec![value(
        graph::INPUT,
        FLOAT,
        &sides,
        format!(
            "Posters resized to {size} pixels (antialiased bilinear): planes of red, green and blue \
             from 0 to 1, less `mean`, divided by `std`."
        ),
    )];
    file(model, graph, OPSET, meaning)
}

/// The bytes of an ONNX file that takes pictures and gives probabilities. The same model always gives the same bytes.
///
/// The input `pictures` is `uint8 [batch, height, width, 3]`, of any size; pictures of another size than the network's
/// are resized. The outputs have the names and shapes of [`to_bytes`]: `class` and `genres` are probabilities, and
/// `score` is the expected score in points and half the width of its interval.
pub fn to_raw_bytes(model: &Model) -> Vec<u8> {
    let mut graph = graph::graph(model, true);
    let size = model.network().input;
    let shape = [
        Dimension::Any("height"),
        Dimension::Any("width"),
        Dimension::Known(CHANNELS),
    ];
    graph.input = vec![value(
        raw::PICTURES,
        UINT8,
        &shape,
        format!(
            "Posters as red, green and blue from 0 to 255, upright. They are resized to {size} pixels; where they \
             have that size already, nothing is."
        ),
    )];
    file(model, graph, RAW_OPSET, raw_meaning)
}

/// The file of a graph, to which the outputs are added. `meaning` says what they mean.
fn file(
    model: &Model,
    mut graph: GraphProto,
    opset: i64,
    meaning: impl Fn(Task) -> &'static str,
) -> Vec<u8> {
    let network = model.network();
    let heads = network.heads.iter();
    graph.output = heads
        .map(|head| {
            let shape = [Dimension::Known(head.linear.out_features)];
            let meaning = meaning(head.task).to_owned();
            value(head.task.as_str(), FLOAT, &shape, meaning)
        })
        .collect();
    let file = ModelProto {
        ir_version: IR_VERSION,
        producer_name: "marquee".to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        doc_string: format!(
            "{}, which tells classes of posters apart: `labels` in the metadata, which says how to use it.",
            network.name
        ),
        graph: Some(graph),
        opset_import: vec![OperatorSetIdProto { version: opset }],
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

/// What an output of a file means that takes pictures.
fn raw_meaning(task: Task) -> &'static str {
    match task {
        Task::Class => "A probability for each of `labels`.",
        Task::Genres => "A probability for each of `genres`; a film may have several.",
        Task::Score => {
            "The expected score in points, and half the width of the interval that holds four of five films."
        }
    }
}

/// A dimension behind the first, which is always `batch`.
#[derive(Clone, Copy)]
enum Dimension {
    Known(usize),
    /// One that may have any length, and its name.
    Any(&'static str),
}

/// The description of an input or output, whose shape is `[batch, shape…]`.
fn value(name: &str, kind: i32, shape: &[Dimension], doc_string: String) -> ValueInfoProto {
    let shape = [&[Dimension::Any("batch")], shape].concat();
    let dim = shape.into_iter().map(|dimension| match dimension {
        Dimension::Known(length) => DimensionProto {
            dim_value: Some(length as i64),
            dim_param: None,
        },
        Dimension::Any(name) => DimensionProto {
            dim_value: None,
            dim_param: Some(name.to_owned()),
        },
    });
    ValueInfoProto {
        name: name.to_owned(),
        r#type: Some(TypeProto {
            tensor_type: Some(TensorTypeProto {
                elem_type: kind,
                shape: Some(TensorShapeProto { dim: dim.collect() }),
            }),
        }),
        doc_string,
    }
}
