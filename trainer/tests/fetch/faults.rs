//! Servers that fail: what can be fetched is, and the rest is named.

use std::collections::BTreeMap;
use std::fs;

use crate::tmdb::{Fault, Film};
use crate::{fetch, files, folder, movies, stand_in, succeeded, table};

#[test]
fn what_can_be_fetched_is_and_the_rest_is_named() {
    let mut films = Film::many(45);
    films[13].has_poster = false;
    let server = stand_in(films.clone());
    let always = usize::MAX;
    for (path, fault, times) in [
        ("/discover/movie", Fault::Html, 1),
        ("/movie/3", Fault::Status(404), always),
        ("/movie/4", Fault::Status(500), 2),
        ("/movie/5", Fault::Status(503), always),
        ("/movie/10", Fault::Html, always),
        ("/movie/11", Fault::Status(429), 2),
        ("/movie/12", Fault::CutOff, 1),
        ("/movie/15", Fault::RetryAfter("1".to_owned()), 1),
        ("/poster6.jpg", Fault::Html, 1),
        ("/poster7.jpg", Fault::Empty, always),
        ("/poster8.jpg", Fault::CutOff, always),
        ("/poster16.jpg", Fault::Status(404), always),
        ("/poster17.jpg", Fault::Html, always),
    ] {
        server.fail(path, fault, times);
    }
    let out = folder();
    let said = succeeded(&fetch(&server, out.path(), &["--tries", "3"]));
    assert!(
        said.contains("42 films") && said.contains("37 posters"),
        "{said}"
    );
    assert!(
        said.contains("lost.csv") && said.contains("not endorsed"),
        "{said}"
    );

    let lost = table(&out.path().join("lost.csv"), "tmdb_id");
    let lost: Vec<(u64, &str, &str)> = lost
        .iter()
        .map(|(id, row)| (*id, row["what"].as_str(), row["reason"].as_str()))
        .collect();
    let no_picture = "the answer is not a poster: not an image (JPEG, PNG, WebP, GIF, BMP)";
    assert_eq!(
        lost,
        [
            (3, "film", "the server answered 404 Not Found"),
            (5, "film", "the server answered 503 Service Unavailable"),
            (7, "poster", "the answer is not a poster: the file is empty"),
            (8, "poster", "the answer was cut off"),
            (10, "film", "the answer is not TMDB's JSON"),
            (16, "poster", "the server answered 404 Not Found"),
            (17, "poster", no_picture),
        ]
    );
    let rows = movies(out.path());
    for film in &films {
        let poster = out.path().join(format!("posters/tmdb{}.jpg", film.id));
        let is_lost = |wanted| {
            lost.iter()
                .any(|(id, what, _)| (*id, *what) == (film.id, wanted))
        };
        let has_poster = film.has_poster && !is_lost("poster") && !is_lost("film");
        assert_eq!(poster.exists(), has_poster, "{}", film.id);
        if has_poster {
            assert_eq!(fs::read(poster).expect("it is there"), film.poster(92));
        }
        assert_eq!(rows.contains_key(&film.id), !is_lost("film"));
        if let Some(row) = rows.get(&film.id) {
            assert_eq!(row["poster"].is_empty(), !has_poster);
        }
    }
    let row = rows[&21].clone();
    let row = row
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let expected = [
        ("id", "tmdb21"),
        ("poster", "tmdb21.jpg"),
        ("title", "Film 21"),
        ("original_title", "Le film n° 21"),
        ("year", "1971"),
        ("release_date", "1971-10-22"),
        ("language", "en"),
        ("genres", "Action|Science Fiction"),
        ("runtime", "111"),
        ("score", "7.7"),
        ("votes", "777"),
        ("overview", "They said, \"21\",\nand were right."),
        ("budget", "1000000"),
        ("revenue", ""),
        ("director", "D. Irector 3"),
        ("imdb_id", "tt0000021"),
        ("tmdb_id", "21"),
    ];
    assert_eq!(row.collect::<BTreeMap<_, _>>(), BTreeMap::from(expected));

    // the next run, with a healthy server, asks only for what was lost
    server.heal();
    server.asked();
    succeeded(&fetch(&server, out.path(), &[]));
    let asked = server.asked();
    let films_lost = ["/3/movie/3", "/3/movie/5", "/3/movie/10"];
    let posters_lost = [3, 5, 7, 8, 10, 16, 17].map(|id| format!("/t/p/w92/poster{id}.jpg"));
    let mut expected: Vec<&str> = films_lost.to_vec();
    expected.extend(posters_lost.iter().map(String::as_str));
    expected.sort_unstable();
    assert_eq!(asked.keys().collect::<Vec<_>>(), expected);
    assert!(asked.values().all(|times| *times == 1), "{asked:?}");
    assert_eq!(movies(out.path()).len(), 45);
    let lost = fs::read_to_string(out.path().join("lost.csv")).expect("it is there");
    assert_eq!(lost, "tmdb_id,what,reason\r\n");

    // the run after that asks for nothing
    let before = files(out.path());
    succeeded(&fetch(&server, out.path(), &[]));
    assert_eq!(server.asked(), BTreeMap::new());
    assert_eq!(files(out.path()), before);
}

#[test]
fn what_never_ends_is_tried_again() {
    let server = stand_in(Film::many(5));
    for path in ["/discover/movie", "/movie/3", "/poster4.jpg"] {
        server.fail(path, Fault::Stall, 1);
    }
    let out = folder();
    succeeded(&fetch(
        &server,
        out.path(),
        &["--timeout", "1", "--tries", "20"],
    ));
    assert_eq!(movies(out.path()).len(), 5);
    assert!(out.path().join("posters/tmdb4.jpg").exists());
}
