//! What the list of networks says.

use marquee_app::ui::language::Language;

/// The words.
pub(super) struct Text {
    /// Over the list.
    pub(super) heading: &'static str,
    /// Where data is saved: the button that asks the other networks, too.
    pub(super) ask_all: &'static str,
    /// A class that a network isn't sure of.
    pub(super) perhaps: fn(class: &str) -> String,
    /// What the tags are.
    pub(super) genres: &'static str,
    /// The members' score, and the interval that holds four films of five.
    pub(super) score: fn(points: &str, low: &str, high: &str) -> String,
}

/// The words in a language.
pub(super) fn text(language: Language) -> &'static Text {
    match language {
        Language::English => &ENGLISH,
        Language::Korean => &KOREAN,
    }
}

const ENGLISH: Text = Text {
    heading: "On every screen",
    ask_all: "Ask the others, too (5 MB)",
    perhaps: |class| format!("{class}?"),
    genres: "Genres",
    score: |points, low, high| {
        format!(
            "Members would give it {points} of 10; four films of five that look so: {low} to {high}"
        )
    },
};

const KOREAN: Text = Text {
    heading: "모든 상영관에서",
    ask_all: "다른 신경망에도 묻기 (5 MB)",
    perhaps: |class| format!("{class}?"),
    genres: "장르",
    score: |points, low, high| {
        format!("회원 평점 예상 10점 만점에 {points}점, 다섯 편 중 네 편은 {low}~{high}점")
    },
};

/// A genre of TMDB's as people call it.
pub(super) fn genre(language: Language, name: &str) -> &str {
    let korean = match name {
        "Action" => "액션",
        "Adventure" => "모험",
        "Animation" => "애니메이션",
        "Comedy" => "코미디",
        "Crime" => "범죄",
        "Documentary" => "다큐멘터리",
        "Drama" => "드라마",
        "Family" => "가족",
        "Fantasy" => "판타지",
        "History" => "역사",
        "Horror" => "공포",
        "Music" => "음악",
        "Mystery" => "미스터리",
        "Romance" => "로맨스",
        "Science Fiction" => "SF",
        "TV Movie" => "TV 영화",
        "Thriller" => "스릴러",
        "War" => "전쟁",
        "Western" => "서부",
        other => other,
    };
    match language {
        Language::English => name,
        Language::Korean => korean,
    }
}
