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

/// Adds posters and what is none to a tar file: names that lead out of it, links, and a pipe.
fn add_strays(builder: &mut tar::Builder<fs::File>, poster: &[u8]) {
    use tar::EntryType::{Fifo, Regular, Symlink};
    for (name, target, kind) in [
        ("../up.png", "", Regular),
        ("/abs/a.png", "", Regular),
        ("a/pipe", "", Fifo),
        ("a/out.png", "/etc/passwd", Symlink),
        ("a/gone.png", "none.png", Symlink),
        ("b/again.png", "0.png", Symlink),
    ] {
        let mut header = tar::Header::new_gnu();
        // set by hand: the library refuses names that lead out of a folder
        let raw = header.as_old_mut();
        raw.name[..name.len()].copy_from_slice(name.as_bytes());
        raw.linkname[..target.len()].copy_from_slice(target.as_bytes());
        header.set_entry_type(kind);
        let bytes = if kind == Regular { poster } else { &[] };
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        builder.append(&header, bytes).expect("it can be added");
    }
}

#[test]
fn what_an_archive_holds_beside_posters_is_told_with_the_reason() {
    let (_guard, folder) = given(&[]);
    let sorted = folder.join("sorted");
    for (class, numbers) in [("a", 0..0), ("b", 0..2), ("c", 2..4)] {
        fs::create_dir_all(sorted.join(class)).expect("it can be made");
        draw(&sorted.join(class), numbers);
    }
    let poster = fs::read(sorted.join("b/0.png")).expect("it was drawn");
    let tar = folder.join("sorted.tar");
    let mut builder = tar::Builder::new(fs::File::create(&tar).expect("it can be written"));
    builder.append_dir_all("", &sorted).expect("they are there");
    add_strays(&mut builder, &poster);
    builder.finish().expect("it can be written");

    let zip = folder.join("sorted.zip");
    let mut archive = zip::ZipWriter::new(fs::File::create(&zip).expect("it can be written"));
    let plain = zip::write::SimpleFileOptions::default();
    for (name, class) in [
        ("0.png", "b"),
        ("1.png", "b"),
        ("2.png", "c"),
        ("3.png", "c"),
    ] {
        let name = format!("{class}/{name}");
        let bytes = fs::read(sorted.join(&name)).expect("it was drawn");
        archive.start_file(name, plain).expect("it is a name");
        archive.write_all(&bytes).expect("it can be written");
    }
    for name in ["../up.png", "/abs/a.png"] {
        archive.start_file(name, plain).expect("it is a name");
        archive.write_all(&poster).expect("it can be written");
    }
    for (name, target) in [
        ("a/out.png", "/etc/passwd"),
        ("a/gone.png", "none.png"),
        ("b/again.png", "0.png"),
    ] {
        let added = archive.add_symlink(name, target, plain);
        added.expect("it can be added");
    }
    archive.finish().expect("it can be written");

    let expected = [
        ("../up.png", "its name leads out of the archive"),
        ("/abs/a.png", "its name leads out of the archive"),
        ("a/gone.png", "it is a link to no file in the archive"),
        ("a/out.png", "it is a link that leads out of the archive"),
        ("a/pipe", "it is no plain file"),
    ];
    for archive in [packed_by_gzip(&tar), tar, zip] {
        let from_archive = Options {
            manifests: Vec::new(),
            posters: vec![archive.clone()],
            force: true,
            ..options(&folder)
        };
        assert_eq!(build(&from_archive).labels, ["b", "c"]);
        let rejected = table(&from_archive, "rejected.csv").into_iter();
        let mut rejected: Vec<_> = rejected
            .map(|row| (row["poster"].clone(), row["detail"].clone()))
            .collect();
        rejected.sort();
        let is_zip = archive.extension().is_some_and(|end| end == "zip");
        let expected = expected
            .iter()
            .filter(|(name, _)| !(is_zip && *name == "a/pipe"));
        assert_eq!(rejected.len(), expected.clone().count(), "{rejected:?}");
        for ((name, detail), (expected, why)) in rejected.iter().zip(expected) {
            let told = name == expected && detail == why;
            assert!(told, "{}: {name}: {detail}", archive.display());
        }
    }
}
