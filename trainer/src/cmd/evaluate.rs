use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use marquee_models::file::Model;
use marquee_trainer::calibration::Answers;
use marquee_trainer::dataset::{Dataset, Split};
use marquee_trainer::device::DeviceChoice;
use marquee_trainer::metrics::batch_mean_macro_f1;
use marquee_trainer::training;
use serde_json::json;

/// Say how good a trained network is on films of a dataset.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Dataset that `marquee build` made
    #[arg(long, value_name = "DATASET")]
    data: PathBuf,

    /// Trained network
    #[arg(
        long,
        default_value = "models/weights/cnn32.safetensors",
        value_name = "FILE"
    )]
    model: PathBuf,

    /// Which films
    #[arg(long, value_enum, default_value_t = Split::Test)]
    split: Split,

    /// Print the mean of the macro-F1 of so many films at a time, too, as training loops often count
    /// it; it is not the macro-F1 over all films
    #[arg(long, value_name = "FILMS")]
    batches: Option<NonZeroUsize>,

    /// What to compute on
    #[arg(long, value_enum, default_value_t)]
    device: DeviceChoice,

    /// How to print the figures
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    /// Tables, for people
    #[default]
    Text,
    /// One object
    Json,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let device = args.device.open()?;
    let model = super::read_model(&args.model)?;
    let mut dataset = Dataset::open(&args.data)?;
    super::check_labels(&model, &dataset, &args.model)?;
    let films = dataset.films_of(args.split)?;
    let pixels = dataset.pixels(model.network().input)?;
    let answers = training::evaluate(&model, &dataset, &pixels, &films, &device)?.classes;
    match args.format {
        Format::Text => print(&model, args, &answers),
        Format::Json => println!("{:#}", as_json(&model, args, &answers)),
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(model: &Model, args: &Args, answers: &Answers) -> serde_json::Value {
    let (labels, confusion) = (&model.card().labels, answers.confusion());
    let temperature = f64::from(model.card().temperature);
    let classes = 0..labels.len();
    let counts = |truth| {
        classes
            .clone()
            .map(|c| confusion.count(truth, c))
            .collect::<Vec<_>>()
    };
    json!({
        "split": args.split,
        "films": confusion.films(),
        "macro_f1": confusion.macro_f1(),
        "batch_mean_macro_f1": args
            .batches
            .map(|batch| batch_mean_macro_f1(answers.iter(), labels.len(), batch)),
        "accuracy": confusion.accuracy(),
        "loss": answers.loss(temperature),
        "temperature": temperature,
        "calibration_error": answers.calibration_error(temperature),
        "calibration_error_at_1": answers.calibration_error(1.0),
        "classes": labels
            .iter()
            .enumerate()
            .map(|(class, label)| (label.clone(), json!(confusion.class(class))))
            .collect::<serde_json::Map<_, _>>(),
        "confusion": classes.clone().map(counts).collect::<Vec<_>>(),
    })
}

fn print(model: &Model, args: &Args, answers: &Answers) {
    let (labels, confusion) = (&model.card().labels, answers.confusion());
    let temperature = f64::from(model.card().temperature);
    println!("{} films of the {} split", confusion.films(), args.split);
    println!("macro-F1       {:.3}", confusion.macro_f1());
    if let Some(batch) = args.batches {
        let mean = batch_mean_macro_f1(answers.iter(), labels.len(), batch);
        println!("in batches     {mean:.3}, the mean over batches of {batch} films");
    }
    println!("accuracy       {:.3}", confusion.accuracy());
    println!("cross-entropy  {:.3}", answers.loss(temperature));
    println!(
        "calibration    {:.3} off on average, with the temperature {temperature:.3}; {:.3} without",
        answers.calibration_error(temperature),
        answers.calibration_error(1.0)
    );

    println!(
        "\n{:<14}{:>10}{:>10}{:>10}{:>10}",
        "class", "precision", "recall", "F1", "films"
    );
    for (class, label) in labels.iter().enumerate() {
        let score = confusion.class(class);
        println!(
            "{label:<14}{:>10.3}{:>10.3}{:>10.3}{:>10}",
            score.precision, score.recall, score.f1, score.films
        );
    }

    println!("\nrows: the true class; columns: the predicted one");
    print!("{:<14}", "");
    for label in labels {
        print!("{label:>14}");
    }
    println!();
    for (truth, label) in labels.iter().enumerate() {
        print!("{label:<14}");
        for predicted in 0..labels.len() {
            print!("{:>14}", confusion.count(truth, predicted));
        }
        println!();
    }
}
