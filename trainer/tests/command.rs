//! The command `marquee` as it is typed.

mod drawn;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use image::ImageFormat;

/// From the package's folder, in which cargo runs its tests.
const FIXTURE: &str = "../models/tests/fixtures/cnn32_pytorch.safetensors";

fn marquee(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_marquee"));
    command.args(args).output().expect("the command starts")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the output is UTF-8")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("the messages are UTF-8")
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let path = guard.path().to_owned();
    (guard, path)
}

fn draw(path: &Path, hue: usize, format: ImageFormat) {
    let bytes = drawn::encode(drawn::poster(hue, hue as u64, 50, 75), format);
    fs::write(path, bytes).expect("it can be written");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

#[test]
fn predictions_are_a_row_a_poster_in_the_order_given() {
    let (_guard, folder) = folder();
    let (a, b, broken) = (
        folder.join("b.png"),
        folder.join("a.jpg"),
        folder.join("broken.jpg"),
    );
    draw(&a, 1, ImageFormat::Png);
    draw(&b, 2, ImageFormat::Jpeg);
    fs::write(&broken, "no image").expect("it can be written");
    let none = folder.join("none.jpg");
    let output = marquee(&[
        "predict",
        text(&a),
        text(&broken),
        text(&b),
        text(&none),
        "--model",
        FIXTURE,
        "--format",
        "csv",
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("2 of 4 posters could not be read"),
        "{}",
        said(&output)
    );

    let printed = out(&output);
    let mut csv = csv::Reader::from_reader(printed.as_bytes());
    let headers: Vec<String> = csv
        .headers()
        .expect("a header")
        .iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        headers.join(","),
        "path,label,confidence,sure,Action,Animation,Comedy&Drama,Horror,Romance,SF,error"
    );
    let rows: Vec<csv::StringRecord> = csv.records().collect::<Result<_, _>>().expect("whole rows");
    assert_eq!(rows.len(), 4);
    for (row, path) in rows.iter().zip([&a, &broken, &b, &none]) {
        assert_eq!(&row[0], text(path));
    }
    for row in [&rows[0], &rows[2]] {
        let shares: Vec<f32> = (4..10)
            .map(|at| row[at].parse().expect("a number"))
            .collect();
        let best = shares.iter().copied().fold(0.0, f32::max);
        assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert_eq!(row[2].parse(), Ok(best));
        assert_eq!(
            headers[4 + shares.iter().position(|s| *s == best).expect("one")],
            row[1]
        );
        // the fixture has no threshold
        assert_eq!((&row[3], &row[10]), ("true", ""));
    }
    assert_eq!(&rows[1][1], "");
    assert_eq!(&rows[1][10], "not a JPEG, PNG, WebP, GIF or BMP image");
    assert!(rows[3][10].contains("No such file"), "{}", &rows[3][10]);
}

#[test]
fn folders_and_tars_answer_as_their_files_do() {
    let (_guard, folder) = folder();
    let inner = folder.join("posters/more");
    fs::create_dir_all(&inner).expect("it can be made");
    draw(&folder.join("posters/1.png"), 1, ImageFormat::Png);
    draw(&inner.join("2.WEBP"), 2, ImageFormat::WebP);
    fs::write(inner.join("notes.txt"), "not a poster").expect("it can be written");
    let tar = folder.join("posters.tar");
    let mut builder = tar::Builder::new(fs::File::create(&tar).expect("it can be written"));
    builder
        .append_dir_all("posters", folder.join("posters"))
        .expect("the posters are there");
    builder.finish().expect("likewise");

    let answers = |path: &Path| {
        let output = marquee(&[
            "predict",
            text(path),
            "--model",
            FIXTURE,
            "--format",
            "json",
        ]);
        assert!(output.status.success(), "{}", said(&output));
        let answers: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
        let answers = answers.as_array().expect("a list").clone();
        let mut answers: Vec<(String, serde_json::Value)> = answers
            .into_iter()
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
    let from_folder = answers(&folder.join("posters"));
    assert_eq!(from_folder.len(), 2);
    assert_eq!(from_folder, answers(&tar));
}

#[test]
fn mistakes_are_named_with_their_remedy() {
    let (_guard, folder) = folder();
    let empty = text(&folder).to_owned();
    let poster = folder.join("poster.png");
    let damaged = folder.join("damaged.safetensors");
    let weights = fs::read(FIXTURE).expect("the fixture is there");
    fs::write(&damaged, &weights[..weights.len() / 2]).expect("it can be written");

    let mistakes: [(&[&str], &[&str]); 9] = [
        (
            &["predict", &empty, "--model", FIXTURE],
            &["no pictures", &empty],
        ),
        (
            &["predict", "poster.png", "--model", "none"],
            &["cannot read the model none", "--model"],
        ),
        (
            &["predict", "poster.png", "--model", text(&damaged)],
            &["damaged.safetensors", "whole"],
        ),
        (&["predict"], &["FILE|DIR|TAR"]),
        (
            &[
                "train",
                "--data",
                &empty,
                "--network",
                "cnn32",
                "--out",
                "run",
            ],
            &["marquee build"],
        ),
        (
            &[
                "train",
                "--data",
                &empty,
                "--network",
                "cnn23",
                "--out",
                "run",
            ],
            &["cnn32"],
        ),
        (
            // `seed` is the old name of `student`
            &[
                "build",
                "--manifest",
                "movies.csv",
                "--posters",
                &empty,
                "--protocol",
                "seed",
                "--alternates",
                "--out",
                "x",
            ],
            &["--protocol student"],
        ),
        (
            &["evaluate", "--data", &empty, "--model", FIXTURE],
            &["no dataset"],
        ),
        (
            &["export", "--run", &empty, "--data", &empty, "--out", "x"],
            &["marquee train"],
        ),
    ];
    for (args, words) in mistakes {
        let output = marquee(args);
        assert!(!output.status.success(), "{args:?}");
        for word in words {
            assert!(
                said(&output).contains(word),
                "{args:?}: {:?}",
                said(&output)
            );
        }
    }
    draw(&poster, 0, ImageFormat::Png);
    assert!(
        marquee(&["predict", text(&poster), "--model", FIXTURE])
            .status
            .success()
    );
}

#[test]
fn the_mean_over_batches_is_printed_beside_the_macro_f1_when_it_is_asked_for() {
    let (_guard, folder) = folder();
    let sorted = folder.join("sorted");
    for poster in 0..6 {
        let class = ["Horror", "SF"][poster % 2];
        fs::create_dir_all(sorted.join(class)).expect("it can be made");
        let path = sorted.join(class).join(format!("{poster}.png"));
        draw(&path, poster, ImageFormat::Png);
    }
    let dataset = folder.join("dataset");
    let built = marquee(&[
        "build",
        "--posters",
        text(&sorted),
        "--split",
        "100/0",
        "--out",
        text(&dataset),
    ]);
    assert!(built.status.success(), "{}", said(&built));
    let evaluate = |more: &[&str]| {
        let data = ["evaluate", "--data", text(&dataset), "--split", "train"];
        marquee(&[&data[..], &["--model", FIXTURE], more].concat())
    };

    assert!(!out(&evaluate(&[])).contains("in batches"));
    let printed = out(&evaluate(&["--batches", "4"]));
    assert!(
        printed.contains("the mean over batches of 4 films"),
        "{printed}"
    );
    let zero = evaluate(&["--batches", "0"]);
    assert!(!zero.status.success() && said(&zero).contains("--batches"));

    // a single batch has all films, but only the classes that occur among them count
    let json = out(&evaluate(&["--batches", "6", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let number = |name: &str| json[name].as_f64().expect("a number");
    let counts = &json["confusion"];
    let present = (0..6).filter(|&class| {
        (0..6).any(|other| counts[class][other] != 0 || counts[other][class] != 0)
    });
    let expected = number("macro_f1") * 6.0 / present.count() as f64;
    assert!(
        (number("batch_mean_macro_f1") - expected).abs() < 1e-9,
        "{json}"
    );
}

#[test]
fn help_tells_a_newcomer_the_way() {
    let help = out(&marquee(&["--help"]));
    for word in [
        "marquee build",
        "marquee train",
        "marquee predict",
        "posters",
    ] {
        assert!(help.contains(word), "{help}");
    }
}
