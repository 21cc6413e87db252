//! `report.html` and `report.json` of an example.

use anyhow::Result;
use proptest::prelude::*;

use super::render;
use crate::dataset::Split;
use crate::evaluation::abstention::Abstention;
use crate::evaluation::baselines::Baseline;
use crate::evaluation::bootstrap::{Estimate, Interval};
use crate::evaluation::metrics::ClassScore;
use crate::evaluation::{CalibrationBin, GenreScore};
use crate::report::{EvaluatedNetwork, GenreMetrics, Metrics, Mistake, Report, ScoreMetrics};
use crate::training::{EpochLog, SplitLog};

fn around(value: f64) -> Interval {
    Interval {
        low: value - 0.01,
        high: value + 0.01,
    }
}

fn epoch(epoch: usize) -> EpochLog {
    let split = |loss| SplitLog {
        loss,
        macro_f1: 0.3,
        accuracy: 0.4,
        genre_map: None,
        score_r2: None,
    };
    EpochLog {
        epoch,
        train: split(1.5),
        validation: Some(split(1.6)),
        learning_rate: 0.001,
        seconds: 600.0,
    }
}

/// A network of two classes, judged by ten films.
fn example() -> Report {
    let score = ClassScore {
        precision: 0.75,
        recall: 0.5,
        f1: 0.6,
        films: 6,
    };
    let labels = ["Action".to_owned(), "Comedy&Drama".to_owned()];
    Report {
        network: EvaluatedNetwork {
            name: "cnn32".to_owned(),
            file: "mine.safetensors".to_owned(),
            parameters: 71_382,
            multiply_adds: 1_688_160,
            trained_on: "5e0ae3b7f4".to_owned(),
            judged_by: "5e0ae3b7f4".to_owned(),
            trainer: "0.1.0".to_owned(),
            seed: 1,
        },
        metrics: Metrics {
            split: Split::Test,
            films: 10,
            trained_on_this_dataset: true,
            macro_f1: 0.329,
            macro_f1_interval: around(0.329),
            batch_mean_macro_f1: None,
            accuracy: 0.417,
            accuracy_interval: around(0.417),
            loss: 1.439,
            temperature: 0.79,
            calibration_error: 0.021,
            calibration_error_at_1: 0.057,
            not_sure: Some(Abstention {
                threshold: 0.37,
                answered: 0.6,
                right_of_answered: 0.52,
                right_of_unanswered: 0.25,
            }),
            classes: labels.iter().map(|label| (label.clone(), score)).collect(),
            labels: labels.to_vec(),
            confusion: vec![vec![3, 3], vec![1, 3]],
            such_genres: Vec::new(),
            parts: Vec::new(),
            genres: Some(GenreMetrics {
                mean_average_precision: 0.24,
                mean_average_precision_interval: around(0.24),
                base_rate: 0.12,
                times_base_rate: 2.0,
                macro_f1: Some(0.31),
                genres: vec![GenreScore {
                    name: "Western".to_owned(),
                    films: 2,
                    average_precision: 0.5,
                    base_rate: 0.2,
                    threshold: Some(0.15),
                    f1: Some(0.4),
                }],
            }),
            score: Some(ScoreMetrics {
                films: 9,
                mean_absolute_error: 0.71,
                mean_absolute_error_interval: around(0.71),
                constants_error: 0.75,
                explained: 0.06,
                coverage: 0.81,
            }),
        },
        calibration: vec![CalibrationBin {
            films: 10,
            confidence: 0.4,
            right: 0.417,
        }],
        calibration_at_1: Vec::new(),
        baselines: vec![Baseline {
            name: "Always the commonest class",
            macro_f1: Estimate {
                value: 0.099,
                interval: around(0.099),
            },
            accuracy: Estimate {
                value: 0.425,
                interval: around(0.425),
            },
            loss: None,
        }],
        epochs: vec![epoch(1), epoch(2)],
        mistakes: vec![Mistake {
            film: "A <b>film</b> & its \"title\"".to_owned(),
            year: "1999".to_owned(),
            truth: "Action".to_owned(),
            predicted: "Comedy&Drama".to_owned(),
            probability: 0.912,
        }],
    }
}

#[test]
fn the_figures_are_in_the_text() -> Result<()> {
    let page = render(&example())?;
    for text in [
        "<title>cnn32 on 10 films – Marquee report</title>",
        "Macro-F1 has the 95 % interval 0.319 to 0.339",
        "accuracy 40.7 % to 42.7 %",
        // the network beside a baseline
        "<th scope=\"row\">cnn32</th><td>0.329<small>0.319 to 0.339</small></td>\
         <td>0.417<small>0.407 to 0.427</small></td><td>1.439</td>",
        "<td>0.425<small>0.415 to 0.435</small></td><td>–</td>",
        "<th scope=\"row\">Comedy&amp;Drama</th><td>0.750</td><td>0.500</td><td>0.600</td><td>6</td>",
        // one of four comedies is taken for an action film
        "style=\"--share:25\">25 %<small>1</small>",
        "With the temperature 0.790, its confidence is 2.1 percentage points off on average",
        "<th scope=\"row\">Films that it answers</th><td>60.0 %</td>",
        "2.0 times the 0.120 of guessing",
        "The mean F1 is 0.310.",
        "which was calibrated on the validation split.",
        "<td>0.500<small>2.5×</small></td><td>0.200</td><td>0.400</td><td>15.0 %</td>",
        "<td>0.750 points</td>",
        "2 epochs in 20 min",
        "A &lt;b&gt;film&lt;/b&gt; &amp; its &quot;title&quot; <span class=\"year\">1999</span>",
        "<td>Action</td><td>Comedy&amp;Drama</td><td>91 %</td>",
        "<td>71,382</td>",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("NaN") && !page.contains("class=\"note\""));
    // four charts of three widths each: baselines, calibration, and two learning curves
    assert_eq!(page.matches("<svg").count(), 12);
    Ok(())
}

#[test]
fn the_page_needs_nothing_but_itself() -> Result<()> {
    let page = render(&example())?.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    for loading in [
        "http:", "https:", "<script", "<link", "@import", "url(", "src=",
    ] {
        assert!(!page.contains(loading), "{loading}");
    }
    Ok(())
}

#[test]
fn what_is_missing_is_said() -> Result<()> {
    let mut report = example();
    report.metrics.genres = None;
    report.metrics.score = None;
    report.metrics.not_sure = None;
    report.metrics.trained_on_this_dataset = false;
    report.epochs.clear();
    report.mistakes.clear();
    let page = render(&report)?;
    for sentence in [
        "The network does not answer genres.",
        "The network does not answer a score.",
        "no threshold was calibrated",
        "There is no log.jsonl next to",
        "It makes no mistake.",
        "The network was trained on another dataset",
    ] {
        assert!(page.contains(sentence), "{sentence}");
    }
    report.metrics.trained_on_this_dataset = true;
    report.metrics.split = Split::Train;
    assert!(render(&report)?.contains("The network was trained on these films."));
    Ok(())
}

#[test]
fn a_threshold_that_misses_its_aim_says_so() -> Result<()> {
    let aim = "at least 2 times as often";
    let mut report = example();
    assert!(!render(&report)?.contains(aim));
    report.metrics.not_sure = report.metrics.not_sure.map(|found| Abstention {
        right_of_unanswered: 0.3,
        ..found
    });
    assert!(render(&report)?.contains(aim));
    Ok(())
}

#[test]
fn the_json_has_what_the_page_shows() -> Result<()> {
    let json = serde_json::to_value(example())?;
    assert_eq!(json["macro_f1"], 0.329);
    assert_eq!(json["macro_f1_interval"]["low"], 0.329 - 0.01);
    assert_eq!(json["confusion"][1][0], 1);
    assert_eq!(json["classes"]["Action"]["f1"], 0.6);
    assert_eq!(json["not_sure"]["answered"], 0.6);
    assert_eq!(json["baselines"][0]["accuracy"]["value"], 0.425);
    assert_eq!(json["epochs"][1]["epoch"], 2);
    assert_eq!(json["mistakes"][0]["year"], "1999");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_name_breaks_out(name in "\\PC{1,30}|[<>&\"'a/! -]{1,30}") {
        let with = |name: &str| {
            let mut report = example();
            let classes = std::mem::take(&mut report.metrics.classes).into_values();
            report.metrics.labels[0] = name.to_owned();
            let labels = report.metrics.labels.clone().into_iter();
            report.metrics.classes = labels.zip(classes).collect();
            report.network.file = name.to_owned();
            report.network.trained_on = name.to_owned();
            let mistake = &mut report.mistakes[0];
            for field in [
                &mut mistake.film,
                &mut mistake.year,
                &mut mistake.truth,
                &mut mistake.predicted,
            ] {
                name.clone_into(field);
            }
            if let Some(genres) = &mut report.metrics.genres {
                genres.genres[0].name = name.to_owned();
            }
            let page = render(&report).map_err(|error| error.to_string())?;
            Ok::<_, String>(['<', '>', '"'].map(|mark| page.matches(mark).count()))
        };
        prop_assert_eq!(with(&name), with("a name"));
    }
}
