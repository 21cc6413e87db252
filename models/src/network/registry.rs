//! The table of all networks.
//!
//! To add one, write a function that builds its layers, in a file of its own beside
//! `registry/posternet.rs`, and add a line to the table.

mod posternet;
mod student;

use std::fmt;
use std::str::FromStr;

use super::builder::Builder;
use super::labels::Labels;

macro_rules! networks {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $build:path;)+) => {
        /// The networks that Marquee knows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum NetworkName {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl NetworkName {
            /// All of them, in alphabetical order.
            pub const ALL: [NetworkName; [$($name),+].len()] = [$(NetworkName::$variant),+];

            /// The name on the command line, in file names and in weights files, such as `cnn32`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(NetworkName::$variant => $name,)+
                }
            }

            pub(super) fn build(self, labels: Labels) -> Builder {
                match self {
                    $(NetworkName::$variant => $build(labels),)+
                }
            }
        }

        const NAMES: &str = list!($($name),+);
    };
}

macro_rules! list {
    ($first:literal $(, $other:literal)*) => { concat!($first $(, ", ", $other)*) };
}

networks! {
    /// Two convolutions at 300×300.
    Cnn = "cnn", student::cnn;
    /// Two convolutions at 32×32: the student project's own network.
    Cnn32 = "cnn32", student::cnn32;
    /// Two wider convolutions at 64×64.
    Cnn64 = "cnn64", student::cnn64;
    /// Four convolutions at 32×32.
    DeepCnn32 = "deepcnn32", student::deepcnn32;
    /// Inverted bottlenecks at 160×240, in a poster's own shape, and three heads: Marquee's own
    /// network.
    PosterNet = "posternet", posternet::posternet;
}

impl fmt::Display for NetworkName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is none of [`NetworkName::ALL`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown network {0:?}; the networks are {known}", known = NAMES)]
pub struct UnknownNetwork(pub String);

impl FromStr for NetworkName {
    type Err = UnknownNetwork;

    fn from_str(name: &str) -> Result<NetworkName, UnknownNetwork> {
        NetworkName::ALL
            .into_iter()
            .find(|network| network.as_str() == name)
            .ok_or_else(|| UnknownNetwork(name.to_owned()))
    }
}
