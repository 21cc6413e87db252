//! Everything the lazy app says, one file for each language. A sentence that one language lacks does
//! not compile.

mod about;
mod confusion;
mod english;
mod festival;
mod inputs;
mod korean;
mod machine;
mod occlusion;
mod recent;
mod screens;
mod share;
mod teach;
mod update;

pub(crate) use about::{AboutText, NetworkText};
pub(crate) use confusion::ConfusionText;
pub(crate) use festival::FestivalText;
pub(crate) use inputs::InputsText;
pub(crate) use machine::MachineText;
pub(crate) use occlusion::OcclusionText;
pub(crate) use recent::RecentText;
pub(crate) use screens::ScreensText;
pub(crate) use share::ShareText;
pub(crate) use teach::TeachText;
pub(crate) use update::UpdateText;

use crate::state::use_state;
use marquee_app::ui::language::Language;
use marquee_app::ui::live::{Live, live};

/// What the lazy app says in one language, by the part of the page that says it.
pub(crate) struct Text {
    /// A class that a network isn't sure of.
    pub(crate) perhaps: fn(class: &str) -> String,
    pub(crate) screens: ScreensText,
    pub(crate) occlusion: OcclusionText,
    pub(crate) inputs: InputsText,
    pub(crate) share: ShareText,
    pub(crate) festival: FestivalText,
    pub(crate) confusion: ConfusionText,
    pub(crate) teach: TeachText,
    pub(crate) recent: RecentText,
    pub(crate) machine: MachineText,
    pub(crate) about: AboutText,
    pub(crate) update: UpdateText,
}

impl Text {
    /// A class as people call it, marked where the network isn't sure.
    pub(crate) fn class(&self, class: String, sure: bool) -> String {
        if sure { class } else { (self.perhaps)(&class) }
    }
}

/// What the lazy app says in a language.
pub(crate) fn text(language: Language) -> &'static Text {
    match language {
        Language::English => &english::TEXT,
        Language::Korean => &korean::TEXT,
    }
}

/// A sentence for a view, in the language that the visitor has chosen at the time.
pub(crate) fn say(pick: fn(&'static Text) -> &'static str) -> Live<&'static str> {
    let state = use_state();
    live(move || pick(text(state.language())))
}
