use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use marquee_trainer::dataset::{Dataset, Split};
use marquee_trainer::evaluation::bootstrap::{Estimate, RESAMPLES};
use marquee_trainer::evaluation::linear_probe::{DRAWS, Features};

/// Measure how much a network's features tell about a dataset's classes, whichever it was trained for.
///
/// A linear classifier learns the classes from the features of training films, and is judged by the test
/// films.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Dataset that `marquee build` made
    #[arg(long, value_name = "DATASET")]
    data: PathBuf,

    /// Trained network: a file, or the name of one that comes with Marquee
    #[arg(long, default_value = "posternet", value_name = "FILE|NAME")]
    model: PathBuf,

    /// How many films of each class to learn from, besides all of them
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "10,20",
        value_name = "FILMS"
    )]
    films: Vec<usize>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let model = super::read_model(&args.model)?;
    let mut dataset = Dataset::open(&args.data)?;
    dataset.films_of(Split::Train)?;
    let test = dataset.films_of(Split::Test)?.len();
    let pixels = dataset.pixels(model.network().input)?;
    let features = Features::of(&model, &dataset, &pixels);
    println!("{test} films of the test split");
    println!("learned from        macro-F1                  accuracy");
    for &films in &args.films {
        match features.probe_some(films) {
            Some(figures) => print(&format!("{films} a class"), &figures),
            None => println!("{films} a class: a class has fewer"),
        }
    }
    print("all", &features.probe_all());
    println!(
        "The intervals of a few films a class are the lowest and highest of {DRAWS} draws, that of all holds \
         95 % of {RESAMPLES} resamples of the test films."
    );
    Ok(ExitCode::SUCCESS)
}

fn print(films: &str, [macro_f1, accuracy]: &[Estimate; 2]) {
    let figure = |estimate: &Estimate| format!("{:.3}   {}", estimate.value, estimate.interval);
    println!(
        "{films:<18}  {:<24}  {}",
        figure(macro_f1),
        figure(accuracy)
    );
}
