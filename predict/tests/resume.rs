//! Going on where a run ended.

mod runs;

use std::fs;
use std::path::PathBuf;

use runs::{drawn, lines, predict, rows};

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
fn a_file_that_holds_no_answers_is_left_as_it_is() {
    let (folder, posters) = drawn(2);
    let folder = folder.path();
    let files: [&[u8]; 6] = [
        b"\xFF\xD8\xFF\xE0 a picture\n and its tail",
        b"{\"path\": \"a film\"}\n{\"half",
        b"{\"path\": \"a film\", \"error\": null}\n",
        b"{\"name\": \"one line",
        b"no answers at all",
        b"[\n  {\"path\": \"a\"}\n]\n",
    ];
    for file in files {
        for format in ["jsonl", "csv"] {
            let path = folder.join("mine");
            fs::write(&path, file).expect("it can be written");
            let options = format!("--format {format} --out @mine --resume");
            let error = predict(folder, &posters, &options).expect_err("it is refused");
            let error = format!("{error:#}");
            assert!(error.contains("mine") && error.contains("--out"), "{error}");
            assert!(fs::read(&path).expect("it is there") == file, "{error}");
        }
    }
}

#[test]
fn answers_of_another_network_are_not_gone_on_with() {
    let (folder, posters) = drawn(4);
    let folder = folder.path();
    fs::write(&posters[0], "no image").expect("it can be written");
    let bytes = |name: &str| {
        let path = folder.join(name);
        let file = if path.is_dir() {
            path.join("part-00000.parquet")
        } else {
            path
        };
        fs::read(file).expect("it is there")
    };
    for format in ["csv", "jsonl", "parquet"] {
        let options = format!("--format {format} --out @{format}");
        predict(folder, &posters[..2], &options).expect("it runs");
        let before = bytes(format);
        let refused = |more: &str, words: &str| {
            let error = predict(folder, &posters, &format!("{options} --resume {more}"));
            let error = format!("{:#}", error.expect_err("it is refused"));
            assert!(error.contains(words), "{format} {more}: {error}");
            assert!(bytes(format) == before, "{format} {more}");
        };
        // of the same classes
        refused("--model deepcnn32", "--model");
        refused("--model posternet", "other columns");
        if format != "csv" {
            refused("--features", "other columns");
        }
        predict(folder, &posters, &format!("{options} --resume")).expect("it goes on");
    }
    assert_eq!(lines(&folder.join("jsonl")).len(), 4);
    assert_eq!(rows(&folder.join("parquet")).len(), 4);
}

#[test]
fn a_folder_with_other_tables_gets_no_answers() {
    let (folder, posters) = drawn(1);
    let folder = folder.path();
    for name in ["films.parquet", "part-00001.parquet"] {
        let out = folder.join(format!("of {name}"));
        fs::create_dir(&out).expect("it can be made");
        fs::write(out.join(name), "mine").expect("it can be written");
        let options = ["--format", "parquet", "--out"].map(PathBuf::from);
        for resume in [None, Some(PathBuf::from("--resume"))] {
            let words = posters.iter().cloned().chain(options.clone());
            let words: Vec<PathBuf> = words.chain([out.clone()]).chain(resume).collect();
            let error = predict(folder, &words, "--threads 1").expect_err("it is refused");
            assert!(error.to_string().contains("another --out"), "{error}");
        }
        assert_eq!(fs::read_dir(&out).expect("it is there").count(), 1);
    }
}
