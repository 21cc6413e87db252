//! What the festival says.

use marquee_app::protocol::Problem;
use marquee_app::ui::language::Language;

/// The words.
pub(super) struct Text {
    /// What it is called: over it, and on the sign's upper line.
    pub(super) heading: &'static str,
    /// The sign's lower line while posters are read.
    pub(super) so_far: fn(done: &str, total: &str) -> String,
    /// The sign's lower line when they are.
    pub(super) posters: fn(total: &str) -> String,
    /// The progress bar.
    pub(super) progress: &'static str,
    /// How many were read so far.
    pub(super) read: fn(done: &str, total: &str) -> String,
    /// How long it will take.
    pub(super) seconds_left: fn(seconds: &str) -> String,
    /// The same, when it will take longer.
    pub(super) minutes_left: fn(minutes: &str) -> String,
    /// All were read.
    pub(super) done: fn(total: &str, seconds: &str) -> String,
    /// It was stopped.
    pub(super) stopped: fn(left: &str) -> String,
    /// Stops it.
    pub(super) stop: &'static str,
    /// Reads the rest.
    pub(super) go_on: &'static str,
    /// Ends it.
    pub(super) close: &'static str,
    /// Comes back to it.
    pub(super) back: &'static str,
    /// Which files can't be read.
    pub(super) unreadable: fn(which: &str) -> String,
    /// So many for a reason.
    pub(super) problem: fn(Problem, count: u32, shown: &str) -> String,

    /// Over the choice of posters.
    pub(super) show: &'static str,
    /// All of them.
    pub(super) show_all: &'static str,
    /// Those that the network isn't sure of.
    pub(super) show_unsure: &'static str,
    /// Those whose true class is ticked.
    pub(super) show_ticked: &'static str,
    /// Those of them that the network takes for something else.
    pub(super) show_mistaken: &'static str,
    /// Files that can't be read.
    pub(super) show_unreadable: &'static str,
    /// The slider.
    pub(super) at_least: &'static str,
    /// The choice of an order.
    pub(super) sort: &'static str,
    /// As they were brought.
    pub(super) sort_brought: &'static str,
    /// The most confident answer first.
    pub(super) sort_surest: &'static str,
    /// The least confident answer first.
    pub(super) sort_doubtful: &'static str,
    /// Class by class.
    pub(super) sort_class: &'static str,
    /// None are left by the choices above.
    pub(super) none: &'static str,

    /// What the grid is, for a screen reader.
    pub(super) grid: &'static str,
    /// What the keys do in the grid.
    pub(super) keys: fn(classes: usize) -> String,
    /// What a cell's picture does.
    pub(super) open: fn(name: &str) -> String,
    /// A class that the network isn't sure of.
    pub(super) perhaps: fn(class: &str) -> String,
    /// A poster that isn't read yet.
    pub(super) waiting: &'static str,
    /// What a cell says where it can't be read.
    pub(super) refused: fn(Problem) -> &'static str,
    /// The true class, as long as none is ticked.
    pub(super) truth: &'static str,
    /// The control for it.
    pub(super) truth_of: fn(name: &str) -> String,
    /// Where the network is right.
    pub(super) right: &'static str,
    /// Where it is not.
    pub(super) wrong: &'static str,

    /// Over the figures.
    pub(super) judged: &'static str,
    /// Before anything is ticked.
    pub(super) invitation: &'static str,
    /// How many are ticked.
    pub(super) ticked: fn(count: u32, shown: &str) -> String,
    /// The share that is right.
    pub(super) accuracy: &'static str,
    /// The mean of the F1 scores.
    pub(super) macro_f1: &'static str,
    /// What macro-F1 is.
    pub(super) macro_f1_means: &'static str,
    /// Over the matrix.
    pub(super) matrix: &'static str,
    /// The corner of it.
    pub(super) corner: &'static str,

    /// Beside the two formats.
    pub(super) save: &'static str,
}

/// The words in a language.
pub(super) fn text(language: Language) -> &'static Text {
    match language {
        Language::English => &ENGLISH,
        Language::Korean => &KOREAN,
    }
}

const ENGLISH: Text = Text {
    heading: "Festival",
    so_far: |done, total| format!("{done} of {total}"),
    posters: |total| format!("{total} posters"),
    progress: "Posters read",
    read: |done, total| format!("{done} of {total} read"),
    seconds_left: |seconds| format!("about {seconds} s left"),
    minutes_left: |minutes| format!("about {minutes} min left"),
    done: |total, seconds| format!("All {total} done in {seconds} s."),
    stopped: |left| format!("Stopped. Not read yet: {left}."),
    stop: "Stop",
    go_on: "Read the rest",
    close: "One poster again",
    back: "Back to the festival",
    unreadable: |which| format!("Can't be read: {which}."),
    problem: |problem, count, shown| match (problem, count) {
        (Problem::Empty, 1) => "1 empty file".into(),
        (Problem::Empty, _) => format!("{shown} empty files"),
        (Problem::NotAnImage, 1) => "1 file that isn't a picture".into(),
        (Problem::NotAnImage, _) => format!("{shown} files that aren't pictures"),
        (Problem::Damaged, 1) => "1 damaged picture".into(),
        (Problem::Damaged, _) => format!("{shown} damaged pictures"),
        (Problem::TooLarge, 1) => "1 picture that is too large".into(),
        (Problem::TooLarge, _) => format!("{shown} pictures that are too large"),
        (Problem::NoDecoder, 1) => "1 file whose reader could not be loaded".into(),
        (Problem::NoDecoder, _) => format!("{shown} files whose reader could not be loaded"),
    },

    show: "Show",
    show_all: "All",
    show_unsure: "Not sure",
    show_ticked: "Ticked",
    show_mistaken: "Mistaken",
    show_unreadable: "Unreadable",
    at_least: "Confident by at least",
    sort: "Order",
    sort_brought: "As you brought them",
    sort_surest: "Surest first",
    sort_doubtful: "Least sure first",
    sort_class: "By class",
    none: "No poster is like that.",

    grid: "Posters",
    keys: |classes| {
        format!(
            "Arrow keys go from poster to poster, Enter opens one. The keys 1 to {classes} say what it really is, 0 takes that back."
        )
    },
    open: |name| format!("Open {name}"),
    perhaps: |class| format!("{class}?"),
    waiting: "Waiting",
    refused: |problem| match problem {
        Problem::Empty => "Empty file",
        Problem::NotAnImage => "Not a picture",
        Problem::Damaged => "Damaged",
        Problem::TooLarge => "Too large",
        Problem::NoDecoder => "Not loaded",
    },
    truth: "It really is",
    truth_of: |name| format!("What {name} really is"),
    right: "right",
    wrong: "wrong",

    judged: "Is it right?",
    invitation: "Say what some of the posters really are, and see how often the network is right about them.",
    ticked: |count, shown| {
        if count == 1 {
            "1 poster ticked".into()
        } else {
            format!("{shown} posters ticked")
        }
    },
    accuracy: "Accuracy",
    macro_f1: "Macro F1",
    macro_f1_means: "Macro F1 weighs every class alike, however many posters it has. Classes that you neither ticked nor were answered are left out.",
    matrix: "What it took them for",
    corner: "Really",

    save: "Save the answers",
};

const KOREAN: Text = Text {
    heading: "영화제",
    so_far: |done, total| format!("{done} / {total}"),
    posters: |total| format!("포스터 {total}장"),
    progress: "읽은 포스터",
    read: |done, total| format!("{total}장 중 {done}장 읽음"),
    seconds_left: |seconds| format!("약 {seconds}초 남음"),
    minutes_left: |minutes| format!("약 {minutes}분 남음"),
    done: |total, seconds| format!("{total}장을 {seconds}초 만에 모두 읽었습니다."),
    stopped: |left| format!("멈췄습니다. 아직 읽지 않은 포스터: {left}장."),
    stop: "멈추기",
    go_on: "나머지 읽기",
    close: "다시 한 장씩",
    back: "영화제로 돌아가기",
    unreadable: |which| format!("읽을 수 없는 것: {which}."),
    problem: |problem, _, shown| match problem {
        Problem::Empty => format!("빈 파일 {shown}개"),
        Problem::NotAnImage => format!("그림이 아닌 파일 {shown}개"),
        Problem::Damaged => format!("손상된 그림 {shown}개"),
        Problem::TooLarge => format!("너무 큰 그림 {shown}개"),
        Problem::NoDecoder => format!("필요한 것을 불러오지 못한 파일 {shown}개"),
    },

    show: "보기",
    show_all: "전체",
    show_unsure: "확신 없음",
    show_ticked: "표시함",
    show_mistaken: "틀림",
    show_unreadable: "읽지 못함",
    at_least: "최소 확신",
    sort: "순서",
    sort_brought: "가져온 순서",
    sort_surest: "확신이 높은 순",
    sort_doubtful: "확신이 낮은 순",
    sort_class: "장르별",
    none: "조건에 맞는 포스터가 없습니다.",

    grid: "포스터",
    keys: |classes| {
        format!(
            "화살표 키로 포스터를 옮겨 다니고 Enter 키로 엽니다. 1부터 {classes}까지의 키로 실제 장르를 표시하고 0 키로 지웁니다."
        )
    },
    open: |name| format!("{name} 열기"),
    perhaps: |class| format!("{class}?"),
    waiting: "기다리는 중",
    refused: |problem| match problem {
        Problem::Empty => "빈 파일",
        Problem::NotAnImage => "그림이 아님",
        Problem::Damaged => "손상됨",
        Problem::TooLarge => "너무 큼",
        Problem::NoDecoder => "불러오지 못함",
    },
    truth: "실제 장르",
    truth_of: |name| format!("{name}의 실제 장르"),
    right: "맞음",
    wrong: "틀림",

    judged: "얼마나 맞을까요?",
    invitation: "포스터 몇 장의 실제 장르를 표시하면 신경망이 얼마나 자주 맞히는지 보여 드려요.",
    ticked: |_, shown| format!("포스터 {shown}장 표시함"),
    accuracy: "정확도",
    macro_f1: "매크로 F1",
    macro_f1_means: "매크로 F1은 포스터 수와 상관없이 모든 장르를 똑같이 봅니다. 표시한 적도 대답한 적도 없는 장르는 빼고 계산합니다.",
    matrix: "무엇으로 보았나요",
    corner: "실제",

    save: "대답 저장하기",
};

/// A count with a comma between thousands, as both languages write it.
pub(super) fn grouped(count: u32) -> String {
    let digits = count.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(5000), "5,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
