use serde::{Deserialize, Serialize};

/// How films, and the copies of their posters, are split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// Films are split before anything is copied, and films that look alike stay together
    #[default]
    Honest,
    /// Posters are copied before they are split, as in the student project that Marquee grew out of:
    /// rotated copies of one poster can be in two splits. The deviation of the pixels is the mean of
    /// the posters' own deviations. Use it to see how much higher a network's figures look then
    #[serde(rename = "seed", alias = "student")]
    #[value(alias = "seed")]
    Student,
}
