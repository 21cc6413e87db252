//! Splits that the input names: they are kept, and no film is on two sides.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use image::ImageFormat;
use marquee_trainer::dataset::{Options, Protocol, Split};

use crate::{build, draw, drawn, given, options, refusal, table};

/// The split of each film of the dataset.
fn splits(options: &Options) -> BTreeMap<String, String> {
    let rows = table(options, "movies.csv").into_iter();
    rows.map(|row| (row["id"].clone(), row["split"].clone()))
        .collect()
}

fn write(folder: &Path, rows: &[&str]) {
    let text = format!("id,poster,title,year,genres,split\n{}\n", rows.join("\n"));
    fs::write(folder.join("movies.csv"), text).expect("it can be written");
}

#[test]
fn a_split_column_is_kept_and_no_film_is_on_two_sides() {
    let (_guard, folder) = given(&[]);
    let posters = folder.join("posters");
    // 6.png looks like 0.png
    let again = drawn::encode(drawn::poster(0, 0, 40, 60), ImageFormat::Jpeg);
    fs::write(posters.join("6.png"), again).expect("it can be written");
    write(
        &folder,
        &[
            "f0,0.png,A,2000,Drama,train",
            "f1,1.png,B,2000,Horror,Training",
            "f2,2.png,C,2000,War,val",
            "f3,3.png,D,2000,Comedy,valid",
            "f4,4.png,E,2000,Drama,TEST",
            "f5,5.png,F,2000,Drama,train",
            "f6,6.png,G,2000,Romance,test",
            "f5,7.png,F,2000,Drama,test",
            "f8,8.png,I,2000,Drama,",
        ],
    );
    let options = options(&folder);
    let summary = build(&options);
    assert_eq!(summary.split, None);
    let expected = [
        ("f1", "train"),
        ("f2", "validation"),
        ("f3", "validation"),
        ("f4", "test"),
        ("f5", "test"),
        ("f6", "test"),
    ];
    let expected = expected.map(|(id, split)| (id.to_owned(), split.to_owned()));
    assert_eq!(splits(&options), BTreeMap::from(expected));
    let left_out: Vec<String> = table(&options, "rejected.csv")
        .iter()
        .map(|row| format!("{} {}: {}", row["id"], row["reason"], row["detail"]))
        .collect();
    assert_eq!(
        left_out,
        [
            "f0 film of another split: it looks like f6, which is in the test split",
            "f5 film of another split: another row has the same id",
            "f8 no split: other films have one",
        ]
    );

    // percentages split the films anew
    let anew = Options {
        split: Some("100/0".parse().expect("two shares")),
        force: true,
        ..options.clone()
    };
    assert_eq!(build(&anew).split, anew.split);
    assert!(splits(&anew).values().all(|split| split == "train"));
}

#[test]
fn what_names_no_split_is_refused_and_never_ignored() {
    let (_guard, folder) = given(&[]);
    write(
        &folder,
        &[
            "f0,0.png,A,2000,Drama,train",
            "f1,1.png,B,2000,Horror,fold 2",
        ],
    );
    let options = options(&folder);
    let said = refusal(&options);
    for word in ["movies.csv, line 3", "fold 2", "--split"] {
        assert!(said.contains(word), "{said}");
    }
    write(
        &folder,
        &["f0,0.png,A,2000,Drama,train", "f1,1.png,B,2000,Horror,test"],
    );
    let said = refusal(&Options {
        protocol: Protocol::Student,
        ..options
    });
    assert!(said.contains("--split"), "{said}");
}

#[test]
fn folders_and_files_named_as_splits_are_splits() {
    let (_guard, folder) = given(&[]);
    let tree = folder.join("tree");
    let parts = [("train", 0..4), ("val", 4..6), ("test", 6..8)];
    for (split, numbers) in parts {
        for (number, class) in numbers.zip(["Cats", "Dogs"].into_iter().cycle()) {
            let class = tree.join(split).join(class);
            fs::create_dir_all(&class).expect("it can be made");
            draw(&class, number..number + 1);
        }
    }
    let from_tree = Options {
        manifests: Vec::new(),
        posters: vec![tree.clone()],
        out: folder.join("from-tree"),
        ..options(&folder)
    };
    let summary = build(&from_tree);
    assert_eq!(summary.labels, ["Cats", "Dogs"]);
    let counts = Split::ALL.map(|split| summary.counts[&split].values().sum::<usize>());
    assert_eq!(counts, [4, 2, 2]);
    assert!(
        splits(&from_tree)
            .iter()
            .all(|(id, split)| id.starts_with(&split[..3]))
    );

    // the same folders one by one, with the same result
    let one_by_one = Options {
        posters: ["train", "val", "test"]
            .map(|split| tree.join(split))
            .to_vec(),
        out: folder.join("one-by-one"),
        ..from_tree
    };
    assert_eq!(build(&one_by_one).counts, summary.counts);

    let lists = [("train.csv", 0), ("test.csv", 5)].map(|(name, film)| {
        let rows = (film..film + 5).map(|film| format!("f{film},{film}.png,Drama"));
        let text = format!(
            "id,poster,genres\n{}\n",
            rows.collect::<Vec<_>>().join("\n")
        );
        fs::write(folder.join(name), text).expect("it can be written");
        folder.join(name)
    });
    let from_lists = Options {
        manifests: lists.to_vec(),
        out: folder.join("from-lists"),
        ..options(&folder)
    };
    build(&from_lists);
    assert!(
        splits(&from_lists)
            .iter()
            .all(|(id, split)| (split == "test") == (id[1..] >= *"5"))
    );
}

/// Draws posters, two in each of these folders, and returns how to build from them.
fn sorted(folder: &Path, classes: &[&str]) -> Options {
    let tree = folder.join("tree");
    for (place, class) in classes.iter().enumerate() {
        let class = tree.join(class);
        fs::create_dir_all(&class).expect("it can be made");
        draw(&class, 2 * place..2 * place + 2);
    }
    Options {
        manifests: Vec::new(),
        posters: vec![tree],
        ..options(folder)
    }
}

const SPLIT: [&str; 4] = ["train/a", "train/b", "val/a", "val/b"];

#[test]
fn what_lies_beside_folders_of_splits_is_left_out_and_makes_no_class() {
    let (_guard, folder) = given(&[]);
    let options = sorted(&folder, &[&SPLIT[..], &["extra/c"]].concat());
    draw(&folder.join("tree"), 20..21);
    draw(&folder.join("tree/train"), 21..22);
    let summary = build(&options);
    assert_eq!(summary.labels, ["a", "b"]);
    let counts = [Split::Train, Split::Validation]
        .map(|split| summary.counts[&split].values().sum::<usize>());
    assert_eq!(counts, [4, 4]);
    let left_out: BTreeMap<String, String> = table(&options, "rejected.csv")
        .into_iter()
        .map(|row| (row["poster"].clone(), row["detail"].clone()))
        .collect();
    let expected = [
        ("20.png", "it lies in no folder of a class"),
        ("extra/c/8.png", "it lies in no folder of a split"),
        ("extra/c/9.png", "it lies in no folder of a split"),
        ("train/21.png", "it lies in no folder of a class"),
    ];
    let expected = expected.map(|(name, why)| (name.to_owned(), why.to_owned()));
    assert_eq!(left_out, BTreeMap::from(expected));
}

#[test]
fn folders_that_look_like_splits_are_no_classes() {
    for others in [["holdout/a", "holdout/b"], ["training/a", "training/b"]] {
        let (_guard, folder) = given(&[]);
        let said = refusal(&sorted(&folder, &[&SPLIT[..2], &others].concat()));
        for word in [&others[0][..7], "train, ", "validation", "--manifest"] {
            assert!(said.contains(word), "{said}");
        }
    }
    // the class of a dataset of vehicles
    let (_guard, folder) = given(&[]);
    let summary = build(&sorted(&folder, &["bus", "train"]));
    assert_eq!(summary.labels, ["bus", "train"]);
}

#[test]
fn a_folder_around_all_others_is_no_class() {
    for (around, inside) in [
        ("mydata", &["a", "b"][..]),
        ("data/train", &["a", "b"]),
        ("data/mine", &SPLIT),
    ] {
        let (_guard, folder) = given(&[]);
        let inside: Vec<_> = inside.iter().map(|it| format!("{around}/{it}")).collect();
        let inside: Vec<_> = inside
            .iter()
            .map(String::as_str)
            .chain(["__MACOSX/c"])
            .collect();
        let options = sorted(&folder, &inside);
        let summary = build(&options);
        assert_eq!(summary.labels, ["a", "b"], "{around}");
        assert!(summary.cleaning.rejected.is_empty(), "{summary:?}");
        let kept =
            |(id, split): (&String, &String)| id.contains("/val/") == (split == "validation");
        assert!(around != "data/mine" || splits(&options).iter().all(kept));
    }
}

#[test]
fn films_with_one_title_within_a_year_are_reported() {
    let (_guard, folder) = given(&[]);
    write(
        &folder,
        &[
            "f0,0.png,\"Heat, The\",2000,Drama,train",
            "f1,1.png,The Heat,2001,Horror,test",
            "f2,2.png,Heat,2003,War,train",
            "f3,3.png,Alien,2000,War,train",
            "f4,4.png,ALIEN,2000.0,War,train",
        ],
    );
    let options = options(&folder);
    let cleaning = build(&options).cleaning;
    assert_eq!((cleaning.same_titles, cleaning.same_titles_apart), (2, 1));
    let pairs = table(&options, "same-titles.csv");
    let ids: Vec<_> = pairs
        .iter()
        .map(|row| (&row["id"][..], &row["other_id"][..]))
        .collect();
    assert_eq!(ids, [("f0", "f1"), ("f3", "f4")]);
}
