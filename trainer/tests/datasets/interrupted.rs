//! A build that is killed again and again ends as one that was left alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use image::ImageFormat;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::drawn;

/// Enough for a build to take longer than the longest wait before it is killed.
const FILMS: usize = 3000;

fn start(folder: &Path, out: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_marquee"));
    command
        .arg("build")
        .args([
            "--manifest",
            "movies.csv",
            "--posters",
            "posters.tar",
            "--out",
        ])
        .arg(out)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().expect("the command starts")
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder)
        .expect("the dataset is there")
        .flatten()
    {
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

#[test]
fn a_build_that_is_killed_ten_times_ends_the_same() {
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = guard.path();
    // forty posters under many names, each with a byte of its own after the picture's end
    let pictures: Vec<Vec<u8>> = (0..40)
        .map(|seed| {
            drawn::encode(
                drawn::poster(seed, seed as u64, 200, 300),
                ImageFormat::Jpeg,
            )
        })
        .collect();
    let tar = fs::File::create(folder.join("posters.tar")).expect("it can be written");
    let mut tar = tar::Builder::new(tar);
    let mut manifest = "id,poster,title,genres\n".to_owned();
    for film in 0..FILMS {
        let mut bytes = pictures[film % pictures.len()].clone();
        bytes.extend(film.to_le_bytes());
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, format!("{film}.jpg"), &bytes[..])
            .expect("it can be added");
        let genre = ["Drama", "Horror", "War"][film % 3];
        manifest += &format!("film{film},{film}.jpg,Film {film},{genre}\n");
    }
    tar.finish().expect("it can be written");
    fs::write(folder.join("movies.csv"), manifest).expect("likewise");

    let undisturbed = folder.join("undisturbed");
    let begun = std::time::Instant::now();
    let status = start(folder, &undisturbed).wait().expect("it ran");
    assert!(status.success());
    let whole = begun.elapsed();

    let disturbed = folder.join("disturbed");
    let mut rng = ChaCha8Rng::seed_from_u64(10);
    let mut killed = 0;
    for _ in 0..10 {
        let wait = whole.mul_f64(rng.random_range(0.02..0.25));
        let mut child = start(folder, &disturbed);
        std::thread::sleep(wait.max(Duration::from_millis(5)));
        if child.try_wait().expect("it can be asked").is_none() {
            child.kill().expect("it runs");
            killed += 1;
        }
        child.wait().expect("it ended");
    }
    assert!(killed > 0, "no build ran long enough to be killed");
    let ended = disturbed.exists();
    let status = start(folder, &disturbed).wait().expect("it ran");
    assert_eq!(status.success(), !ended, "a dataset is not replaced");
    let (left, right) = (files(&undisturbed), files(&disturbed));
    assert_eq!(
        left.keys().collect::<Vec<_>>(),
        right.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in left {
        assert!(right[&name] == bytes, "{} differs", name.display());
    }
    let leftovers = fs::read_dir(folder).expect("it is there").flatten();
    let building =
        leftovers.filter(|entry| entry.path().extension().is_some_and(|e| e == "building"));
    assert_eq!(building.count(), 0);
}
