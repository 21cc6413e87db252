//! Many posters: formats, parts, and where posters come from.

mod runs;

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use marquee_predict::columns::write_cells;
use marquee_predict::parquet_rows::ParquetRows;
use marquee_predict::posters::{Names, Posters};
use parquet::data_type::ByteArrayType;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use runs::{drawn, lines, predict, rounded, rows};
use serde_json::{Value, json};

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
    let broken = format!("{}/3", folder.join("list.jsonl").display());
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

/// A table with a column `image` of paths, in groups of 40 rows that are read one after the other.
fn table(path: &Path, groups: &[Vec<String>]) {
    let schema = parse_message_type("message posters { required binary image (UTF8); }");
    let schema = Arc::new(schema.expect("a schema"));
    let file = File::create(path).expect("it can be made");
    let writer = SerializedFileWriter::new(file, schema, Arc::default());
    let mut writer = writer.expect("it can be begun");
    for group in groups {
        let mut rows = writer.next_row_group().expect("a group");
        let column = rows.next_column().expect("it can be written");
        let mut column = column.expect("a column");
        let cells = group
            .iter()
            .map(|path| Some(path.as_bytes().to_vec().into()));
        write_cells::<ByteArrayType>(&mut column, cells, true).expect("it can be written");
        column.close().expect("likewise");
        rows.close().expect("likewise");
    }
    writer.close().expect("it can be ended");
}

#[test]
fn what_was_answered_before_the_posters_broke_off_is_written() {
    let (folder, posters) = drawn(2);
    let folder = folder.path();
    let path = folder.join("list.parquet");
    let group = |poster: usize| vec![posters[poster].display().to_string(); 40];
    table(&path, &[group(0), group(1)]);
    let rows_of = ParquetRows::open(&path).expect("it is whole");
    let (start, length) = rows_of.metadata().row_group(1).column(0).byte_range();
    let mut bytes = fs::read(&path).expect("it is there");
    bytes[start as usize..(start + length) as usize].fill(0xFF);
    fs::write(&path, bytes).expect("it can be written");
    for format in ["jsonl", "json", "csv", "text", "parquet"] {
        let options = format!("@list.parquet --format {format} --out @{format}");
        let error = predict(folder, &[], &options).expect_err("the second half is damaged");
        assert!(
            format!("{error:#}").contains("list.parquet, row 41"),
            "{error:#}"
        );
    }
    let written = lines(&folder.join("jsonl"));
    assert_eq!(written.len(), 40);
    assert_eq!(written[0]["path"], format!("{}/1", path.display()));
    let list = fs::read_to_string(folder.join("json")).expect("it is there");
    let list = rounded(serde_json::from_str(&list).expect("a whole list"));
    assert_eq!(list, json!(written));
    assert_eq!(rows(&folder.join("parquet")).len(), 40);
    for (format, lines) in [("csv", 41), ("text", 40)] {
        let text = fs::read_to_string(folder.join(format)).expect("it is there");
        assert_eq!(text.lines().count(), lines, "{format}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn names_that_are_not_utf8_are_read_as_others_are() {
    use std::os::unix::ffi::OsStrExt;

    let (folder, posters) = drawn(2);
    let folder = folder.path();
    // "café.png" in Latin-1
    let name = std::ffi::OsStr::from_bytes(b"caf\xE9.png");
    fs::rename(&posters[0], folder.join(name)).expect("it can be renamed");
    let mut list = folder.join(name).as_os_str().as_bytes().to_vec();
    list.extend(b"\r\n{\"image\": \"caf\xE9\"}\n");
    list.extend(posters[1].as_os_str().as_bytes());
    fs::write(folder.join("list.jsonl"), list).expect("it can be written");
    let read = predict(folder, &[], "@list.jsonl --format jsonl --out @answers");
    assert!(!read.expect("it runs"), "JSON is UTF-8");
    let rows = lines(&folder.join("answers"));
    let errors: Vec<bool> = rows.iter().map(|row| row["error"].is_string()).collect();
    assert_eq!(errors, [false, true, false]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_reader_that_has_enough_ends_the_run_without_an_error() {
    use std::io::Read;
    use std::os::fd::AsRawFd;

    let (folder, _) = drawn(0);
    let folder = folder.path();
    // more than a pipe holds
    fs::write(folder.join("list.jsonl"), "none.jpg\n".repeat(20_000)).expect("it can be written");
    for format in ["text", "csv", "json", "jsonl"] {
        let (reader, writer) = std::io::pipe().expect("a pipe can be made");
        let out = format!("/proc/self/fd/{}", writer.as_raw_fd());
        let head = std::thread::spawn(move || {
            let mut reader = reader;
            reader.read_exact(&mut [0; 9]).expect("there are answers");
        });
        let options = format!("@list.jsonl --format {format} --out {out}");
        let read = predict(folder, &[], &options);
        assert!(read.expect("it runs"), "{format}");
        head.join().expect("it has read");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_without_end_is_not_read_to_its_end() {
    let (folder, _) = drawn(0);
    let folder = folder.path();
    let options = "/dev/zero --format jsonl --out @answers";
    assert!(!predict(folder, &[], options).expect("it runs"));
    assert_eq!(
        lines(&folder.join("answers"))[0]["error"],
        "it is over 64 MB"
    );
}

#[test]
#[cfg(unix)]
fn a_linked_folder_is_named_among_what_is_passed_over() {
    let (folder, _) = drawn(1);
    let (other, _) = drawn(2);
    let link = folder.path().join("more");
    std::os::unix::fs::symlink(other.path(), &link).expect("it can be made");
    let find = |path: &Path| Posters::find(&[path.to_owned()], &Names::default());
    let posters = find(folder.path()).expect("there is one");
    assert_eq!(posters.count(), Some(1));
    let others = posters.others();
    assert_eq!(
        (others.count, &others.first[..]),
        (1, &[link.display().to_string()][..])
    );
    assert_eq!(others.to_name, Some(link.display().to_string()));
    assert_eq!(find(&link).expect("it is named itself").count(), Some(2));
}

#[test]
fn a_folder_of_tables_lists_or_tars_says_that_they_are_to_be_named() {
    for name in ["part-00000.parquet", "000000.tar", "list.jsonl"] {
        let (folder, _) = drawn(0);
        let path = folder.path().join("inside").join(name);
        fs::create_dir(folder.path().join("inside")).expect("it can be made");
        fs::write(&path, "some").expect("it can be written");
        let error = predict(folder.path(), &[], "@inside").expect_err("there are no pictures");
        let error = error.to_string();
        let words = format!("name {} itself", path.display());
        assert!(error.contains(&words), "{error}");
    }
}

#[test]
fn a_packed_tar_is_refused_with_what_is_read_instead() {
    let (folder, _) = drawn(0);
    fs::write(folder.path().join("x.tar"), b"\x1F\x8B\x08 packed").expect("it can be written");
    let error = predict(folder.path(), &[], "@x.tar").expect_err("it is packed");
    let error = error.to_string();
    assert!(
        error.contains("gzip") && !error.contains("tar.gz"),
        "{error}"
    );
}
