//! Each shipped network is listed, valid, and described truthfully.

use std::fs;
use std::path::Path;

use marquee_models::file::Model;
use serde_json::Value;

const WEIGHTS: &str = "../models/weights";

#[test]
fn every_shipped_network_is_listed_and_has_a_card_and_the_figures_that_readme_quotes() {
    let folder = Path::new(WEIGHTS);
    let index = fs::read(folder.join("index.json")).expect("there is a list");
    let index: Value = serde_json::from_slice(&index).expect("JSON");
    let listed: Vec<(&str, &str)> = index["networks"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|line| {
            let text = |key: &str| line[key].as_str().expect("a name");
            (text("name"), text("file"))
        })
        .collect();

    let readme = fs::read_to_string("../README.md").expect("it is there");

    let mut shipped = 0;
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path
            .extension()
            .is_none_or(|ending| ending != "safetensors")
        {
            continue;
        }
        shipped += 1;
        let bytes = fs::read(&path).expect("it can be read");
        let model = Model::from_bytes(&bytes).expect("it is sound");
        let file = path.file_name().and_then(|name| name.to_str());
        let name = model.metadata().network.to_string();
        assert!(
            listed.contains(&(name.as_str(), file.expect("a name"))),
            "{name} is not listed in index.json"
        );
        let card = fs::read_to_string(path.with_extension("md")).expect("it has a card");
        let size = bytes.len().to_string();
        let digits = card.replace(',', "");
        assert!(
            digits.contains(&format!("in a file of {size} bytes")),
            "{name}'s card is another's"
        );
        assert!(
            card.contains(&model.metadata().dataset),
            "{name}'s card names another dataset"
        );

        let summary = fs::read(path.with_extension("json")).expect("it has a summary");
        let summary: Value = serde_json::from_slice(&summary).expect("JSON");
        assert_eq!(summary["network"], name.as_str());
        assert_eq!(summary["judged_by"], model.metadata().dataset.as_str());
        let quoted = |figure: &str, interval: &str| {
            let number = |value: &Value| value.as_f64().expect("a number");
            let interval = &summary[interval];
            format!(
                "{:.3} ({:.3} to {:.3})",
                number(&summary[figure]),
                number(&interval["low"]),
                number(&interval["high"])
            )
        };
        let line = format!(
            "| **{name}** | {} | {} |",
            quoted("macro_f1", "macro_f1_interval"),
            quoted("accuracy", "accuracy_interval")
        );
        assert!(
            card.contains(&line),
            "{name}'s summary says what its card does not: {line}"
        );

        let three = |figure: &str| format!("{:.3}", summary[figure].as_f64().expect("a number"));
        let link = format!("(models/weights/{name}.md)");
        let row = readme.lines().find(|line| line.contains(&link));
        let row = row.expect("README has a row for it").replace(',', "");
        let figures = format!(
            "| {} | {} | {} | {size} bytes |",
            quoted("macro_f1", "macro_f1_interval"),
            three("accuracy"),
            three("calibration_error")
        );
        assert!(
            row.ends_with(&figures),
            "README says {row} instead of {figures}"
        );
    }
    assert_eq!(
        shipped,
        listed.len(),
        "index.json lists a file that isn't there"
    );
}
