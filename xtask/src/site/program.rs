//! The page's programs: which there are, and how each is made from what cargo compiles.

use super::hash;
use crate::{
    paths,
    progress::Progress,
    run,
    tools::{rust, wasm_opt::WasmOpt},
};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};
use wasm_bindgen_cli_support::Bindgen;

/// A program, as app/Cargo.toml describes it.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) name: String,
    /// The binary that it is compiled from.
    bin: String,
    pub(crate) features: Vec<String>,
    pub(crate) profile: String,
    /// Whether it is started by `import` instead of `importScripts`.
    pub(crate) module: bool,
    /// Arguments for wasm-opt.
    pub(crate) optimise: Vec<String>,
    /// Whether no first answer needs it.
    pub(crate) later: bool,
    /// Whether it has to hold vector arithmetic.
    pub(crate) vectors: bool,
    /// Whether it uses relaxed SIMD, which not every browser has: see www/worker-client.js.
    pub(crate) relaxed: bool,
}

/// The programs of app/Cargo.toml.
///
/// # Errors
///
/// If one of them is not described there.
pub(crate) fn all() -> Result<Vec<Program>> {
    let metadata = run::output(&mut run::cargo(
        "metadata --no-deps --locked --format-version 1",
    ))?;
    let metadata: Value =
        serde_json::from_str(&metadata).context("cargo's metadata are no JSON")?;
    let app = items(&metadata["packages"]).find(|package| package["name"] == "marquee-app");
    let app = app.context("the workspace has no package marquee-app")?;
    let described = &app["metadata"]["programs"];
    let mut programs = Vec::new();
    for bin in items(&app["targets"]).filter(|target| target["kind"][0] == "bin") {
        let program = program(bin, described)?;
        if described[&program.bin]["relaxed"] == true {
            programs.push(program.relaxed());
        }
        programs.push(program);
    }
    Ok(programs)
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn strings(list: &Value) -> Vec<String> {
    let strings = items(list).filter_map(Value::as_str);
    strings.map(str::to_owned).collect()
}

fn program(bin: &Value, described: &Value) -> Result<Program> {
    let name = bin["name"].as_str().context("a program has no name")?;
    let it = &described[name];
    let text = |key: &str| {
        it[key].as_str().with_context(|| {
            format!(
                "app/Cargo.toml does not say the {key} of {name} in [package.metadata.programs]"
            )
        })
    };
    let kind = text("kind")?;
    ensure!(
        matches!(kind, "module" | "script"),
        "app/Cargo.toml: the kind of {name} is {kind:?}, but a program is a \"module\" or a \"script\""
    );
    Ok(Program {
        name: name.to_owned(),
        bin: name.to_owned(),
        features: strings(&bin["required-features"]),
        profile: text("profile")?.to_owned(),
        module: kind == "module",
        optimise: strings(&it["optimise"]),
        later: it["later"] == true,
        vectors: it["vectors"] == true,
        relaxed: false,
    })
}

impl Program {
    /// The same program with relaxed SIMD. Every browser can do without it, so it is made later.
    fn relaxed(&self) -> Program {
        Program {
            name: format!("{}-relaxed", self.bin),
            profile: format!("{}-relaxed", self.profile),
            later: true,
            relaxed: true,
            ..self.clone()
        }
    }

    /// The names of its two files in the site.
    pub(crate) fn files(&self) -> [String; 2] {
        [
            format!("{}.js", self.name),
            format!("{}_bg.wasm", self.name),
        ]
    }

    /// Writes the two files into `folder` from what cargo has compiled. `release` leaves out what is only
    /// for debugging.
    pub(crate) fn bind(&self, compiled: &Path, folder: &Path, release: bool) -> Result<()> {
        let mut bindgen = Bindgen::new();
        let kind = if self.module {
            bindgen.web(true)?
        } else {
            bindgen.no_modules(true)?
        };
        kind.input_path(compiled)
            .out_name(&self.name)
            .remove_name_section(release)
            .remove_producers_section(release)
            .generate(folder)
            .with_context(|| format!("wasm-bindgen does not read {}", compiled.display()))
    }

    /// Makes the two files as they are published, unless they are there from the same compiled program.
    /// Returns their folder.
    fn finish(&self, compiled: &Path, wasm_opt: Option<&WasmOpt>) -> Result<PathBuf> {
        let folder = finished()?.join(&self.name);
        let code =
            fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
        let tools = (
            wasm_opt.map(|tool| &tool.version),
            &self.optimise,
            self.module,
        );
        let from = format!("{} {tools:?}\n", hash(&code));
        let mark = finished()?.join(format!("{}.txt", self.name));
        if folder.is_dir() && fs::read_to_string(&mark).is_ok_and(|made| made == from) {
            return Ok(folder);
        }
        // Whoever is interrupted from here on starts again.
        let cannot_write = || format!("cannot write {}", mark.display());
        fs::write(&mark, "").with_context(cannot_write)?;
        self.bind(compiled, &folder, true)?;
        let [_, wasm] = self.files();
        if let Some(tool) = wasm_opt {
            tool.run(&folder.join(wasm), &self.optimise)?;
        }
        fs::write(&mark, from).with_context(cannot_write)?;
        Ok(folder)
    }
}

/// The folder with a folder for each finished program.
fn finished() -> Result<PathBuf> {
    let folder = paths::scratch()?.join("programs");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// Makes programs in release mode. Returns the folders of their files.
///
/// Programs of different profiles have no compiled code in common, so cargo compiles them side by side.
pub(crate) fn make(
    programs: &[&Program],
    wasm_opt: Option<&WasmOpt>,
    progress: &Progress,
) -> Result<Vec<PathBuf>> {
    let flags = rust::remap_flags()?;
    let make_group = |group: &[&Program]| make_group(group, &flags, wasm_opt, progress);
    std::thread::scope(|scope| {
        let threads: Vec<_> = groups(programs, |program| &program.profile)
            .into_iter()
            .map(|profile| {
                scope.spawn(move || -> Result<Vec<PathBuf>> {
                    let mut made = Vec::new();
                    for group in groups(&profile, |program| &program.features) {
                        made.extend(make_group(&group)?);
                    }
                    Ok(made)
                })
            })
            .collect();
        let mut made = Vec::new();
        for thread in threads {
            let result = thread.join();
            made.extend(result.map_err(|_| anyhow::anyhow!("making a program panicked"))??);
        }
        Ok(made)
    })
}

/// Groups programs by a key, in their order.
fn groups<'a, K: PartialEq>(
    programs: &[&'a Program],
    key: impl Fn(&'a Program) -> K,
) -> Vec<Vec<&'a Program>> {
    let mut groups: Vec<Vec<&Program>> = Vec::new();
    for program in programs {
        let same = |group: &&mut Vec<&'a Program>| key(group[0]) == key(program);
        match groups.iter_mut().find(same) {
            Some(group) => group.push(program),
            None => groups.push(vec![program]),
        }
    }
    groups
}

/// Makes programs of one profile with the same features.
fn make_group(
    group: &[&Program],
    flags: &str,
    wasm_opt: Option<&WasmOpt>,
    progress: &Progress,
) -> Result<Vec<PathBuf>> {
    let names: Vec<&str> = group.iter().map(|program| &*program.name).collect();
    let names = names.join(", ");
    let Program {
        profile,
        features,
        relaxed,
        ..
    } = group[0];
    let mut cargo = run::cargo("build --locked --package marquee-app");
    cargo
        .args(["--target", rust::WASM, "--profile", profile])
        .args(["--features", &features.join(",")])
        .args(["--config", flags])
        // These are for native code, and would replace what the page's programs need.
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS");
    if *relaxed {
        cargo.args([
            "--config",
            &rust::with_flags(&["-Ctarget-feature=+relaxed-simd".to_owned()]),
        ]);
    }
    for program in group {
        cargo.args(["--bin", &program.bin]);
    }
    let task = progress.begin(&format!("Compiling {names}"));
    let log = paths::scratch()?.join(format!("{}.log", group[0].name));
    run::cargo_quietly(&mut cargo, &log, |units| task.now(units))
        .with_context(|| format!("{names} could not be compiled"))?;
    task.now("making it small".to_owned());
    let compiled = paths::target()?.join(rust::WASM).join(profile);
    let made = group.iter().map(|program| {
        program.finish(
            &compiled.join(&program.bin).with_extension("wasm"),
            wasm_opt,
        )
    });
    let made = made.collect::<Result<Vec<_>>>()?;
    task.done(&format!("Made {names}"));
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_program_of_the_app_is_described() {
        let programs = all().expect("app/Cargo.toml describes them");
        let find = |name: &str| programs.iter().find(|program| program.name == name);
        let cpu = find("cpu-worker").expect("the CPU worker");
        assert_eq!(cpu.features, ["cpu"]);
        assert!(!cpu.module && cpu.vectors && !cpu.later && !cpu.relaxed);
        let relaxed = find("cpu-worker-relaxed").expect("the CPU worker with relaxed SIMD");
        assert!(relaxed.relaxed && relaxed.vectors && relaxed.later && relaxed.bin == "cpu-worker");
        // Otherwise each would have the other one compiled anew.
        assert_ne!(relaxed.profile, cpu.profile);
        assert!(find("gpu-worker").is_some_and(|gpu| gpu.later));
        assert!(find("initial-app").is_some_and(|app| app.module && !app.later));
    }

    #[test]
    fn a_program_that_is_not_described_is_named() {
        let bin = json!({ "name": "new", "required-features": [] });
        let error = program(&bin, &json!({})).expect_err("it is not described");
        assert!(error.to_string().contains("kind of new"), "{error}");
        let wrong = json!({ "new": { "kind": "worker", "profile": "web" } });
        let error = program(&bin, &wrong).expect_err("there is no such kind");
        assert!(error.to_string().contains("worker"), "{error}");
    }
}
