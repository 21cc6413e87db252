//! The page's sections.

use std::cmp::Reverse;

use anyhow::Result;
use base64::prelude::{BASE64_STANDARD, Engine};
use maud::{Markup, Render, html};

use super::content::Overview;
use super::{charts, contact_sheet};
use crate::html::charts::{SERIES, Widths, figure};
use crate::html::numbers::{counted, percent_of, size, thousands};
use crate::html::{empty_section, legend, section, table};

/// How many sizes of posters the table names.
const NAMED_SIZES: usize = 8;

/// Films per class at each stage of the building.
pub(super) fn classes(overview: &Overview) -> Result<Markup> {
    let headline = "Films per class";
    let stages = &overview.stages;
    if overview.labels.is_empty() || stages.is_empty() {
        return Ok(empty_section(headline, "No films were counted."));
    }
    let entries = stages.iter().enumerate().map(|(stage, (name, counts))| {
        let entry = html! { (name) " " b { (thousands(counts.iter().sum::<usize>())) } };
        (stage % SERIES.len(), entry)
    });
    let chart = figure(
        "Films per class at each stage of the building; the table below has the numbers",
        Widths::FULL,
        |width| charts::films_by_class(&overview.labels, stages, width),
    )?;
    let content = html! {
        div.card { (legend(entries)) (chart) }
        details {
            summary { "The same as a table" }
            (class_table(&overview.labels, stages, None))
        }
    };
    Ok(section(headline, &content))
}

/// Films per class of each split.
pub(super) fn splits(overview: &Overview) -> Markup {
    let (headline, splits) = ("Splits", &overview.splits);
    if overview.labels.is_empty() || splits.is_empty() {
        return empty_section(headline, "The films are not split.");
    }
    let all = |class| splits.iter().map(|(_, counts)| counts[class]).sum();
    let all: Vec<usize> = (0..overview.labels.len()).map(all).collect();
    section(headline, &class_table(&overview.labels, splits, Some(&all)))
}

/// A row for each class, with the columns' totals. With `all`, the sums of each class's row, there is
/// a last column of them, and a last row with each column's share.
fn class_table(
    labels: &[String],
    columns: &[(String, Vec<usize>)],
    all: Option<&Vec<usize>>,
) -> Markup {
    let counts: Vec<&Vec<usize>> = columns
        .iter()
        .map(|(_, counts)| counts)
        .chain(all)
        .collect();
    let row = |name: &str, cell: &dyn Fn(&[usize]) -> String| -> Vec<Markup> {
        let cells = counts.iter().map(|counts| cell(counts).render());
        std::iter::once(name.render()).chain(cells).collect()
    };
    let total = |counts: &[usize]| counts.iter().sum::<usize>();
    let mut names = vec!["Class"];
    names.extend(columns.iter().map(|(name, _)| name.as_str()));
    names.extend(all.map(|_| "all"));
    let rows: Vec<Vec<Markup>> = labels
        .iter()
        .enumerate()
        .map(|(class, label)| row(label, &|counts| thousands(counts[class])))
        .collect();
    let mut totals = vec![row("All classes", &|counts| thousands(total(counts)))];
    totals.extend(all.map(|all| row("Share", &|counts| percent_of(total(counts), total(all)))));
    table(None, &names, &rows, &totals)
}

/// Films per year of release.
pub(super) fn years(overview: &Overview) -> Result<Markup> {
    let headline = "Films per year of release";
    let years = || overview.years.iter().filter(|(_, count)| **count > 0);
    let (Some((first, _)), Some((last, _))) = (years().next(), years().next_back()) else {
        return Ok(empty_section(headline, "No film has a known year."));
    };
    let mut sentence = if first == last {
        format!("All films are from {first}.")
    } else {
        // of several years with the most films, the first
        let most = years().rev().max_by_key(|(_, count)| **count);
        let most = most.map_or(String::new(), |(year, count)| {
            format!("; the most, {}, from {year}", thousands(*count))
        });
        format!("From {first} to {last}{most}.")
    };
    let known = overview.years.values().sum();
    let unknown = overview.films().saturating_sub(known);
    if unknown > 0 {
        let unknown = counted(unknown, "film", "films");
        sentence += &format!(" {unknown} without a known year.");
    }
    if let Some(step) = charts::years_per_bar(&overview.years) {
        sentence += &format!(" Each bar stands for {} years.", thousands(step));
    }
    let chart = figure(
        &format!("Films per year. {sentence}"),
        Widths::FULL,
        |width| charts::films_by_year(&overview.years, width),
    )?;
    Ok(section(
        headline,
        &html! { p { (sentence) } div.card { (chart) } },
    ))
}

/// Widths and heights of the posters.
pub(super) fn sizes(overview: &Overview) -> Result<Markup> {
    let headline = "Sizes of the posters";
    let known = overview.sizes.iter().filter(|(_, count)| **count > 0);
    let mut sizes: Vec<((u32, u32), usize)> = known.map(|(size, count)| (*size, *count)).collect();
    sizes.sort_by_key(|(size, count)| (Reverse(*count), *size));
    let Some(((width, height), _)) = sizes.first() else {
        return Ok(empty_section(headline, "No poster was measured."));
    };
    let posters = sizes.iter().map(|(_, count)| count).sum();
    let row = |name: String, count| {
        let share = percent_of(count, posters);
        [name, thousands(count), share]
            .map(|cell| cell.render())
            .into()
    };
    let (named, others) = sizes.split_at(sizes.len().min(NAMED_SIZES));
    let named = named.iter();
    let mut rows: Vec<Vec<Markup>> = named
        .map(|((width, height), count)| row(size(*width, *height), *count))
        .collect();
    if !others.is_empty() {
        let name = counted(others.len(), "other size", "other sizes");
        rows.push(row(name, others.iter().map(|(_, count)| count).sum()));
    }
    let commonest = size(*width, *height);
    let sentence = match sizes.len() {
        1 => format!("All are {commonest} pixels."),
        several => format!(
            "{} different sizes; {commonest} pixels is the most common. A larger disc means more \
             posters.",
            thousands(several)
        ),
    };
    let chart = figure(
        &format!("Posters by width and height. {sentence}"),
        Widths::HALF,
        |width| charts::posters_by_size(&overview.sizes, width),
    )?;
    let content = html! {
        p { (sentence) " Posters on the dashed line have the shape 2:3." }
        div.beside {
            div.card { (chart) }
            (table(None, &["Width × height", "posters", "share"], &rows, &[]))
        }
    };
    Ok(section(headline, &content))
}

/// Why rows were left out.
pub(super) fn rejected(overview: &Overview) -> Markup {
    let headline = "Rows left out";
    let rejected = overview.rejected.iter().filter(|(_, count)| **count > 0);
    let mut reasons: Vec<(&String, usize)> = rejected.map(|(name, count)| (name, *count)).collect();
    if reasons.is_empty() {
        return empty_section(headline, "No row was left out.");
    }
    reasons.sort_by_key(|(reason, count)| (Reverse(*count), *reason));
    let row = |name: &str, count| vec![name.render(), thousands(count).render()];
    let rows: Vec<Vec<Markup>> = reasons
        .iter()
        .map(|(name, count)| row(name, *count))
        .collect();
    let all = row("All reasons", reasons.iter().map(|(_, count)| count).sum());
    section(
        headline,
        &table(Some("reasons"), &["Reason", "rows"], &rows, &[all]),
    )
}

/// Some posters of each class.
pub(super) fn posters(overview: &Overview) -> Result<Markup> {
    let headline = "Some of the posters";
    let mut sheets = Vec::new();
    for (label, posters) in &overview.sheets {
        sheets.extend(contact_sheet::draw(label, posters)?.map(|sheet| (label, sheet)));
    }
    if sheets.is_empty() {
        return Ok(empty_section(headline, "There are none to show."));
    }
    let content = html! {
        @for (label, sheet) in sheets {
            @let posters = counted(sheet.posters, "poster", "posters");
            figure {
                figcaption { h3 { (label) } " " (posters) }
                div.sheet tabindex="0" {
                    img
                        src={ "data:image/jpeg;base64," (BASE64_STANDARD.encode(&sheet.jpeg)) }
                        width=(sheet.width)
                        height=(sheet.height)
                        alt={ (posters) " of the class " (label) };
                }
            }
        }
        p.note {
            strong { "The posters belong to their owners." }
            " They are here so that you can check the dataset. Do not publish this page."
        }
    };
    Ok(section(headline, &content))
}
