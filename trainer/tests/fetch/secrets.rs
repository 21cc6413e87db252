//! The key: it is written nowhere, and TMDB may refuse it.

use std::fs;
use std::net::TcpListener;
use std::process::Output;

use crate::tmdb::{Fault, Film, KEY};
use crate::{command, failed, fetch, folder, printed, stand_in, succeeded};

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
        let output = fetch(&server, out.path(), &["--tries", "2", "--timeout", "1"]);
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
