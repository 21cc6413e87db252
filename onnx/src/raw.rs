//! What a file has around the network if it takes pictures and gives probabilities.

use marquee_models::file::{Metadata, ScoreScale};
use marquee_models::network::{Network, Task};

use super::graph::{Builder, INPUT, int, ints};
use super::proto::{AttributeProto, AttributeType, FLOAT, INT64, TensorProto};

/// The name of the input: pictures.
pub(super) const PICTURES: &str = "pictures";

/// The name of what a head of the network gives, which is no output of such a file.
pub(super) fn logits(task: Task) -> String {
    format!("{}.logits", task.as_str())
}

impl Builder<'_> {
    /// Adds what makes of pictures, `uint8 [batch, any height, any width, 3]`, the network's input: resizing,
    /// normalising, and planes of colours.
    pub(super) fn prepare(&mut self, metadata: &Metadata) {
        let size = metadata.input;
        let sides = [size.height, size.width].map(|side| side as i64);
        let inputs = [PICTURES, "", "", &self.whole("pictures.size", &sides)].map(str::to_owned);
        let attributes = vec![
            text("mode", "linear"),
            int("antialias", 1),
            ints("axes", [1, 2]),
        ];
        let resized = self.node("Resize", "pictures.resized", &inputs, attributes);
        let to = vec![int("to", FLOAT.into())];
        let numbers = self.node("Cast", "pictures.numbers", &[resized], to);
        // as `models::preprocess::normalise` does
        let (mean, std) = (metadata.mean, metadata.std);
        let scale = self.real("pictures.scale", &std.map(|std| 1.0 / (255.0 * std)), true);
        let shift: Vec<f32> = mean
            .iter()
            .zip(&std)
            .map(|(mean, std)| mean / std)
            .collect();
        let shift = self.real("pictures.shift", &shift, true);
        let scaled = self.node("Mul", "pictures.scaled", &[numbers, scale], Vec::new());
        let normalised = self.node("Sub", "pictures.normalised", &[scaled, shift], Vec::new());
        let perm = vec![ints("perm", [0, 3, 1, 2])];
        self.push("Transpose", INPUT, &[normalised], INPUT, perm);
    }

    /// Adds what makes of each head's outputs what people ask for, under the head's own name.
    pub(super) fn answer(&mut self, metadata: &Metadata, network: &Network) {
        for head in &network.heads {
            let (logits, task) = (logits(head.task), head.task.as_str());
            match (head.task, metadata.score) {
                (Task::Class, _) => {
                    let temperature =
                        self.real("class.temperature", &[metadata.temperature], false);
                    let even = self.node("Div", "class.even", &[logits, temperature], Vec::new());
                    self.push("Softmax", task, &[even], task, vec![int("axis", 1)]);
                }
                (Task::Genres, _) => {
                    self.push("Sigmoid", task, &[logits], task, Vec::new());
                }
                (Task::Score, Some(scale)) => self.score(scale, &logits, task),
                // `Model::new` refuses a score's head without a scale
                (Task::Score, None) => {}
            }
        }
    }

    /// Adds [`ScoreScale::points`].
    fn score(&mut self, scale: ScoreScale, outputs: &str, task: &str) {
        let part = |builder: &mut Self, name: &str, start: i64| {
            let inputs = [
                outputs.to_owned(),
                builder.whole(&format!("{name}.start"), &[start]),
                builder.whole(&format!("{name}.end"), &[start + 1]),
                builder.whole(&format!("{name}.axis"), &[1]),
            ];
            builder.node("Slice", name, &inputs, Vec::new())
        };
        let mean = part(self, "score.mean", 0);
        let variance = part(self, "score.log_variance", 1);
        let deviation = self.real("score.deviation", &[scale.deviation], false);
        let base = self.real("score.base", &[scale.mean], false);
        let stretched = self.node("Mul", "score.stretched", &[mean, deviation], Vec::new());
        let points = self.node("Add", "score.points", &[stretched, base], Vec::new());
        let half = self.real("score.half", &[0.5], false);
        let halved = self.node("Mul", "score.halved", &[variance, half], Vec::new());
        let spread = self.node("Exp", "score.spread", &[halved], Vec::new());
        let width = self.real("score.width", &[scale.deviation * scale.interval], false);
        let interval = self.node("Mul", "score.half_width", &[spread, width], Vec::new());
        let axis = vec![int("axis", 1)];
        self.push("Concat", task, &[points, interval], task, axis);
    }

    /// Adds numbers as an initializer, and returns its name; as a list, or one number for itself.
    fn real(&mut self, name: &str, values: &[f32], list: bool) -> String {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        let dims = if list {
            vec![values.len() as i64]
        } else {
            Vec::new()
        };
        self.initializer(name, FLOAT, dims, bytes.collect())
    }

    /// Adds a list of whole numbers as an initializer, and returns its name.
    fn whole(&mut self, name: &str, values: &[i64]) -> String {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        self.initializer(name, INT64, vec![values.len() as i64], bytes.collect())
    }

    fn initializer(&mut self, name: &str, kind: i32, dims: Vec<i64>, bytes: Vec<u8>) -> String {
        self.graph.initializer.push(TensorProto {
            dims,
            data_type: kind,
            raw_data: bytes,
            name: name.to_owned(),
        });
        name.to_owned()
    }
}

/// An attribute that is a text.
fn text(name: &str, value: &str) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        s: Some(value.as_bytes().to_vec()),
        r#type: AttributeType::String.into(),
        ..AttributeProto::default()
    }
}
