//! What the page says of any networks, in every language it speaks. A sentence that one language lacks
//! doesn't compile. What it says of its own networks is in the site's description (`marquee_app::ui::site`).

mod english;
mod korean;

use crate::engine::Reason;
use marquee_app::protocol::Problem;
use marquee_app::ui::language::Language;

/// What the page says in a language.
pub(crate) fn text(language: Language) -> &'static Text {
    match language {
        Language::English => &english::TEXT,
        Language::Korean => &korean::TEXT,
    }
}

/// What the page says.
pub(crate) struct Text {
    /// What the switch of languages is.
    pub(crate) language: &'static str,

    /// The sign's upper line: before the first poster, while reading, with an answer, with a
    /// doubtful answer, and when there is none.
    pub(crate) sign_above: SignLines,
    /// The sign's lower line, where it isn't the answer.
    pub(crate) sign_below: SignLines,
    /// Read out with the answer.
    pub(crate) says: fn(class: &str, percent: &str) -> String,

    /// In the empty case.
    pub(crate) drop: &'static str,
    /// The button.
    pub(crate) pick: &'static str,
    /// The button, when there is a poster already.
    pub(crate) pick_another: &'static str,
    /// Beside the button.
    pub(crate) or_paste: &'static str,
    /// While something is dragged over the page.
    pub(crate) let_go: &'static str,
    /// The picture's description.
    pub(crate) poster: fn(name: &str) -> String,
    /// Something that isn't a file.
    pub(crate) no_file: &'static str,

    /// Beside the doubtful answers.
    pub(crate) unsure: &'static str,
    /// What is said if a part of the poster is missing.
    pub(crate) incomplete: &'static str,
    /// Which network answered, by which engine.
    pub(crate) answered_by: fn(network: &str, engine: &str, total: &str) -> String,
    /// What the time is made of.
    pub(crate) time_parts: fn(read: &str, infer: &str) -> String,

    /// Over the choice of engine.
    pub(crate) engine: &'static str,
    /// The choice that leaves it to the rule.
    pub(crate) engine_auto: &'static str,

    /// What a file's problem is.
    pub(crate) problem: fn(Problem) -> &'static str,
    /// Why an engine was chosen.
    pub(crate) reason: fn(Reason) -> String,
}

/// A line of the sign in each of its states.
pub(crate) struct SignLines {
    /// Before the first poster.
    pub(crate) empty: &'static str,
    /// While a poster is read.
    pub(crate) reading: &'static str,
    /// With an answer.
    pub(crate) answered: &'static str,
    /// With an answer that the network isn't sure of.
    pub(crate) unsure: &'static str,
    /// With a file that can't be read.
    pub(crate) refused: &'static str,
}
