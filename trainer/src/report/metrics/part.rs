//! The figures for some kinds of films alone.

use std::fmt;

use anyhow::Result;
use marquee_models::network::Size;
use serde::Serialize;

use crate::dataset::Dataset;
use crate::evaluation::bootstrap::Interval;
use crate::evaluation::metrics::macro_f1_and_accuracy;

/// Films of this year or later are recent.
const RECENT: u16 = 2015;

/// Fewer films than this say too little.
const ENOUGH: usize = 30;

/// Which films a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Those of this year or later.
    Since(u16),
    /// Those whose pictures have at least the size of the network's input.
    Large {
        /// The input's width in pixels.
        width: usize,
        /// Its height.
        height: usize,
    },
    /// Those with smaller pictures.
    Small,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Which::Since(year) => write!(f, "films since {year}"),
            Which::Large { width, height } => write!(f, "pictures of {width}x{height} and more"),
            Which::Small => f.write_str("smaller pictures"),
        }
    }
}

/// How good a network is on a part of the films.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// Which films.
    pub which: Which,
    /// How many they are.
    pub films: usize,
    /// Macro-F1, 0 to 1.
    pub macro_f1: f64,
    /// Its interval.
    pub macro_f1_interval: Interval,
    /// Accuracy, 0 to 1.
    pub accuracy: f64,
}

impl Part {
    /// The figures for recent films, and for films with large and with small pictures. A picture is large if
    /// nothing of it is enlarged for the network's `input`. Parts of fewer than 30 films are left out, as are
    /// those of all films.
    ///
    /// # Errors
    ///
    /// If the posters cannot be read.
    pub(super) fn all(
        dataset: &Dataset,
        input: Size,
        films: &[usize],
        truths: &[usize],
        predicted: &[usize],
    ) -> Result<Vec<Part>> {
        let sizes = dataset.picture_sizes(films)?;
        let large = |size: &Size| size.width >= input.width && size.height >= input.height;
        let year = |film: usize| dataset.entries()[film].year.trim().parse::<f32>().ok();
        let recent =
            |index: usize| year(films[index]).is_some_and(|year| year >= f32::from(RECENT));
        let mut parts = Vec::new();
        let mut add = |which: Which, belongs: &dyn Fn(usize) -> bool| {
            let own: Vec<usize> = (0..films.len()).filter(|&index| belongs(index)).collect();
            if own.len() < ENOUGH || own.len() == films.len() {
                return;
            }
            let of = |all: &[usize]| own.iter().map(|&index| all[index]).collect::<Vec<_>>();
            let classes = dataset.summary().labels.len();
            let [macro_f1, accuracy] = macro_f1_and_accuracy(classes, &of(truths), &of(predicted));
            parts.push(Part {
                which,
                films: own.len(),
                macro_f1: macro_f1.value,
                macro_f1_interval: macro_f1.interval,
                accuracy: accuracy.value,
            });
        };
        let Size { width, height } = input;
        add(Which::Since(RECENT), &recent);
        add(Which::Large { width, height }, &|index| {
            large(&sizes[index])
        });
        add(Which::Small, &|index| !large(&sizes[index]));
        Ok(parts)
    }
}
