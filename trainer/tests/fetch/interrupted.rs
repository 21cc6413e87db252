//! Runs that are stopped or killed. The server holds requests, so that a run is in its middle then.

use std::process::{Command, Stdio};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::tmdb::Film;
use crate::{command, failed, fetch, files, folder, movies, printed, stand_in, succeeded};

#[test]
#[cfg(unix)]
fn two_runs_do_not_share_a_folder_and_ctrl_c_stops_cleanly() {
    let server = stand_in(Film::many(100));
    server.hold_after(40);
    let out = folder();
    let first = command(&server, out.path(), &[])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    server.wait_until_held();
    failed(
        &fetch(&server, out.path(), &[]),
        &["another `marquee fetch`", "--out"],
    );
    let signal = Command::new("kill")
        .args(["-INT", &first.id().to_string()])
        .status();
    assert!(signal.expect("there is a `kill`").success());
    let output = first.wait_with_output().expect("it has ended");
    assert_eq!(output.status.code(), Some(130));
    assert!(
        printed(&output).contains("Start the same command again"),
        "{}",
        printed(&output)
    );
    let stopped = movies(out.path()).len();
    assert!((1..100).contains(&stopped), "{stopped} films");

    server.release();
    succeeded(&fetch(&server, out.path(), &[]));
    assert_eq!(movies(out.path()).len(), 100);
}

#[test]
fn a_run_that_is_killed_again_and_again_ends_as_one_that_is_not() {
    const FILMS: u64 = 70;
    const KILLS: usize = 10;
    let server = stand_in(Film::many(FILMS));
    let undisturbed = folder();
    let args = ["--format", "both"];
    succeeded(&fetch(&server, undisturbed.path(), &args));
    let requests: usize = server.asked().values().sum();

    let out = folder();
    let mut rng = ChaCha8Rng::seed_from_u64(10);
    for _ in 0..KILLS {
        // all runs together get too few answers to end
        server.hold_after(rng.random_range(1..requests / KILLS));
        let mut run = command(&server, out.path(), &args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        server.wait_until_held();
        run.kill().expect("it can be killed");
        run.wait().expect("it has ended");
    }
    server.release();
    succeeded(&fetch(&server, out.path(), &args));
    assert!(files(out.path()) == files(undisturbed.path()));
    assert_eq!(movies(out.path()).len() as u64, FILMS);
}
