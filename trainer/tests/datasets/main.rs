//! What `marquee build` makes of manifests and posters, good and bad.

mod downloads;
#[path = "../drawn/mod.rs"]
mod drawn;
#[cfg(unix)]
mod interrupted;
mod lists;
mod named_splits;
mod refusals;
mod rows;
mod sources;
mod splits;
#[path = "../tmdb/mod.rs"]
#[allow(dead_code)] // the tests of `fetch` use more of it
mod tmdb;

use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use image::ImageFormat;
use marquee_trainer::dataset::{self, Options, Summary};

fn options(folder: &Path) -> Options {
    Options::new(
        folder.join("movies.csv"),
        folder.join("posters"),
        folder.join("dataset"),
    )
}

/// A folder with a manifest of these rows, and a folder for posters.
fn given(rows: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = guard.path().to_owned();
    fs::create_dir_all(folder.join("posters")).expect("it can be made");
    let manifest = format!("id,poster,title,genres\n{}\n", rows.join("\n"));
    fs::write(folder.join("movies.csv"), manifest).expect("it can be written");
    draw(&folder.join("posters"), 0..10);
    (guard, folder)
}

/// Draws the posters `0.png`, `1.png` and so on, all of them different.
fn draw(folder: &Path, numbers: Range<usize>) {
    for poster in numbers {
        let drawn = drawn::poster(poster, poster as u64, 40, 60);
        let bytes = drawn::encode(drawn, ImageFormat::Png);
        fs::write(folder.join(format!("{poster}.png")), bytes).expect("it can be written");
    }
}

/// The rows of a CSV file of the dataset, by column.
fn table(options: &Options, name: &str) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(options.out.join(name)).expect("it is there");
    let rows = reader.deserialize();
    rows.collect::<Result<_, _>>().expect("it is sound CSV")
}

fn build(options: &Options) -> Summary {
    dataset::build(options).expect("the dataset can be built")
}

fn refusal(options: &Options) -> String {
    format!(
        "{:#}",
        dataset::build(options).expect_err("this cannot be built")
    )
}

const TEN: [&str; 10] = [
    "f0,0.png,A,Drama",
    "f1,1.png,B,Horror|Drama",
    "f2,2.png,C,War",
    "f3,3.png,D,Comedy",
    "f4,4.png,E,Drama",
    "f5,5.png,F,Drama",
    "f6,6.png,G,Romance",
    "f7,7.png,H,Animation",
    "f8,8.png,I,Science Fiction",
    "f9,9.png,J,Drama",
];
