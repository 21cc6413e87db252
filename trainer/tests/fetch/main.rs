//! `marquee fetch` against a stand-in for TMDB that fails as servers do.

mod downloads;
#[path = "../drawn/mod.rs"]
mod drawn;
mod faults;
mod interrupted;
mod lists;
mod messages;
mod secrets;
#[path = "../tmdb/mod.rs"]
mod tmdb;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tmdb::{Film, KEY, StandIn};

fn stand_in(films: Vec<Film>) -> StandIn {
    StandIn::start(0, films).expect("a port is free")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

/// The command with options that make it fast, unless `args` set them.
fn command(server: &StandIn, out: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_marquee"));
    command.arg("fetch").arg("--out").arg(out);
    for fast in [["--rate", "1000"], ["--backoff", "10"], ["--size", "w92"]] {
        if !args.contains(&fast[0]) {
            command.args(fast);
        }
    }
    command
        .args(args)
        .env_remove("TMDB_TOKEN")
        .env("TMDB_API_KEY", KEY)
        .env("MARQUEE_TMDB_API", server.api())
        .env("MARQUEE_TMDB_IMAGES", server.images())
        .env("NO_PROXY", "127.0.0.1");
    command
}

fn fetch(server: &StandIn, out: &Path, args: &[&str]) -> Output {
    command(server, out, args).output().expect("it starts")
}

fn printed(output: &Output) -> String {
    let printed = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(printed).expect("the output is UTF-8")
}

#[track_caller]
fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}", printed(output));
    printed(output)
}

#[track_caller]
fn failed(output: &Output, words: &[&str]) {
    let printed = printed(output);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    for word in words {
        assert!(printed.contains(word), "no {word:?} in {printed}");
    }
}

/// The rows of a table by the column `key`.
fn table(path: &Path, key: &str) -> BTreeMap<u64, BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("the table is there");
    let mut table = BTreeMap::new();
    for row in reader.deserialize() {
        let row: BTreeMap<String, String> = row.expect("a whole row");
        let id = row[key].parse().expect("a number");
        assert!(table.insert(id, row).is_none(), "{id} is there twice");
    }
    table
}

fn movies(out: &Path) -> BTreeMap<u64, BTreeMap<String, String>> {
    table(&out.join("movies.csv"), "tmdb_id")
}

/// The files that users look at, by name.
fn files(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for folder in [out.to_owned(), out.join("posters")] {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let bytes = fs::read(&path).expect("it can be read");
                let name = path.strip_prefix(out).expect("it is inside");
                files.insert(name.to_string_lossy().into_owned(), bytes);
            }
        }
    }
    files
}
