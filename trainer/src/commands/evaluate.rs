use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use marquee_models::shipped::Shipped;
use marquee_trainer::dataset::{Dataset, Split};
use marquee_trainer::device::DeviceChoice;
use marquee_trainer::evaluation::baselines::baselines;
use marquee_trainer::evaluation::bootstrap::RESAMPLES;
use marquee_trainer::evaluation::metrics::batch_mean_macro_f1;
use marquee_trainer::report::{EvaluatedNetwork, Metrics, Report, measure, write_summary};
use marquee_trainer::training::EpochLog;

/// Measure how good a trained network is on films of a dataset.
///
/// The interval after a figure holds 95 % of its values over resamples of the films. --report writes
/// a page with charts, and compares the network with simple baselines.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Dataset that `marquee build` made
    #[arg(long, value_name = "DATASET")]
    data: PathBuf,

    /// Trained network: a file, or the name of one that comes with Marquee
    #[arg(long, default_value = "cnn32", value_name = "FILE|NAME")]
    model: PathBuf,

    /// Films to evaluate
    #[arg(long, value_enum, default_value_t = Split::Test)]
    split: Split,

    /// Also print the mean of the macro-F1 of batches of this many films, as training loops often
    /// count it. It is not the macro-F1 over all films [default: not printed]
    #[arg(long, value_name = "FILMS")]
    batches: Option<NonZeroUsize>,

    /// Device to evaluate on
    #[arg(long, value_enum, default_value_t)]
    device: DeviceChoice,

    /// How to print the figures
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Folder to write report.html and report.json to: the figures with charts, baselines on the same
    /// films, and the mistakes that the network is most confident of [default: no report]
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,

    /// File to write a summary for Marquee's page to, such as models/weights/cnn32.json
    /// [default: no summary]
    #[arg(long, value_name = "FILE.json")]
    summary: Option<PathBuf>,

    /// Run that trained the network, for the report's learning curves [default: the model's folder]
    #[arg(long, value_name = "RUN", requires = "report")]
    run: Option<PathBuf>,
}

#[derive(Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    /// Tables for people
    #[default]
    Text,
    /// A JSON object
    Json,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let device = args.device.open()?;
    let model = super::read_model(&args.model)?;
    let mut dataset = Dataset::open(&args.data)?;
    super::check_labels(&model, &dataset, &args.model)?;
    dataset.films_of(args.split)?;
    let epochs = match &args.report {
        Some(_) => epochs(args)?,
        None => Vec::new(),
    };
    let pixels = dataset.pixels(model.network().input)?;
    let (evaluation, mut figures) = measure(&model, &dataset, &pixels, args.split, &device)?;
    figures.batch_mean_macro_f1 = args.batches.map(|batch| {
        batch_mean_macro_f1(evaluation.classes.iter(), model.network().classes(), batch)
    });
    match args.format {
        Format::Text => print(&figures, args.batches),
        Format::Json => println!("{}", serde_json::to_string_pretty(&figures)?),
    }
    let file = match Shipped::named(&args.model) {
        Some(shipped) => Path::new(shipped.name).with_extension("safetensors"),
        None => args.model.clone(),
    };
    let network = EvaluatedNetwork::of(&model, &file, &dataset);
    if let Some(file) = &args.summary {
        write_summary(&network, &figures, file)?;
    }
    if let Some(folder) = &args.report {
        let baselines = baselines(&dataset, &pixels, &evaluation.films);
        let report = Report::new(network, figures, &evaluation, &dataset, baselines, epochs);
        report.write(folder)?;
        let page = folder.join("report.html");
        if let Format::Text = args.format {
            println!("\nThe report is {}.", page.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The log of the run that is named, or of the model's folder if that is a run.
fn epochs(args: &Args) -> Result<Vec<EpochLog>> {
    if let Some(run) = &args.run {
        return EpochLog::read_all(run)?.with_context(|| {
            format!(
                "{} has no log.jsonl; name a run that `marquee train` made with --run",
                run.display()
            )
        });
    }
    if Shipped::named(&args.model).is_some() {
        return Ok(Vec::new());
    }
    let folder = args.model.parent().unwrap_or(Path::new(""));
    Ok(EpochLog::read_all(folder)?.unwrap_or_default())
}

fn print(figures: &Metrics, batches: Option<NonZeroUsize>) {
    println!("{} films of the {} split", figures.films, figures.split);
    if !figures.trained_on_this_dataset {
        println!("The network was trained on another dataset, which may contain some of them.");
    }
    println!(
        "macro-F1       {:.3}   {}, the interval of 95 % of {RESAMPLES} resamples of the films",
        figures.macro_f1, figures.macro_f1_interval
    );
    if let (Some(mean), Some(batch)) = (figures.batch_mean_macro_f1, batches) {
        println!("in batches     {mean:.3}, the mean over batches of {batch} films");
    }
    println!(
        "accuracy       {:.3}   {}",
        figures.accuracy, figures.accuracy_interval
    );
    println!("cross-entropy  {:.3}", figures.loss);
    println!(
        "calibration    {:.3} off on average at temperature {:.3}; {:.3} off without it",
        figures.calibration_error, figures.temperature, figures.calibration_error_at_1
    );
    if let Some(found) = &figures.not_sure {
        println!(
            "not sure       below {:.3}; it answers {:.3} of the films, and {:.3} of its answers are \
             right; of the other films, {:.3} would be right",
            found.threshold, found.answered, found.right_of_answered, found.right_of_unanswered
        );
    }

    println!(
        "\n{:<14}{:>10}{:>10}{:>10}{:>10}",
        "class", "precision", "recall", "F1", "films"
    );
    for label in &figures.labels {
        let score = figures.classes[label];
        println!(
            "{label:<14}{:>10.3}{:>10.3}{:>10.3}{:>10}",
            score.precision, score.recall, score.f1, score.films
        );
    }

    println!("\nrows: the true class; columns: the predicted one");
    print!("{:<14}", "");
    for label in &figures.labels {
        print!("{label:>14}");
    }
    println!();
    for (label, counts) in figures.labels.iter().zip(&figures.confusion) {
        print!("{label:<14}");
        for count in counts {
            print!("{count:>14}");
        }
        println!();
    }
    print_parts(figures);
    print_such_genres(figures);
    print_genres(figures);
    print_score(figures);
}

fn print_parts(figures: &Metrics) {
    if !figures.parts.is_empty() {
        println!(
            "\n{:<30}{:>8}  {:<26}{:>10}",
            "on", "films", "macro-F1", "accuracy"
        );
    }
    for part in &figures.parts {
        let macro_f1 = format!("{:.3} ({})", part.macro_f1, part.macro_f1_interval);
        println!(
            "{:<30}{:>8}  {macro_f1:<26}{:>10.3}",
            part.which.to_string(),
            part.films,
            part.accuracy
        );
    }
}

fn print_such_genres(figures: &Metrics) {
    if !figures.such_genres.is_empty() {
        println!(
            "\nhow often a film that is called so has such a genre, and how many of all films have one"
        );
        println!(
            "{:<14}{:>10}{:>12}{:>12}{:>10}",
            "class", "called so", "of these", "of all", "times"
        );
    }
    for figure in &figures.such_genres {
        println!(
            "{:<14}{:>10}{:>12.3}{:>12.3}{:>10.1}",
            figure.class,
            figure.called,
            figure.of_called,
            figure.of_all,
            figure.times()
        );
    }
}

fn print_genres(figures: &Metrics) {
    let Some(genres) = &figures.genres else {
        return;
    };
    println!(
        "\ngenres: mean average precision {:.3} ({}), {:.2} times the base rate {:.3}",
        genres.mean_average_precision,
        genres.mean_average_precision_interval,
        genres.times_base_rate,
        genres.base_rate
    );
    if let Some(f1) = genres.macro_f1 {
        println!("mean F1 {f1:.3}, with thresholds calibrated on the validation split");
    }
    println!(
        "{:<17}{:>19}{:>11}{:>11}{:>10}{:>10}",
        "genre", "average precision", "base rate", "threshold", "F1", "films"
    );
    for genre in &genres.genres {
        let optional = |value: Option<f64>| value.map_or("-".to_owned(), |n| format!("{n:.3}"));
        println!(
            "{:<17}{:>19.3}{:>11.3}{:>11}{:>10}{:>10}",
            genre.name,
            genre.average_precision,
            genre.base_rate,
            optional(genre.threshold),
            optional(genre.f1),
            genre.films
        );
    }
}

fn print_score(figures: &Metrics) {
    let Some(score) = &figures.score else {
        return;
    };
    println!(
        "\nscore: {:.3} points off on average ({}) over {} films; the best constant is \
         {:.3} off",
        score.mean_absolute_error,
        score.mean_absolute_error_interval,
        score.films,
        score.constants_error
    );
    println!(
        "R² {:.3}; {:.3} of the films are within the interval, which should hold 0.800",
        score.explained, score.coverage
    );
}
