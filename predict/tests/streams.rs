//! Many posters: formats, parts, and going on where a run ended.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Parser;
use image::{ImageFormat, Rgb, RgbImage};
use marquee_predict::command::{Args, run};
use parquet::file::reader::SerializedFileReader;
use parquet::record::{Field, Row};
use serde_json::{Value, json};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    args: Args,
}

/// Runs `marquee predict` with paths within a folder, and tells whether all posters could be read.
fn predict(folder: &Path, posters: &[PathBuf], options: &str) -> Result<bool> {
    let inside = options.split(' ').map(|word| match word.strip_prefix("@") {
        Some(name) => folder.join(name),
        None => PathBuf::from(word),
    });
    let words = [PathBuf::from("marquee")].into_iter();
    let words = words.chain(posters.iter().cloned()).chain(inside);
    run(&Cli::parse_from(words).args)
}

/// A folder with as many drawn posters, named by their numbers.
fn drawn(count: u32) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let posters = (0..count).map(|number| {
        let path = folder.path().join(format!("{number:02}.png"));
        let picture = RgbImage::from_fn(24, 36, |x, y| {
            Rgb([(x * number * 3) as u8, (y * 7) as u8, (number * 40) as u8])
        });
        let written = picture.save_with_format(&path, ImageFormat::Png);
        written.expect("it can be written");
        path
    });
    let posters = posters.collect();
    (folder, posters)
}

/// With all numbers as 32-bit floats, which is what they are.
fn rounded(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64().expect("a number") as f32),
        Value::Array(values) => values.into_iter().map(rounded).collect(),
        Value::Object(members) => {
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, value)| (name, rounded(value)))
                    .collect(),
            )
        }
        other => other,
    }
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("it is there");
    let lines = text.lines();
    lines
        .map(|line| rounded(serde_json::from_str(line).expect("JSON")))
        .collect()
}

/// The rows of a folder of Parquet files, as [`lines`] are.
fn rows(folder: &Path) -> Vec<Value> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("it is there")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    let rows = files.iter().flat_map(|file| {
        let reader = SerializedFileReader::try_from(file.as_path()).expect("a Parquet file");
        reader.into_iter().map(|row| value(&row.expect("a row")))
    });
    rows.collect()
}

fn value(row: &Row) -> Value {
    let fields = row.get_column_iter().map(|(name, field)| {
        let value = match field {
            Field::Null => Value::Null,
            Field::Str(text) => json!(text),
            Field::Bool(it) => json!(it),
            Field::Float(number) => json!(number),
            Field::Group(row) => value(row),
            Field::ListInternal(list) => {
                let numbers = list.elements().iter().map(|it| match it {
                    Field::Float(number) => json!(number),
                    other => panic!("{other}"),
                });
                numbers.collect()
            }
            other => panic!("{other}"),
        };
        (name.clone(), value)
    });
    Value::Object(fields.collect())
}

#[test]
fn all_formats_give_the_same_answers() {
    let (folder, mut posters) = drawn(3);
    let folder = folder.path();
    let broken = folder.join("=broken.jpg");
    fs::write(&broken, "no image").expect("it can be written");
    posters.push(broken);
    let model = "--model posternet";
    let run = |options: &str| {
        let read = predict(folder, &posters, &format!("{model} {options}"));
        assert!(!read.expect("it runs"), "one cannot be read");
    };
    run("--format jsonl --features --out @lines.jsonl");
    run("--format json --features --out @list.json");
    run("--format parquet --features --out @tables");
    run("--format csv --out @table.csv");
    run("--format text --out @text.txt");

    let lines = lines(&folder.join("lines.jsonl"));
    let list = fs::read_to_string(folder.join("list.json")).expect("it is there");
    assert_eq!(
        rounded(serde_json::from_str(&list).expect("JSON")),
        json!(lines)
    );
    assert_eq!(lines[0]["features"].as_array().map(Vec::len), Some(192));
    assert_eq!(
        lines[0]["genres"].as_object().map(serde_json::Map::len),
        Some(18)
    );
    assert!(
        lines[0]["score"]
            .as_f64()
            .is_some_and(|score| (2.0..9.0).contains(&score))
    );
    assert_eq!(
        lines[3]["error"],
        "not an image (JPEG, PNG, WebP, GIF, BMP)"
    );

    let mut expected = lines.clone();
    for row in &mut expected[..3] {
        let row = row.as_object_mut().expect("an object");
        row.remove("logits");
        row["note"] = Value::Null;
    }
    let mut rows = rows(&folder.join("tables"));
    assert_eq!(rows[3]["error"], expected[3]["error"]);
    assert!(
        [
            "label",
            "sure",
            "probabilities",
            "score",
            "genres",
            "features"
        ]
        .iter()
        .all(|name| rows[3][name].is_null())
    );
    rows.truncate(3);
    assert_eq!(rows, expected[..3]);

    let mut table = csv::Reader::from_path(folder.join("table.csv")).expect("it is there");
    let names = table.headers().expect("a header").clone();
    let records: Vec<csv::StringRecord> = table.records().map(|it| it.expect("a row")).collect();
    let cell = |row: usize, name: &str| {
        let column = names.iter().position(|known| known == name);
        records[row][column.expect("a column")].to_owned()
    };
    for (row, line) in lines[..3].iter().enumerate() {
        let number = |name: &str| cell(row, name).parse::<f32>().expect("a number");
        let as_f32 = |value: &Value| value.as_f64().expect("a number") as f32;
        assert_eq!(cell(row, "label"), line["label"]);
        assert_eq!(number("Horror"), as_f32(&line["probabilities"]["Horror"]));
        assert_eq!(number("genre Horror"), as_f32(&line["genres"]["Horror"]));
        assert_eq!(number("score"), as_f32(&line["score"]));
        assert_eq!(
            number("score half width"),
            as_f32(&line["score_half_width"])
        );
    }
    let text = fs::read_to_string(folder.join("text.txt")).expect("it is there");
    let score = format!(
        "score: {:.1} ± ",
        lines[0]["score"].as_f64().expect("a number")
    );
    assert!(
        text.lines()
            .next()
            .is_some_and(|line| line.contains(&score)),
        "{text}"
    );
}

#[test]
fn a_run_that_was_killed_goes_on_and_ends_with_the_same_file() {
    for format in ["csv", "jsonl"] {
        let (folder, posters) = drawn(6);
        let folder = folder.path();
        fs::write(&posters[1], "no image").expect("it can be written");
        let options = format!("--format {format} --out @answers");
        assert!(!predict(folder, &posters, &options).expect("it runs"));
        let out = folder.join("answers");
        let whole = fs::read(&out).expect("it is there");
        let text = String::from_utf8(whole.clone()).expect("UTF-8");
        let header = usize::from(format == "csv");
        // killed after any line, within the next, or before the first
        for done in 0..=posters.len() {
            let ends = text.match_indices('\n').map(|(at, _)| at + 1);
            let end = std::iter::once(0)
                .chain(ends)
                .nth((done + header) * usize::from(done > 0));
            let end = end.expect("as many lines");
            for more in [0, 9] {
                let kept = whole.len().min(end + more);
                fs::write(&out, &whole[..kept]).expect("it can be written");
                // what is done is not done again, or it could not be read
                let hidden: Vec<(PathBuf, Vec<u8>)> = posters[..done]
                    .iter()
                    .map(|path| (path.clone(), fs::read(path).expect("it is there")))
                    .collect();
                hidden
                    .iter()
                    .for_each(|(path, _)| fs::remove_file(path).expect("it is there"));
                let read = predict(folder, &posters, &format!("{options} --resume"));
                assert!(
                    !read.expect("it runs"),
                    "one could not be read, now or earlier"
                );
                assert!(
                    fs::read(&out).expect("it is there") == whole,
                    "{format}: {done} + {more}"
                );
                for (path, bytes) in hidden {
                    fs::write(path, bytes).expect("it can be written");
                }
            }
        }
    }
}

#[test]
fn a_folder_of_parquet_files_is_gone_on_with() {
    let (folder, posters) = drawn(2);
    let folder = folder.path();
    // two files of the most rows, and one more
    let many: Vec<PathBuf> = posters.iter().cycle().take(20_001).cloned().collect();
    let options = "--format parquet --out @answers";
    assert!(predict(folder, &many, options).expect("it runs"));
    let out = folder.join("answers");
    let whole = rows(&out);
    assert_eq!(whole.len(), many.len());
    let error = predict(folder, &many, options)
        .expect_err("there are answers")
        .to_string();
    assert!(error.contains("--resume"), "{error}");

    fs::remove_file(out.join("part-00002.parquet")).expect("it is there");
    fs::remove_file(out.join("part-00001.parquet")).expect("it is there");
    fs::write(out.join("part-00001.parquet.partial"), "killed").expect("it can be written");
    assert!(predict(folder, &many, &format!("{options} --resume")).expect("it runs"));
    assert_eq!(fs::read_dir(&out).expect("it is there").count(), 3);
    assert!(rows(&out) == whole);
}

#[test]
fn answers_about_other_posters_are_not_gone_on_with() {
    let (folder, posters) = drawn(3);
    let folder = folder.path();
    for (format, other) in [("csv", "jsonl"), ("jsonl", "csv")] {
        let options = format!("--format {format} --out @{format}");
        predict(folder, &posters, &options).expect("it runs");
        let refused = |posters: &[PathBuf], options: &str, words: &str| {
            let error = predict(folder, posters, &format!("{options} --resume"));
            let error = format!("{:#}", error.expect_err("it is refused"));
            assert!(error.contains(words), "{error}");
        };
        let before = fs::read(folder.join(format)).expect("it is there");
        refused(&posters[1..], &options, "answers about other posters");
        refused(&posters[..2], &options, "not named now");
        refused(
            &posters,
            &format!("--format {other} --out @{format}"),
            format,
        );
        refused(&posters, &format!("--format json --out @{format}"), "jsonl");
        assert!(fs::read(folder.join(format)).expect("it is there") == before);
    }
    let other = predict(
        folder,
        &posters,
        "--format csv --out @csv --resume --model posternet",
    );
    let error = other.expect_err("it has other columns").to_string();
    assert!(error.contains("other columns"), "{error}");
}

#[test]
fn parts_are_the_whole() {
    let (folder, posters) = drawn(7);
    let folder = folder.path();
    predict(folder, &posters, "--format jsonl --out @whole").expect("it runs");
    let whole = lines(&folder.join("whole"));
    let mut parts = vec![Value::Null; whole.len()];
    for part in 0..3 {
        let options = format!("--format jsonl --out @part{part} --shard {}/3", part + 1);
        predict(folder, &posters, &options).expect("it runs");
        let rows = lines(&folder.join(format!("part{part}")));
        for (index, row) in rows.into_iter().enumerate() {
            parts[index * 3 + part] = row;
        }
    }
    assert_eq!(parts, whole);
}

#[test]
fn shards_of_webdataset_are_read_as_the_files_in_them() {
    let (folder, posters) = drawn(4);
    let folder = folder.path();
    predict(folder, &posters, "--format jsonl --out @files").expect("it runs");
    for (shard, pair) in posters.chunks(2).enumerate() {
        let file = File::create(folder.join(format!("{shard:06}.tar"))).expect("it can be made");
        let mut tar = tar::Builder::new(file);
        for poster in pair {
            let name = poster.file_name().expect("a name").to_string_lossy();
            tar.append_path_with_name(poster, &*name)
                .expect("it is added");
            let label = folder.join("label");
            fs::write(&label, "{}").expect("it can be written");
            let name = name.replace("png", "json");
            tar.append_path_with_name(label, name).expect("it is added");
        }
        tar.finish().expect("it is written");
    }
    predict(
        folder,
        &[],
        "@000000.tar @000001.tar --format jsonl --out @shards",
    )
    .expect("it runs");
    let (files, mut shards) = (lines(&folder.join("files")), lines(&folder.join("shards")));
    for (index, (row, file)) in shards.iter_mut().zip(&files).enumerate() {
        let path = folder.join(format!("{:06}.tar/{index:02}.png", index / 2));
        assert_eq!(row["path"], path.display().to_string());
        row["path"] = file["path"].clone();
    }
    assert_eq!(shards, files);
}

#[test]
fn json_lines_name_posters_and_a_bad_line_costs_no_other_its_answer() {
    let (folder, posters) = drawn(3);
    let folder = folder.path();
    predict(folder, &posters, "--format jsonl --out @files").expect("it runs");
    let list = [
        json!({ "id": "a", "image": posters[0] }).to_string(),
        json!({ "id": 7, "image": { "path": posters[1], "bytes": null } }).to_string(),
        "{".to_owned(),
        json!({ "id": "c", "image": null }).to_string(),
        posters[2].display().to_string(),
        String::new(),
    ];
    fs::write(folder.join("list.jsonl"), list.join("\n")).expect("it can be written");
    let read = predict(folder, &[], "@list.jsonl --format jsonl --out @list");
    assert!(!read.expect("it runs"), "two lines say no poster");
    let (files, rows) = (lines(&folder.join("files")), lines(&folder.join("list")));
    let ids: Vec<&Value> = rows.iter().map(|row| &row["path"]).collect();
    let broken = format!("{}/2", folder.join("list.jsonl").display());
    let whole = files[2]["path"].as_str().expect("a path");
    assert_eq!(ids, ["a", "7", broken.as_str(), "c", whole]);
    for (row, file) in [(0, 0), (1, 1), (4, 2)] {
        assert_eq!(rows[row]["probabilities"], files[file]["probabilities"]);
    }
    let error = |row: usize| rows[row]["error"].as_str().expect("an error");
    assert!(error(2).contains("no JSON object"), "{}", error(2));
    assert_eq!(error(3), "there is no image");
}

#[test]
fn options_that_do_not_go_together_are_refused() {
    let (folder, posters) = drawn(1);
    let refused = |options: &str, words: &str| {
        let error = predict(folder.path(), &posters, options).expect_err("it is refused");
        assert!(format!("{error:#}").contains(words), "{error:#}");
    };
    refused("--features --format csv", "no place for features");
    refused("--format parquet", "--out");
    refused("--format csv --out @none/table.csv", "cannot write");
    refused("- --format csv", "standard input");
    fs::write(folder.path().join("hours.csv"), "of work").expect("it can be written");
    refused("--format csv --out @hours.csv", "--resume");
    fs::write(folder.path().join("no.parquet"), "none").expect("it can be written");
    refused("@no.parquet", "no whole Parquet file");
}
