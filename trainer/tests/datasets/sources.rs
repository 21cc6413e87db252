//! Where posters come from: folders and archives, with and without a manifest.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use image::ImageFormat;
use marquee_models::preprocess::MAX_FILE_BYTES;
use marquee_trainer::dataset::Options;

use crate::{TEN, build, draw, drawn, given, options, refusal, table};

#[test]
fn the_same_films_in_any_order_from_folder_or_archive_give_the_same_hash() {
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
    builder.finish().expect("it can be written");
    let archives = [packed_by_gzip(&tar), zipped(&other.join("posters")), tar];
    for archive in archives {
        let packed = build(&Options {
            posters: vec![archive.clone()],
            force: true,
            ..options(&other)
        });
        assert_eq!(first.hash, packed.hash, "{}", archive.display());
        assert_eq!(first.pixels, packed.pixels);
    }

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

/// A `.tar.gz` beside this tar file.
fn packed_by_gzip(tar: &Path) -> PathBuf {
    let path = tar.with_extension("tar.gz");
    let file = fs::File::create(&path).expect("it can be made");
    let mut packed = GzEncoder::new(file, Compression::default());
    let bytes = fs::read(tar).expect("it is there");
    packed
        .write_all(&bytes)
        .and_then(|()| packed.finish())
        .expect("it can be written");
    path
}

/// A ZIP archive beside this folder, with its files and one that no picture can be.
fn zipped(folder: &Path) -> PathBuf {
    let path = folder.with_extension("zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&path).expect("it can be made"));
    let options = zip::write::SimpleFileOptions::default();
    for entry in fs::read_dir(folder).expect("it is there") {
        let file = entry.expect("it can be listed").path();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        zip.start_file(name, options).expect("it is a name");
        let bytes = fs::read(&file).expect("it can be read");
        zip.write_all(&bytes).expect("it can be written");
    }
    zip.add_directory("empty", options)
        .expect("it can be added");
    zip.finish().expect("it can be written");
    path
}

#[test]
fn a_file_that_is_too_large_is_refused_alone_in_folders_and_archives() {
    let (_guard, folder) = given(&TEN);
    let posters = folder.join("posters");
    fs::File::create(posters.join("0.png"))
        .and_then(|file| file.set_len(MAX_FILE_BYTES as u64 + 1))
        .expect("it can be made");
    for source in [zipped(&posters), posters] {
        let options = Options {
            posters: vec![source.clone()],
            force: true,
            ..options(&folder)
        };
        build(&options);
        let rejected = table(&options, "rejected.csv");
        assert_eq!(rejected.len(), 1, "{}", source.display());
        assert!(rejected[0]["detail"].contains("over 64 MB"), "{rejected:?}");
    }
}

#[test]
fn a_list_of_hugging_faces_names_its_pictures_file_name() {
    let (_guard, folder) = given(&[]);
    let posters = folder.join("posters");
    let list = posters.join("metadata.csv");
    let rows = (0..10).map(|film| format!("{film}.png,{}\n", ["cat", "dog"][film % 2]));
    let rows = rows.collect::<String>();
    fs::write(&list, format!("file_name,label\n{rows}")).expect("it can be written");
    let summary = build(&Options {
        manifests: vec![list],
        ..options(&folder)
    });
    assert_eq!(summary.labels, ["cat", "dog"]);
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
    builder.finish().expect("it can be written");
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
    assert!(refusal(&flat).contains("folder of its class"));
}

#[test]
fn content_decides_what_is_a_picture_and_hidden_folders_are_no_classes() {
    let (_guard, folder) = given(&[]);
    let sorted = folder.join("sorted");
    let classes = [("Cats", 0..6), ("Dogs/long/haired", 6..12)];
    let hidden = [
        (".thumbnails", 12..13),
        ("@eaDir", 13..14),
        ("Cats/__MACOSX", 14..15),
    ];
    for (class, numbers) in classes.into_iter().chain(hidden) {
        fs::create_dir_all(sorted.join(class)).expect("it can be made");
        draw(&sorted.join(class), numbers);
    }
    for (name, other) in [
        ("0.png", "0.jfif"),
        ("1.png", "one"),
        ("2.png", "2.jpg_large"),
    ] {
        fs::rename(
            sorted.join("Cats").join(name),
            sorted.join("Cats").join(other),
        )
        .expect("it can be renamed");
    }
    fs::write(sorted.join("Cats/notes.txt"), "no poster").expect("written");
    fs::write(sorted.join("Cats/.DS_Store"), "a Mac's").expect("written");
    draw(&sorted, 15..16);

    let tar = folder.join("sorted.tar");
    let mut builder = tar::Builder::new(fs::File::create(&tar).expect("it can be written"));
    builder
        .append_dir_all(".", &sorted)
        .expect("they are there");
    builder.finish().expect("it can be written");
    for (posters, out) in [(sorted, "from-folder"), (tar, "from-tar")] {
        let options = Options {
            manifests: Vec::new(),
            posters: vec![posters],
            out: folder.join(out),
            ..options(&folder)
        };
        let summary = build(&options);
        assert_eq!(summary.labels, ["Cats", "Dogs"], "{out}");
        let films: usize = summary
            .counts
            .values()
            .flat_map(|split| split.values())
            .sum();
        assert_eq!(films, 12, "{out}");
        let mut unused: Vec<(String, String)> = table(&options, "rejected.csv")
            .into_iter()
            .map(|row| (row["poster"].clone(), row["detail"].clone()))
            .collect();
        unused.sort();
        let expected = [
            ("15.png", "it lies in no folder of a class"),
            ("Cats/notes.txt", "it is no picture"),
        ];
        let expected = expected.map(|(name, reason)| (name.to_owned(), reason.to_owned()));
        assert_eq!(unused, expected, "{out}");
    }
}

#[test]
fn folders_of_one_class_may_be_spelled_differently() {
    let (_guard, folder) = given(&[]);
    let sorted = folder.join("sorted");
    // the last two are in one piece, and in parts, as a Mac writes them
    for (class, numbers) in [
        ("Cats", 0..4),
        ("cats", 4..8),
        ("caf\u{e9}", 8..12),
        ("cafe\u{301}", 12..16),
    ] {
        fs::create_dir_all(sorted.join(class)).expect("it can be made");
        draw(&sorted.join(class), numbers);
    }
    let summary = build(&Options {
        manifests: Vec::new(),
        posters: vec![sorted],
        ..options(&folder)
    });
    assert_eq!(summary.labels, ["Cats", "caf\u{e9}"]);
    assert!(summary.cleaning.rejected.is_empty(), "{summary:?}");
}
