//! The same films in each kind of list give the same dataset.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use marquee_trainer::dataset::Options;
use marquee_trainer::dataset::manifest::{Columns, Manifest};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::json;

use crate::{build, draw, given, refusal, table};

/// The class of each of nine films. As numbers, Hugging Face's `datasets` sorts them so.
const CLASSES: [&str; 2] = ["Kids", "Western"];

fn class(film: usize) -> usize {
    film % 2
}

fn options(folder: &Path, manifest: PathBuf) -> Options {
    Options {
        posters: Vec::new(),
        ..Options::new(manifest, PathBuf::new(), folder.join("dataset"))
    }
}

/// A folder with the posters `0.png` to `8.png`.
fn posters() -> (tempfile::TempDir, PathBuf) {
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = guard.path().to_owned();
    draw(&folder, 0..9);
    (guard, folder)
}

fn check(options: &Options, id: impl Fn(usize) -> String) {
    let summary = build(options);
    assert_eq!(summary.labels, CLASSES);
    let mut films = table(options, "movies.csv");
    films.sort_by_key(|film| film["id"].clone());
    assert_eq!(films.len(), 9, "{summary:?}");
    for (film, row) in films.iter().enumerate() {
        assert_eq!(row["id"], id(film));
        assert_eq!(row["label"], CLASSES[class(film)], "{row:?}");
    }
}

#[test]
fn hugging_faces_metadata_jsonl_names_files_beside_it() {
    let (_guard, folder) = posters();
    let line = |film: usize| {
        let label = CLASSES[class(film)];
        json!({ "file_name": format!("{film}.png"), "label": label, "votes": film }).to_string()
    };
    let lines: Vec<String> = (0..9).map(line).collect();
    let manifest = folder.join("metadata.jsonl");
    // an object may have fewer members than others, and a damaged line costs only itself
    let damaged = r#"{"file_name": "0.png""#;
    fs::write(&manifest, format!("{}\n\n{damaged}\n", lines.join("\r\n"))).expect("written");
    let options = options(&folder, manifest);
    check(&options, |film| film.to_string());
    let rejected = table(&options, "rejected.csv");
    assert_eq!((rejected.len(), &rejected[0]["line"][..]), (1, "11"));
    assert!(
        rejected[0]["detail"].contains("no JSON object"),
        "{rejected:?}"
    );
}

#[test]
fn genres_and_names_are_read_from_json_lines() {
    let (_guard, folder) = given(&[]);
    let genres = [
        json!(["Horror"]),
        json!("Drama|Horror"),
        json!([{ "name": "Animation" }]),
    ];
    let lines = (0..9).map(|film| json!({ "id": film, "poster": format!("posters/{film}.png"), "genres": genres[film % 3] }));
    let lines: Vec<String> = lines.map(|line| line.to_string()).collect();
    let manifest = folder.join("movies.ndjson");
    fs::write(&manifest, lines.join("\n")).expect("written");
    let options = options(&folder, manifest);
    build(&options);
    for row in table(&options, "movies.csv") {
        let film: usize = row["id"].parse().expect("a number");
        assert_eq!(row["label"], ["Horror", "Horror", "Animation"][film % 3]);
    }
}

#[test]
fn a_parquet_file_holds_its_posters() {
    let (_guard, folder) = posters();
    let schema = "message rows {
        optional group image { optional binary bytes; optional binary path (STRING); }
        optional int64 label;
    }";
    let features =
        json!({ "info": { "features": { "label": { "names": CLASSES, "_type": "ClassLabel" } } } });
    let note = KeyValue::new("huggingface".to_owned(), features.to_string());
    let properties = WriterProperties::builder()
        .set_key_value_metadata(Some(vec![note]))
        .build();
    let manifest = folder.join("train-00000-of-00001.parquet");
    let mut writer = SerializedFileWriter::new(
        File::create(&manifest).expect("it can be made"),
        Arc::new(parse_message_type(schema).expect("a schema")),
        Arc::new(properties),
    )
    .expect("it can be begun");
    let mut rows = writer.next_row_group().expect("it can be begun");
    let bytes = |film| fs::read(folder.join(format!("{film}.png"))).expect("it is there");
    let columns: [Vec<ByteArray>; 2] = [
        (0..9).map(|film| bytes(film).into()).collect(),
        (0..9).map(|_| "poster.png".into()).collect(),
    ];
    for values in columns {
        let mut column = rows
            .next_column()
            .expect("it can be begun")
            .expect("a column");
        let written = column
            .typed::<ByteArrayType>()
            .write_batch(&values, Some(&[2; 9]), None);
        written
            .and_then(|_| column.close())
            .expect("it can be written");
    }
    let labels: Vec<i64> = (0..9).map(|film| class(film) as i64).collect();
    let mut column = rows
        .next_column()
        .expect("it can be begun")
        .expect("a column");
    let written = column
        .typed::<Int64Type>()
        .write_batch(&labels, Some(&[1; 9]), None);
    written
        .and_then(|_| column.close())
        .expect("it can be written");
    rows.close().expect("it can be written");
    writer.close().expect("it can be written");
    check(&options(&folder, manifest), |film| {
        format!("train-00000-of-00001/image/{:07}", film + 1)
    });
}

#[test]
fn a_tar_of_webdatasets_holds_posters_and_classes() {
    let (_guard, folder) = posters();
    let manifest = folder.join("shard-000.tar");
    let mut tar = tar::Builder::new(File::create(&manifest).expect("it can be made"));
    let mut add = |name: String, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, bytes)
            .expect("it can be added");
    };
    for film in 0..9 {
        let poster = fs::read(folder.join(format!("{film}.png"))).expect("it is there");
        // in the order of their names
        add(format!("./{film:04}.mask.png"), b"something else");
        add(format!("./{film:04}.png"), &poster);
        add(
            format!("./{film:04}.txt"),
            format!("Film {film}").as_bytes(),
        );
        // the class has a file of its own, or is one of the details
        let label = CLASSES[class(film)];
        match film < 5 {
            true => add(format!("./{film:04}.cls"), format!("{label}\n").as_bytes()),
            false => add(
                format!("./{film:04}.json"),
                json!({ "label": label, "votes": film })
                    .to_string()
                    .as_bytes(),
            ),
        }
    }
    tar.finish().expect("it can be written");
    let captions = "title=txt".parse().expect("it names a column");
    let options = Options {
        columns: Columns::default().with(&captions),
        ..options(&folder, manifest.clone())
    };
    check(&options, |film| format!("{film:04}"));
    let titles = table(&options, "movies.csv").into_iter();
    assert!(
        titles
            .into_iter()
            .all(|row| row["title"].starts_with("Film "))
    );
    // what is not read is named
    let unused = Manifest::open(&manifest, &Columns::default()).expect("it can be read");
    assert_eq!(unused.unused(), ["mask.png", "txt"]);
}

#[test]
fn a_tar_without_classes_says_what_to_do() {
    let (_guard, folder) = posters();
    let manifest = folder.join("posters.tar");
    let mut tar = tar::Builder::new(File::create(&manifest).expect("it can be made"));
    tar.append_path_with_name(folder.join("0.png"), "Kids/0.png")
        .expect("it can be added");
    tar.finish().expect("it can be written");
    let error = refusal(&options(&folder, manifest));
    assert!(error.contains("named by --posters"), "{error}");
}

#[test]
fn a_row_of_a_list_of_classes_says_what_it_lacks() {
    let (_guard, folder) = given(&[]);
    let rows = (0..8).map(|film| {
        let class = ["cat", "dog"][film % 2];
        format!("{{\"file_name\":\"{film}.png\",\"label\":\"{class}\"}}\n")
    });
    let list = folder.join("posters/list.jsonl");
    let others = [
        "{\"file_name\":\"8.png\"}",
        "{\"label\":\"cat\"}",
        "{\"file_name\":\"9.png\",\"label\":{\"x\":1}}",
    ];
    let text = rows.collect::<String>() + &others.join("\n");
    fs::write(&list, text).expect("it can be written");
    let options = options(&folder, list);
    assert_eq!(build(&options).labels, ["cat", "dog"]);
    let rejected = table(&options, "rejected.csv").into_iter();
    let rejected: Vec<_> = rejected.map(|row| row["detail"].clone()).collect();
    assert_eq!(
        rejected,
        [
            "the row names no class",
            "the row names no poster",
            "the label {\"x\":1} is no name of a class",
        ]
    );
}
