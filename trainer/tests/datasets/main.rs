//! What `marquee build` makes of manifests and posters, good and bad.

mod downloads;
#[path = "../drawn/mod.rs"]
mod drawn;
mod interrupted;
#[path = "../tmdb/mod.rs"]
#[allow(dead_code)] // the tests of `fetch` use more of it
mod tmdb;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use image::ImageFormat;
use marquee_models::network::Size;
use marquee_trainer::dataset::{self, Dataset, Options, Protocol, Split, Summary};

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

/// Posters `0.png`, `1.png` and so on, each another.
fn draw(folder: &Path, numbers: std::ops::Range<usize>) {
    for poster in numbers {
        let drawn = drawn::poster(poster, poster as u64, 40, 60);
        let bytes = drawn::encode(drawn, ImageFormat::Png);
        fs::write(folder.join(format!("{poster}.png")), bytes).expect("it can be written");
    }
}

/// The rows of a CSV file in a dataset, by column.
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
        posters: vec![tar],
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
        "f9,gray.png,gray,Drama",
        "f10,same.png,a,Drama",
        "f11,same.png,placeholder,Drama",
        "f12,same.png,for,Drama",
        "f13,same.png,many,Drama",
    ]);
    let posters = folder.join("posters");
    fs::write(posters.join("broken.png"), b"\x89PNG\r\n\x1a\nno more").expect("written");
    let drawn = drawn::poster(0, 0, 40, 60);
    let gray = image::DynamicImage::from(drawn).to_luma8();
    for (name, bytes) in [
        (
            "tiny",
            drawn::encode(drawn::poster(0, 0, 8, 12), ImageFormat::Png),
        ),
        ("gray", drawn::encode(gray, ImageFormat::Png)),
        (
            "same",
            drawn::encode(drawn::poster(3, 77, 40, 60), ImageFormat::Png),
        ),
    ] {
        fs::write(posters.join(format!("{name}.png")), bytes).expect("written");
    }
    let options = options(&folder);
    let summary = build(&options);
    assert_eq!(summary.cleaning.rejected.values().sum::<usize>(), 12);
    assert_eq!(summary.cleaning.rejected["placeholder"], 4);
    assert_eq!(summary.cleaning.unknown_genres["Sports"], 1);

    let rejected = table(&options, "rejected.csv");
    for (place, (line, id, reason, detail)) in [
        ("3", "f1", "no class", "no genres"),
        ("5", "f3", "no poster", "none of that name"),
        ("6", "f4", "no poster", "out of the folder"),
        ("7", "f5", "damaged poster", "damaged"),
        ("8", "f0", "duplicate film", "same id"),
        ("9", "", "unreadable row", "no id"),
        ("10", "f8", "poster too small", "8×12"),
        ("11", "f9", "not three channels", "no colours"),
        ("12", "f10", "placeholder", "3 others"),
    ]
    .into_iter()
    .enumerate()
    {
        let row = &rejected[place];
        assert_eq!((&row["line"][..], &row["id"][..]), (line, id));
        assert_eq!(row["reason"], reason);
        assert!(row["detail"].contains(detail), "{}", row["detail"]);
        assert_eq!(row["manifest"], "movies.csv");
    }

    let kept = build(&Options {
        keep_gray: true,
        min_side: 8,
        force: true,
        ..options
    });
    assert_eq!(kept.cleaning.rejected.values().sum::<usize>(), 10);
}

#[test]
fn other_designs_are_trained_on_only_and_lookalikes_stay_together() {
    let rows: Vec<String> = (0..60)
        .map(|film| format!("f{film:02},{film}.png,T,Drama"))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let (_guard, folder) = given(&rows);
    let posters = folder.join("posters");
    draw(&posters, 0..60);
    // films 20 to 29 have the posters of 10 to 19, saved anew
    for film in 10..20 {
        let drawn = drawn::poster(film, film as u64, 40, 60);
        let again = drawn::encode(drawn, ImageFormat::Jpeg);
        fs::write(posters.join(format!("{}.png", film + 10)), again).expect("written");
    }
    let designs: Vec<String> = (0..60)
        .map(|film| format!("f{film:02},{}.png,Drama", film + 100))
        .collect();
    let others = folder.join("others.csv");
    fs::write(
        &others,
        format!("id,poster,genres\n{}\n", designs.join("\n")),
    )
    .expect("written");
    draw(&posters, 100..160);

    let mut options = options(&folder);
    options.manifests.push(others);
    let alone = build(&options);
    assert_eq!(alone.cleaning.rejected["duplicate film"], 60);
    options.alternates = true;
    options.force = true;
    let summary = build(&options);
    let films: usize = summary
        .counts
        .values()
        .flat_map(|split| split.values())
        .sum();
    assert_eq!(films, 60);
    let trained: usize = summary.counts[&Split::Train].values().sum();
    assert_eq!(summary.cleaning.alternates, trained);
    let dataset = Dataset::open(&options.out).expect("it was just built");
    assert_eq!(dataset.rows(Split::Train).len(), 2 * trained);
    assert_eq!(
        dataset.films(Split::Train).len(),
        trained,
        "one judges by posters alone"
    );

    let movies = table(&options, "movies.csv");
    let split = |id: &str| {
        let row = movies.iter().find(|row| row["id"] == id);
        row.expect("it is there")["split"].clone()
    };
    for film in 10..20 {
        let (one, other) = (format!("f{film}"), format!("f{}", film + 10));
        assert_eq!(split(&one), split(&other));
        let row = movies.iter().find(|row| row["id"] == other).expect("there");
        assert_eq!(row["group"], one);
    }
    let alternates = movies.iter().filter(|row| row["variant"] == "alternate");
    assert!(alternates.into_iter().all(|row| row["split"] == "train"));
}

#[test]
fn copies_are_made_of_training_films_unless_the_student_projects_protocol_is_asked_for() {
    let rows: Vec<String> = (0..60)
        .map(|film| {
            let genre = if film < 10 { "Horror" } else { "Drama" };
            format!("f{film:02},{film}.png,T,{genre}")
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let (_guard, folder) = given(&rows);
    draw(&folder.join("posters"), 0..60);
    let options = Options {
        balance: true,
        ..options(&folder)
    };
    let summary = build(&options);
    assert_eq!(summary.cleaning.rotated["Horror"], 28);
    let movies = table(&options, "movies.csv");
    let mut copies = movies
        .iter()
        .filter(|row| row["variant"].starts_with("rotated"));
    assert!(copies.all(|row| row["split"] == "train" && row["label"] == "Horror"));

    let leaky = Options {
        protocol: Protocol::Student,
        split: "80/20".parse().expect("two shares"),
        force: true,
        ..options.clone()
    };
    build(&leaky);
    let movies = table(&leaky, "movies.csv");
    let straddling = movies
        .iter()
        .filter(|row| row["split"] == "train")
        .any(|row| {
            let mut others = movies.iter().filter(|other| other["id"] == row["id"]);
            others.any(|other| other["split"] == "test")
        });
    assert!(straddling, "a poster and its copy lie on different sides");

    // other sizes turn the copies, too
    let mut dataset = Dataset::open(&leaky.out).expect("it was just built");
    let copy = movies
        .iter()
        .position(|row| row["variant"] == "rotated 180");
    let copy = copy.expect("there is one");
    let original = movies
        .iter()
        .position(|row| row["id"] == movies[copy]["id"] && row["variant"] == "poster");
    let original = original.expect("there is one");
    for side in [32, 64] {
        let pixels = dataset.pixels(Size::square(side)).expect("there are all");
        let turned = pixels.poster(original).chunks(3).rev().flatten();
        let pairs = pixels.poster(copy).iter().zip(turned);
        let farthest = pairs.map(|(a, b)| a.abs_diff(*b)).max();
        assert!(farthest.is_some_and(|by| by <= 1), "{side}: {farthest:?}");

        // the student project's deviation: the mean of what each poster that is trained on deviates by
        let deviation = |row: &usize| {
            let reds = pixels.poster(*row).iter().step_by(3);
            let reds: Vec<f64> = reds.map(|&red| f64::from(red) / 255.0).collect();
            let mean = reds.iter().sum::<f64>() / reds.len() as f64;
            let squares = reds.iter().map(|red| (red - mean).powi(2));
            (squares.sum::<f64>() / reds.len() as f64).sqrt()
        };
        let rows = dataset.rows(Split::Train);
        let expected = rows.iter().map(deviation).sum::<f64>() / rows.len() as f64;
        let found = f64::from(pixels.statistics().std[0]);
        assert!(
            (found - expected).abs() < 1e-6,
            "{side}: {found}, {expected}"
        );
    }
}

#[test]
fn posters_may_be_paths_from_where_the_manifest_lies() {
    let (_guard, folder) = given(&["f0,posters/0.png,A,Drama", "f1,posters/1.png,B,Horror"]);
    let summary = build(&Options {
        posters: Vec::new(),
        ..options(&folder)
    });
    assert!(summary.cleaning.rejected.is_empty());
}

#[test]
fn folders_of_classes_need_no_manifest() {
    let (_guard, folder) = given(&[]);
    let sorted = folder.join("sorted");
    for (class, numbers) in [("Cats", 0..6), ("Dogs", 6..12)] {
        fs::create_dir_all(sorted.join(class)).expect("it can be made");
        draw(&sorted.join(class), numbers);
    }
    let from_folder = Options {
        manifests: Vec::new(),
        posters: vec![sorted.clone()],
        ..options(&folder)
    };
    let summary = build(&from_folder);
    assert_eq!(summary.labels, ["Cats", "Dogs"]);

    let tar = folder.join("sorted.tar");
    let mut builder = tar::Builder::new(fs::File::create(&tar).expect("it can be written"));
    builder
        .append_dir_all(".", &sorted)
        .expect("they are there");
    builder.finish().expect("likewise");
    let from_tar = build(&Options {
        posters: vec![tar],
        out: folder.join("from-tar"),
        ..from_folder.clone()
    });
    assert_eq!(summary.hash, from_tar.hash);

    let flat = Options {
        posters: vec![folder.join("posters")],
        out: folder.join("flat"),
        ..from_folder
    };
    assert!(refusal(&flat).contains("folder of their class"));
}

#[test]
fn classes_are_split_alike_and_statistics_are_the_training_splits() {
    let rows: Vec<String> = (0..200)
        .map(|film| {
            let genre = if film % 4 == 0 { "Horror" } else { "Drama" };
            format!("f{film},{film}.png,T,{genre}")
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let (_guard, folder) = given(&rows);
    draw(&folder.join("posters"), 0..200);
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
    assert!(refusal(&options).contains("there is none of that name"));

    let missing = Options {
        manifests: vec![folder.join("films.csv")],
        ..options.clone()
    };
    assert!(refusal(&missing).contains("films.csv"));
    let missing = Options {
        posters: vec![folder.join("posters.tar")],
        ..options.clone()
    };
    assert!(refusal(&missing).contains("posters.tar"));

    fs::write(&options.manifests[0], "name,year\nA,1999\n").expect("it can be written");
    let said = refusal(&options);
    assert!(
        said.contains("no columns \"poster\"") && said.contains("name, year"),
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
