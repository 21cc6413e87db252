//! What the map of what mattered says.

use marquee_app::ui::language::Language;

/// The words.
pub(super) struct Text {
    /// The switch.
    pub(super) what_mattered: &'static str,
    /// The slider.
    pub(super) strength: &'static str,
    /// While it is computed.
    pub(super) one_moment: &'static str,
    /// When it could not be.
    pub(super) failed: &'static str,
    /// What there is to see: the class, and by how many points covering the place that matters most
    /// makes it less likely.
    pub(super) said: fn(class: &str, points: u32) -> String,
}

/// The words in a language.
pub(super) fn text(language: Language) -> &'static Text {
    match language {
        Language::English => &ENGLISH,
        Language::Korean => &KOREAN,
    }
}

const ENGLISH: Text = Text {
    what_mattered: "What mattered?",
    strength: "Light",
    one_moment: "Covering one place after the other…",
    failed: "That did not work. Switch it off and on to try again.",
    said: |class, points| match points {
        0 => format!(
            "No single place spoke for {class}: with any of them covered it stays as likely."
        ),
        1 => format!(
            "The lit places spoke for {class}. Cover the brightest, and it is 1 point less likely."
        ),
        _ => format!(
            "The lit places spoke for {class}. Cover the brightest, and it is {points} points less likely."
        ),
    },
};

const KOREAN: Text = Text {
    what_mattered: "무엇을 보고?",
    strength: "조명",
    one_moment: "한 곳씩 가려 보는 중입니다…",
    failed: "잘되지 않았습니다. 껐다가 다시 켜 보세요.",
    said: |class, points| match points {
        0 => format!("어느 한 곳을 가려도 {class}일 가능성은 그대로입니다."),
        _ => format!(
            "밝은 곳이 {class} 쪽으로 기울게 했습니다. 가장 밝은 곳을 가리면 가능성이 {points}%p 낮아집니다."
        ),
    },
};
