//! The subcommands. Each reads its options, calls the library, and prints the result.

pub(crate) mod build;
pub(crate) mod card;
pub(crate) mod evaluate;
pub(crate) mod export;
pub(crate) mod fetch;
pub(crate) mod import;
pub(crate) mod onnx;
pub(crate) mod probe;
mod stored;
pub(crate) mod train;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, ensure};
use marquee_models::file::Model;
use marquee_predict::network::Named;
use marquee_trainer::dataset::Dataset;

/// Exit status of a command that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Returns a flag that becomes true when Ctrl-C is pressed.
fn stop_on_ctrl_c() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed))
        .context("cannot listen for Ctrl-C")?;
    Ok(stop)
}

/// Parses an option that is a share.
fn share(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a share is a number from 0 to 1".to_owned()),
    }
}

/// Reads a trained network: a file, or one that comes with Marquee, by its name.
fn read_model(path: &Path) -> Result<Model> {
    Ok(find(path)?.model)
}

/// Finds a trained network, with its model card.
fn find(path: &Path) -> Result<Named> {
    let name = path
        .to_str()
        .with_context(|| format!("the name of the model {} is not Unicode", path.display()))?;
    Named::find(name)
}

/// Refuses an output file that cannot be written, before any work is done for it.
fn check_folder(out: &Path) -> Result<()> {
    let folder = out.parent().filter(|folder| *folder != Path::new(""));
    if let Some(folder) = folder {
        ensure!(
            folder.is_dir(),
            "there is no folder {} to write {} in; make it, or name another --out",
            folder.display(),
            out.display()
        );
    }
    ensure!(
        !out.is_dir(),
        "{} is a folder; name a file with --out",
        out.display()
    );
    Ok(())
}

/// Refuses a dataset whose classes are not the model's.
fn check_labels(model: &Model, dataset: &Dataset, path: &Path) -> Result<()> {
    ensure!(
        model.metadata().labels == dataset.summary().labels,
        "{} has other classes ({}) than the dataset ({})",
        path.display(),
        model.metadata().labels.join(", "),
        dataset.summary().labels.join(", ")
    );
    Ok(())
}
