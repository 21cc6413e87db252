//! Which rows become films, and why the others are left out.

use std::fs;

use image::ImageFormat;
use marquee_trainer::dataset::rule::Rule;
use marquee_trainer::dataset::{Dataset, Options, Split};

use crate::{build, draw, drawn, given, options, table};

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
        ("3", "f1", "no class", "neither genres nor a class"),
        ("5", "f3", "no poster", "no file of that name"),
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
    // films 20 to 29 have the posters of 10 to 19, saved in another format
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
        "a network is evaluated by posters alone"
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
fn a_film_under_two_spellings_of_its_id_is_one_film() {
    let (_guard, folder) = given(&["1000,0.png,A,Drama", "tt0000417,1.png,B,Drama"]);
    let posters = folder.join("posters");
    draw(&posters, 10..12);
    let others = folder.join("others.csv");
    let text = "id,poster,genres\n1000.0,10.png,Drama\ntt417,11.png,Drama\n";
    fs::write(&others, text).expect("written");
    let mut options = options(&folder);
    options.manifests.push(others);
    options.alternates = true;
    let summary = build(&options);
    let films: usize = summary
        .counts
        .values()
        .flat_map(|split| split.values())
        .sum();
    assert_eq!(films, 2);
    for row in table(&options, "movies.csv") {
        assert!(["1000", "tt0000417"].contains(&&row["id"][..]), "{row:?}");
    }
}

#[test]
fn genres_are_read_in_other_letters_and_lists() {
    let (_guard, folder) = given(&[
        "f0,0.png,A,\"['Animation', 'Comedy']\"",
        "f1,1.png,B,\"[{\"\"id\"\": 27, \"\"name\"\": \"\"Horror\"\"}]\"",
        "f2,2.png,C,SCIENCE FICTION",
        "f3,3.png,D,Children|Musical",
        "f4,4.png,E,(no genres listed)",
        "f5,5.png,F,nan",
    ]);
    let options = options(&folder);
    let summary = build(&options);
    assert!(
        summary.cleaning.unknown_genres.is_empty(),
        "{:?}",
        summary.cleaning.unknown_genres
    );
    let classes: Vec<(String, String)> = table(&options, "movies.csv")
        .into_iter()
        .map(|mut row| {
            (
                row.remove("genres").unwrap_or_default(),
                row.remove("label").unwrap_or_default(),
            )
        })
        .collect();
    let expected = [
        ("Animation|Comedy", "Animation"),
        ("Horror", "Horror"),
        ("Science Fiction", "SF"),
        ("Children|Musical", "Romance"),
    ];
    let expected = expected.map(|(genres, label)| (genres.to_owned(), label.to_owned()));
    assert_eq!(classes, expected);
    let rejected = table(&options, "rejected.csv");
    assert!(
        rejected.iter().all(|row| row["reason"] == "no class"),
        "{rejected:?}"
    );
}

#[test]
fn classes_of_ones_own_are_what_the_label_column_says() {
    let own = ["Kids", "Western", "Kids"];
    // two of these are the rule's, but not the third
    let partly = ["Animation", "Horror", "Western"];
    for (names, labels) in [(own, &own[..2]), (partly, &partly[..])] {
        let rows: Vec<String> = (0..9)
            .map(|film| format!("f{film},{film}.png,Drama,{}", names[film % 3]))
            .collect();
        let (_guard, folder) = given(&[]);
        let text = format!(
            "id,poster,genres,label\n{}\nf9,9.png,Drama,\n",
            rows.join("\n")
        );
        fs::write(folder.join("movies.csv"), text).expect("written");
        let options = options(&folder);
        let summary = build(&options);
        assert_eq!(summary.labels, labels);
        let movies = table(&options, "movies.csv");
        assert_eq!(movies.len(), 9);
        for row in movies {
            let film: usize = row["id"][1..].parse().expect("a number");
            assert_eq!(row["label"], names[film % 3], "{row:?}");
        }
        let rejected = table(&options, "rejected.csv");
        assert_eq!(
            (rejected.len(), &rejected[0]["detail"][..]),
            (1, "the row names no class")
        );
    }
}

#[test]
fn a_rule_of_ones_own_decides_over_the_label_column() {
    let rows: Vec<String> = (0..9)
        .map(|film| {
            let (genres, label) = [("Western", "A"), ("War|Drama", "B"), ("Drama", "A")][film % 3];
            format!("f{film},{film}.png,{genres},{label}")
        })
        .collect();
    let (_guard, folder) = given(&[]);
    let text = format!("id,poster,genres,label\n{}\n", rows.join("\n"));
    fs::write(folder.join("movies.csv"), text).expect("written");
    let rule = r#"
        labels = ["Western", "War"]
        claims = [{ class = "Western", genres = ["Western"] }, { class = "War", genres = ["War"] }]
    "#;
    let options = Options {
        rule: Rule::parse(rule).expect("a rule"),
        rule_decides: true,
        ..options(&folder)
    };
    assert_eq!(build(&options).labels, ["Western", "War"]);
    assert_eq!(table(&options, "movies.csv").len(), 6);
    let rejected = table(&options, "rejected.csv");
    assert_eq!(rejected.len(), 3);
    for row in rejected {
        assert_eq!(row["reason"], "no class", "{row:?}");
    }
}

#[test]
fn a_film_with_the_id_0_keeps_it_behind_a_row_that_cannot_be_read() {
    let (_guard, folder) = given(&[",0.png,no id,Drama", "0,1.png,A,Drama", "1,2.png,B,Drama"]);
    let options = options(&folder);
    build(&options);
    let movies = table(&options, "movies.csv");
    let ids: Vec<&str> = movies.iter().map(|row| &row["id"][..]).collect();
    assert_eq!(ids, ["0", "1"]);
}

#[test]
fn spellings_of_a_class_are_one_class() {
    let names = ["Kids", "kids", "Western", "Western ", "WESTERN", "Western"];
    let rows: Vec<String> = (0..6)
        .map(|film| format!("f{film},{film}.png,,{}", names[film]))
        .collect();
    let (_guard, folder) = given(&[]);
    let text = format!("id,poster,genres,label\n{}\n", rows.join("\n"));
    fs::write(folder.join("movies.csv"), text).expect("written");
    let options = options(&folder);
    let summary = build(&options);
    assert_eq!(summary.labels, ["Kids", "Western"]);
    assert!(summary.cleaning.rejected.is_empty(), "{summary:?}");
}

#[test]
fn films_without_a_tmdb_id_are_not_one_film() {
    let rows: Vec<String> = (0..9)
        .map(|film| format!("f{film},{film}.png,Drama,{}", ["nan", "0", ""][film % 3]))
        .collect();
    let (_guard, folder) = given(&[]);
    let text = format!("id,poster,genres,tmdb_id\n{}\n", rows.join("\n"));
    fs::write(folder.join("movies.csv"), text).expect("written");
    let summary = build(&options(&folder));
    assert!(summary.cleaning.rejected.is_empty(), "{summary:?}");
}
