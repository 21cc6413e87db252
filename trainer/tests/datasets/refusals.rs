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
