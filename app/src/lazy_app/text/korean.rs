//! The lazy app in Korean.

use super::{
    AboutText, ConfusionText, FestivalText, InputsText, MachineText, NetworkText, OcclusionText,
    RecentText, ScreensText, ShareText, TeachText, Text, UpdateText,
};
use marquee_app::protocol::Problem;

/// What the lazy app says in Korean.
pub(super) const TEXT: Text = Text {
    perhaps: |class| format!("{class}?"),
    screens: ScreensText {
        heading: "모든 상영관에서",
        ask_all: "다른 신경망에도 묻기 (몇 MB)",
        genres: "장르",
        genre: |name| match name {
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
        },
        score: |points, low, high| {
            format!(
                "회원 평점 예상 10점 만점에 {points}점, 비슷해 보이는 영화 다섯 편 중 네 편은 {low}~{high}점"
            )
        },
    },
    occlusion: OcclusionText {
        what_mattered: "무엇을 보고?",
        strength: "조명",
        one_moment: "한 곳씩 가려 보는 중입니다…",
        failed: "잘되지 않았습니다. 껐다가 다시 켜 보세요.",
        result: |class, points| match points {
            0 => format!("어느 한 곳을 가려도 {class}일 가능성은 그대로입니다."),
            _ => format!(
                "밝은 곳이 {class} 쪽으로 기울게 했습니다. 가장 밝은 곳을 가리면 가능성이 {points}%p 낮아집니다."
            ),
        },
    },
    inputs: InputsText {
        camera: "카메라",
        camera_note: "포스터를 틀 안에 맞춰 주세요. 찍은 사진은 이 기기에만 있습니다.",
        camera_take: "찍기",
        camera_close: "닫기",
        address: "주소",
        address_label: "그림 주소",
        address_go: "가져오기",
        address_note: "그 주소를 열 때와 마찬가지로, 그림을 가져오는 것을 그쪽 서버가 알게 됩니다.",
        folder: "폴더",
        shared: "공유받은 포스터",
        no_address: "그림 주소가 아닙니다. https://로 시작하는 파일 주소를 넣어 주세요.",
        unreachable: "그림을 가져올 수 없습니다. 서버에 닿지 않거나 다른 페이지에 그림을 내주지 않는 곳입니다. 그림을 저장한 다음 여기에 놓아 주세요.",
        missing: "그런 그림이 없다고 합니다. 주소를 확인해 주세요.",
        forbidden: "서버가 이 그림을 아무에게나 주지 않습니다. 그림을 저장한 다음 여기에 놓아 주세요.",
        host_error: |status| {
            format!(
                "서버가 오류({status})로 대답합니다. 나중에 다시 해 보거나, 그림을 저장한 다음 여기에 놓아 주세요."
            )
        },
        too_slow: "30초 안에 그림이 오지 않았습니다. 다시 해 보거나, 그림을 저장한 다음 여기에 놓아 주세요.",
        too_large: "64 MB가 넘는 파일이라 포스터로 읽기에는 너무 큽니다. 더 작은 것을 골라 주세요.",
        no_camera: "쓸 수 있는 카메라가 없습니다. 브라우저에서 허용하거나 파일을 골라 주세요.",
        no_files: "파일이 없는 폴더입니다. 다른 폴더를 골라 주세요.",
    },
    share: ShareText {
        heading: "함께 보기",
        contents: "링크를 여는 사람은 신경망이 본 전부인 이 작은 그림과 그 대답을 보게 됩니다. \
                   둘 다 # 뒤에 있어서 브라우저가 어떤 서버로도 보내지 않습니다.",
        lossy: "링크가 길어지지 않도록 미세한 색 차이는 뺐습니다.",
        small: "링크에 담긴 작은 그림",
        copy: "링크 복사",
        copied: "복사했습니다.",
        copy_refused: "브라우저가 복사를 허용하지 않습니다. 여기서 링크를 복사해 주세요.",
        field: "링크",
        send: "공유",
        qr: "QR 코드",
        qr_name: "링크의 QR 코드",
        qr_enlarge: "QR 코드 크게 보기",
        qr_too_long: "링크가 길어서 QR 코드에 다 들어가지 않습니다. 대신 링크를 복사해 주세요.",
        close: "닫기",

        name: "공유받은 포스터",
        opened: "링크로 받은 포스터입니다. 수치는 이 기기에서 다시 계산했습니다.",
        opened_same: "링크로 받은 포스터입니다. 수치는 이 기기에서 다시 계산했고, 보낸 사람의 것과 같습니다.",
        sender_said: |class, percent| {
            format!(
                "보낸 사람의 신경망은 {class}, {percent}라고 답했습니다. 이곳의 신경망은 다른 버전입니다."
            )
        },
        other_classes: "보낸 사람의 신경망은 다른 버전이라 구별하는 종류가 다릅니다.",
        damaged: "링크가 손상되었거나 중간에 잘려서 열 수 없습니다. 다시 보내 달라고 해 주세요.",
        newer: "이 페이지의 더 새로운 버전에서 만든 링크입니다. 페이지를 새로 고친 뒤 다시 열어 주세요.",
        unknown: |network| format!("이 링크를 만든 신경망({network})이 이 페이지에는 없습니다."),
        no_networks: "신경망 목록을 불러오지 못해서 지금은 이 링크를 열 수 없습니다. 다시 시도해 주세요.",
    },
    festival: FestivalText {
        heading: "영화제",
        so_far: |done, total| format!("{done} / {total}"),
        posters: |total| format!("포스터 {total}장"),
        progress: "읽은 포스터",
        read: |done, total| format!("{total}장 중 {done}장 읽음"),
        on_gpu: "신경망은 WebGPU로 돌아갑니다.",
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
            Problem::Unreadable => format!("열 수 없는 파일 {shown}개"),
            Problem::TooLarge => format!("너무 큰 그림 {shown}개"),
            Problem::NoDecoder => format!("필요한 것을 불러오지 못한 파일 {shown}개"),
            Problem::NoNetwork => format!("신경망을 불러오지 못한 파일 {shown}개"),
            Problem::WorkerDied => format!("읽다가 멈춘 파일 {shown}개"),
            Problem::NotLoaded => format!("읽는 부분을 불러오지 못한 파일 {shown}개"),
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
        sort_contradicted: "가장 어긋나는 순",
        sort_class: "종류별",
        show_confused: |truth, predicted| format!("실제 {truth}, 대답 {predicted}"),
        none: "조건에 맞는 포스터가 없습니다.",

        grid: "포스터",
        keys: |classes| {
            format!(
                "화살표 키로 포스터를 옮겨 다니고 Enter 키로 엽니다. 1부터 {classes}까지의 키로 실제 종류를 표시하고 0 키로 지웁니다."
            )
        },
        open: |name| format!("{name} 열기"),
        untaught: "아직 배우지 않음",
        waiting: "기다리는 중",
        refused: |problem| match problem {
            Problem::Empty => "빈 파일",
            Problem::NotAnImage => "그림이 아님",
            Problem::Damaged => "손상됨",
            Problem::Unreadable => "열 수 없음",
            Problem::TooLarge => "너무 큼",
            Problem::NoDecoder => "불러오지 못함",
            Problem::NoNetwork => "신경망 없음",
            Problem::WorkerDied => "읽다가 멈춤",
            Problem::NotLoaded => "불러오지 못함",
        },
        truth: "실제 종류",
        truth_of: |name| format!("{name}의 실제 종류"),
        right: "맞음",
        wrong: "틀림",

        evaluation: "얼마나 맞을까요?",
        invitation: "포스터 몇 장의 실제 종류를 표시하면 신경망이 얼마나 자주 맞히는지 보여 드립니다.",
        ticked: |_, shown| format!("포스터 {shown}장 표시함"),
        macro_f1_means: "macro-F1은 포스터 수와 상관없이 모든 종류를 똑같이 봅니다. 표시한 적도 대답한 적도 없는 종류는 빼고 계산합니다.",
        save: "대답 저장하기",
    },
    confusion: ConfusionText {
        accuracy: "정확도",
        macro_f1: "macro-F1",
        caption: "무엇을 무엇으로 보나요",
        corner: "실제 종류",
        cell: |count, truth, answer| format!("실제 {truth}, 대답 {answer}: {count}"),
    },
    teach: TeachText {
        heading: "가르치기",
        begin: "나만의 종류 가르치기",
        begin_folders: |folders| format!("이 폴더들로 가르치기: {folders}"),
        too_many_folders: |folders, most| {
            format!(
                "포스터가 폴더 {folders}개에서 왔지만, 종류는 {most}개까지만 만들 수 있습니다. 폴더를 줄이거나 여기에서 종류를 만들어 주세요."
            )
        },
        invitation: "서부극 서가, 다큐멘터리 서가, 어린이 서가에 둘 포스터인가요? 나만의 종류를 만들고 종류마다 열 장쯤 \
                     표시해 보세요. 나머지는 이 기기에서 바로 대답합니다.",
        end: "신경망의 종류로 돌아가기",
        hint: "종류마다 포스터 몇 장을 표시해 주세요. 숫자 키를 누르거나, 포스터 아래 목록에서 고르거나, 포스터를 종류 위로 \
               끌어다 놓으면 됩니다. 표시할 때마다 배웁니다. Y 키를 누르면 대답이 맞다고 표시합니다.",
        name: "나의 종류",
        name_label: "분류기 이름",
        class: |number| format!("종류 {number}"),
        class_label: |number| format!("종류 {number}의 이름"),
        colour_label: |class| format!("{class}의 색"),
        ticked: |posters| format!("{posters}장 표시함"),
        add: "종류 더하기",
        add_posters: "포스터 더하기",
        add_folder: "폴더 더하기",
        remove: |class| format!("{class} 없애기"),
        really_remove: "표시도 없앨까요?",
        too_few: "두 종류에 포스터를 한 장씩 표시하면 배우기 시작합니다.",
        learned: |posters, ms| format!("포스터 {posters}장에서 {ms} 만에 배웠습니다."),
        more: |class, posters| {
            format!("종류마다 열 장쯤은 있어야 쓸모가 있습니다. {class}: {posters}장.")
        },
        failed: "배우지 못했습니다. 표시를 바꾸면 다시 해 봅니다.",
        same_names: "종류마다 다른 이름이 있어야 합니다.",
        no_score: |class, posters, least| {
            format!(
                "얼마나 자주 맞히는지는 종류마다 서로 다른 포스터가 {least}장 이상 있어야 알 수 있습니다. {class}: {posters}장."
            )
        },
        no_score_yet: "두 종류의 포스터를 표시하면 본 적 없는 포스터를 얼마나 자주 맞히는지 보여 드립니다.",
        interval: |low, high| format!("{low}~{high}"),
        held_out_alone: |posters| {
            format!(
                "표시한 포스터 {posters}장마다, 그 포스터와 그와 거의 똑같은 포스터를 본 적 없는 분류기가 대답했습니다. 이렇게 구한 구간 100개 가운데 95개쯤에 참값이 들어 있습니다."
            )
        },
        held_out_in_folds: |posters, folds| {
            format!(
                "표시한 포스터 {posters}장을 거의 똑같은 것끼리 묶어 {folds}묶음으로 나누고, 묶음마다 나머지만 본 분류기가 대답했습니다. 이렇게 구한 구간 100개 가운데 95개쯤에 참값이 들어 있습니다."
            )
        },
        open_cell: |cell| format!("{cell}, 포스터 보기"),
        sort_again: "다시 정렬",
        agree: |class| format!("{class} 맞음"),
        answer_with: "이것으로 대답하기",
        answers: "이제 이 분류기가 포스터에 대답합니다. 다음에 오실 때도 대답합니다.",
        answers_now: "이제 이 분류기가 포스터에 대답합니다. 이 브라우저는 보관하지 않으므로 떠나실 때까지만입니다.",
        not_made: "바탕이 되는 신경망을 불러오지 못했습니다. 연결을 확인하고 다시 시도해 주세요.",
        save: "파일로 저장:",
        files: ".safetensors 파일은 이 페이지와 marquee 명령, PyTorch에서 열립니다. 다른 프로그램에는 ONNX가 쓰입니다. \
                -raw.onnx는 어떤 크기의 그림이든 받아 확률을 내고, .onnx는 준비된 포스터를 받아 로짓을 냅니다.",
        link: "이 링크가 바로 분류기입니다. 여는 사람은 자기 기기에서 포스터를 보여 주고 대답을 들을 수 있고, 점수도 함께 \
               봅니다. 가르칠 때 쓴 포스터는 들어 있지 않습니다.",
        no_link: "이름이 너무 길어서 링크에 담을 수 없습니다. 종류나 분류기의 이름을 줄이거나 파일로 저장해 주세요.",
        keeping: "이 브라우저에 보관하는 중…",
        kept: "이 브라우저에 보관했습니다.",
        not_kept: "이 브라우저는 보관하지 않습니다. 떠나기 전에 파일로 저장하거나 링크를 복사해 주세요.",
        partly_kept: "이 브라우저에는 일부만 보관했습니다. 공간이 모자랄 수 있습니다. 떠나기 전에 파일로 저장하거나 링크를 \
                      복사해 주세요.",

        shelf: "나의 분류기",
        open: "더 가르치기",
        delete: "지우기",
        really_delete: "정말 지울까요?",
        spare: "그대로 두기",
        outdated: "다른 버전의 신경망이 포스터를 읽었습니다. 다시 가르치려면 포스터를 다시 가져와 주세요.",
        summary: |posters, accuracy| match accuracy {
            Some(accuracy) => format!("포스터 {posters}장, {accuracy} 맞음"),
            None => format!("포스터 {posters}장"),
        },
        not_reopened: "이 브라우저에서 분류기를 열지 못했습니다. 페이지를 새로 고치고 다시 해 보세요.",
        not_renamed: "이 브라우저에 새 이름을 보관하지 못했습니다. 페이지를 새로 고치고 다시 해 보세요.",
        not_deleted: "이 브라우저에서 분류기를 지우지 못했습니다. 페이지를 새로 고치고 다시 해 보세요.",
        open_file: "분류기 파일 열기",

        opened: |name, classes| format!("분류기 '{name}'입니다. 구별하는 종류: {classes}."),
        opened_score: |accuracy, interval, posters| {
            format!("본 적 없는 포스터 {posters}장 중 {accuracy}({interval})를 맞혔습니다.")
        },
        opened_without_score: "얼마나 자주 맞히는지는 알려져 있지 않습니다.",
        opened_answers: "이제 보여 주는 포스터에 이 기기에서 대답합니다.",
        opening: "분류기를 여는 중…",
        other_version: |network| {
            format!(
                "이 분류기에는 이 페이지에 있는 것과 다른 버전의 {network}이(가) 필요합니다. 대신 파일을 보내 달라고 해 주세요."
            )
        },
        not_loaded: "이 페이지의 일부를 불러오지 못해서 파일을 열 수 없습니다. 연결을 확인하고 다시 시도해 주세요.",
        no_classifier: "Marquee가 쓸 수 있는 분류기가 아닙니다. 여기서 저장한 .safetensors 파일인가요?",
    },
    recent: RecentText {
        heading: "최근 상영작",
        keep: "최근에 본 포스터를 이 기기에 보관하기",
        hint: "작게 줄인 그림과 이름, 대답을 24장까지 이 브라우저에만 보관합니다. 끄면 보관한 것을 모두 지웁니다.",
        clear: "모두 지우기",
        cleared: "보관한 것을 모두 지웠습니다.",
    },
    machine: MachineText {
        heading: "이 기기의 속도",
        lead: "1초에 포스터를 몇 장이나 읽을 수 있을까요? 두 엔진으로 한 장, 16장, 256장, 천 장을 읽어 봅니다.",
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
        gpu_from: |count| match count {
            Some(1) => "언제나 WebGPU가 이 CPU의 스레드 하나보다 빠릅니다.".into(),
            Some(count) => {
                format!("한 번에 {count}장부터 WebGPU가 이 CPU의 스레드 하나보다 빠릅니다.")
            }
            None => "포스터가 몇 장이든 이 CPU의 스레드 하나가 WebGPU보다 빠릅니다.".into(),
        },
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
        not_copied: "브라우저가 복사를 허용하지 않습니다. 아래에서 직접 골라 복사해 주세요.",
    },
    about: AboutText {
        heading: "Marquee 소개",
        what_heading: "무엇인가요",
        quality_heading: "얼마나 잘 맞히나요",
        figures: "macro-F1은 영화가 많은 종류든 적은 종류든 그 종류의 영화를 빠짐없이, 그리고 그것만 골라내는지를 \
             나타냅니다. 전혀 틀리지 않으면 1입니다. 괄호 안은 95% 구간으로, 평가한 영화를 무작위로 다시 \
             뽑으면 수치가 얼마나 달라지는지 나타냅니다.",
        cannot_heading: "할 수 없는 것",
        data_heading: "무엇을 보고 배웠나요",
        cards: "무엇을 보고 배웠는지는 신경망마다 있는 모델 카드에 적혀 있습니다.",
        private_heading: "아무것도 기기 밖으로 나가지 않습니다",
        private: "포스터는 이 기기에서만 읽고 보여 주고 대답합니다. 그냥 믿지 말고 확인해 보세요.",
        checks: [
            [
                "연결을 끊어 보세요.",
                "모든 신경망이 한 번 대답한 뒤에 인터넷 연결을 끊어 보세요. 그래도 다음 포스터를 읽습니다.",
            ],
            [
                "지켜보세요.",
                "브라우저의 개발자 도구(대부분 F12)에서 네트워크 패널을 열어 보세요. 페이지는 처음 필요해진 \
                 자기 부품을 내려받을 뿐, 아무것도 보내지 않습니다. \"blob:\"으로 시작하는 주소는 이 기기의 \
                 메모리입니다.",
            ],
            [
                "읽어 보세요.",
                "Marquee의 소스는 공개되어 있습니다. 누구나 전부 읽고, 만들고, 서비스할 수 있습니다. 다른 \
                 서버에 요청하는 것은 주소를 직접 입력하셨거나 이 페이지 주소의 ?poster=에 적힌 그림뿐입니다.",
            ],
        ],
        network: NetworkText {
            loading: "평가 결과를 불러오는 중…",
            none: "평가 결과를 불러오지 못했거나, 이 서버에 없습니다.",
            evaluated: |films| format!("학습에 쓰지 않은 영화 {films}편으로 평가했습니다."),
            evaluated_elsewhere: |films| {
                format!(
                    "다른 자료의 영화 {films}편으로 평가했습니다. 그중에는 학습에 쓴 것도 있을 수 있습니다."
                )
            },
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
            such_genres: "대답을 얼마나 믿을 수 있는지",
            when_it_says: "이렇게 대답하면",
            of_called: "그런 장르의 영화",
            of_all: "전체 영화에서는",
            parts: "일부 영화만 보면",
            which: "어떤 영화",
            since: |year| format!("{year}년 이후"),
            large: |size| format!("{size} 이상인 그림"),
            small: "더 작은 그림",
            classes: "종류별로",
            class: "종류",
            precision: "정밀도",
            recall: "재현율",
            films: "영화 수",
            card: "모델 카드 전체 (영어)",
            no_card: "모델 카드를 불러오지 못했거나, 이 서버에 없습니다.",
        },
    },
    update: UpdateText {
        offer: "새 버전이 나왔습니다.",
        use_it: "지금 쓰기",
        later: "나중에",
        all_kept: "이제 모두 이 기기에 있습니다. 인터넷 없이도 쓸 수 있습니다.",
    },
};
