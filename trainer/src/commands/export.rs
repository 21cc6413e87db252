use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use marquee_models::file::Model;
use marquee_trainer::dataset::{Dataset, Split};
use marquee_trainer::device::DeviceChoice;
use marquee_trainer::evaluation::abstention::{Abstention, RATIO};
use marquee_trainer::evaluation::baselines::baselines;
use marquee_trainer::evaluation::calibration::calibrate;
use marquee_trainer::evaluation::{evaluate, prior};
use marquee_trainer::files::write_whole;
use marquee_trainer::interchange::import::is_imported;
use marquee_trainer::interchange::imported::Imported;
use marquee_trainer::report::model_card::ModelCard;
use marquee_trainer::report::model_card::Training;
use marquee_trainer::report::{Metrics, measure};
use marquee_trainer::training::{BEST, Run};

use super::share;
use super::stored::Stored;

/// Turn a run's best network into a file to ship.
///
/// Three things are calibrated on the validation split: the temperature with which percentages
/// match how often answers are right, the threshold below which the answer is "not sure", and the
/// width of the interval around a score. Then the network is evaluated on the test split, exactly as
/// it is written, and the figures are printed and stored in the file. A model card in Markdown is
/// written beside it: mine.md for mine.safetensors.
///
/// If training favoured rare classes, the network gives them too high probabilities. A part of that is
/// corrected, so that percentages are closer to the truth and rare classes are still found.
/// --prior-correction 0 changes nothing. To export weights from `marquee import`, put them into a
/// folder as best.safetensors; they are not corrected, since nobody knows how they were trained.
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

    #[command(flatten)]
    stored: Stored,

    /// Share to correct, 0 to 1, of what sampler and class weights added to rare classes
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = prior::DEFAULT_SHARE)]
    prior_correction: f32,

    /// Device to evaluate on
    #[arg(long, value_enum, default_value_t)]
    device: DeviceChoice,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    super::check_folder(&args.out)?;
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
        trained.metadata().dataset == dataset.summary().hash,
        "{} was trained on another dataset than {}, so it may have seen the test films",
        best.display(),
        args.data.display()
    );
    let described = args.out.with_extension("md");
    ensure!(
        described != args.out,
        "{} is where the model card goes; give the network another ending, such as .safetensors",
        args.out.display()
    );
    let training = match is_imported(trained.metadata()) {
        true => Training::Elsewhere(Imported::read(&best)?),
        false => Training::Here(Box::new(Run::read(&args.run)?)),
    };
    let films = dataset.films_of(Split::Test)?;
    let pixels = dataset.pixels(trained.network().input)?;

    let corrected = match &training {
        Training::Here(run) => {
            let rows = dataset.rows(Split::Train);
            let classes: Vec<usize> = rows.iter().map(|&row| dataset.class(row)).collect();
            let weightings = [run.recipe.sampler, run.recipe.class_weights];
            prior::correct(&trained, weightings, &classes, args.prior_correction)?
        }
        Training::Elsewhere(_) => trained.clone(),
    };
    let stored = args.stored.of(&corrected)?;
    let before = evaluate(&trained, &dataset, &pixels, &films, &device)?
        .classes
        .confusion();

    let validation = dataset.films(Split::Validation);
    if validation.is_empty() {
        eprintln!(
            "{} has no validation film, so nothing is calibrated: percentages are as the network gives them, and every \
             answer counts as sure",
            args.data.display()
        );
    }
    let answers = evaluate(&stored, &dataset, &pixels, &validation, &device)?;
    let (mut metadata, abstention) = calibrate(stored.metadata(), &answers);
    let model = Model::new(metadata.clone(), stored.weights().clone())?;
    let (_, figures) = measure(&model, &dataset, &pixels, Split::Test, &device)?;
    metadata.metrics.extend(metrics(&figures));
    let model = Model::new(metadata, stored.weights().clone())?;
    let bytes = model.to_bytes(args.stored.precision());
    write_whole(&args.out, &bytes)?;

    let file = args.out.file_name().unwrap_or_default().to_string_lossy();
    let text = ModelCard {
        model: &model,
        file: &file,
        bytes: bytes.len(),
        precision: args.stored.precision(),
        bits: args.stored.bits,
        prior_correction: args.prior_correction,
        metrics: &figures,
        validated: abstention,
        baselines: &baselines(&dataset, &pixels, &films),
        dataset: &dataset,
        training: &training,
    };
    write_whole(&described, text.render().as_bytes())?;

    println!("test films                {}", figures.films);
    println!("macro-F1 as trained       {:.4}", before.macro_f1());
    println!("macro-F1 as written       {:.4}", figures.macro_f1);
    println!("accuracy as trained       {:.4}", before.accuracy());
    println!("accuracy as written       {:.4}", figures.accuracy);
    println!(
        "calibration error         {:.4}",
        figures.calibration_error_at_1
    );
    println!(
        "at temperature {:.4}     {:.4}",
        figures.temperature, figures.calibration_error
    );
    if let Some(found) = abstention {
        print_threshold(&found, &figures);
    }
    if let (Some(scale), Some(score)) = (model.metadata().score, figures.score) {
        println!(
            "score's interval          {:.4} deviations to either side, which holds {:.4} of the films",
            scale.interval, score.coverage
        );
    }
    println!(
        "\nThe network is {} ({} bytes), its model card {}.",
        args.out.display(),
        bytes.len(),
        described.display()
    );
    Ok(ExitCode::SUCCESS)
}

fn print_threshold(validated: &Abstention, figures: &Metrics) {
    println!("not sure below            {:.4}", validated.threshold);
    if !validated.reaches_ratio() {
        println!(
            "  on the validation split, {:.4} of the answers are right, and {:.4} of the others; no \
             threshold makes answers {RATIO} times as often right",
            validated.right_of_answered, validated.right_of_unanswered
        );
    }
    if let Some(found) = figures.not_sure {
        println!("films answered            {:.4}", found.answered);
        println!("answers right             {:.4}", found.right_of_answered);
        println!("others right              {:.4}", found.right_of_unanswered);
    }
}

/// The figures that the file keeps.
fn metrics(figures: &Metrics) -> BTreeMap<String, f64> {
    let mut metrics = vec![
        ("films", figures.films as f64),
        ("macro-F1", figures.macro_f1),
        ("macro-F1, low", figures.macro_f1_interval.low),
        ("macro-F1, high", figures.macro_f1_interval.high),
        ("accuracy", figures.accuracy),
        ("cross-entropy", figures.loss),
        ("calibration error", figures.calibration_error),
    ];
    if let Some(found) = &figures.not_sure {
        metrics.push(("share answered", found.answered));
        metrics.push(("accuracy of answered", found.right_of_answered));
        metrics.push(("accuracy of unanswered", found.right_of_unanswered));
    }
    if let Some(genres) = &figures.genres {
        metrics.push(("genre mAP", genres.mean_average_precision));
        metrics.push(("genre base rate", genres.base_rate));
    }
    if let Some(score) = &figures.score {
        metrics.push(("score error", score.mean_absolute_error));
        metrics.push(("score error of a constant", score.constants_error));
        metrics.push(("score coverage", score.coverage));
    }
    let named = metrics.into_iter();
    named
        .map(|(name, value)| (format!("test {name}"), value))
        .collect()
}
