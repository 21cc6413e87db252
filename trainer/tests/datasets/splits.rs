//! Which films and copies are in which split, and the pixels of the training split.

use std::collections::HashMap;
use std::fs;

use marquee_models::network::Size;
use marquee_models::preprocess;
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
        let (original, copy) = (pixels.poster(original), pixels.poster(copy));
        let turned = original.chunks(3).rev().flatten();
        let pairs = copy.iter().zip(turned);
        let farthest = pairs.map(|(a, b)| a.abs_diff(*b)).max();
        assert!(farthest.is_some_and(|by| by <= 1), "{side}: {farthest:?}");

        // the student project's deviation: the mean of what each poster that is trained on deviates by
        let deviation = |row: &usize| {
            let poster = pixels.poster(*row);
            let reds = poster.iter().step_by(3);
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
    let sum_of_reds = |&film: &usize| -> u64 {
        let poster = pixels.poster(film);
        poster.iter().step_by(3).copied().map(u64::from).sum()
    };
    let sum: u64 = films.iter().map(sum_of_reds).sum();
    let mean = sum as f64 / (films.len() * 1024) as f64;
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

#[test]
fn a_dataset_has_no_room_for_detail_that_its_pictures_lack() {
    let rows: Vec<String> = (0..40)
        .map(|film| format!("f{film:02},{film}.png,T,Drama"))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let (_guard, folder) = given(&rows);
    draw(&folder.join("posters"), 0..40);
    let small = options(&folder);
    build(&small);
    let mut dataset = Dataset::open(&small.out).expect("it was just built");
    let size = Size::square(64);
    let pixels = dataset.pixels(size).expect("it can be packed");
    // the drawn posters have 40x60 pixels, fewer than 64x64; the list has 16 bytes for each
    let file = fs::read(small.out.join("pixels/64x64.posters")).expect("it is there");
    assert_eq!(file.len(), 40 * (40 * 60 * 3 + 16));
    for row in [0, 17, 39] {
        let drawn = fs::read(folder.join(format!("posters/{row}.png"))).expect("it was drawn");
        let decoded = preprocess::decode(&drawn).expect("it is a picture");
        assert_eq!(*pixels.poster(row), decoded.image.resize(size).pixels);
    }

    let large = Options {
        size,
        out: folder.join("large"),
        ..options(&folder)
    };
    build(&large);
    let built = fs::read(large.out.join("pixels/64x64.posters")).expect("it is there");
    assert!(built == file, "a build writes what is made later, too");
    fs::write(
        large.out.join("pixels/64x64.posters"),
        &file[..file.len() - 1],
    )
    .expect("it can be cut off");
    let mut cut_off = Dataset::open(&large.out).expect("its rows are sound");
    let error = format!(
        "{:#}",
        cut_off.pixels(size).err().expect("a byte is missing")
    );
    assert!(
        error.contains("remove it and run the command again"),
        "{error}"
    );
}
