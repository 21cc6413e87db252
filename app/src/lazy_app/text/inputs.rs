//! What the further ways to bring a poster say.

pub(crate) struct InputsText {
    /// The camera's button and dialog, and the name of a picture from it.
    pub(crate) camera: &'static str,
    /// Under the camera's picture.
    pub(crate) camera_note: &'static str,
    /// The shutter.
    pub(crate) camera_take: &'static str,
    /// The button that closes the camera.
    pub(crate) camera_close: &'static str,
    /// The button for an address.
    pub(crate) address: &'static str,
    /// Over the address's field.
    pub(crate) address_label: &'static str,
    /// The button that fetches the picture.
    pub(crate) address_go: &'static str,
    /// Who learns of it.
    pub(crate) address_note: &'static str,
    /// The button for a folder.
    pub(crate) folder: &'static str,
    /// The name of a poster from the system's share menu.
    pub(crate) shared: &'static str,
    /// What was entered is not an address.
    pub(crate) no_address: &'static str,
    /// The host can't be reached, or doesn't let other pages fetch from it.
    pub(crate) unreachable: &'static str,
    /// The host has no such picture.
    pub(crate) missing: &'static str,
    /// The host gives the picture only to some.
    pub(crate) forbidden: &'static str,
    /// The host answers with an error of this number.
    pub(crate) host_error: fn(status: u16) -> String,
    /// The host has not sent the picture in half a minute.
    pub(crate) too_slow: &'static str,
    /// The file has more than 64 MB.
    pub(crate) too_large: &'static str,
    /// There is no camera, or it may not be used.
    pub(crate) no_camera: &'static str,
    /// The folder has no files.
    pub(crate) no_files: &'static str,
}
