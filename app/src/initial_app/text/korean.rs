//! Korean.

use super::{SignLines, Text};
use crate::engine::Reason;
use marquee_app::protocol::Problem;
use marquee_app::ui::format::milliseconds;

/// What the page says in Korean.
pub(super) const TEXT: Text = Text {
    language: "언어",

    sign_above: SignLines {
        empty: "오늘의 상영작",
        reading: "잠시만요",
        answered: "오늘의 상영작",
        unsure: "오늘의 상영작, 아마도",
        refused: "상영 없음",
    },
    sign_below: SignLines {
        empty: "당신의 포스터",
        reading: "개봉 박두",
        answered: "",
        unsure: "",
        refused: "쉬는 시간",
    },
    says: |class, percent| format!("{class}, {percent}"),

    drop: "포스터를 여기에 놓으세요",
    pick: "파일 고르기",
    pick_another: "다른 파일 고르기",
    or_paste: "또는 아무 데나 끌어다 놓거나 붙여 넣으세요",
    let_go: "놓으세요, 영사기가 돌고 있어요",
    poster: |name| format!("고른 포스터: {name}"),
    no_file: "파일이 아닙니다. 그림을 저장한 다음 여기에 놓아 주세요.",

    unsure: "확신이 없습니다. 가장 그럴듯한 답도 확률이 그리 높지 않습니다.",
    incomplete: "파일의 일부가 없습니다. 남아 있는 부분만 보고 답했습니다.",
    answered_by: |network, engine, total| format!("{network}({engine}), {total} 만에 대답"),
    time_parts: |read, infer| format!("파일 읽기 {read}, 신경망 {infer}"),

    engine: "엔진",
    engine_auto: "자동",

    problem: |problem| match problem {
        Problem::Empty => "빈 파일입니다. 다른 파일을 골라 주세요.",
        Problem::NotAnImage => {
            "여기서 읽을 수 있는 그림 파일이 아닙니다. JPEG, PNG, WebP 파일을 골라 주세요."
        }
        Problem::Damaged => "손상되어 읽을 수 없는 그림입니다. 다른 파일을 골라 주세요.",
        Problem::Unreadable => {
            "열 수 없는 파일입니다. 옮겨졌거나 바뀌었거나 읽기 권한이 없습니다. 다시 골라 주세요."
        }
        Problem::TooLarge => "그림이 너무 커서 읽을 수 없습니다. 더 작은 것을 골라 주세요.",
        Problem::NoDecoder => {
            "이런 그림을 읽는 데 필요한 것을 불러오지 못했습니다. 네트워크에 연결한 뒤 다시 해 보거나 JPEG 파일을 골라 주세요."
        }
        Problem::NoNetwork | Problem::NotLoaded => {
            "Marquee의 일부를 불러오지 못해 아무것도 읽을 수 없습니다. 페이지를 새로 고쳐 주세요."
        }
        Problem::WorkerDied => {
            "포스터를 읽는 부분이 멈췄습니다. 다른 그림을 골라 보거나 페이지를 새로 고쳐 주세요."
        }
    },
    reason: |reason| match reason {
        Reason::CpuChosen => "고르신 대로 CPU가 대답합니다.".into(),
        Reason::Starting => "WebGPU가 준비되는 동안 CPU가 대답합니다.".into(),
        Reason::Warm { gpu_ms, cpu_ms } => format!(
            "WebGPU가 대답합니다. 포스터 한 장에 WebGPU가 {}, CPU가 {} 걸립니다.",
            milliseconds(gpu_ms),
            milliseconds(cpu_ms)
        ),
        Reason::Slower { gpu_ms, cpu_ms } => format!(
            "CPU가 대답합니다. 이 기기에서는 포스터 한 장에 CPU가 {}, WebGPU가 {} 걸립니다.",
            milliseconds(cpu_ms),
            milliseconds(gpu_ms)
        ),
        Reason::Unavailable => "이 브라우저에는 WebGPU가 없어 CPU가 대답합니다.".into(),
        Reason::NotLoaded => "WebGPU에 필요한 것을 불러오지 못해 CPU가 대답합니다.".into(),
        Reason::Failed => "이 기기에서 WebGPU가 작동하지 않아 CPU가 대답합니다.".into(),
    },
};
