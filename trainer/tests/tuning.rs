//! PosterNet tuned to classes of one's own, from folders of posters to all that a network is used by.

mod drawn;
#[allow(dead_code)] // the tests of ONNX and of PyTorch use more of it
mod interchange;
mod python;

use std::fs;
use std::path::Path;

use image::ImageFormat;
use interchange::{read, succeed, write_answers};

/// The network that the recipe `own` starts from.
const POSTERNET: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../models/weights/posternet.safetensors"
);

/// Three folders with drawn posters, each in colours of its own.
fn draw(folder: &Path) {
    for (hue, class) in ["space", "meadows", "snow"].into_iter().enumerate() {
        let class = folder.join("sorted").join(class);
        fs::create_dir_all(&class).expect("it can be made");
        for poster in 0..14 {
            let drawn = drawn::poster(hue, (20 * hue + poster) as u64, 80, 120);
            let bytes = drawn::encode(drawn, ImageFormat::Jpeg);
            fs::write(class.join(format!("{poster}.jpg")), bytes).expect("it can be written");
        }
    }
}

#[test]
fn own_classes_go_through_everything() {
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = guard.path();
    draw(folder);
    let succeeds = |args: &str| succeed(folder, &args.split_whitespace().collect::<Vec<_>>());
    succeeds("build --posters sorted --split 60/20/20 --out mine");
    // the recipe finds PosterNet in the command itself
    succeeds("train --data mine --recipe own --epochs 2 --device cpu");
    let trained = read(folder.join("mine-own/best.safetensors"));
    assert_eq!(trained.metadata().labels, ["meadows", "snow", "space"]);
    assert!(trained.metadata().genres.is_empty() && trained.metadata().score.is_none());
    let start = read(POSTERNET);
    let first = "blocks.0.conv.weight";
    assert_eq!(
        trained.weights().values(first),
        start.weights().values(first)
    );

    succeeds("evaluate --data mine --model mine-own/best.safetensors --device cpu --report report");
    succeeds("export --run mine-own --data mine --out own.safetensors --half --device cpu");
    succeeds("onnx --model own.safetensors --out own.onnx");
    succeeds("predict sorted/snow/0.jpg --model own.safetensors");
    write_answers(folder, "own", &read(folder.join("own.safetensors")));
    python::check(
        "torch_answers.py",
        &["numpy", "PIL", "safetensors", "torch"],
        folder,
    );
    python::check("onnx_answers.py", &["numpy", "onnx", "onnxruntime"], folder);

    let card = fs::read_to_string(folder.join("own.md")).expect("it was written");
    let start = "(posternet, but for its heads (class, genres, score))";
    assert!(card.contains(start), "{card}");
    assert!(
        card.contains("**The figures below may be too good.**"),
        "{card}"
    );
}
