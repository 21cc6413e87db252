//! Korean.

use super::{Network, Text};

/// What is said in Korean.
pub(super) const TEXT: Text = Text {
    heading: "Marquee 소개",

    what_heading: "무엇인가요",
    what: [
        "영화 포스터는 하나의 약속입니다. Marquee는 작은 신경망에게 어떤 영화를 약속하는지 묻고, 그 \
         대답을 간판에 겁니다.",
        "신경망은 눈에 보이는 것보다 훨씬 작게 줄인 그림만 봅니다. 이 브라우저 안에서 대개 천분의 몇 초 만에 \
         대답해요. 그 대답에는 신경망만큼이나 포스터를 만드는 방식이 드러납니다.",
    ],

    quality_heading: "얼마나 잘 맞히나요",
    quality: [
        "찍는 것보다는 낫지만 자주 틀립니다. Marquee에 들어 있는 신경망은 학습에 쓰지 않은 영화로 \
         평가했습니다.",
        "macro-F1은 영화가 많은 장르든 적은 장르든 그 장르의 영화를 빠짐없이, 그리고 그것만 골라내는지를 \
         나타내요. 전혀 틀리지 않으면 1입니다. 괄호 안은 같은 수의 영화를 다시 뽑았을 때 100번 중 95번이 \
         들어가는 범위입니다.",
    ],

    cannot_heading: "할 수 없는 것",
    cannot: [
        "제목을 읽지 못하고, 배우를 모르며, 영화에서 무슨 일이 일어나는지도 모릅니다.",
        "휴가 사진이라도 그림이면 무엇이든 대답합니다. \"포스터가 아니다\"라는 대답은 없어요.",
        "포스터 속 사람에 대해서는 아무것도 말해 주지 않습니다. 그렇게 보인다면 장르의 틀에 박힌 모습일 \
         뿐이에요.",
        "영화의 장르는 여럿인데 하나씩만 가르쳤습니다. 무엇이 맞는지는 취향의 문제일 때가 많아요.",
        "이것으로 아무것도 정하지 마세요. 무엇을 누구에게 보여 주고 팔고 권할지, 아이들이 무엇을 봐도 \
         되는지도요.",
    ],

    data_heading: "무엇을 보고 배웠나요",
    data: [
        "Marquee에 들어 있는 신경망은 영화 포스터와, 자원봉사자들이 TMDB에 적은 장르와 평점을 보고 \
         배웠습니다.",
        "이 페이지에는 TMDB의 그림이나 자료가 없습니다. 시험해 볼 포스터는 이 페이지를 위해 그렸어요.",
        "이 페이지를 운영하는 쪽에서 다른 신경망을 넣었을 수도 있습니다. 무엇을 보고 배웠는지는 그 \
         신경망의 모델 카드에 적혀 있어요.",
    ],

    private_heading: "아무것도 기기 밖으로 나가지 않습니다",
    private: "포스터는 이 기기에서만 읽고 보여 주고 대답합니다. 그냥 믿지 말고 확인해 보세요.",
    checks: [
        [
            "연결을 끊어 보세요.",
            "모든 상영관이 한 번 대답한 뒤에 네트워크 연결을 끊어 보세요. 그래도 다음 포스터를 읽습니다.",
        ],
        [
            "지켜보세요.",
            "브라우저의 개발자 도구(대부분 F12)에서 네트워크 패널을 열어 보세요. 페이지는 처음 필요해진 \
             자기 부품을 내려받을 뿐, 아무것도 보내지 않습니다. \"blob:\"으로 시작하는 주소는 이 기기의 \
             메모리입니다.",
        ],
        [
            "읽어 보세요.",
            "같은 도구에서 이 페이지의 Content-Security-Policy를 볼 수 있습니다. 브라우저는 이에 따라 이 \
             페이지가 자기 서버하고만 통신하게 해요. Marquee의 소스도 공개되어 있어 누구나 읽고 빌드하고 \
             운영할 수 있습니다.",
        ],
    ],

    network: Network {
        loading: "평가 결과를 불러오는 중…",
        none: "평가 결과를 불러오지 못했거나, 이 서버에 없습니다.",
        judged: |films| format!("학습에 쓰지 않은 영화 {films}편으로 평가했습니다."),
        judged_elsewhere: |films| {
            format!(
                "다른 자료의 영화 {films}편으로 평가했습니다. 그중에는 학습에 쓴 것도 있을 수 있어요."
            )
        },
        macro_f1: "macro-F1",
        accuracy: "맞힌 비율",
        calibration: "퍼센트의 정확성",
        off: |points| format!("평균 {points}포인트 차이"),
        interval: |low, high| format!("{low}~{high}"),
        genres: "장르",
        precision_of: |precision, guessing| {
            format!("평균 정밀도의 평균(mAP) {precision}, 찍으면 {guessing}")
        },
        score: "회원 평점",
        score_off: |off, constant, explained| {
            format!(
                "10점 만점에 평균 {off}점 차이, 늘 같은 점수로 대답하면 {constant}점 차이, R² {explained}"
            )
        },
        matrix: "무엇을 무엇으로 보나요",
        matrix_corner: "실제 장르와 대답",
        cell: |films, truth, answer| format!("실제 {truth}, 대답 {answer}: {films}편"),
        classes: "장르별로",
        class: "장르",
        precision: "정밀도",
        recall: "재현율",
        films: "영화 수",
        card: "모델 카드 전체 (영어)",
        no_card: "모델 카드를 불러오지 못했거나, 이 서버에 없습니다.",
    },
};
