//! The page's parts, one below the other.

use std::cmp::Reverse;

use anyhow::Result;

use super::{Overview, charts, sheet, total};
use crate::html::charts::{Views, figure, series};
use crate::html::text::{self, counted, escape, percent, thousands};
use crate::html::{nothing, section};

/// How many sizes of posters the table names.
const NAMED_SIZES: usize = 8;

pub(super) fn classes(overview: &Overview) -> Result<String> {
    let headline = "Films per class";
    if overview.labels.is_empty() || overview.stages.is_empty() {
        return Ok(section(headline, &nothing("No films were counted.")));
    }
    let legend: String = overview
        .stages
        .iter()
        .enumerate()
        .map(|(stage, (name, counts))| {
            format!(
                "<li><i class=\"series-{}\"></i>{} <b>{}</b></li>\n",
                series(stage),
                escape(name),
                thousands(total(counts))
            )
        })
        .collect();
    let chart = figure(
        "Films per class at each stage of the building; the table below has the numbers",
        Views::FULL,
        |width| charts::by_class(&overview.labels, &overview.stages, width),
    )?;
    let table = class_table(&overview.labels, &overview.stages, None);
    Ok(section(
        headline,
        &format!(
            "<div class=\"card\">\n<ul class=\"legend\">\n{legend}</ul>\n{chart}</div>\n\
             <details>\n<summary>The same as a table</summary>\n{table}</details>\n"
        ),
    ))
}

pub(super) fn splits(overview: &Overview) -> String {
    let headline = "Splits";
    if overview.labels.is_empty() || overview.splits.is_empty() {
        return section(headline, &nothing("The films are not split."));
    }
    let all = (0..overview.labels.len())
        .map(|class| {
            overview
                .splits
                .iter()
                .map(|(_, counts)| counts[class])
                .sum()
        })
        .collect();
    section(
        headline,
        &class_table(&overview.labels, &overview.splits, Some(all)),
    )
}

/// Classes × columns, with the columns' totals; `all` is a last column that sums up the others, of
/// which every column then shows its share.
fn class_table(
    labels: &[String],
    columns: &[(String, Vec<usize>)],
    all: Option<Vec<usize>>,
) -> String {
    let cells = |line: &dyn Fn(&[usize]) -> String| -> String {
        let columns = columns.iter().map(|(_, counts)| counts);
        columns
            .chain(&all)
            .map(|counts| format!("<td>{}</td>", line(counts)))
            .collect()
    };
    let heads: String = columns
        .iter()
        .map(|(name, _)| escape(name))
        .chain(all.iter().map(|_| "all".to_owned()))
        .map(|name| format!("<th scope=\"col\">{name}</th>"))
        .collect();
    let rows: String = labels
        .iter()
        .enumerate()
        .map(|(class, label)| {
            format!(
                "<tr><th scope=\"row\">{}</th>{}</tr>\n",
                escape(label),
                cells(&|counts| thousands(counts[class]))
            )
        })
        .collect();
    let shares = all.as_deref().map_or(String::new(), |all| {
        format!(
            "<tr class=\"share\"><th scope=\"row\">Share</th>{}</tr>\n",
            cells(&|counts| percent(total(counts), total(all)))
        )
    });
    format!(
        "<div class=\"scroll\" tabindex=\"0\"><table>\n\
         <thead><tr><th scope=\"col\">Class</th>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n\
         <tfoot><tr><th scope=\"row\">All classes</th>{}</tr>\n{shares}</tfoot>\n</table></div>\n",
        cells(&|counts| thousands(total(counts)))
    )
}

pub(super) fn years(overview: &Overview, films: usize) -> Result<String> {
    let headline = "Films per year of release";
    let years = || overview.years.iter().filter(|(_, count)| **count > 0);
    let (Some((first, _)), Some((last, _))) = (years().next(), years().next_back()) else {
        return Ok(section(headline, &nothing("No film has a known year.")));
    };
    let mut sentence = if first == last {
        format!("All from {first}.")
    } else {
        // The first of several years that have the most.
        let best = years().rev().max_by_key(|(_, count)| **count);
        let best = best.map_or(String::new(), |(year, count)| {
            format!("; the most, {}, from {year}", thousands(*count))
        });
        format!("From {first} to {last}{best}.")
    };
    match films.saturating_sub(overview.years.values().sum()) {
        0 => {}
        unknown => {
            sentence += &format!(
                " {} without a known year.",
                counted(unknown, "film", "films")
            )
        }
    }
    if let Some(step) = charts::years_per_bar(&overview.years) {
        sentence += &format!(" Each bar stands for {} years.", thousands(step));
    }
    let chart = figure(
        &format!("Films per year. {sentence}"),
        Views::FULL,
        |width| charts::by_year(&overview.years, width),
    )?;
    Ok(section(
        headline,
        &format!("<p>{sentence}</p>\n<div class=\"card\">\n{chart}</div>\n"),
    ))
}

pub(super) fn sizes(overview: &Overview) -> Result<String> {
    let headline = "Sizes of the posters";
    let mut sizes: Vec<((u32, u32), usize)> = overview
        .sizes
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(size, count)| (*size, *count))
        .collect();
    sizes.sort_by_key(|(size, count)| (Reverse(*count), *size));
    let posters = sizes.iter().map(|(_, count)| count).sum();
    let Some(((width, height), _)) = sizes.first() else {
        return Ok(section(headline, &nothing("No poster was measured.")));
    };
    let named = |size: &str, count| {
        format!(
            "<tr><th scope=\"row\">{size}</th><td>{}</td><td>{}</td></tr>\n",
            thousands(count),
            percent(count, posters)
        )
    };
    let shown = sizes.len().min(NAMED_SIZES);
    let mut rows: String = sizes[..shown]
        .iter()
        .map(|((width, height), count)| named(&text::size(*width, *height), *count))
        .collect();
    if shown < sizes.len() {
        let others = sizes[shown..].iter().map(|(_, count)| count).sum();
        let name = counted(sizes.len() - shown, "other size", "other sizes");
        rows += &named(&name, others);
    }
    let common = text::size(*width, *height);
    let sentence = match sizes.len() {
        1 => format!("All are {common} pixels."),
        several => format!(
            "{} different sizes; {common} pixels is the most common. A larger disc means more \
             posters.",
            thousands(several)
        ),
    };
    let chart = figure(
        &format!("Posters by width and height. {sentence}"),
        Views::HALF,
        |width| charts::by_size(&overview.sizes, width),
    )?;
    Ok(section(
        headline,
        &format!(
            "<p>{sentence} Along the dashed line a poster is two wide and three high.</p>\n\
             <div class=\"beside\">\n<div class=\"card\">\n{chart}</div>\n\
             <div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">Width × \
             height</th><th scope=\"col\">posters</th><th scope=\"col\">share</th></tr></thead>\n\
             <tbody>\n{rows}</tbody>\n</table></div>\n</div>\n"
        ),
    ))
}

pub(super) fn rejected(overview: &Overview) -> String {
    let headline = "Rows left out";
    let mut reasons: Vec<(&String, usize)> = overview
        .rejected
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(reason, count)| (reason, *count))
        .collect();
    if reasons.is_empty() {
        return section(headline, &nothing("No row was left out."));
    }
    reasons.sort_by_key(|(reason, count)| (Reverse(*count), *reason));
    let rows: String = reasons
        .iter()
        .map(|(reason, count)| {
            format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n",
                escape(reason),
                thousands(*count)
            )
        })
        .collect();
    let all = reasons.iter().map(|(_, count)| count).sum();
    section(
        headline,
        &format!(
            "<div class=\"scroll\" tabindex=\"0\"><table class=\"reasons\">\n\
             <thead><tr><th scope=\"col\">Reason</th><th scope=\"col\">rows</th></tr></thead>\n\
             <tbody>\n{rows}</tbody>\n\
             <tfoot><tr><th scope=\"row\">All reasons</th><td>{}</td></tr></tfoot>\n\
             </table></div>\n",
            thousands(all)
        ),
    )
}

pub(super) fn sheets(overview: &Overview) -> Result<String> {
    let headline = "Some of the posters";
    let mut content = String::new();
    for (label, posters) in &overview.sheets {
        let Some(sheet) = sheet::draw(label, posters)? else {
            continue;
        };
        let name = escape(label);
        let posters = counted(sheet.posters, "poster", "posters");
        content += &format!(
            "<figure>\n<figcaption><h3>{name}</h3> {posters}</figcaption>\n\
             <div class=\"sheet\" tabindex=\"0\"><img src=\"data:image/jpeg;base64,{data}\" \
             width=\"{width}\" height=\"{height}\" \
             alt=\"{posters} of the class {name}\"></div>\n</figure>\n",
            data = text::base64(&sheet.jpeg),
            width = sheet.width,
            height = sheet.height,
        );
    }
    if content.is_empty() {
        return Ok(section(headline, &nothing("There are none to show.")));
    }
    content += "<p class=\"note\"><strong>The posters belong to their owners.</strong> They are \
                here to look the dataset over: do not publish this page.</p>\n";
    Ok(section(headline, &content))
}
