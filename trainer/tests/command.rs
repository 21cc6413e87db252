//! The command `marquee` as it is typed.

mod drawn;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use image::ImageFormat;
use serde_json::Value;

/// From the package's folder, in which cargo runs its tests.
const FIXTURE: &str = "../models/tests/fixtures/cnn32_pytorch.safetensors";

/// Runs `marquee` in a folder. Its arguments are separated by spaces.
fn marquee(folder: &Path, args: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_marquee"));
    let output = command.current_dir(folder).args(args.split_whitespace());
    output.output().expect("the command starts")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the output is UTF-8")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("the messages are UTF-8")
}

fn succeeds(folder: &Path, args: &str) -> String {
    let output = marquee(folder, args);
    assert!(output.status.success(), "{args}: {}", said(&output));
    out(&output)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// A folder with a network.
fn folder() -> (tempfile::TempDir, PathBuf) {
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let path = guard.path().to_owned();
    fs::copy(FIXTURE, path.join("cnn32.safetensors")).expect("the fixture is there");
    (guard, path)
}

fn draw(path: &Path, hue: usize, format: ImageFormat) {
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
    let bytes = drawn::encode(drawn::poster(hue, hue as u64, 50, 75), format);
    fs::write(path, bytes).expect("it can be written");
}

#[test]
fn predictions_are_a_row_a_poster_in_the_order_given() {
    let (_guard, folder) = folder();
    draw(&folder.join("b.png"), 1, ImageFormat::Png);
    draw(&folder.join("a.jpg"), 2, ImageFormat::Jpeg);
    fs::write(folder.join("broken.jpg"), "no image").expect("it can be written");
    let predict = "predict b.png broken.jpg a.jpg none.jpg --model cnn32.safetensors --format csv";
    let output = marquee(&folder, predict);
    assert_eq!(output.status.code(), Some(1));
    let error = said(&output);
    assert!(
        error.contains("2 of 4 posters could not be read"),
        "{error}"
    );

    let printed = out(&output);
    let mut csv = csv::Reader::from_reader(printed.as_bytes());
    let headers = csv.headers().expect("a header").clone();
    let names: Vec<&str> = headers.iter().collect();
    assert_eq!(
        names.join(","),
        "path,label,confidence,sure,Action,Animation,Comedy&Drama,Horror,Romance,SF,error,note"
    );
    let rows: Vec<csv::StringRecord> = csv.records().collect::<Result<_, _>>().expect("whole rows");
    let paths: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(paths, ["b.png", "broken.jpg", "a.jpg", "none.jpg"]);
    for row in [&rows[0], &rows[2]] {
        let shares: Vec<f32> = (4..10)
            .map(|at| row[at].parse().expect("a number"))
            .collect();
        let best = shares.iter().copied().fold(0.0, f32::max);
        assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert_eq!(row[2].parse(), Ok(best));
        let likeliest = shares.iter().position(|share| *share == best);
        assert_eq!(names[4 + likeliest.expect("one")], &row[1]);
        // the fixture has no threshold
        assert_eq!((&row[3], &row[10]), ("true", ""));
    }
    assert_eq!(&rows[1][1], "");
    assert_eq!(&rows[1][10], "not an image (JPEG, PNG, WebP, GIF, BMP)");
    assert!(rows[3][10].contains("No such file"), "{}", &rows[3][10]);
}

#[test]
fn tables_hold_nothing_that_a_spreadsheet_would_run() {
    let (_guard, folder) = folder();
    let names = ["=1+2.png", "a;=1+2.png", "'=1.png", "-1.png", "plain.png"];
    for (hue, name) in names.into_iter().enumerate() {
        draw(&folder.join("posters").join(name), hue, ImageFormat::Png);
    }
    let predict = "predict =1+2.png a;=1+2.png '=1.png ./-1.png plain.png --format csv --model ../cnn32.safetensors";
    let printed = succeeds(&folder.join("posters"), predict);
    for line in [
        "\"'=1+2.png\",",
        "\"a;=1+2.png\",",
        "\"''=1.png\",",
        "\"plain.png\",",
    ] {
        assert!(
            printed.lines().any(|row| row.starts_with(line)),
            "{printed}"
        );
    }

    // what was written is read back as it was
    let list = printed
        .replace("\"path\"", "\"poster\"")
        .replace("./-1", "'-1");
    fs::write(folder.join("list.csv"), list).expect("it can be written");
    succeeds(
        &folder,
        "build --manifest list.csv --posters posters --split 100/0 --columns label=label --out dataset",
    );
    let rejected = fs::read_to_string(folder.join("dataset/rejected.csv")).expect("it is there");
    assert_eq!(rejected.lines().count(), 1, "{rejected}");
    let movies = fs::read_to_string(folder.join("dataset/movies.csv")).expect("it is there");
    let ids: Vec<&str> = movies
        .lines()
        .skip(1)
        .filter_map(|row| row.split(',').next())
        .collect();
    assert_eq!(ids, ["''=1", "-1", "'=1+2", "a;=1+2", "plain"]);
}

#[test]
fn many_posters_answer_in_order_on_any_number_of_threads() {
    let (_guard, folder) = folder();
    draw(&folder.join("small.png"), 1, ImageFormat::Png);
    let large = drawn::encode(drawn::poster(2, 2, 500, 750), ImageFormat::Jpeg);
    fs::write(folder.join("large.jpg"), large).expect("it can be written");
    fs::write(folder.join("broken.jpg"), "no image").expect("it can be written");
    let posters = "large.jpg small.png broken.jpg small.png ".repeat(60);
    let predict = |threads: usize| {
        let options = format!("--threads {threads} --model cnn32.safetensors --format csv");
        out(&marquee(&folder, &format!("predict {posters} {options}")))
    };
    let one = predict(1);
    let mut rows = csv::Reader::from_reader(one.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().expect("rows");
    let paths = rows.iter().map(|row| &row[0]);
    assert!(paths.eq(posters.split_whitespace()));
    assert_eq!(one, predict(3));
}

#[test]
fn folders_and_tars_answer_as_their_files_do() {
    let (_guard, folder) = folder();
    let posters = folder.join("posters");
    draw(&posters.join("1.png"), 1, ImageFormat::Png);
    draw(&posters.join("more/2.WEBP"), 2, ImageFormat::WebP);
    fs::write(posters.join("more/notes.txt"), "not a poster").expect("it can be written");
    draw(&posters.join("more/3.png"), 3, ImageFormat::Png);
    // without an ending, its content says that it is a picture
    fs::rename(posters.join("more/3.png"), posters.join("more/3")).expect("it can be renamed");
    draw(&posters.join("@eaDir/4.png"), 4, ImageFormat::Png);
    let tar = fs::File::create(folder.join("posters.tar")).expect("it can be written");
    let mut builder = tar::Builder::new(tar);
    builder
        .append_dir_all("posters", &posters)
        .expect("the posters are there");
    builder.finish().expect("it can be written");

    let answers = |path: &str| {
        let args = format!("predict {path} --model cnn32.safetensors --format json");
        let answers = json(&succeeds(&folder, &args));
        let mut answers: Vec<(String, Value)> = answers
            .as_array()
            .expect("a list")
            .iter()
            .map(|answer| {
                let path = answer["path"].as_str().expect("a path");
                let name = path.rsplit('/').next().expect("a name").to_owned();
                assert_eq!(answer["logits"].as_array().map(Vec::len), Some(6));
                (name, answer["probabilities"].clone())
            })
            .collect();
        answers.sort_by(|a, b| a.0.cmp(&b.0));
        answers
    };
    let from_folder = answers("posters");
    assert_eq!(from_folder.len(), 3);
    for path in ["posters", "posters.tar"] {
        let output = marquee(
            &folder,
            &format!("predict {path} --model cnn32.safetensors"),
        );
        let said = said(&output);
        assert!(
            said.contains("1 file is no picture and was passed over")
                && said.contains("more/notes.txt"),
            "{said}"
        );
    }
    assert_eq!(from_folder, answers("posters.tar"));
}

#[test]
fn mistakes_are_named_with_their_remedy() {
    let (_guard, folder) = folder();
    fs::create_dir(folder.join("empty")).expect("it can be made");
    let weights = fs::read(FIXTURE).expect("the fixture is there");
    let damaged = &weights[..weights.len() / 2];
    fs::write(folder.join("damaged.safetensors"), damaged).expect("it can be written");
    for (args, words) in [
        (
            "predict empty --model cnn32.safetensors",
            &["no pictures", "empty"][..],
        ),
        (
            "predict poster.png --model none",
            &["cannot read the model none", "cnn32, posternet"],
        ),
        (
            "predict poster.png --model damaged.safetensors",
            &["damaged.safetensors", "whole"],
        ),
        ("predict", &["FILE|DIR|TAR"]),
        ("predict poster.png --threads 0", &["--threads"]),
        (
            "train --data empty --network cnn32 --out run",
            &["marquee build"],
        ),
        ("train --data empty --network cnn23 --out run", &["cnn32"]),
        (
            // `seed` is the old name of `student`
            "build --manifest movies.csv --posters empty --protocol seed --alternates --out x",
            &["--protocol student"],
        ),
        (
            "evaluate --data empty --model cnn32.safetensors",
            &["no dataset"],
        ),
        (
            "export --run empty --data empty --out x",
            &["marquee train"],
        ),
    ] {
        let output = marquee(&folder, args);
        assert!(!output.status.success(), "{args}");
        let error = said(&output);
        for word in words {
            assert!(error.contains(word), "{args}: {error}");
        }
    }
    draw(&folder.join("poster.png"), 0, ImageFormat::Png);
    succeeds(&folder, "predict poster.png --model cnn32.safetensors");
}

#[test]
fn a_network_becomes_a_repository_for_the_hub() {
    let (_guard, folder) = folder();
    let card = "card --model cnn32.safetensors --hub hub";
    let refused = marquee(&folder, card);
    assert!(!refused.status.success());
    assert!(said(&refused).contains("cnn32.md"), "{}", said(&refused));
    let front = "---\nlicense_link: LICENSE-MIT\n---\n\n# cnn32\n";
    fs::write(folder.join("cnn32.md"), front).expect("it can be written");
    assert!(succeeds(&folder, card).contains("hf upload YOU/cnn32 hub"));

    let hub = folder.join("hub");
    let readme = fs::read_to_string(hub.join("README.md")).expect("it is there");
    assert!(
        readme.starts_with("---\nlicense_link: https://"),
        "{readme}"
    );
    let config = fs::read_to_string(hub.join("config.json")).expect("it is there");
    let config = json(&config);
    assert_eq!(config["image_size"], serde_json::json!([32, 32]));
    assert_eq!(config["id2label"]["3"], "Horror");
    assert_eq!(config["label2id"]["Horror"], 3);
    // every file that the card names is there
    let named = readme.split('`').filter(|name| name.starts_with("cnn32"));
    let mut named: Vec<&str> = named.collect();
    named.sort_unstable();
    assert_eq!(named, ["cnn32-raw.onnx", "cnn32.onnx", "cnn32.safetensors"]);
    for name in named {
        assert!(
            hub.join(name).metadata().is_ok_and(|file| file.len() > 0),
            "{name}"
        );
    }
    let again = marquee(&folder, card);
    assert!(
        said(&again).contains("name another --hub"),
        "{}",
        said(&again)
    );
}

/// Makes a dataset of six films, split into training and test.
fn dataset(folder: &Path, split: &str) {
    for poster in 0..6 {
        let class = ["Horror", "SF"][poster % 2];
        let path = folder.join(format!("sorted/{class}/{poster}.png"));
        draw(&path, poster, ImageFormat::Png);
    }
    let build = format!("build --posters sorted --split {split} --out dataset");
    succeeds(folder, &build);
}

#[test]
fn a_network_that_comes_with_marquee_is_called_by_its_name() {
    let (_guard, folder) = folder();
    dataset(&folder, "100/0");
    // the log of another network's run, which says nothing about this one
    fs::write(folder.join("log.jsonl"), "another").expect("it can be written");
    let evaluate = "evaluate --data dataset --split train --report report";
    succeeds(&folder, evaluate);
    let report = fs::read_to_string(folder.join("report/report.json")).expect("it is there");
    assert_eq!(json(&report)["network"]["file"], "cnn32.safetensors");
    succeeds(&folder, "onnx --model cnn64 --out cnn64.onnx");
    succeeds(&folder, "card --model cnn64 --hub hub");
    let shipped = fs::read("../models/weights/cnn64.safetensors").expect("it is shipped");
    let copy = fs::read(folder.join("hub/cnn64.safetensors")).expect("it was written");
    assert!(shipped == copy);
}

#[test]
fn training_says_what_it_does_and_refuses_above_no_table() {
    let (_guard, folder) = folder();
    dataset(&folder, "50/50");
    let train = "train --data dataset --network cnn32 --device cpu --out run --resume --epochs";
    let refused = marquee(&folder, &format!("{train} 0"));
    assert!(!refused.status.success());
    assert!(said(&refused).contains("epochs is 0"), "{}", said(&refused));
    assert_eq!(out(&refused), "");

    let trained = marquee(&folder, &format!("{train} 1"));
    let words = "there is no run to resume in run";
    assert!(said(&trained).contains(words), "{}", said(&trained));
    let printed = out(&trained);
    let at = |words: &str| printed.find(words).expect(words);
    assert!(at("cnn32 on dataset") < at("macro-F1"), "{printed}");
    assert!(at("\n    1 ") < at("run/best.safetensors"), "{printed}");
    assert!(!said(&marquee(&folder, &format!("{train} 2"))).contains(words));

    // no film tells which epoch is best, and nothing can be calibrated
    assert!(said(&trained).contains("no validation film"));
    let exported = marquee(
        &folder,
        "export --run run --data dataset --out own.safetensors --device cpu",
    );
    assert!(
        said(&exported).contains("nothing is calibrated"),
        "{}",
        said(&exported)
    );
    let card = fs::read_to_string(folder.join("own.md")).expect("it was written");
    assert!(card.contains("There is no validation film"), "{card}");
    assert!(!card.contains("calibrated on the validation"), "{card}");
}

#[test]
fn the_mean_over_batches_is_printed_beside_the_macro_f1_when_it_is_asked_for() {
    let (_guard, folder) = folder();
    dataset(&folder, "100/0");
    let evaluate = "evaluate --data dataset --split train --model cnn32.safetensors";

    assert!(!succeeds(&folder, evaluate).contains("in batches"));
    let printed = succeeds(&folder, &format!("{evaluate} --batches 4"));
    let words = "the mean over batches of 4 films";
    assert!(printed.contains(words), "{printed}");
    let zero = marquee(&folder, &format!("{evaluate} --batches 0"));
    assert!(!zero.status.success() && said(&zero).contains("--batches"));

    // one batch has all films, but only the classes that occur among them count
    let json = json(&succeeds(
        &folder,
        &format!("{evaluate} --batches 6 --format json"),
    ));
    let number = |name: &str| json[name].as_f64().expect("a number");
    let counts = &json["confusion"];
    let present = (0..6).filter(|&class| {
        (0..6).any(|other| counts[class][other] != 0 || counts[other][class] != 0)
    });
    let expected = number("macro_f1") * 6.0 / present.count() as f64;
    let difference = number("batch_mean_macro_f1") - expected;
    assert!(difference.abs() < 1e-9, "{json}");
}

#[test]
fn help_tells_a_newcomer_the_way() {
    let help = succeeds(Path::new("."), "--help");
    for word in [
        "marquee build",
        "marquee train",
        "marquee predict",
        "posters",
    ] {
        assert!(help.contains(word), "{help}");
    }
}
