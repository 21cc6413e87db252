//! Networks for PyTorch, and weights from PyTorch.

mod drawn;
mod interchange;
mod python;

use std::collections::BTreeMap;
use std::fs;

use image::ImageFormat;
use interchange::{SHIPPED, assert_refused, read, succeed, untrained, write_answers};
use marquee_models::file::{Model, Precision};
use marquee_models::network::NetworkName;
use marquee_trainer::dataset::{self, Dataset, Options};
use marquee_trainer::interchange::import::import;

/// Weights that PyTorch wrote, with metadata.
const FIXTURE: &str = "../models/tests/fixtures/cnn32_pytorch.safetensors";

/// Imports `weights` with the dataset of [`build`] as `run/best.safetensors`.
const IMPORT: [&str; 9] = [
    "import",
    "--network",
    "cnn32",
    "--weights",
    "weights",
    "--data",
    "dataset",
    "--out",
    "run/best.safetensors",
];

/// The arguments of [`IMPORT`], with another value for one option.
fn import_with<'a>(option: &str, value: &'a str) -> Vec<&'a str> {
    let mut args = IMPORT.to_vec();
    let at = args.iter().position(|arg| *arg == option);
    args[at.expect("the option is there") + 1] = value;
    args
}

/// A folder with a dataset of drawn posters, whose two classes differ in colour, and an empty `run`.
fn build() -> tempfile::TempDir {
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = guard.path();
    let posters = folder.join("posters");
    for folder in [&posters, &folder.join("run")] {
        fs::create_dir(folder).expect("a temporary folder can be written");
    }
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
    guard
}

/// Tensors by name: the type of the numbers, the shape, the bytes.
type Tensors = BTreeMap<String, (String, Vec<usize>, Vec<u8>)>;

/// PyTorch's file without its metadata, and with changed tensors.
fn stripped(change: impl FnOnce(&mut Tensors)) -> Vec<u8> {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Entry {
        dtype: String,
        shape: Vec<usize>,
        data_offsets: [usize; 2],
    }
    // the file is the length of the header, the header as JSON, the tensors' bytes
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

#[test]
fn pytorch_loads_every_network_and_answers_as_marquee_does() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    write_answers(folder, "shipped", &read(SHIPPED));
    fs::copy(SHIPPED, folder.join("shipped.safetensors")).expect("it can be written");
    for name in NetworkName::ALL {
        let model = untrained(name);
        write_answers(folder, name.as_str(), &model);
        let file = folder.join(format!("{name}.safetensors"));
        fs::write(file, model.to_bytes(Precision::Single)).expect("it can be written");
    }
    let packages = ["numpy", "PIL", "safetensors", "torch"];
    python::check("torch_answers.py", &packages, folder);
}

#[test]
fn imported_weights_are_a_network_like_any_other() {
    let folder = build();
    let folder = folder.path();
    fs::write(folder.join("weights"), stripped(|_| ())).expect("it can be written");
    succeed(folder, &IMPORT);
    let best = folder.join("run/best.safetensors");
    let (fixture, imported) = (read(FIXTURE), read(&best));
    assert!(imported.weights() == fixture.weights());
    let mut dataset = Dataset::open(&folder.join("dataset")).expect("it was just built");
    let pixels = dataset.pixels(imported.network().input);
    let statistics = *pixels.expect("the posters are there").statistics();
    let metadata = imported.metadata();
    assert_eq!(metadata.labels, dataset.summary().labels);
    assert_eq!(metadata.dataset, dataset.summary().hash);
    assert_eq!(metadata.mean, statistics.mean);
    assert_eq!(metadata.std, statistics.std);

    let run = |line: &str| succeed(folder, &line.split(' ').collect::<Vec<_>>());
    run("evaluate --data dataset --model run/best.safetensors --device cpu");
    run("predict posters/1.png --model run/best.safetensors");

    // `export` calibrates it like a network that was trained here, and says where it comes from
    run("export --run run --data dataset --out mine.safetensors --device cpu");
    let exported = read(folder.join("mine.safetensors"));
    assert!(exported.weights() == imported.weights());
    assert_ne!(exported.metadata().temperature, metadata.temperature);
    let card = fs::read_to_string(folder.join("mine.md")).expect("it is next to the network");
    for text in [
        "Trained elsewhere, and imported by Marquee",
        "marquee import --data dataset --network cnn32",
    ] {
        assert!(card.contains(text), "{card}");
    }

    // a network that was trained here and has lost its recipe is not taken for an imported one
    let mut ours = metadata.clone();
    ours.trainer = "0.1.0".to_owned();
    let ours = Model::new(ours, imported.weights().clone()).expect("it is as sound");
    fs::write(best, ours.to_bytes(Precision::Single)).expect("it can be written");
    let export = [
        "export",
        "--run",
        "run",
        "--data",
        "dataset",
        "--out",
        "mine.safetensors",
    ];
    assert_refused(folder, &export, &["recipe.toml"]);
}

/// A file of tensors with this metadata instead of its own.
fn labelled(file: &[u8], metadata: &[(&str, &str)]) -> Vec<u8> {
    let (length, rest) = file.split_first_chunk().expect("a length stands first");
    let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
    let mut header: serde_json::Value = serde_json::from_slice(header).expect("JSON");
    header["__metadata__"] = metadata.iter().copied().collect();
    let header = header.to_string();
    [
        &(header.len() as u64).to_le_bytes(),
        header.as_bytes(),
        data,
    ]
    .concat()
}

#[test]
fn what_a_file_says_about_its_training_is_kept_and_stands_in_the_card() {
    let folder = build();
    let folder = folder.path();
    let said = [
        ("command", "python mine.py --out weights"),
        ("mean", "[0.5, 0.5, 0.5]"),
        ("source", "a network by somebody"),
        ("std", "[0.25, 0.25, 0.25]"),
        ("teacher", "two larger networks"),
    ];
    let weights = labelled(&stripped(|_| ()), &said);
    fs::write(folder.join("weights"), weights).expect("it can be written");
    succeed(folder, &IMPORT);
    let imported = read(folder.join("run/best.safetensors"));
    assert_eq!(imported.metadata().mean, [0.5; 3]);
    assert_eq!(imported.metadata().std, [0.25; 3]);

    let export = "export --run run --data dataset --out mine.safetensors --device cpu";
    succeed(folder, &export.split(' ').collect::<Vec<_>>());
    let card = fs::read_to_string(folder.join("mine.md")).expect("it is next to the network");
    for text in [
        "Training started from existing weights (a network by somebody).",
        "The teacher was trained on the same films (two larger networks).",
        "python mine.py --out weights\nmarquee import --data dataset --network cnn32",
        "have their own authors and licence: a network by somebody.",
    ] {
        assert!(card.contains(text), "{text} is missing in {card}");
    }

    let weights = labelled(&stripped(|_| ()), &[("mean", "[0.5, 0.5, 0.5]")]);
    fs::write(folder.join("weights"), weights).expect("it can be written");
    assert_refused(folder, &IMPORT, &["mean and std", "one without the other"]);
}

#[test]
fn mean_and_standard_deviation_can_be_given() {
    let folder = build();
    let folder = folder.path();
    fs::write(folder.join("weights"), stripped(|_| ())).expect("it can be written");
    let with = |extra: &[&'static str]| [&IMPORT, extra].concat();
    succeed(
        folder,
        &with(&[
            "--half",
            "--mean",
            "0.485, 0.456, 0.406",
            "--std",
            "0.229,0.224,0.225",
        ]),
    );
    let file = folder.join("run/best.safetensors");
    let imported = read(&file);
    assert_eq!(imported.metadata().mean, [0.485, 0.456, 0.406]);
    assert_eq!(imported.metadata().std, [0.229, 0.224, 0.225]);
    let bytes = fs::metadata(&file).expect("it was just written").len();
    assert!(bytes < 150_000, "{bytes} bytes are not half precision");

    let refused = |extra: &[&'static str], words: &[&str]| {
        assert_refused(folder, &with(extra), words);
    };
    refused(&["--mean", "0.5,0.5,0.5"], &["--std"]);
    refused(&["--mean", "0.5", "--std", "1,1,1"], &["three numbers"]);
    refused(
        &["--mean", "120,120,120", "--std", "1,1,1"],
        &["mean", "0 to 1"],
    );
}

#[test]
fn weights_are_read_in_every_precision_with_or_without_num_batches_tracked() {
    let folder = build();
    let mut data = Dataset::open(&folder.path().join("dataset")).expect("it was just built");
    let exact = read(FIXTURE);
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
        let model = import(&bytes, NetworkName::Cnn32, &mut data, None);
        let (model, _) = model.expect("the weights are sound");
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
fn weights_that_do_not_fit_are_refused_with_a_remedy() {
    let folder = build();
    let folder = folder.path();
    let refused = |weights: Vec<u8>, words: &[&str]| {
        fs::write(folder.join("weights"), weights).expect("it can be written");
        assert_refused(folder, &IMPORT, words);
        assert!(!folder.join("run/best.safetensors").exists());
    };
    refused(
        b"PK\x03\x04 a pickle".to_vec(),
        &["weights", "not a whole safetensors file", "save_file"],
    );
    refused(
        stripped(|tensors| drop(tensors.remove("features.4.bias"))),
        &["features.4.bias", "missing", "marquee_networks.py"],
    );
    let insert = |tensors: &mut Tensors, name: &str, dtype: &str, shape: &[usize], bytes| {
        let tensor = (dtype.to_owned(), shape.to_vec(), vec![0; bytes]);
        tensors.insert(name.to_owned(), tensor);
    };
    refused(
        stripped(|tensors| {
            insert(tensors, "classifier.5.weight", "F32", &[10, 16], 4 * 160);
            insert(tensors, "classifier.5.bias", "F32", &[10], 4 * 10);
        }),
        &[
            "classifier.5.weight",
            "[10, 16]",
            "[6, 16]",
            "6 classes (Action, ",
        ],
    );
    refused(
        stripped(|tensors| insert(tensors, "features.0.bias", "F64", &[16], 8 * 16)),
        &["features.0.bias", "F64", "network.float()"],
    );
    refused(
        untrained(NetworkName::DeepCnn32).to_bytes(Precision::Single),
        &["the tensors of deepcnn32", "--network deepcnn32"],
    );
}

#[test]
fn mistakes_of_an_import_are_named_with_their_remedy() {
    let folder = build();
    fs::write(folder.path().join("weights"), stripped(|_| ())).expect("it can be written");
    for (option, value, words) in [
        ("--network", "cnn23", ["cnn23", "cnn32"]),
        (
            "--weights",
            "none",
            ["cannot read the weights none", "--weights"],
        ),
        ("--data", ".", ["no dataset", "marquee build"]),
        ("--out", "none/out", ["there is no folder", "none"]),
    ] {
        assert_refused(folder.path(), &import_with(option, value), &words);
    }
}
