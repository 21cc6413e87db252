//! `marquee card`: a repository for the Hugging Face Hub out.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use marquee_models::shipped;
use marquee_trainer::files::write_whole;
use marquee_trainer::interchange::hub;

/// Write a trained network as a repository for the Hugging Face Hub.
///
/// The folder has the model card as README.md, the weights, ONNX files for prepared input and for pictures, config.json
/// with the labels and everything else that is needed to use the network. Upload it with
/// `hf upload YOU/NETWORK FOLDER`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Trained network: a file, or the name of one that comes with Marquee
    #[arg(long, default_value = "posternet", value_name = "FILE|NAME")]
    model: PathBuf,

    /// Its model card, which `marquee export` writes [default: FILE.md beside the network]
    #[arg(long, value_name = "FILE.md")]
    card: Option<PathBuf>,

    /// Folder to make for the repository
    #[arg(long, value_name = "DIR")]
    hub: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let (shown, folder) = (args.model.display(), args.hub.display());
    let network = super::find(&args.model)?;
    let name = args.model.file_stem().unwrap_or_default().to_string_lossy();
    let text = match &args.card {
        Some(card) => fs::read_to_string(card)
            .with_context(|| format!("cannot read the model card {}", card.display()))?,
        None => network.card.with_context(|| {
            format!(
                "cannot read the model card {}; `marquee export` writes one beside {shown}, and --card names another",
                args.model.with_extension("md").display()
            )
        })?,
    };
    let taken = args
        .hub
        .read_dir()
        .is_ok_and(|mut files| files.next().is_some());
    ensure!(!taken, "{folder} has files already; name another --hub");
    fs::create_dir_all(&args.hub).with_context(|| format!("cannot make {folder}"))?;
    let weights = shipped::read(&args.model).with_context(|| format!("cannot read {shown}"))?;
    for (name, bytes) in hub::files(&name, &network.model, weights.into_owned(), &text)? {
        write_whole(&args.hub.join(name), &bytes)?;
    }
    println!("Wrote {folder}. To upload it, log in with `hf auth login`, and then:");
    println!("hf upload YOU/{name} {folder}");
    Ok(ExitCode::SUCCESS)
}
