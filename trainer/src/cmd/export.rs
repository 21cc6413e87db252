use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use marquee_models::file::{Model, Precision};
use marquee_trainer::dataset::{Dataset, Split};
use marquee_trainer::device::DeviceChoice;
use marquee_trainer::training::{self, BEST};

/// Turn a run's best network into a file to ship.
///
/// The file says how good it is on the films of the test split that it was not trained on, and with
/// --half takes half the bytes: the figures printed, and stored, are those of the file as written.
/// The temperature that makes its percentages honest is fitted on the validation split.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run that `marquee train` made
    #[arg(long, value_name = "RUN")]
    run: PathBuf,

    /// Dataset that it was trained on
    #[arg(long, value_name = "DATASET")]
    data: PathBuf,

    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Store numbers in half precision
    #[arg(long)]
    half: bool,

    /// What to compute on
    #[arg(long, value_enum, default_value_t)]
    device: DeviceChoice,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let device = args.device.open()?;
    let best = args.run.join(BEST);
    let trained = super::read_model(&best).with_context(|| {
        format!(
            "{} holds no trained network; make one with `marquee train`",
            args.run.display()
        )
    })?;
    let mut dataset = Dataset::open(&args.data)?;
    super::check_labels(&trained, &dataset, &best)?;
    ensure!(
        trained.card().dataset == dataset.summary().hash,
        "{} was trained on another dataset than {}, whose test films it may have seen",
        best.display(),
        args.data.display()
    );
    let films = dataset.films_of(Split::Test)?;
    let pixels = dataset.pixels(trained.network().input)?;

    let precision = match args.half {
        true => Precision::Half,
        false => Precision::Single,
    };
    let stored = Model::from_bytes(&trained.to_bytes(precision))?;
    let before = training::evaluate(&trained, &dataset, &pixels, &films, &device)?
        .classes
        .confusion();
    let answers = training::evaluate(&stored, &dataset, &pixels, &films, &device)?.classes;
    let after = answers.confusion();

    let mut card = stored.card().clone();
    let validation = dataset.films(Split::Validation);
    if !validation.is_empty() {
        let answers = training::evaluate(&stored, &dataset, &pixels, &validation, &device)?.classes;
        card.temperature = answers.fit_temperature() as f32;
    }
    let temperature = f64::from(card.temperature);
    let error = answers.calibration_error(temperature);
    for (metric, value) in [
        ("test films", after.films() as f64),
        ("test macro-F1", after.macro_f1()),
        ("test accuracy", after.accuracy()),
        ("test cross-entropy", answers.loss(temperature)),
        ("test calibration error", error),
    ] {
        card.metrics.insert(metric.to_owned(), value);
    }
    let bytes = Model::new(card, stored.weights().clone())?.to_bytes(precision);
    marquee_trainer::dataset::write_whole(&args.out, &bytes)?;

    println!("test films                {}", after.films());
    println!("macro-F1 as trained       {:.4}", before.macro_f1());
    println!("macro-F1 as written       {:.4}", after.macro_f1());
    println!("accuracy as trained       {:.4}", before.accuracy());
    println!("accuracy as written       {:.4}", after.accuracy());
    println!(
        "calibration error         {:.4}",
        answers.calibration_error(1.0)
    );
    println!("at temperature {temperature:.4}     {error:.4}");
    println!(
        "\nThe network is {} ({} bytes).",
        args.out.display(),
        bytes.len()
    );
    Ok(ExitCode::SUCCESS)
}
