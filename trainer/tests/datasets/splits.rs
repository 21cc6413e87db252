//! Which films and copies are in which split, and the pixels of the training split.

use std::collections::HashMap;

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

#[test]
fn films_that_another_dataset_trains_on_judge_no_network_here() {
    let known: Vec<String> = (0..60)
        .map(|film| format!("tt{film:07},{film}.png,Film {film},199{},Drama", film % 10))
        .collect();
    // the same film by its id in another spelling, by its title and year, and sixty other films
    let mine = (0..120).map(|film| match film {
        0..20 => format!("tt{film},{film}.png,Another title,2001,Horror"),
        20..40 => format!("own{film},{film}.png,FILM {film},199{},Horror", film % 10),
        _ => format!("own{film},{film}.png,Film {film},2000,Horror"),
    });
    let mine: Vec<String> = mine.collect();
    let list = |rows: &[String]| format!("id,poster,title,year,genres\n{}\n", rows.join("\n"));
    let (_guard, folder) = given(&[]);
    draw(&folder.join("posters"), 0..120);
    let mut others = options(&folder);
    std::fs::write(&others.manifests[0], list(&known)).expect("it can be written");
    others.out = folder.join("others");
    let other = build(&others);
    let number = |row: &HashMap<String, String>| {
        let title = row["title"].to_lowercase();
        let number = title.strip_prefix("film ").or(row["id"].strip_prefix("tt"));
        number.and_then(|number| number.parse::<usize>().ok())
    };
    let trained = table(&others, "movies.csv").into_iter();
    let trained = trained.filter(|row| row["split"] != "test");
    let trained: Vec<_> = trained.map(|row| number(&row)).collect();

    let mut own = options(&folder);
    own.apart_from = vec![others.out.clone()];
    std::fs::write(&own.manifests[0], list(&mine)).expect("it can be written");
    let summary = build(&own);
    assert_eq!(summary.apart_from, [other.hash.as_str()]);
    assert_eq!(
        Split::ALL.map(|split| summary.counts[&split]["Horror"]),
        [84, 18, 18]
    );
    let judges = table(&own, "movies.csv");
    let judges = judges.iter().filter(|row| row["split"] != "train");
    for row in judges {
        let is_same = !row["id"].starts_with("own") || row["title"].starts_with("FILM");
        assert!(!is_same || !trained.contains(&number(row)), "{row:?}");
    }

    // folders of classes name no films, so nobody knows which they are
    let sorted = folder.join("sorted");
    for class in ["a", "b"] {
        std::fs::create_dir_all(sorted.join(class)).expect("it can be made");
        draw(
            &sorted.join(class),
            if class == "a" { 200..210 } else { 210..220 },
        );
    }
    let mut nameless = Options::new("".into(), sorted, folder.join("nameless"));
    (nameless.manifests, nameless.apart_from) = (Vec::new(), own.apart_from);
    assert!(build(&nameless).apart_from.is_empty());
}
