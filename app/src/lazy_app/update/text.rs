//! What is said about the site itself.

use marquee_app::ui::language::Language;

/// The words.
pub(super) struct Text {
    /// That there is a new version.
    pub(super) offer: &'static str,
    /// Uses it.
    pub(super) use_it: &'static str,
    /// Leaves it.
    pub(super) later: &'static str,
    /// That the next visit needs no network.
    pub(super) all_kept: &'static str,
}

/// The words in a language.
pub(super) fn text(language: Language) -> &'static Text {
    match language {
        Language::English => &ENGLISH,
        Language::Korean => &KOREAN,
    }
}

const ENGLISH: Text = Text {
    offer: "A new version is here.",
    use_it: "Use it",
    later: "Later",
    all_kept: "All of it is on this device now: it works without a network, too.",
};

const KOREAN: Text = Text {
    offer: "새 버전이 나왔어요.",
    use_it: "지금 쓰기",
    later: "나중에",
    all_kept: "이제 모두 이 기기에 있어요. 네트워크 없이도 쓸 수 있습니다.",
};
