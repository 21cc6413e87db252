//! Lists whose posters are web addresses: each is downloaded once.

use std::fs;
use std::path::Path;
use std::time::Duration;

use marquee_trainer::dataset::manifest::{Columns, Preset};
use marquee_trainer::dataset::{self, Options};
use marquee_trainer::fetch::RequestOptions;

use crate::tmdb::{Fault, Film, StandIn};

fn options(folder: &Path, list: &str, preset: Preset) -> Options {
    let manifest = folder.join("list.csv");
    fs::write(&manifest, list).expect("it can be written");
    Options {
        posters: Vec::new(),
        columns: Columns::from(preset),
        requests: RequestOptions {
            rate: 1000.0,
            tries: 2,
            backoff: Duration::from_millis(1),
            ..RequestOptions::default()
        },
        ..Options::new(manifest, folder.to_owned(), folder.join("dataset"))
    }
}

#[test]
fn kaggles_list_becomes_a_dataset_and_asks_for_each_poster_once() {
    let server = StandIn::start(0, Film::many(40)).expect("a port is free");
    server.fail("/poster7.jpg", Fault::Status(404), usize::MAX);
    let poster = |film: usize| format!("{}/w342/poster{film}.jpg", server.images());
    let rows: Vec<String> = (1..=40)
        .map(|film| {
            format!(
                "{film},x,Film {film} (1999),7.5,Horror|Sport,{}",
                poster(film)
            )
        })
        .collect();
    let list = format!(
        "imdbId,Imdb Link,Title,IMDB Score,Genre,Poster\n{}\n",
        rows.join("\n")
    );
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let mut options = options(guard.path(), &list, Preset::Kaggle);
    let summary = dataset::build(&options).expect("it can be built");
    assert_eq!(summary.cleaning.rejected["poster not downloaded"], 1);
    let films: usize = summary
        .counts
        .values()
        .flat_map(|split| split.values())
        .sum();
    assert_eq!(films + 1, rows.len());
    let rejected = fs::read_to_string(options.out.join("rejected.csv")).expect("it is there");
    assert!(rejected.contains("404"), "{rejected}");

    let asked = server.asked();
    let whole = asked
        .iter()
        .filter(|(path, _)| !path.ends_with("/poster7.jpg"));
    assert!(whole.clone().all(|(_, times)| *times == 1), "{asked:?}");
    options.force = true;
    let again = dataset::build(&options).expect("it can be built");
    assert_eq!(again.hash, summary.hash);
    let asked = server.asked();
    assert!(
        asked.keys().all(|path| path.ends_with("/poster7.jpg")),
        "{asked:?}"
    );
}

#[test]
fn the_student_projects_list_becomes_a_dataset() {
    let server = StandIn::start(0, Film::many(9)).expect("a port is free");
    let rows: Vec<String> = (1..=9)
        .map(|film| {
            let poster = format!("{}/w342/poster{film}.jpg", server.images());
            format!("{poster},영화 {film},\"공포, 드라마\",120,75,줄거리,,,감독")
        })
        .collect();
    let header = "포스터,제목,장르,러닝타임,회원점수,줄거리,제작비,수익,감독";
    let list = format!("\u{feff}{header}\n{}\n", rows.join("\n"));
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let options = options(guard.path(), &list, Preset::Student);
    let summary = dataset::build(&options).expect("it can be built");
    let films = summary.counts.values().map(|split| split["Horror"]);
    assert_eq!(films.sum::<usize>(), 9);
    let movies = fs::read_to_string(options.out.join("movies.csv")).expect("it is there");
    assert!(
        movies.contains("poster3,") && movies.contains("영화 3"),
        "{movies}"
    );
}
