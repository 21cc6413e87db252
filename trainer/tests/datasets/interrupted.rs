//! A build that was killed and started again has the same result as one that was not.
//!
//! Two posters are named pipes, at which a build waits until the test has written the poster or has
//! killed it.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use image::ImageFormat;

use crate::drawn;

/// A few more films than a build inspects before it records them.
const FILMS: usize = 1100;

/// The films whose posters are pipes: one is recorded long before the other is inspected.
const PIPES: [usize; 2] = [10, 1090];

fn start(folder: &Path, out: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_marquee"));
    command
        .args(["build", "--manifest", "movies.csv", "--posters", "posters"])
        .arg("--out")
        .arg(out)
        .current_dir(folder)
        .stdout(Stdio::null());
    let said = File::options()
        .create(true)
        .append(true)
        .open(folder.join("said"));
    command.stderr(said.expect("it can be written"));
    command.spawn().expect("the command starts")
}

fn succeeds(mut build: Child) {
    assert!(build.wait().expect("it ran").success());
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("it is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = fs::read(&path).expect("it can be read");
            found.insert(path.file_name().expect("it has a name").into(), bytes);
        }
    }
    found
}

struct Pipe {
    path: PathBuf,
    poster: Vec<u8>,
}

impl Pipe {
    /// Replaces a poster by a pipe. The folder of the posters must not change during a build, so the
    /// pipe lies in a folder within it.
    fn new(path: PathBuf) -> Pipe {
        let poster = fs::read(&path).expect("it is there");
        let pipe = Pipe { path, poster };
        pipe.renew();
        pipe
    }

    /// The next reader gets a new pipe: in the old one it could meet this reader's bytes.
    fn renew(&self) {
        let new = self.path.with_extension("new");
        let made = Command::new("mkfifo").arg(&new).status();
        assert!(made.expect("there is `mkfifo`").success());
        fs::rename(&new, &self.path).expect("it can be renamed");
    }

    /// Waits until a build reads the poster.
    fn wait(&self) -> File {
        let pipe = OpenOptions::new().write(true).open(&self.path);
        pipe.expect("it can be written")
    }

    /// Gives a build the poster when it reads it.
    fn give(&self) {
        let mut pipe = self.wait();
        self.renew();
        pipe.write_all(&self.poster).expect("the build reads it");
    }

    /// Kills a build when it reads the poster.
    fn kill(&self, mut build: Child) {
        let _pipe = self.wait();
        build.kill().expect("it runs");
        build.wait().expect("it ended");
        self.renew();
    }

    /// Makes the pipe a file again, and gives a build that reads the pipe the poster.
    fn end(&self) {
        let mut pipe = self.wait();
        let new = self.path.with_extension("new");
        fs::write(&new, &self.poster).expect("it can be written");
        fs::rename(&new, &self.path).expect("it can be renamed");
        pipe.write_all(&self.poster).expect("the build reads it");
    }
}

#[test]
fn a_build_that_is_killed_at_each_step_ends_the_same() {
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = guard.path();
    let posters = folder.join("posters");
    fs::create_dir_all(posters.join("pipes")).expect("it can be made");
    // forty pictures in many files, each with other bytes after the end of the picture
    let pictures: Vec<Vec<u8>> = (0..40)
        .map(|seed| drawn::encode(drawn::poster(seed, seed as u64, 60, 90), ImageFormat::Jpeg))
        .collect();
    let mut manifest = "id,poster,title,genres\n".to_owned();
    for film in 0..FILMS {
        let mut bytes = pictures[film % pictures.len()].clone();
        bytes.extend(film.to_le_bytes());
        let within = if PIPES.contains(&film) { "pipes/" } else { "" };
        let name = format!("{within}{film}.jpg");
        fs::write(posters.join(&name), bytes).expect("it can be written");
        let genre = ["Drama", "Horror", "War"][film % 3];
        manifest += &format!("film{film:04},{name},Film {film},{genre}\n");
    }
    fs::write(folder.join("movies.csv"), manifest).expect("it can be written");
    let undisturbed = folder.join("undisturbed");
    succeeds(start(folder, &undisturbed));

    let [first, last] = PIPES.map(|film| Pipe::new(posters.join(format!("pipes/{film}.jpg"))));
    let disturbed = folder.join("disturbed");
    // while it inspects, before and after it has recorded the first posters
    first.kill(start(folder, &disturbed));
    let build = start(folder, &disturbed);
    first.give();
    last.kill(build);
    // while it writes, at the first posters and at the last
    let build = start(folder, &disturbed);
    last.give();
    first.kill(build);
    let build = start(folder, &disturbed);
    first.give();
    last.kill(build);
    let build = start(folder, &disturbed);
    first.end();
    last.end();
    succeeds(build);

    let (left, right) = (files(&undisturbed), files(&disturbed));
    assert!(left.keys().eq(right.keys()));
    for (name, bytes) in left {
        assert!(right[&name] == bytes, "{} differs", name.display());
    }
    assert!(!folder.join("disturbed.building").exists());
    // it may have died of that poster
    let said = fs::read_to_string(folder.join("said")).expect("it was written");
    let going_on: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("going on"))
        .collect();
    assert_eq!(going_on.len(), 4, "{said}");
    for (line, poster) in [(0, "pipes/10.jpg"), (1, "pipes/1090.jpg")] {
        assert!(going_on[line].contains(poster), "{said}");
    }
}
