//! `dataset.html` of an example.

use std::collections::BTreeMap;

use anyhow::Result;
use marquee_models::preprocess::Rgb8;
use proptest::prelude::*;

use super::{Overview, render};

fn poster(width: usize, height: usize) -> Rgb8 {
    Rgb8 {
        width,
        height,
        pixels: vec![90; width * height * 3],
    }
}

fn named(columns: &[(&str, &[usize])]) -> Vec<(String, Vec<usize>)> {
    let named = |(name, counts): &(&str, &[usize])| ((*name).to_owned(), counts.to_vec());
    columns.iter().map(named).collect()
}

/// A dataset of 12,345 films of three classes.
fn example() -> Overview {
    Overview {
        hash: "5e0ae3b7f4".to_owned(),
        labels: ["Action", "Comedy&Drama", "<script>alert('x')</script>"]
            .map(str::to_owned)
            .to_vec(),
        stages: named(&[
            ("given", &[10_000, 7_654, 1_234]),
            ("balanced", &[9_000, 2_111, 1_234]),
        ]),
        splits: named(&[
            ("train", &[8_000, 2_000, 1_000]),
            ("test", &[1_000, 111, 234]),
        ]),
        years: BTreeMap::from([(1968, 4_000), (1999, 8_000), (2001, 300)]),
        sizes: BTreeMap::from([((500, 750), 12_000), ((500, 741), 345)]),
        rejected: BTreeMap::from([
            ("no poster <at all>".to_owned(), 1_000),
            ("a \"poster\" that is not a picture".to_owned(), 6_500),
        ]),
        sheets: vec![
            ("Action".to_owned(), vec![poster(40, 60), poster(90, 60)]),
            ("Comedy&Drama".to_owned(), vec![poster(3, 5)]),
            ("Horror".to_owned(), vec![]),
        ],
    }
}

#[test]
fn the_counts_are_in_the_text() -> Result<()> {
    let page = render(&example())?;
    assert!(page.contains("<title>12,345 films – Marquee dataset</title>"));
    assert!(page.contains("<code>5e0ae3b7f4</code>"));
    for row in [
        // classes by split, with totals and shares
        "<th scope=\"row\">Comedy&amp;Drama</th><td>2,000</td><td>111</td><td>2,111</td>",
        "<th scope=\"row\">All classes</th><td>11,000</td><td>1,345</td><td>12,345</td>",
        "<th scope=\"row\">Share</th><td>89.1 %</td><td>10.9 %</td><td>100.0 %</td>",
        // the table of what the bars show
        "<th scope=\"row\">Comedy&amp;Drama</th><td>7,654</td><td>2,111</td>",
        "<th scope=\"row\">500 × 750</th><td>12,000</td><td>97.2 %</td>",
        "<th scope=\"row\">All reasons</th><td>7,500</td>",
    ] {
        assert!(page.contains(row), "{row}");
    }
    assert!(page.contains("From 1968 to 2001; the most, 8,000, from 1999. 45 films without"));
    // The commonest reason comes first.
    let reason = |name| page.find(name);
    assert!(reason("that is not a picture") < reason("no poster &lt;at all&gt;"));
    Ok(())
}

#[test]
fn names_are_escaped() -> Result<()> {
    let page = render(&example())?;
    assert!(!page.contains("Comedy&Drama") && !page.contains("Comedy&amp;amp;Drama"));
    assert!(!page.contains("<at all>"));
    assert!(page.contains("&lt;script&gt;alert('x')&lt;/script&gt;"));
    Ok(())
}

#[test]
fn the_page_needs_nothing_but_itself() -> Result<()> {
    let page = render(&example())?;
    let local = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    let lower = local.to_lowercase();
    for loading in [
        "http:", "https:", "<script", "<link", "@import", "url(", "srcset", "src=\"/",
    ] {
        assert!(!lower.contains(loading), "{loading}");
    }
    assert_eq!(page.matches("<html lang=\"en\">").count(), 1);
    assert!(page.contains("name=\"viewport\""));
    Ok(())
}

#[test]
fn each_class_with_posters_has_a_picture() -> Result<()> {
    let page = render(&example())?;
    assert_eq!(
        page.matches("<img src=\"data:image/jpeg;base64,").count(),
        2
    );
    assert!(page.contains("alt=\"2 posters of the class Action\""));
    assert!(page.contains("alt=\"1 poster of the class Comedy&amp;Drama\""));
    assert!(page.contains("Do not publish this page"));
    Ok(())
}

#[test]
fn what_is_missing_is_said() -> Result<()> {
    let page = render(&Overview::default())?;
    for sentence in [
        "0 films",
        "No films were counted.",
        "The films are not split.",
        "No film has a known year.",
        "No poster was measured.",
        "No row was left out.",
        "There are none to show.",
    ] {
        assert!(page.contains(sentence), "{sentence}");
    }
    assert!(!page.contains("<svg") && !page.contains("<table") && !page.contains("<img"));
    Ok(())
}

#[test]
fn a_dataset_of_nothing_but_zeros_can_be_shown() -> Result<()> {
    let page = render(&Overview {
        labels: vec!["Action".to_owned()],
        stages: named(&[("given", &[0])]),
        splits: named(&[("train", &[0])]),
        years: BTreeMap::from([(2000, 0)]),
        sizes: BTreeMap::from([((1, 1), 0)]),
        rejected: BTreeMap::from([("nothing".to_owned(), 0)]),
        ..Overview::default()
    })?;
    assert!(page.contains("No film has a known year.") && page.contains("No row was left out."));
    assert!(!page.contains("NaN"));
    Ok(())
}

#[test]
fn counts_for_other_classes_are_refused() {
    let mut overview = example();
    overview.splits[1].1.pop();
    let error = render(&overview).map_err(|error| error.to_string());
    assert_eq!(
        error,
        Err("\"test\" has counts for 2 classes, and the dataset has 3".to_owned())
    );
}

/// How often the characters stand in the page that a name could break out with.
fn marks(page: &str) -> [usize; 3] {
    ['<', '>', '"'].map(|mark| page.matches(mark).count())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_name_breaks_out(name in "\\PC{1,30}|[<>&\"'a/! -]{1,30}") {
        let with = |name: &str| {
            let mut overview = example();
            overview.labels[0] = name.to_owned();
            overview.stages[0].0 = name.to_owned();
            overview.splits[0].0 = name.to_owned();
            overview.sheets[0].0 = name.to_owned();
            overview.hash = name.to_owned();
            overview.rejected = BTreeMap::from([(name.to_owned(), 3)]);
            render(&overview).map(|page| marks(&page)).map_err(|error| error.to_string())
        };
        prop_assert_eq!(with(&name), with("a name"));
    }
}
