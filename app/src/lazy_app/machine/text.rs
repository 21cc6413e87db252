//! What the measurement of this machine says.

use super::gpu::Missing;
use marquee_app::ui::language::Language;

/// The words.
pub(super) struct Text {
    /// Over it all.
    pub(super) heading: &'static str,
    /// What the button does.
    pub(super) lead: &'static str,
    /// The button.
    pub(super) start: &'static str,
    /// The button, when there are results.
    pub(super) again: &'static str,
    /// The button, while it runs.
    pub(super) stop: &'static str,
    /// While an engine starts.
    pub(super) starting: fn(engine: &str) -> String,
    /// While it is measured.
    pub(super) measuring: fn(engine: &str, posters: &str) -> String,
    /// At the end.
    pub(super) done: &'static str,
    /// After the visitor stopped it.
    pub(super) stopped: &'static str,
    /// Where the network can't be loaded.
    pub(super) broken: &'static str,
    /// How many posters, over their rows.
    pub(super) posters: fn(count: u32) -> String,
    /// Over the engines' column.
    pub(super) engine: &'static str,
    /// Over the column of how many posters, in the plain text.
    pub(super) count: &'static str,
    /// Over the milliseconds.
    pub(super) time: &'static str,
    /// Over the posters per second.
    pub(super) rate: &'static str,
    /// In place of a rate.
    pub(super) too_quick: &'static str,
    /// How to read the bars.
    pub(super) scale: &'static str,
    /// That there is no WebGPU.
    pub(super) no_gpu: &'static str,
    /// That WebGPU failed.
    pub(super) gpu_failed: &'static str,
    /// How it is measured.
    pub(super) method: &'static str,
    /// What the network's name is.
    pub(super) network: &'static str,
    /// What the browser's name is.
    pub(super) browser: &'static str,
    /// What the number of threads is.
    pub(super) threads: &'static str,
    /// What the graphics adapter's name is.
    pub(super) graphics: &'static str,
    /// What the date is.
    pub(super) date: &'static str,
    /// The button that copies.
    pub(super) copy: &'static str,
    /// Beside it, afterwards.
    pub(super) copied: &'static str,
    /// Where the browser doesn't let it.
    pub(super) not_copied: &'static str,
}

impl Text {
    /// Why WebGPU isn't there.
    pub(super) fn missing(&self, missing: Missing) -> &'static str {
        match missing {
            Missing::Unavailable => self.no_gpu,
            Missing::Failed => self.gpu_failed,
        }
    }
}

/// The words in a language.
pub(super) fn text(language: Language) -> &'static Text {
    match language {
        Language::English => &ENGLISH,
        Language::Korean => &KOREAN,
    }
}

const ENGLISH: Text = Text {
    heading: "Your machine",
    lead: "How many posters could it read in a second? Both engines try: one poster, 256, and a \
           thousand.",
    start: "Measure",
    again: "Measure again",
    stop: "Stop",
    starting: |engine| format!("{engine} is starting"),
    measuring: |engine, posters| format!("{engine}: {posters}"),
    done: "Measured.",
    stopped: "Stopped.",
    broken: "The network could not be loaded, so there is nothing to measure. Please try again later.",
    posters: |count| match count {
        1 => "One poster".into(),
        1_000 => "1,000 posters".into(),
        count => format!("{count} posters"),
    },
    engine: "Engine",
    count: "Posters",
    time: "Time",
    rate: "Posters per second",
    too_quick: "too quick to tell",
    scale: "Longer is faster: each line stands for ten times as many posters per second as the one before.",
    no_gpu: "This browser offers no WebGPU, so the CPU ran alone.",
    gpu_failed: "WebGPU failed on this machine, so the CPU's figures are all there is.",
    method: "Measured is the network alone, without reading files: the average of as many runs as \
             fit into a quarter of a second. The CPU engine takes one thread.",
    network: "Network",
    browser: "Browser",
    threads: "Threads",
    graphics: "Graphics",
    date: "Date",
    copy: "Copy as text",
    copied: "Copied",
    not_copied: "The browser did not let it be copied. Here it is, to select:",
};

const KOREAN: Text = Text {
    heading: "이 기기의 속도",
    lead: "1초에 포스터를 몇 장이나 읽을 수 있을까요? 두 엔진으로 한 장, 256장, 천 장을 읽어 봅니다.",
    start: "재 보기",
    again: "다시 재 보기",
    stop: "그만하기",
    starting: |engine| format!("{engine} 준비 중"),
    measuring: |engine, posters| format!("{engine}: {posters}"),
    done: "다 쟀습니다.",
    stopped: "그만두었습니다.",
    broken: "신경망을 불러오지 못해 잴 수 없습니다. 나중에 다시 해 보세요.",
    posters: |count| match count {
        1 => "포스터 한 장".into(),
        1_000 => "포스터 1,000장".into(),
        count => format!("포스터 {count}장"),
    },
    engine: "엔진",
    count: "포스터",
    time: "시간",
    rate: "초당 포스터",
    too_quick: "너무 빨라 잴 수 없음",
    scale: "막대가 길수록 빠릅니다. 눈금 하나마다 열 배씩 빨라집니다.",
    no_gpu: "이 브라우저에는 WebGPU가 없어 CPU만 쟀습니다.",
    gpu_failed: "이 기기에서 WebGPU가 작동하지 않아 CPU의 결과만 있습니다.",
    method: "파일을 읽는 시간은 빼고 신경망만 쟀습니다. 0.25초 동안 되풀이한 평균이며, CPU 엔진은 스레드 하나를 씁니다.",
    network: "신경망",
    browser: "브라우저",
    threads: "스레드",
    graphics: "그래픽",
    date: "날짜",
    copy: "텍스트로 복사",
    copied: "복사했습니다",
    not_copied: "브라우저가 복사를 허용하지 않았습니다. 아래에서 직접 골라 복사해 주세요.",
};
