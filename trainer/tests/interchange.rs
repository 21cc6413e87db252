//! Networks that go to and come from other tools: what they answer there is what they answer here.

mod drawn;
mod python;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use image::ImageFormat;
use marquee_models::burn::Net;
use marquee_models::file::{Metadata, Model, Precision, Weights};
use marquee_models::network::NetworkName;
use marquee_models::simd::Executor;
use marquee_trainer::dataset::{self, Dataset, Options};
use marquee_trainer::interchange::onnx;

const SHIPPED: &str = "../models/weights/cnn32.safetensors";
/// Written by PyTorch, with metadata.
const FIXTURE: &str = "../models/tests/fixtures/cnn32_pytorch.safetensors";

fn folder() -> (tempfile::TempDir, PathBuf) {
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let path = guard.path().to_owned();
    (guard, path)
}

fn marquee(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_marquee"));
    command.args(args).output().expect("the command starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn assert_refused(args: &[&str], words: &[&str]) {
    let output = marquee(args);
    assert!(!output.status.success(), "{args:?}");
    let said = said(&output);
    for word in words {
        assert!(said.contains(word), "{args:?} does not say {word}: {said}");
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

fn read(path: impl AsRef<Path>) -> Model {
    let bytes = fs::read(path).expect("the file is there");
    Model::from_bytes(&bytes).expect("the model is sound")
}

/// An untrained network, but with batch norms that do something.
fn untrained(name: NetworkName) -> Model {
    let device = burn::tensor::Device::flex();
    let metadata = Metadata::untrained(name);
    let network = metadata.layers();
    device.seed(11);
    let drawn = Net::init(&network, &device).weights(&network);
    let mut weights = Weights::default();
    for parameter in network.parameters() {
        let mut values = drawn.values(&parameter.name).to_vec();
        if parameter.shape.len() == 1 {
            for (index, value) in values.iter_mut().enumerate() {
                *value = *value * 0.5 + 0.1 + (index % 5) as f32 * 0.2;
            }
        }
        weights.insert(parameter.name, parameter.shape, values);
    }
    Model::new(metadata, weights).expect("an untrained network is sound")
}

/// Inputs, and what the small executor answers to them, where the scripts look for them.
fn write_answers(folder: &Path, name: &str, model: &Model) {
    const POSTERS: usize = 3;
    let numbers = 0..POSTERS * model.network().input_len();
    let inputs: Vec<f32> = numbers
        .map(|index| ((index * 31 + index / 977) % 255) as f32 / 128.0 - 1.0)
        .collect();
    let answers = Executor::new(model).run(&inputs);
    for (extension, numbers) in [("inputs", inputs), ("answers", answers)] {
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        fs::write(folder.join(name).with_extension(extension), bytes).expect("it can be written");
    }
}

#[test]
fn onnx_runtime_answers_as_the_small_executor_does() {
    let (_guard, folder) = folder();
    for name in NetworkName::ALL {
        let model = untrained(name);
        write_answers(&folder, name.as_str(), &model);
        let file = folder.join(format!("{name}.onnx"));
        fs::write(file, onnx::to_bytes(&model)).expect("it can be written");
    }
    write_answers(&folder, "shipped", &read(SHIPPED));
    let out = folder.join("shipped.onnx");
    let output = marquee(&["onnx", "--model", SHIPPED, "--out", text(&out)]);
    assert!(output.status.success(), "{}", said(&output));
    let packages = ["numpy", "onnx", "onnxruntime"];
    python::check("onnx_answers.py", &packages, &folder);
}

#[test]
fn pytorch_loads_every_network_and_answers_as_the_small_executor_does() {
    let (_guard, folder) = folder();
    let shipped = read(SHIPPED);
    write_answers(&folder, "shipped", &shipped);
    fs::copy(SHIPPED, folder.join("shipped.safetensors")).expect("it can be written");
    for name in NetworkName::ALL {
        let model = untrained(name);
        write_answers(&folder, name.as_str(), &model);
        let file = folder.join(format!("{name}.safetensors"));
        fs::write(file, model.to_bytes(Precision::Single)).expect("it can be written");
    }
    let packages = ["numpy", "PIL", "safetensors", "torch"];
    python::check("torch_answers.py", &packages, &folder);
}

#[test]
fn mistakes_of_an_export_are_named_with_their_remedy() {
    let (_guard, folder) = folder();
    let out = folder.join("network.onnx");
    let nowhere = folder.join("none/network.onnx");
    let poster = folder.join("poster.jpg");
    fs::write(&poster, "no model").expect("it can be written");
    let (out, poster) = (text(&out), text(&poster));
    assert_refused(
        &["onnx", "--model", "none.safetensors", "--out", out],
        &["cannot read the model none.safetensors", "--model"],
    );
    assert_refused(
        &["onnx", "--model", poster, "--out", out],
        &[
            "poster.jpg is not a usable model",
            "not a whole safetensors",
        ],
    );
    assert_refused(
        &["onnx", "--model", SHIPPED, "--out", text(&nowhere)],
        &["there is no folder", "none", "make it"],
    );
    assert_refused(
        &["onnx", "--model", SHIPPED, "--out", text(&folder)],
        &["is a folder", "--out"],
    );
    assert!(!Path::new(out).exists());
}

/// A dataset of drawn posters, two classes of which have another colour each.
fn dataset(folder: &Path) -> PathBuf {
    let posters = folder.join("posters");
    fs::create_dir_all(&posters).expect("a temporary folder can be written");
    let mut manifest = "id,poster,title,genres,score,votes\n".to_owned();
    for film in 0..60 {
        let poster = drawn::encode(
            drawn::poster(film % 2, film as u64, 40, 60),
            ImageFormat::Png,
        );
        fs::write(posters.join(format!("{film}.png")), poster).expect("likewise");
        let (genre, score) = [("Horror", 5), ("Romance", 7)][film % 2];
        manifest += &format!("film{film},{film}.png,Film {film},{genre},{score},50\n");
    }
    let csv = folder.join("movies.csv");
    fs::write(&csv, manifest).expect("likewise");
    let options = Options::new(csv, posters, folder.join("dataset"));
    dataset::build(&options).expect("drawn posters make a dataset");
    options.out
}

/// Tensors by their names: how the numbers are stored, the shape, the bytes.
type Tensors = BTreeMap<String, (String, Vec<usize>, Vec<u8>)>;

/// PyTorch's file without its metadata, and with something changed.
fn stripped(change: impl FnOnce(&mut Tensors)) -> Vec<u8> {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Entry {
        dtype: String,
        shape: Vec<usize>,
        data_offsets: [usize; 2],
    }
    // the length of the header, the header as JSON, the tensors' bytes
    let file = fs::read(FIXTURE).expect("the fixture is there");
    let (length, rest) = file.split_first_chunk().expect("a length stands first");
    let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
    let mut header: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(header).expect("the header is JSON");
    header.remove("__metadata__").expect("the fixture has some");
    let tensor = |value| {
        let entry: Entry = serde_json::from_value(value).expect("the fixture is sound");
        let [start, end] = entry.data_offsets;
        (entry.dtype, entry.shape, data[start..end].to_vec())
    };
    let mut tensors = header
        .into_iter()
        .map(|(name, value)| (name, tensor(value)))
        .collect();
    change(&mut tensors);

    let (mut header, mut data) = (BTreeMap::new(), Vec::new());
    for (name, (dtype, shape, bytes)) in tensors {
        let data_offsets = [data.len(), data.len() + bytes.len()];
        data.extend(bytes);
        header.insert(
            name,
            Entry {
                dtype,
                shape,
                data_offsets,
            },
        );
    }
    let header = serde_json::to_vec(&header).expect("names and numbers can be written");
    [&(header.len() as u64).to_le_bytes(), &header[..], &data].concat()
}

fn import<'a>(weights: &'a Path, data: &'a Path, out: &'a Path) -> Vec<&'a str> {
    vec![
        "import",
        "--network",
        "cnn32",
        "--weights",
        text(weights),
        "--data",
        text(data),
        "--out",
        text(out),
    ]
}

#[test]
fn weights_of_pytorchs_become_a_network_to_use() {
    let (_guard, folder) = folder();
    let data = dataset(&folder);
    let (weights, run) = (folder.join("weights.safetensors"), folder.join("run"));
    fs::write(&weights, stripped(|_| ())).expect("it can be written");
    fs::create_dir(&run).expect("it can be made");
    let out = run.join("best.safetensors");

    let output = marquee(&import(&weights, &data, &out));
    assert!(output.status.success(), "{}", said(&output));
    let (fixture, imported) = (read(FIXTURE), read(&out));
    assert!(imported.weights() == fixture.weights());
    let mut dataset = Dataset::open(&data).expect("it was just built");
    let pixels = dataset.pixels(imported.network().input);
    let statistics = *pixels.expect("the posters are there").statistics();
    assert_eq!(imported.metadata().labels, dataset.summary().labels);
    assert_eq!(imported.metadata().dataset, dataset.summary().hash);
    assert_eq!(imported.metadata().mean, statistics.mean);
    assert_eq!(imported.metadata().std, statistics.std);

    let (data, out) = (text(&data), text(&out));
    let evaluated = marquee(&[
        "evaluate", "--data", data, "--model", out, "--device", "cpu",
    ]);
    assert!(evaluated.status.success(), "{}", said(&evaluated));
    let poster = folder.join("posters/1.png");
    let predicted = marquee(&["predict", text(&poster), "--model", out]);
    assert!(predicted.status.success(), "{}", said(&predicted));

    // its percentages are made honest as those of a run's are, and its card says where it comes from
    let mine = folder.join("mine.safetensors");
    let (run, mine) = (text(&run), text(&mine));
    let exported = marquee(&[
        "export", "--run", run, "--data", data, "--out", mine, "--device", "cpu",
    ]);
    assert!(exported.status.success(), "{}", said(&exported));
    let exported = read(mine);
    assert!(exported.weights() == imported.weights());
    assert_ne!(
        exported.metadata().temperature,
        imported.metadata().temperature
    );
    let card =
        fs::read_to_string(folder.join("mine.md")).expect("it is written beside the network");
    assert!(
        card.contains("Trained elsewhere, and imported by Marquee"),
        "{card}"
    );
    assert!(
        card.contains("marquee import --data dataset --network cnn32"),
        "{card}"
    );

    // one that was trained here, and has lost its recipe, is not taken for one of these
    let mut ours = imported.metadata().clone();
    ours.trainer = "0.1.0".to_owned();
    let ours = Model::new(ours, imported.weights().clone()).expect("it is as sound");
    fs::write(out, ours.to_bytes(Precision::Single)).expect("it can be written");
    let export = ["export", "--run", run, "--data", data, "--out", mine];
    assert_refused(&export, &["recipe.toml"]);
}

#[test]
fn what_inputs_were_normalised_by_can_be_told() {
    let (_guard, folder) = folder();
    let data = dataset(&folder);
    let (weights, out) = (folder.join("weights"), folder.join("out.safetensors"));
    fs::write(&weights, stripped(|_| ())).expect("it can be written");
    let mut args = import(&weights, &data, &out);
    args.extend([
        "--half",
        "--mean",
        "0.485, 0.456, 0.406",
        "--std",
        "0.229,0.224,0.225",
    ]);
    let output = marquee(&args);
    assert!(output.status.success(), "{}", said(&output));
    let imported = read(&out);
    assert_eq!(imported.metadata().mean, [0.485, 0.456, 0.406]);
    assert_eq!(imported.metadata().std, [0.229, 0.224, 0.225]);
    let bytes = fs::metadata(&out).expect("it was just written").len();
    assert!(bytes < 150_000, "{bytes} bytes are no half precision");

    let with = |extra: &[&'static str], words: &[&str]| {
        let mut args = import(&weights, &data, &out);
        args.extend(extra);
        assert_refused(&args, words);
    };
    with(&["--mean", "0.5,0.5,0.5"], &["--std"]);
    with(&["--mean", "0.5", "--std", "1,1,1"], &["three numbers"]);
    with(
        &["--mean", "120,120,120", "--std", "1,1,1"],
        &["mean", "0 to 1"],
    );
}

#[test]
fn weights_are_read_in_every_precision_with_or_without_pytorchs_counter() {
    let (_guard, folder) = folder();
    let data = dataset(&folder);
    let mut data = Dataset::open(&data).expect("it was just built");
    let exact = Model::from_bytes(&fs::read(FIXTURE).expect("the fixture is there"));
    let exact = exact.expect("the fixture is sound");
    // bfloat16 is the upper half of a single
    let bf16 = stripped(|tensors| {
        tensors.retain(|name, _| !name.ends_with("num_batches_tracked"));
        for (dtype, _, data) in tensors.values_mut() {
            let upper = data.chunks_exact(4).flat_map(|b| [b[2], b[3]]);
            (*dtype, *data) = ("BF16".to_owned(), upper.collect());
        }
    });
    let f16 = exact.to_bytes(Precision::Half);
    for (bytes, share) in [(bf16, 1.0 / 128.0), (f16, 1.0 / 1024.0)] {
        let model = marquee_trainer::interchange::import::import(
            &bytes,
            NetworkName::Cnn32,
            &mut data,
            None,
        );
        let model = model.expect("the weights are sound");
        for parameter in model.network().parameters() {
            let values = model.weights().values(&parameter.name);
            for (value, exact) in values.iter().zip(exact.weights().values(&parameter.name)) {
                let off = (value - exact).abs();
                assert!(off <= exact.abs() * share + 1e-6, "{value} is not {exact}");
            }
        }
    }
}

#[test]
fn mistakes_of_an_import_are_named_with_their_remedy() {
    let (_guard, folder) = folder();
    let data = dataset(&folder);
    let (weights, out) = (folder.join("weights.pt"), folder.join("out.safetensors"));
    let refused = |bytes: Vec<u8>, words: &[&str]| {
        fs::write(&weights, bytes).expect("it can be written");
        assert_refused(&import(&weights, &data, &out), words);
        assert!(!out.exists());
    };
    refused(
        b"PK\x03\x04 a pickle".to_vec(),
        &["weights.pt", "not a whole safetensors file", "save_file"],
    );
    refused(
        stripped(|tensors| drop(tensors.remove("features.4.bias"))),
        &["features.4.bias", "missing", "marquee_networks.py"],
    );
    refused(
        stripped(|tensors| {
            for (name, shape, numbers) in [
                ("classifier.5.weight", vec![10, 16], 160),
                ("classifier.5.bias", vec![10], 10),
            ] {
                let bytes = vec![0; 4 * numbers];
                tensors.insert(name.to_owned(), ("F32".to_owned(), shape, bytes));
            }
        }),
        &[
            "classifier.5.weight",
            "[10, 16]",
            "[6, 16]",
            "6 classes (Action, ",
        ],
    );
    refused(
        stripped(|tensors| {
            let numbers = vec![0; 8 * 16];
            tensors.insert(
                "features.0.bias".to_owned(),
                ("F64".to_owned(), vec![16], numbers),
            );
        }),
        &["features.0.bias", "F64", "network.float()"],
    );
    let other = untrained(NetworkName::DeepCnn32);
    refused(
        other.to_bytes(Precision::Single),
        &["its tensors are those of deepcnn32", "--network deepcnn32"],
    );

    let (weights, data, out) = (text(&weights), text(&data), text(&out));
    let with = |network, weights, data, out, words: &[&str]| {
        let args = [
            "import",
            "--network",
            network,
            "--weights",
            weights,
            "--data",
            data,
            "--out",
            out,
        ];
        assert_refused(&args, words);
    };
    with("cnn23", weights, data, out, &["cnn23", "cnn32"]);
    with(
        "cnn32",
        "none",
        data,
        out,
        &["cannot read the weights none", "--weights"],
    );
    with(
        "cnn32",
        weights,
        text(&folder),
        out,
        &["no dataset", "marquee build"],
    );
    let nowhere = folder.join("none/out");
    with(
        "cnn32",
        weights,
        data,
        text(&nowhere),
        &["there is no folder", "none"],
    );
}
