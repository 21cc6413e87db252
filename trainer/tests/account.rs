//! What the command line says about how good a network is.

mod classes;
mod drawn;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use classes::GENRES;
use image::ImageFormat;
use marquee_models::file::{Model, Precision, ScoreScale};
use serde_json::Value;

const FILMS: usize = 360;

fn marquee(folder: &Path, args: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_marquee"));
    let command = command.current_dir(folder).args(args.split_whitespace());
    let output = command.output().expect("the command starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args}: {said}");
    String::from_utf8(output.stdout).expect("the output is UTF-8")
}

/// A folder with a dataset of drawn films, and a run of this network on it. One film in four has the
/// colours of another class.
fn trained(network: &str) -> (tempfile::TempDir, PathBuf) {
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = guard.path().to_owned();
    fs::create_dir(folder.join("posters")).expect("it can be written");
    let mut manifest = "id,poster,title,year,genres,score,votes\n".to_owned();
    for film in 0..FILMS {
        let class = film % GENRES.len();
        let hue = if (film / GENRES.len()).is_multiple_of(4) {
            class + 1
        } else {
            class
        };
        let bytes = drawn::encode(drawn::poster(hue, film as u64, 60, 90), ImageFormat::Jpeg);
        fs::write(folder.join(format!("posters/{film}.jpg")), bytes).expect("likewise");
        let (genre, score) = (
            GENRES[class],
            5.0 + (hue % 3) as f32 + (film % 7) as f32 / 10.0,
        );
        let title = format!("Film {film} <script>alert(1)</script>");
        manifest += &format!("film{film},{film}.jpg,{title},1999,{genre},{score},50\n");
    }
    fs::write(folder.join("movies.csv"), manifest).expect("likewise");
    let build = "build --manifest movies.csv --posters posters --split 40/30/30 --out dataset";
    marquee(&folder, build);
    let train = format!(
        "train --data dataset --network {network} --epochs 6 --batch 32 --learning-rate 0.003 \
         --watch last --out run --device cpu"
    );
    marquee(&folder, &train);
    (guard, folder)
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("it was written")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn what_is_exported_says_how_good_it_is_and_when_it_is_not_sure() {
    let (_guard, folder) = trained("posternet");
    let export = "export --run run --data dataset --out mine.safetensors --half --bits 6 \
                  --prior-correction 0.7 --device cpu";
    let printed = marquee(&folder, export);
    assert!(printed.contains("its model card mine.md"), "{printed}");
    assert!(printed.contains("not sure below"), "{printed}");

    let bytes = fs::read(folder.join("mine.safetensors")).expect("it was written");
    let model = Model::from_bytes(&bytes).expect("it is valid");
    let weights = model.network().parameters().into_iter();
    for matrix in weights.filter(|weights| weights.shape.len() > 1) {
        let values = model.weights().values(&matrix.name);
        let short = |value: &f32| value.to_bits().trailing_zeros() >= 24 - 6;
        assert!(values.iter().all(short), "{}", matrix.name);
    }
    let metadata = model.metadata();
    assert!(metadata.threshold > 0.0, "{}", metadata.threshold);
    let scale = metadata.score.expect("it answers the score");
    assert_ne!(scale.interval, ScoreScale::NORMAL_INTERVAL);

    // the interval holds 80 % of the films that it was calibrated on
    let figures = |split: &str| {
        let args = format!(
            "evaluate --data dataset --model mine.safetensors --split {split} --format json \
             --device cpu"
        );
        json(&marquee(&folder, &args))
    };
    let validation = figures("validation");
    let coverage = validation["score"]["coverage"].as_f64().expect("a share");
    assert!((0.8..0.83).contains(&coverage), "{coverage}");

    let test = figures("test");
    let share = |name: &str| test[name].as_f64().expect("a number");
    let interval = &test["macro_f1_interval"];
    assert!(interval["low"].as_f64() < Some(share("macro_f1")));
    assert!(interval["high"].as_f64() > Some(share("macro_f1")));
    let answered = test["not_sure"]["answered"].as_f64();
    assert!(answered > Some(0.0) && answered < Some(1.0), "{answered:?}");
    assert_eq!(
        metadata.metrics["test share answered"],
        answered.unwrap_or_default()
    );
    assert_eq!(metadata.metrics["test macro-F1, low"], interval["low"]);
    assert!(test["genres"]["times_base_rate"].as_f64() > Some(1.0));
    assert!(test["genres"]["genres"][0]["f1"].as_f64().is_some());

    let row = |at: usize| {
        let counts = test["confusion"][at].as_array().expect("a row");
        let counts: Vec<String> = counts.iter().map(Value::to_string).collect();
        let label = test["labels"][at].as_str().expect("a name");
        format!("| **{label}** | {} |", counts.join(" | "))
    };

    // the card quotes what the command prints
    let text = read(&folder, "mine.md");
    for quoted in [
        "pipeline_tag: image-classification".to_owned(),
        format!("value: {:.4}", share("macro_f1")),
        format!("| **posternet** | {:.3} (", share("macro_f1")),
        row(0),
        row(5),
        "| Logistic regression on the colours |".to_owned(),
        "- Horror or Thriller → Horror".to_owned(),
        "40 % for training, 30 % for validation and 30 % for testing".to_owned(),
        "rounded to 6 significant bits".to_owned(),
        "--out mine.safetensors --half --bits 6 --prior-correction 0.7\n".to_owned(),
        "70 % of that was taken back".to_owned(),
        "Trained for 6 epochs in".to_owned(),
        "device: CPU.".to_owned(),
        "network = \"posternet\"".to_owned(),
        "--split 40/30/30 --seed 0".to_owned(),
        "This product uses the TMDB API but is not endorsed or certified by TMDB.".to_owned(),
        metadata.dataset.clone(),
    ] {
        assert!(text.contains(&quoted), "{quoted:?} is not in\n{text}");
    }
    let size = format!("half precision in a file of {} bytes", bytes.len());
    assert!(
        text.replace(',', "").contains(&size),
        "{size:?} is not in\n{text}"
    );
    let headings = "Data,Labels,Protocol,Calibration,Intended use,Size and cost";
    for heading in headings.split(',') {
        assert!(text.contains(&format!("\n## {heading}\n")), "{heading}");
    }

    // with a threshold of 1 it is not sure of a poster, with a low one it is
    for (threshold, sure) in [(1.0, false), (0.01, true)] {
        let mut metadata = metadata.clone();
        metadata.threshold = threshold;
        let changed = Model::new(metadata, model.weights().clone()).expect("it is as valid");
        let file = changed.to_bytes(Precision::Half);
        fs::write(folder.join("changed.safetensors"), file).expect("it can be written");
        let predict = |format: &str| {
            let args = "predict posters/1.jpg --model changed.safetensors --format";
            marquee(&folder, &format!("{args} {format}"))
        };
        assert_eq!(predict("text").contains("  not sure, perhaps "), !sure);
        assert_eq!(json(&predict("json"))[0]["sure"], sure);
    }
}

#[test]
fn the_report_is_two_files_that_need_nothing_else() {
    let (_guard, folder) = trained("cnn32");
    let evaluate =
        "evaluate --data dataset --model run/best.safetensors --report report --device cpu";
    let printed = marquee(&folder, evaluate);
    assert!(printed.contains("The report is report/report.html."));
    let page = read(&folder, "report/report.html");
    let report = json(&read(&folder, "report/report.json"));

    let films = report["films"].as_u64().expect("a number");
    let first = format!("{films} films of the test split");
    assert!(printed.starts_with(&first), "{printed}");
    let macro_f1 = report["macro_f1"].as_f64().expect("a number");
    let line = format!("macro-F1       {macro_f1:.3}   ");
    assert!(printed.contains(&line), "{printed}");
    assert!(page.contains(&format!("<span class=\"below\">{macro_f1:.3}</span>")));

    // the run's log lies beside the network
    assert_eq!(report["epochs"].as_array().map(Vec::len), Some(6));
    // films are named by their titles, the surest mistake first
    let mistakes = report["mistakes"].as_array().expect("a list");
    assert!(!mistakes.is_empty());
    let film = mistakes[0]["film"].as_str().expect("a title");
    let escaped = film.replace('<', "&lt;").replace('>', "&gt;");
    assert!(escaped.ends_with("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains(&escaped) && !page.contains("<script"));
    let sure: Vec<f64> = mistakes
        .iter()
        .filter_map(|m| m["probability"].as_f64())
        .collect();
    assert!(sure.is_sorted_by(|one, other| one >= other), "{sure:?}");
    for mistake in mistakes {
        assert_ne!(mistake["truth"], mistake["predicted"]);
        assert_eq!(mistake["year"], "1999");
    }

    // the classes differ in their colours, which only the histogram sees
    let baseline = |at: usize| report["baselines"][at]["macro_f1"]["value"].as_f64();
    assert!(
        baseline(0) < Some(0.1) && baseline(1) < Some(0.35),
        "{}",
        report["baselines"]
    );
    assert!(baseline(2) > Some(0.5), "{}", report["baselines"]);

    // the same network gives the same report
    let again = evaluate.replace("--report report", "--report again");
    marquee(&folder, &again);
    for file in ["report.html", "report.json"] {
        let read = |name: &str| fs::read(folder.join(name).join(file)).expect("it was written");
        assert!(read("report") == read("again"), "{file} differs");
    }

    // outside of its run, the network has no log
    let network = folder.join("run/best.safetensors");
    fs::copy(network, folder.join("moved.safetensors")).expect("a copy");
    let moved = "evaluate --data dataset --model moved.safetensors --report moved --device cpu";
    marquee(&folder, moved);
    let page = || read(&folder, "moved/report.html");
    assert!(page().contains("There is no log.jsonl next to"));
    marquee(&folder, &format!("{moved} --run run"));
    assert!(page().contains("6 epochs in"));
}

#[test]
fn the_summary_is_a_part_of_the_report() {
    let (_guard, folder) = trained("posternet");
    let evaluate = "evaluate --data dataset --model run/best.safetensors --report report \
                    --summary mine.json --device cpu";
    marquee(&folder, evaluate);
    let [summary, report] =
        ["mine.json", "report/report.json"].map(|name| json(&read(&folder, name)));
    assert_eq!(summary["network"], "posternet");
    assert_eq!(summary["judged_by"], report["network"]["judged_by"]);
    let names = "films macro_f1 macro_f1_interval accuracy_interval calibration_error labels classes \
                 confusion";
    for name in names.split(' ') {
        assert!(!summary[name].is_null(), "{name}");
        assert_eq!(summary[name], report[name], "{name}");
    }
    let precision = |from: &Value| from["genres"]["mean_average_precision"].as_f64();
    assert!(precision(&summary).is_some() && precision(&summary) == precision(&report));
    let explained = |from: &Value| from["score"]["explained"].as_f64();
    assert!(explained(&summary).is_some() && explained(&summary) == explained(&report));
    // no film's name gets onto a page
    assert!(!summary.to_string().contains("<script>"));
}
