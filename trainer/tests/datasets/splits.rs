//! Which films and copies are in which split, and the pixels of the training split.

use marquee_models::network::Size;
use marquee_trainer::dataset::{Dataset, Options, Protocol, Split};

use crate::{build, draw, given, options, table};

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
        split: Some("80/20".parse().expect("two shares")),
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

    // copies are rotated at other sizes, too
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

    // another size is made when it is needed, with its own statistics
    let larger = dataset.pixels(Size::square(64)).expect("it can be packed");
    assert_eq!(larger.poster(0).len(), 64 * 64 * 3);
    let again = Dataset::open(&options.out).expect("it is still sound");
    assert!(again.summary().pixels.contains_key("64x64"));
    assert_eq!(again.summary().hash, summary.hash);
}
