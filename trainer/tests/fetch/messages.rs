//! What the command says to people.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use crate::tmdb::Film;
use crate::{command, failed, fetch, folder, printed, stand_in, succeeded};

#[test]
fn mistakes_are_named_with_their_remedy() {
    let server = stand_in(Film::many(3));
    let out = folder();
    let no_key = command(&server, out.path(), &[])
        .env_remove("TMDB_API_KEY")
        .output()
        .expect("it starts");
    failed(
        &no_key,
        &[
            "https://www.themoviedb.org/settings/api",
            "TMDB_API_KEY",
            "TMDB_TOKEN",
        ],
    );
    failed(
        &fetch(&server, out.path(), &["--since", "2001", "--until", "2000"]),
        &["--since 2001-01-01", "--until 2000-12-31"],
    );
    for wrong in [
        ["--since", "soon"],
        ["--language", "english"],
        ["--rate", "0"],
        ["--limit", "0"],
    ] {
        let output = fetch(&server, out.path(), &wrong);
        assert!(!output.status.success(), "{wrong:?}");
        assert!(printed(&output).contains("write "), "{}", printed(&output));
    }
    fs::write(out.path().join("movies.csv"), "mine").expect("it can be written");
    failed(&fetch(&server, out.path(), &[]), &["movies.csv", "--out"]);
    assert_eq!(server.asked(), BTreeMap::new());

    let out = folder();
    succeeded(&fetch(&server, out.path(), &["--until", "2020"]));
    failed(
        &fetch(
            &server,
            out.path(),
            &["--until", "2020", "--min-votes", "9"],
        ),
        &[
            "--min-votes 9",
            "was begun with --size w92 --until 2020-12-31,",
            "--out",
        ],
    );
}

#[test]
fn help_tells_the_terms() {
    let output = Command::new(env!("CARGO_BIN_EXE_marquee"))
        .args(["fetch", "--help"])
        .output();
    let help = succeeded(&output.expect("it starts"));
    for word in [
        "This product uses the TMDB API but is not endorsed or certified by TMDB.",
        "https://www.themoviedb.org/settings/api",
        "TMDB_API_KEY",
        "MARQUEE_TMDB_API",
        "MARQUEE_TMDB_IMAGES",
        "redistribution",
        "machine learning",
    ] {
        assert!(help.contains(word), "no {word:?} in {help}");
    }
}
