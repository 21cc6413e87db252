//! Networks as ONNX files.

mod interchange;
mod python;

use std::fs;

use interchange::{SHIPPED, assert_refused, read, succeed, untrained, write_answers};
use marquee_models::network::NetworkName;
use marquee_trainer::interchange::onnx;

#[test]
fn onnx_runtime_answers_as_marquee_does() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    for name in NetworkName::ALL {
        let model = untrained(name);
        write_answers(folder, name.as_str(), &model);
        let file = folder.join(format!("{name}.onnx"));
        fs::write(file, onnx::to_bytes(&model)).expect("it can be written");
    }
    write_answers(folder, "shipped", &read(SHIPPED));
    let export = ["onnx", "--model", SHIPPED, "--out", "shipped.onnx"];
    succeed(folder, &export);
    let packages = ["numpy", "onnx", "onnxruntime"];
    python::check("onnx_answers.py", &packages, folder);
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
        &["cannot read the model none.safetensors", "--model"],
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
