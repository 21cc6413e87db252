//! Which films are listed, and the tables that they are written to.

use std::fs;

use marquee_trainer::dataset::manifest::{Columns, Manifest};

use crate::tmdb::{Fault, Film};
use crate::{failed, fetch, folder, movies, stand_in, succeeded};

#[test]
fn slices_beyond_page_500_are_split_and_no_film_is_missing_or_double() {
    let mut films: Vec<Film> = (1..=1100).map(Film::new).collect();
    for film in &mut films {
        film.has_poster = false;
    }
    // one day with more films than a query lists
    for film in &mut films[..520] {
        film.date = "1999-12-31".to_owned();
    }
    let server = stand_in(films);
    server.list(1);
    let out = folder();
    let said = succeeded(&fetch(&server, out.path(), &[]));
    assert!(said.contains("have the date 1999-12-31"), "{said}");
    let asked = server.asked();
    let beyond = asked.keys().filter(|path| path.ends_with(" 501")).count();
    assert_eq!(beyond, 0);
    let ids: Vec<u64> = movies(out.path()).into_keys().collect();
    let first = ids.len() - 580;
    assert!((500..=520).contains(&first), "{first} films of the day");
    assert_eq!(ids[first..], (521..=1100).collect::<Vec<u64>>());
}

#[test]
fn a_list_that_cannot_be_read_is_named_and_read_the_next_time() {
    let server = stand_in(Film::many(45));
    server.fail(" 2", Fault::Status(502), usize::MAX);
    let out = folder();
    succeeded(&fetch(
        &server,
        out.path(),
        &["--since", "1950", "--until", "2020"],
    ));
    assert_eq!(movies(out.path()).len(), 25);
    let lost = fs::read_to_string(out.path().join("lost.csv")).expect("it is there");
    let row = ",page 2 of 1950-01-01 to 2020-12-31,the server answered 502 Bad Gateway\r\n";
    assert!(lost.ends_with(row), "{lost}");

    server.heal();
    server.asked();
    succeeded(&fetch(
        &server,
        out.path(),
        &["--since", "1950", "--until", "2020"],
    ));
    assert_eq!(movies(out.path()).len(), 45);
    let asked = server.asked();
    let lists: Vec<&String> = asked
        .keys()
        .filter(|path| path.contains("discover"))
        .collect();
    assert_eq!(lists, ["/3/discover/movie 1950-01-01 2020-12-31 2"]);
    assert_eq!(asked.len(), 1 + 2 * 20);
}

#[test]
fn filters_choose_the_films() {
    let server = stand_in(Film::many(60));
    let most_voted = |films: &mut Vec<Film>| {
        films.sort_by_key(|film| std::cmp::Reverse(film.votes));
        films.truncate(25);
    };
    type Choice<'a> = (&'a [&'a str], &'a dyn Fn(&mut Vec<Film>));
    let choices: [Choice; 4] = [
        (&["--limit", "25"], &most_voted),
        (&["--since", "1960", "--until", "1969"], &|films| {
            films.retain(|film| film.date.starts_with("196"));
        }),
        (
            &["--since", "1960-11-11", "--until", "1960-11-11"],
            &|films| {
                films.retain(|film| film.date == "1960-11-11");
            },
        ),
        (&["--language", "fr", "--min-votes", "500"], &|films| {
            films.retain(|film| film.language == "fr" && film.votes >= 500);
        }),
    ];
    for (args, choose) in choices {
        let mut films = Film::many(60);
        choose(&mut films);
        let mut ids: Vec<u64> = films.iter().map(|film| film.id).collect();
        ids.sort_unstable();
        assert!(!ids.is_empty());
        let out = folder();
        succeeded(&fetch(&server, out.path(), args));
        assert_eq!(
            movies(out.path()).into_keys().collect::<Vec<_>>(),
            ids,
            "{args:?}"
        );
    }
    let out = folder();
    let none = fetch(&server, out.path(), &["--since", "2030", "--until", "2031"]);
    failed(&none, &["no film", "--since 2030-01-01"]);
    // a folder without films takes other filters
    succeeded(&fetch(&server, out.path(), &["--limit", "1"]));
    assert_eq!(movies(out.path()).len(), 1);
}

#[test]
fn tables_come_in_the_formats_asked_for() {
    let server = stand_in(Film::many(3));
    for (format, csv, parquet) in [
        ("csv", true, false),
        ("parquet", false, true),
        ("both", true, true),
    ] {
        let out = folder();
        succeeded(&fetch(&server, out.path(), &["--format", format]));
        let magic = |name: &str| {
            fs::read(out.path().join(name))
                .ok()
                .map(|bytes| bytes[..4].to_vec())
        };
        assert_eq!(
            magic("movies.csv"),
            csv.then(|| b"id,p".to_vec()),
            "{format}"
        );
        assert_eq!(
            magic("movies.parquet"),
            parquet.then(|| b"PAR1".to_vec()),
            "{format}"
        );
    }
}

#[test]
fn a_dataset_is_built_from_the_table() {
    let server = stand_in(Film::many(3));
    let out = folder();
    succeeded(&fetch(&server, out.path(), &[]));
    let columns = Columns::default();
    let path = out.path().join("movies.csv");
    let mut manifest = Manifest::open(&path, &columns).expect("it has the columns");
    let mut titles = Vec::new();
    while let Some((_, row)) = manifest.next_row().expect("it can be read") {
        titles.push(row.expect("a sound row").title);
    }
    assert_eq!(titles, ["Film 1", "Film 2", "Film 3"]);
}
