//! What the compiled programs have to hold, and what they must not.

use super::program::Program;
use crate::tools::rust;
use anyhow::{Context, Result, bail, ensure};
use std::{fs, path::Path};
use wasmparser::{Operator, Parser, Payload};

/// The fewest multiplications and additions of vectors in a program that runs networks, which has about twenty of
/// each. A program without networks has none.
const VECTORS: usize = 10;

/// Checks the finished files in `site`.
///
/// # Errors
///
/// If a program that has to hold vector arithmetic has none, or a file names a folder of this machine.
pub(super) fn check(programs: &[Program], site: &Path) -> Result<()> {
    let folders = rust::folders_in_code()?;
    for entry in fs::read_dir(site).with_context(|| format!("cannot read {}", site.display()))? {
        let path = entry?.path();
        if path.is_file() {
            names_no_folder(&path, folders.iter().map(|(folder, _)| &**folder))?;
        }
    }
    for program in programs.iter().filter(|program| program.vectors) {
        let [_, wasm] = program.files();
        let wasm = site.join(wasm);
        // A site that is built in parts does not have all programs yet.
        if wasm.is_file() {
            holds_vectors(&wasm)?;
        }
    }
    Ok(())
}

/// Refuses a file that names one of `folders`: visitors would learn who made it and how.
fn names_no_folder<'a>(file: &Path, folders: impl Iterator<Item = &'a Path>) -> Result<()> {
    let bytes = read(file)?;
    for folder in folders {
        let begin = [folder.as_os_str().as_encoded_bytes(), b"/"].concat();
        if let Some(at) = bytes.windows(begin.len()).position(|part| part == begin) {
            let end = bytes.len().min(at + begin.len() + 60);
            bail!(
                "{} names a folder of this machine: {:?}. The compiler is told to leave these out \
                 (xtask/src/tools/rust.rs); tell it of this one, too",
                file.display(),
                String::from_utf8_lossy(&bytes[at..end])
            );
        }
    }
    Ok(())
}

/// Refuses a program whose networks would run number by number.
fn holds_vectors(wasm: &Path) -> Result<()> {
    let (multiply, add) = vector_arithmetic(&read(wasm)?)
        .with_context(|| format!("{} is no WebAssembly", wasm.display()))?;
    ensure!(
        multiply.min(add) >= VECTORS,
        "{} holds {multiply} times f32x4.mul and {add} times f32x4.add, but its networks' loops need at \
         least {VECTORS} of each: without them every network takes several times as long. The loops name \
         these instructions in models/kernels/src/convolve/lanes.rs, and .cargo/config.toml allows them by \
         target-feature=+simd128. See which of the two has changed",
        wasm.display()
    );
    Ok(())
}

/// How many times the code of a WebAssembly module multiplies, and adds, four numbers at once.
fn vector_arithmetic(code: &[u8]) -> Result<(usize, usize)> {
    let (mut multiply, mut add) = (0, 0);
    for payload in Parser::new(0).parse_all(code) {
        if let Payload::CodeSectionEntry(body) = payload? {
            for operator in body.get_operators_reader()? {
                match operator? {
                    Operator::F32x4Mul => multiply += 1,
                    Operator::F32x4Add => add += 1,
                    Operator::F32x4RelaxedMadd => {
                        multiply += 1;
                        add += 1;
                    }
                    _ => {}
                }
            }
        }
    }
    Ok((multiply, add))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with one function of these instructions, which must leave the stack empty.
    fn module(instructions: &[u8]) -> Vec<u8> {
        let body = [&[0][..], instructions, &[0x0b]].concat();
        let code = [
            &[1, u8::try_from(body.len()).expect("a short body")][..],
            &body,
        ]
        .concat();
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        // The types: one without parameters and results. The functions: one of this type.
        module.extend([1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0]);
        module.extend([10, u8::try_from(code.len()).expect("a short section")]);
        module.extend(code);
        module
    }

    #[test]
    fn vector_arithmetic_is_counted() {
        let zero = [[0xfd, 12].as_slice(), &[0; 16]].concat();
        let (add, multiply, drop) = ([0xfd, 0xe4, 1], [0xfd, 0xe6, 1], [0x1a]);
        let code = [&*zero, &zero, &multiply, &zero, &add, &zero, &add, &drop].concat();
        let counted = vector_arithmetic(&module(&code)).expect("it is WebAssembly");
        assert_eq!(counted, (1, 2));
        assert!(vector_arithmetic(b"text").is_err());
    }

    #[test]
    fn scalar_networks_are_refused_with_the_reason() {
        let folder = tempfile::tempdir().expect("a folder");
        let wasm = folder.path().join("cpu-worker_bg.wasm");
        fs::write(&wasm, module(&[])).expect("a file");
        let error = holds_vectors(&wasm).expect_err("it holds none").to_string();
        for part in [
            "cpu-worker_bg.wasm holds 0 times f32x4.mul",
            "simd128",
            "lanes.rs",
        ] {
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_file_with_a_path_of_this_machine_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.wasm");
        let check = |text: &str| {
            fs::write(&file, text).expect("a file");
            names_no_folder(&file, [Path::new("/home/me/.cargo")].into_iter())
        };
        check("/home/menu and /home/me/.cargo.toml").expect("these are others");
        let error = check("at /home/me/.cargo/registry/src/a.rs:7").expect_err("it is named");
        let error = error.to_string();
        assert!(
            error.contains("/home/me/.cargo/registry/src/a.rs:7"),
            "{error}"
        );
    }
}
