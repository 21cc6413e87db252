//! A stand-in for TMDB, to try `marquee fetch` without a key:
//!
//!     cargo run -p marquee-trainer --no-default-features --example tmdb_stand_in
//!
//! It serves 300 films that do not exist, with drawn posters. A few requests fail.

#[path = "../tests/drawn/mod.rs"]
mod drawn;
#[path = "../tests/tmdb/mod.rs"]
#[allow(dead_code)] // the tests use more of it
mod tmdb;

use std::process::ExitCode;
use std::thread;

use tmdb::{Fault, Film, KEY, StandIn};

const PORT: u16 = 7366;

fn main() -> ExitCode {
    let server = match StandIn::start(PORT, Film::many(300)) {
        Ok(server) => server,
        Err(error) => {
            eprintln!("cannot listen on port {PORT}: {error}");
            return ExitCode::FAILURE;
        }
    };
    for (path, fault, times) in [
        ("/3/movie/12", Fault::Status(404), usize::MAX),
        ("/3/movie/40", Fault::RetryAfter("2".to_owned()), 1),
        ("/3/movie/77", Fault::Status(500), 2),
        ("/poster100.jpg", Fault::Html, usize::MAX),
        ("/poster150.jpg", Fault::CutOff, 1),
    ] {
        server.fail(path, fault, times);
    }
    println!(
        "Serving films until Ctrl-C. In another terminal:\n\n  \
         TMDB_API_KEY={KEY} \\\n  MARQUEE_TMDB_API={} \\\n  MARQUEE_TMDB_IMAGES={} \\\n  \
         marquee fetch --out films",
        server.api(),
        server.images()
    );
    loop {
        thread::park();
    }
}
