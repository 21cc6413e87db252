//! Networks as ONNX files.

mod drawn;
mod interchange;
mod python;

use std::fs;
use std::path::Path;

use image::ImageFormat;
use interchange::{SHIPPED, assert_refused, read, succeed, untrained, write_answers};
use marquee_models::network::NetworkName;
use marquee_models::preprocess::{Rgb8, decode};
use marquee_predict::predictor::Predictor;
use serde_json::{Value, json};

#[test]
fn onnx_runtime_answers_as_marquee_does() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    for name in NetworkName::ALL {
        let model = untrained(name);
        write_answers(folder, name.as_str(), &model);
        let file = folder.join(format!("{name}.onnx"));
        fs::write(file, marquee_onnx::to_bytes(&model)).expect("it can be written");
    }
    write_answers(folder, "shipped", &read(SHIPPED));
    let export = ["onnx", "--model", SHIPPED, "--out", "shipped.onnx"];
    succeed(folder, &export);
    let packages = ["numpy", "onnx", "onnxruntime"];
    python::check("onnx_answers.py", &packages, folder);
}

/// A picture, and what Marquee answers about it.
fn case(predictor: &Predictor, picture: &Rgb8) -> Value {
    let answer = predictor.predict_pixels(picture).expect("an answer").answer;
    let score = answer.score.map(|score| [score.points, score.half_width]);
    let mut answers = json!({ "class": answer.probabilities });
    if !answer.genres.is_empty() {
        answers["genres"] = json!(answer.genres);
    }
    if let Some(score) = score {
        answers["score"] = json!(score);
    }
    json!({
        "width": picture.width, "height": picture.height, "pixels": picture.pixels, "answers": answers,
    })
}

#[test]
fn a_raw_file_takes_pictures_and_gives_marquees_answers() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    for name in ["cnn32", "posternet"] {
        let weights = Path::new(SHIPPED).with_file_name(format!("{name}.safetensors"));
        let predictor = Predictor::new(read(&weights));
        let file = drawn::encode(drawn::poster(2, 2, 320, 480), ImageFormat::Jpeg);
        let large = decode(&file).expect("a picture").image;
        let right = large.resize(predictor.metadata().input);
        let cases = json!([case(&predictor, &large), case(&predictor, &right)]);
        fs::write(folder.join(name).with_extension("json"), cases.to_string())
            .expect("it can be written");
        let (weights, out) = (weights.to_string_lossy(), format!("{name}.onnx"));
        succeed(
            folder,
            &["onnx", "--raw", "--model", &weights, "--out", &out],
        );
    }
    let packages = ["numpy", "onnx", "onnxruntime"];
    python::check_with(
        "onnx_raw.py",
        &packages,
        folder,
        &["../docs/INTERCHANGE.md"],
    );
}

#[test]
fn mistakes_of_an_export_are_named_with_their_remedy() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    fs::write(folder.join("poster.jpg"), "no model").expect("it can be written");
    let refused = |model, out, words: &[&str]| {
        assert_refused(folder, &["onnx", "--model", model, "--out", out], words);
    };
    let out = "network.onnx";
    refused(
        "none.safetensors",
        out,
        &["cannot read the model none.safetensors", "cnn32, posternet"],
    );
    refused(
        "poster.jpg",
        out,
        &[
            "poster.jpg is not a usable model",
            "not a whole safetensors",
        ],
    );
    refused(
        SHIPPED,
        "none/network.onnx",
        &["there is no folder", "none", "make it"],
    );
    refused(SHIPPED, ".", &["is a folder", "--out"]);
    assert!(!folder.join(out).exists());
}
