//! Why an input brought no poster.

use crate::text::InputsText;

/// Why an input brought no poster.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Trouble {
    /// What was entered is not an address.
    NoAddress,
    /// The host can't be reached, or doesn't let other pages fetch from it.
    Unreachable,
    /// The host answers that it has no such picture.
    Missing,
    /// There is no camera, or it may not be used.
    NoCamera,
    /// The folder has no files.
    NoFiles,
}

impl Trouble {
    /// What the page says about it.
    pub(super) fn sentence(self, text: &InputsText) -> &'static str {
        match self {
            Trouble::NoAddress => text.no_address,
            Trouble::Unreachable => text.unreachable,
            Trouble::Missing => text.missing,
            Trouble::NoCamera => text.no_camera,
            Trouble::NoFiles => text.no_files,
        }
    }
}
