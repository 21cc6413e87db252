//! `marquee fetch` against a stand-in for TMDB that fails as servers do.

mod tmdb;

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use indicatif::ProgressBar;
use marquee_trainer::fetch::{Day, Polite, download};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use tmdb::{Fault, Film, KEY, StandIn};

fn stand_in(films: Vec<Film>) -> StandIn {
    StandIn::start(0, films).expect("a port is free")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

/// The command, in a hurry; `args` may slow it down again.
fn command(server: &StandIn, out: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_marquee"));
    let hurry = [
        "--rate",
        "1000",
        "--backoff",
        "10",
        "--timeout",
        "1.5",
        "--size",
        "w92",
    ];
    command.arg("fetch").arg("--out").arg(out);
    for pair in hurry.chunks(2) {
        if !args.contains(&pair[0]) {
            command.args(pair);
        }
    }
    command
        .args(args)
        .env_remove("TMDB_TOKEN")
        .env("TMDB_API_KEY", KEY)
        .env("MARQUEE_TMDB_API", server.api())
        .env("MARQUEE_TMDB_IMAGES", server.images())
        .env("NO_PROXY", "127.0.0.1");
    command
}

fn fetch(server: &StandIn, out: &Path, args: &[&str]) -> Output {
    command(server, out, args).output().expect("it starts")
}

fn printed(output: &Output) -> String {
    let printed = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(printed).expect("the output is UTF-8")
}

#[track_caller]
fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}", printed(output));
    printed(output)
}

#[track_caller]
fn failed(output: &Output, words: &[&str]) {
    let printed = printed(output);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    for word in words {
        assert!(printed.contains(word), "no {word:?} in {printed}");
    }
}

/// A table's rows by the column `key`.
fn table(path: &Path, key: &str) -> BTreeMap<u64, BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("the table is there");
    let mut table = BTreeMap::new();
    for row in reader.deserialize() {
        let row: BTreeMap<String, String> = row.expect("a whole row");
        let id = row[key].parse().expect("a number");
        assert!(table.insert(id, row).is_none(), "{id} is there twice");
    }
    table
}

fn movies(out: &Path) -> BTreeMap<u64, BTreeMap<String, String>> {
    table(&out.join("movies.csv"), "tmdb_id")
}

/// What is in the folder that users look at, by name.
fn files(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for folder in [out.to_owned(), out.join("posters")] {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let bytes = fs::read(&path).expect("it can be read");
                let name = path.strip_prefix(out).expect("it is inside");
                files.insert(name.to_string_lossy().into_owned(), bytes);
            }
        }
    }
    files
}

#[test]
fn what_can_be_fetched_is_and_the_rest_is_named() {
    let mut films = Film::many(45);
    films[13].has_poster = false;
    let server = stand_in(films.clone());
    let always = usize::MAX;
    for (path, fault, times) in [
        ("/discover/movie", Fault::Html, 1),
        ("/discover/movie", Fault::Stall, 1),
        ("/movie/3", Fault::Status(404), always),
        ("/movie/4", Fault::Status(500), 2),
        ("/movie/5", Fault::Status(503), always),
        ("/movie/10", Fault::Html, always),
        ("/movie/11", Fault::Status(429), 2),
        ("/movie/12", Fault::CutOff, 1),
        ("/movie/15", Fault::Stall, 1),
        ("/poster6.jpg", Fault::Html, 1),
        ("/poster7.jpg", Fault::Empty, always),
        ("/poster8.jpg", Fault::CutOff, always),
        ("/poster9.jpg", Fault::Stall, 1),
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
    let no_picture = "what came is no poster: not a JPEG, PNG, WebP, GIF or BMP image";
    assert_eq!(
        lost,
        [
            (3, "film", "the server answered 404 Not Found"),
            (5, "film", "the server answered 503 Service Unavailable"),
            (7, "poster", "what came is no poster: the file is empty"),
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

    // Again, with a server that is well: only what was lost is asked for.
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

    // And once more: nothing.
    let before = files(out.path());
    succeeded(&fetch(&server, out.path(), &[]));
    assert_eq!(server.asked(), BTreeMap::new());
    assert_eq!(files(out.path()), before);
}

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
    // a folder with nothing in it takes other filters
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
fn requests_keep_to_the_rate() {
    let server = stand_in(Film::many(25));
    let out = folder();
    succeeded(&fetch(&server, out.path(), &["--rate", "40"]));
    let times = server.times();
    assert_eq!(times.len(), 2 + 2 * 25);
    // 1.275 s at the rate, if the clock of a busy machine is to be trusted
    let took = times[51].duration_since(times[0]);
    assert!(took > Duration::from_millis(900), "52 requests in {took:?}");
    for window in times.windows(26) {
        let took = window[25].duration_since(window[0]);
        assert!(took > Duration::from_millis(250), "25 requests in {took:?}");
    }
}

#[test]
fn everything_rests_while_the_server_asks_for_it() {
    for wait in ["1".to_owned(), http_date_in(4)] {
        let server = stand_in(Film::many(40));
        server.fail("/movie/9", Fault::RetryAfter(wait.clone()), 1);
        let out = folder();
        succeeded(&fetch(&server, out.path(), &["--rate", "100"]));
        assert_eq!(movies(out.path()).len(), 40);
        let times = server.times();
        let gaps = times.windows(2).map(|pair| pair[1].duration_since(pair[0]));
        let longest = gaps.max().expect("there are requests");
        assert!(longest > Duration::from_millis(700), "{wait}: {longest:?}");
    }
}

/// The time in so many seconds, as RFC 9110 writes it.
fn http_date_in(seconds: u64) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let time = now.expect("it is after 1970").as_secs() + seconds;
    let of_day = time % 86_400;
    if of_day < seconds {
        // midnight would come between this clock and the next
        sleep(Duration::from_secs(seconds));
        return http_date_in(seconds);
    }
    let today = Day::today().to_string();
    let month: usize = today[5..7].parse().expect("a month");
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(time / 86_400 % 7) as usize];
    format!(
        "{weekday}, {} {} {} {:02}:{:02}:{:02} GMT",
        &today[8..],
        MONTHS[month - 1],
        &today[..4],
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60
    )
}

#[test]
fn the_key_is_nowhere() {
    let server = stand_in(Film::many(5));
    let out = folder();
    let secretless = |output: &Output| {
        assert!(!printed(output).contains(KEY), "{}", printed(output));
        let mut folders = vec![out.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("the folder is there") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = fs::read(&path).expect("it can be read");
                    let text = String::from_utf8_lossy(&text);
                    assert!(!text.contains(KEY), "{}", path.display());
                }
            }
        }
    };
    let fails = [
        Fault::Status(500),
        Fault::Status(429),
        Fault::Status(403),
        Fault::Status(401),
        Fault::Html,
        Fault::Empty,
        Fault::CutOff,
        Fault::Stall,
    ];
    for fault in fails {
        server.fail("", fault, usize::MAX);
        let output = fetch(&server, out.path(), &["--tries", "2"]);
        failed(&output, &[]);
        secretless(&output);
        server.heal();
    }
    // a port at which nobody listens
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let closed = format!("http://{}", closed.expect("a port is free"));
    let mut unreachable = command(&server, out.path(), &["--tries", "2"]);
    let output = unreachable
        .env("MARQUEE_TMDB_API", closed)
        .output()
        .expect("it starts");
    failed(&output, &["nothing could be fetched", "no connection"]);
    secretless(&output);
    let output = fetch(&server, out.path(), &[]);
    succeeded(&output);
    secretless(&output);
}

#[test]
fn a_key_that_is_refused_ends_it_at_once() {
    let server = stand_in(Film::many(50));
    let out = folder();
    for (name, other) in [
        ("TMDB_API_KEY", "TMDB_TOKEN"),
        ("TMDB_TOKEN", "TMDB_API_KEY"),
    ] {
        let mut command = command(&server, out.path(), &[]);
        let output = command.env(name, "wrong").env_remove(other).output();
        let output = output.expect("it starts");
        failed(&output, &[name, "https://www.themoviedb.org/settings/api"]);
        assert_eq!(server.asked().len(), 1);

        command.env(name, KEY);
        succeeded(&command.output().expect("it starts"));
        assert!(!server.asked().is_empty());
        fs::remove_dir_all(out.path()).expect("it can be removed");
    }
}

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

#[test]
#[cfg(unix)]
fn two_runs_do_not_share_a_folder_and_ctrl_c_stops_cleanly() {
    let server = stand_in(Film::many(100));
    let out = folder();
    let mut first = command(&server, out.path(), &["--rate", "50"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let begun = Instant::now();
    while server.times().len() < 40 {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "it does not begin"
        );
        sleep(Duration::from_millis(10));
    }
    failed(
        &fetch(&server, out.path(), &[]),
        &["another `marquee fetch`", "--out"],
    );
    let signal = Command::new("kill")
        .args(["-INT", &first.id().to_string()])
        .status();
    assert!(signal.expect("there is a `kill`").success());
    assert!(first.wait().is_ok());
    let output = first.wait_with_output().expect("it has ended");
    assert_eq!(output.status.code(), Some(130));
    assert!(
        printed(&output).contains("The same command goes on"),
        "{}",
        printed(&output)
    );
    let stopped = movies(out.path()).len();
    assert!((1..100).contains(&stopped), "{stopped} films");

    succeeded(&fetch(&server, out.path(), &[]));
    assert_eq!(movies(out.path()).len(), 100);
}

#[test]
fn a_run_that_is_killed_again_and_again_ends_as_one_that_is_not() {
    let server = stand_in(Film::many(70));
    let undisturbed = folder();
    let args = ["--rate", "150", "--format", "both"];
    succeeded(&fetch(&server, undisturbed.path(), &args));

    let out = folder();
    let mut rng = ChaCha8Rng::seed_from_u64(10);
    for _ in 0..10 {
        let mut run = command(&server, out.path(), &args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        sleep(Duration::from_millis(rng.random_range(20..320)));
        run.kill().expect("it can be killed");
        run.wait().expect("it has ended");
    }
    server.asked();
    succeeded(&fetch(&server, out.path(), &args));
    assert!(files(out.path()) == files(undisturbed.path()));
    assert_eq!(movies(out.path()).len(), 70);
}

#[test]
fn posters_of_any_address_are_downloaded() {
    let server = stand_in(Film::many(6));
    server.fail("/poster2.jpg", Fault::Status(500), 1);
    server.fail("/poster3.jpg", Fault::Html, usize::MAX);
    server.fail("/poster4.jpg", Fault::Status(403), usize::MAX);
    let out = folder();
    let file = |name: &str| out.path().join(name);
    fs::write(file("there.jpg"), "whatever").expect("it can be written");
    let host = server.images().replace("http://", "http://user:s3cret@");
    let poster = |id: usize| format!("{host}/w92/poster{id}.jpg?token=s3cret");
    let wanted = [
        (poster(1), file("there.jpg")),
        (poster(2), file("2.jpg")),
        (poster(2), file("2.jpg")),
        (poster(3), file("3.jpg")),
        (poster(4), file("4.jpg")),
        (poster(5), file("2.jpg")),
        (poster(77), file("77.jpg")),
        ("s3cret".to_owned(), file("5.jpg")),
        ("ftp://s3cret/poster".to_owned(), file("6.jpg")),
        (poster(5), file("deep/er/5.jpg")),
    ];
    let polite = Polite {
        rate: 500.0,
        tries: 2,
        backoff: Duration::from_millis(5),
        ..Polite::default()
    };
    let bar = ProgressBar::hidden();
    let results = download(&wanted, &polite, &bar).expect("it works");
    let there: Vec<bool> = results.iter().map(Result::is_ok).collect();
    assert_eq!(
        there,
        [
            true, true, true, false, false, false, false, false, false, true
        ]
    );
    assert_eq!(bar.position(), wanted.len() as u64);
    let reasons: Vec<&String> = results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect();
    assert!(
        reasons.iter().all(|reason| !reason.contains("s3cret")),
        "{reasons:?}"
    );
    assert_eq!(reasons[1], "the server answered 403 Forbidden");
    assert_eq!(reasons[2], "another poster has the same file name");
    assert_eq!(
        fs::read(file("there.jpg")).expect("it is there"),
        b"whatever"
    );
    for (id, name) in [(2, "2.jpg"), (5, "deep/er/5.jpg")] {
        assert_eq!(
            fs::read(file(name)).expect("it is there"),
            Film::new(id).poster(92)
        );
    }
    let left = fs::read_dir(out.path()).expect("it is there").count();
    assert_eq!(left, 3, "there.jpg, 2.jpg and deep");
    server.asked();
    download(&wanted, &polite, &bar).expect("it works");
    assert!(
        server
            .asked()
            .keys()
            .all(|path| !path.ends_with("poster2.jpg"))
    );
}
