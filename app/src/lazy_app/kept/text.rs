//! What is said around the posters that are kept.

use marquee_app::ui::language::Language;

/// The words.
pub(super) struct Text {
    /// Over the row.
    pub(super) heading: &'static str,
    /// The switch.
    pub(super) keep: &'static str,
    /// What is kept, and what the switch does to it.
    pub(super) hint: &'static str,
    /// The button.
    pub(super) clear: &'static str,
    /// After it was cleared.
    pub(super) cleared: &'static str,
    /// A class that the network wasn't sure of.
    pub(super) perhaps: fn(class: &str) -> String,
}

/// The words in a language.
pub(super) fn text(language: Language) -> &'static Text {
    match language {
        Language::English => &ENGLISH,
        Language::Korean => &KOREAN,
    }
}

const ENGLISH: Text = Text {
    heading: "Lately shown",
    keep: "Keep my last posters on this device",
    hint: "Up to 24 of them, made small, with their names and answers, in this browser only. Switching it \
           off deletes them.",
    clear: "Clear",
    cleared: "All that was kept is deleted.",
    perhaps: |class| format!("{class}?"),
};

const KOREAN: Text = Text {
    heading: "최근 상영작",
    keep: "최근에 본 포스터를 이 기기에 보관하기",
    hint: "작게 줄인 그림과 이름, 대답을 24장까지 이 브라우저에만 보관해요. 끄면 보관한 것을 모두 지워요.",
    clear: "모두 지우기",
    cleared: "보관한 것을 모두 지웠어요.",
    perhaps: |class| format!("{class}?"),
};
