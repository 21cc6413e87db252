//! What is said about share links.

/// What is said about share links: the panel that makes one, and the notice about one that was opened.
pub(crate) struct ShareText {
    /// Over the panel.
    pub(crate) heading: &'static str,
    /// What the link contains.
    pub(crate) contents: &'static str,
    /// The picture in the link has fewer shades than the network's input.
    pub(crate) lossy: &'static str,
    /// What the small picture is, for screen readers.
    pub(crate) small: &'static str,
    /// The button that copies the link.
    pub(crate) copy: &'static str,
    /// After it was copied.
    pub(crate) copied: &'static str,
    /// The browser forbids copying; the link is in a field below.
    pub(crate) copy_refused: &'static str,
    /// That field.
    pub(crate) field: &'static str,
    /// The button that opens the system's share sheet.
    pub(crate) send: &'static str,
    /// The button that unfolds the QR code.
    pub(crate) qr: &'static str,
    /// What the code is, for screen readers.
    pub(crate) qr_name: &'static str,
    /// What a click on the code does.
    pub(crate) qr_enlarge: &'static str,
    /// The link doesn't fit into a code.
    pub(crate) qr_too_long: &'static str,
    /// The button that closes the large code.
    pub(crate) close: &'static str,

    /// The name of a poster from a link.
    pub(crate) name: &'static str,
    /// A link was opened.
    pub(crate) opened: &'static str,
    /// A link was opened, and this machine computes the sender's numbers.
    pub(crate) opened_same: &'static str,
    /// The sender's network gave another answer.
    pub(crate) sender_said: fn(class: &str, percent: &str) -> String,
    /// The sender's network knows other classes.
    pub(crate) other_classes: &'static str,
    /// The link isn't whole.
    pub(crate) damaged: &'static str,
    /// A newer page wrote the link.
    pub(crate) newer: &'static str,
    /// The link's network isn't on this page.
    pub(crate) unknown: fn(network: &str) -> String,
    /// The list of networks could not be loaded.
    pub(crate) no_networks: &'static str,
}
