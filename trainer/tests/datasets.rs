//! What `marquee build` makes of manifests and posters, good and bad.

mod drawn;

use std::fs;
use std::path::{Path, PathBuf};

use image::ImageFormat;
use marquee_models::network::Size;
use marquee_trainer::dataset::{self, Dataset, Fractions, Options, Split, Summary};

fn options(folder: &Path) -> Options {
    Options {
        manifest: folder.join("movies.csv"),
        posters: folder.join("posters"),
        out: folder.join("dataset"),
        split: Fractions::default(),
        seed: 0,
        size: Size::square(32),
        force: false,
    }
}

/// A folder with a manifest of these rows, and posters `0.png` to `9.png`.
fn given(rows: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = guard.path().to_owned();
    let posters = folder.join("posters");
    fs::create_dir_all(&posters).expect("it can be written");
    for poster in 0..10 {
        let drawn = drawn::poster(poster, poster as u64, 40, 60);
        let bytes = drawn::encode(drawn, ImageFormat::Png);
        fs::write(posters.join(format!("{poster}.png")), bytes).expect("likewise");
    }
    let manifest = format!("id,poster,title,genres\n{}\n", rows.join("\n"));
    fs::write(folder.join("movies.csv"), manifest).expect("likewise");
    (guard, folder)
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

#[test]
fn the_same_films_in_any_order_from_folder_or_tar_give_the_same_hash() {
    let (_guard, folder) = given(&TEN);
    let first = build(&options(&folder));

    let mut backward = TEN;
    backward.reverse();
    let (_guard, other) = given(&backward);
    let tar = other.join("posters.tar");
    let mut builder = tar::Builder::new(fs::File::create(&tar).expect("it can be written"));
    builder
        .append_dir_all(".", other.join("posters"))
        .expect("the posters are there");
    builder.finish().expect("likewise");
    let second = build(&Options {
        posters: tar,
        ..options(&other)
    });
    assert_eq!(first.hash, second.hash);
    assert_eq!(first.pixels, second.pixels);

    let (_guard, third) = given(&TEN);
    let poster = drawn::poster(0, 99, 40, 60);
    fs::write(
        third.join("posters/0.png"),
        drawn::encode(poster, ImageFormat::Png),
    )
    .expect("it can be written");
    assert_ne!(
        first.hash,
        build(&options(&third)).hash,
        "a poster is another"
    );
}

#[test]
fn every_row_that_is_left_out_has_a_reason() {
    let (_guard, folder) = given(&[
        "f0,0.png,A,Drama",
        "f1,1.png,no genres,",
        "f2,2.png,odd,Drama|Sports",
        "f3,none.png,no poster,Drama",
        "f4,../movies.csv,outside,Drama",
        "f5,broken.png,broken,Drama",
        "f0,6.png,twice,Drama",
        ",7.png,no id,Drama",
        "f8,tiny.png,tiny,Drama",
    ]);
    fs::write(
        folder.join("posters/broken.png"),
        b"\x89PNG\r\n\x1a\nno more",
    )
    .expect("written");
    let tiny = drawn::encode(drawn::poster(0, 0, 8, 12), ImageFormat::Png);
    fs::write(folder.join("posters/tiny.png"), tiny).expect("written");
    let options = options(&folder);
    let summary = build(&options);
    assert_eq!(summary.rejected.values().sum::<usize>(), 8);

    let rejected = fs::read_to_string(options.out.join("rejected.csv")).expect("it is there");
    let lines: Vec<&str> = rejected.lines().collect();
    assert_eq!(lines[0], "line,id,poster,reason");
    for (line, words) in [
        (1, "3,f1,1.png,\"no genres"),
        (2, "4,f2,2.png,\"\"\"Sports\"\" is not one of TMDB's genres"),
        (3, "5,f3,none.png,there is no such poster"),
        (4, "6,f4,../movies.csv,\"the poster's name"),
        (5, "7,f5,broken.png,the image is damaged"),
        (6, "8,f0,6.png,an earlier row has the same id"),
        (7, "9,,,the row has no id"),
        (8, "10,f8,tiny.png,the poster is smaller than 32 pixels"),
    ] {
        assert!(
            lines[line].starts_with(words),
            "{:?} does not start with {words:?}",
            lines[line]
        );
    }
}

#[test]
fn classes_are_split_alike_and_statistics_are_the_training_splits() {
    let rows: Vec<String> = (0..200)
        .map(|film| {
            let genre = if film % 4 == 0 { "Horror" } else { "Drama" };
            format!("f{film},{}.png,T,{genre}", film % 10)
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let (_guard, folder) = given(&rows);
    let options = options(&folder);
    let summary = build(&options);
    let count = |split, label: &str| summary.counts[&split][label];
    assert_eq!(Split::ALL.map(|split| count(split, "Horror")), [35, 8, 7]);
    assert_eq!(
        Split::ALL.map(|split| count(split, "Comedy&Drama")),
        [105, 23, 22]
    );

    let mut dataset = Dataset::open(&options.out).expect("it was just built");
    let pixels = dataset.pixels(Size::square(32)).expect("they were packed");
    let films = dataset.films(Split::Train);
    let reds = films
        .iter()
        .flat_map(|&film| pixels.poster(film).iter().step_by(3));
    let mean = reds.clone().map(|&red| f64::from(red)).sum::<f64>() / (films.len() * 1024) as f64;
    assert!((mean / 255.0 - f64::from(summary.pixels["32x32"].mean[0])).abs() < 1e-6);

    // another size is made when it is asked for, with statistics of its own
    let larger = dataset.pixels(Size::square(64)).expect("it can be packed");
    assert_eq!(larger.poster(0).len(), 64 * 64 * 3);
    let again = Dataset::open(&options.out).expect("it is still sound");
    assert!(again.summary().pixels.contains_key("64x64"));
    assert_eq!(again.summary().hash, summary.hash);
}

#[test]
fn what_cannot_be_built_says_why_and_leaves_nothing_behind() {
    let (_guard, folder) = given(&["f0,none.png,A,Drama"]);
    let options = options(&folder);
    assert!(refusal(&options).contains("there is no such poster"));

    let missing = Options {
        manifest: folder.join("films.csv"),
        ..options.clone()
    };
    assert!(refusal(&missing).contains("films.csv"));
    let missing = Options {
        posters: folder.join("posters.tar"),
        ..options.clone()
    };
    assert!(refusal(&missing).contains("posters.tar"));

    fs::write(&options.manifest, "name,year\nA,1999\n").expect("it can be written");
    let said = refusal(&options);
    assert!(
        said.contains("no column \"id\"") && said.contains("name, year"),
        "{said}"
    );

    let names: Vec<_> = fs::read_dir(&folder)
        .expect("it is there")
        .flatten()
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn a_dataset_is_replaced_only_by_force_and_nothing_else_ever() {
    let (_guard, folder) = given(&TEN);
    let options = options(&folder);
    build(&options);
    assert!(refusal(&options).contains("--force"));
    let force = Options {
        force: true,
        ..options.clone()
    };
    build(&force);
    let posters = Options {
        out: folder.join("posters"),
        ..force
    };
    assert!(refusal(&posters).contains("no dataset"));
}
