//! Posters from any address.

use std::fs;
use std::time::Duration;

use indicatif::ProgressBar;
use marquee_trainer::fetch::{RequestOptions, download};

use crate::tmdb::{Fault, Film};
use crate::{folder, stand_in};

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
    let requests = RequestOptions {
        rate: 500.0,
        tries: 2,
        backoff: Duration::from_millis(5),
        ..RequestOptions::default()
    };
    let bar = ProgressBar::hidden();
    let results = download(&wanted, &requests, &bar).expect("it works");
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
    download(&wanted, &requests, &bar).expect("it works");
    assert!(
        server
            .asked()
            .keys()
            .all(|path| !path.ends_with("poster2.jpg"))
    );
}
