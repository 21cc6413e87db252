//! What cannot be built, and why.

use std::fs;

use marquee_trainer::dataset::Options;

use crate::{TEN, build, given, options, refusal};

#[test]
fn what_cannot_be_built_says_why_and_leaves_nothing_behind() {
    let (_guard, folder) = given(&["f0,none.png,A,Drama"]);
    let options = options(&folder);
    assert!(refusal(&options).contains("there is no file of that name"));

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
fn genres_that_the_rule_cannot_read_are_not_anything_else() {
    let (_guard, folder) = given(&[
        "f0,0.png,A,Drame",
        "f1,1.png,B,Drame|Horreur",
        "f2,2.png,C,Horreur",
        "f3,3.png,D,Drama",
    ]);
    let said = refusal(&options(&folder));
    let words =
        "3 of 4 films have genres that the rule does not know: \"Drame\" (2), \"Horreur\" (2)";
    assert!(
        said.contains(words) && said.contains("--print-rule"),
        "{said}"
    );
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
    assert!(refusal(&posters).contains("not a dataset"));
}

#[test]
fn an_archive_that_is_cut_off_is_called_damaged_and_another_file_no_archive() {
    let (_guard, folder) = given(&TEN);
    let tar = folder.join("posters.tar");
    let mut builder = tar::Builder::new(fs::File::create(&tar).expect("it can be written"));
    builder
        .append_dir_all(".", folder.join("posters"))
        .expect("the posters are there");
    builder.finish().expect("it can be written");
    let cut = fs::metadata(&tar).expect("it is there").len() / 2;
    fs::OpenOptions::new()
        .write(true)
        .open(&tar)
        .and_then(|file| file.set_len(cut))
        .expect("it can be cut");
    let text = folder.join("notes.txt");
    fs::write(&text, "no archive").expect("it can be written");
    for (posters, words) in [
        (tar, "may be damaged or cut off"),
        (text, "neither a folder of posters nor an archive"),
        (folder.join("none.zip"), "there is no folder or archive"),
    ] {
        let said = refusal(&Options {
            posters: vec![posters],
            ..options(&folder)
        });
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn an_error_names_the_file_that_it_is_about() {
    let (_guard, folder) = given(&TEN);
    // folders of classes with nothing that can be read
    let bad = folder.join("bad");
    for class in ["a", "b"] {
        fs::create_dir_all(bad.join(class)).expect("it can be made");
        fs::write(bad.join(class).join("0.png"), b"\x89PNG\r\n\x1a\n").expect("it can be written");
    }
    let said = refusal(&Options {
        manifests: Vec::new(),
        posters: vec![bad],
        ..options(&folder)
    });
    assert!(
        said.contains("no poster in ") && said.contains("/bad is usable"),
        "{said}"
    );
    assert!(said.contains("for example, a/0.png: ") || said.contains("for example, b/0.png: "));
    assert!(!said.contains("line 0"), "{said}");

    let list = folder.join("posters/metadata.jsonl");
    fs::write(&list, "{}").expect("it can be written");
    let said = refusal(&Options {
        manifests: vec![folder.join("posters")],
        ..options(&folder)
    });
    assert!(
        said.contains("is a folder") && said.contains("metadata.jsonl"),
        "{said}"
    );

    let said = refusal(&Options {
        apart_from: vec![folder.join("posters")],
        ..options(&folder)
    });
    assert!(
        said.contains("no dataset") && !said.contains("goes on"),
        "{said}"
    );
    assert!(!folder.join("dataset.building").exists());
}

#[test]
fn files_that_are_packed_are_named_and_not_printed() {
    let (_guard, folder) = given(&TEN);
    let packed = folder.join("packed");
    for (first, words) in [
        (&b"PK\x03\x04"[..], "a ZIP archive"),
        (b"\x1F\x8B\x08", "packed by gzip"),
    ] {
        fs::write(&packed, [first, &[b'x'; 600]].concat()).expect("it can be written");
        let list = Options {
            manifests: vec![packed.clone()],
            ..options(&folder)
        };
        let archive = Options {
            posters: vec![packed.clone()],
            ..options(&folder)
        };
        for (refused, words) in [
            (refusal(&list), words),
            (refusal(&archive), "cannot unpack"),
        ] {
            assert!(
                refused.contains(words) && !refused.contains("xxx"),
                "{refused}"
            );
        }
    }
}
