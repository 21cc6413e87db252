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
    /// The host gives the picture only to some.
    Forbidden,
    /// The host answers with an error of this number.
    HostError(u16),
    /// The host has not sent the picture in time.
    TooSlow,
    /// The file is larger than any poster.
    TooLarge,
    /// There is no camera, or it may not be used.
    NoCamera,
    /// The folder has no files.
    NoFiles,
}

impl Trouble {
    /// What the page says about it.
    pub(super) fn sentence(self, text: &InputsText) -> String {
        let sentence = match self {
            Trouble::HostError(status) => return (text.host_error)(status),
            Trouble::Forbidden => text.forbidden,
            Trouble::TooSlow => text.too_slow,
            Trouble::TooLarge => text.too_large,
            Trouble::NoAddress => text.no_address,
            Trouble::Unreachable => text.unreachable,
            Trouble::Missing => text.missing,
            Trouble::NoCamera => text.no_camera,
            Trouble::NoFiles => text.no_files,
        };
        sentence.to_owned()
    }
}
