//! What is said of links.

use marquee_app::ui::language::Language;

/// The words.
pub(super) struct Text {
    /// Over the panel.
    pub(super) heading: &'static str,
    /// What whoever has the link sees.
    pub(super) contents: &'static str,
    /// The small picture had to become simpler.
    pub(super) lossy: &'static str,
    /// What the small picture is.
    pub(super) small: &'static str,
    /// The button that copies.
    pub(super) copy: &'static str,
    /// It is done.
    pub(super) copied: &'static str,
    /// It can't be done; the link stands in a field below.
    pub(super) copy_refused: &'static str,
    /// That field.
    pub(super) field: &'static str,
    /// The button that opens the system's share sheet.
    pub(super) send: &'static str,
    /// The button that unfolds the QR code.
    pub(super) qr: &'static str,
    /// What the code is.
    pub(super) qr_name: &'static str,
    /// What a click on it does.
    pub(super) qr_enlarge: &'static str,
    /// There is none.
    pub(super) qr_too_long: &'static str,
    /// The button that closes the large one.
    pub(super) close: &'static str,

    /// What a poster from a link is called.
    pub(super) name: &'static str,
    /// It was opened.
    pub(super) came: &'static str,
    /// And the network says what the sender's said.
    pub(super) came_same: &'static str,
    /// But the sender's network said this.
    pub(super) said: fn(class: &str, percent: &str) -> String,
    /// But the sender's network knows other classes.
    pub(super) otherwise: &'static str,
    /// It isn't whole.
    pub(super) damaged: &'static str,
    /// A newer page wrote it.
    pub(super) newer: &'static str,
    /// Its network isn't here.
    pub(super) unknown: fn(network: &str) -> String,
}

/// The words in a language.
pub(super) fn text(language: Language) -> &'static Text {
    match language {
        Language::English => &ENGLISH,
        Language::Korean => &KOREAN,
    }
}

const ENGLISH: Text = Text {
    heading: "Pass it on",
    contents: "Whoever has the link sees this small picture, all that the network saw, and its answer. \
               They stand behind the #, which browsers send to no server.",
    lossy: "Fine shades were left out to keep the link short.",
    small: "The small picture that is in the link",
    copy: "Copy the link",
    copied: "Copied.",
    copy_refused: "The browser doesn't allow it. Copy the link from here:",
    field: "The link",
    send: "Share",
    qr: "QR code",
    qr_name: "QR code of the link",
    qr_enlarge: "Enlarge the QR code",
    qr_too_long: "This link is too long for a QR code. Copy it instead.",
    close: "Close",

    name: "Shared poster",
    came: "This poster came in a link. The numbers were computed again on this machine.",
    came_same: "This poster came in a link. The numbers were computed again on this machine and are \
                the same as the sender's.",
    said: |class, percent| {
        format!("The sender's network said {class}, {percent}; yours is another version.")
    },
    otherwise: "The sender's network is another version and knows other classes.",
    damaged: "This link is damaged, maybe cut off on its way, and can't be opened. Ask for it once more.",
    newer: "This link was made by a newer version of this page. Load the page again to open it.",
    unknown: |network| {
        format!("This link was made with the network {network}, which isn't on this page.")
    },
};

const KOREAN: Text = Text {
    heading: "함께 보기",
    contents: "링크를 받은 사람은 신경망이 본 전부인 이 작은 그림과 그 대답을 보게 됩니다. \
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
    came: "링크로 받은 포스터입니다. 수치는 이 기기에서 다시 계산했습니다.",
    came_same: "링크로 받은 포스터입니다. 수치는 이 기기에서 다시 계산했고, 보낸 사람의 것과 같습니다.",
    said: |class, percent| {
        format!(
            "보낸 사람의 신경망은 {class}, {percent}라고 답했습니다. 이곳의 신경망은 다른 버전입니다."
        )
    },
    otherwise: "보낸 사람의 신경망은 다른 버전이라 구별하는 종류가 다릅니다.",
    damaged: "링크가 손상되었거나 중간에 잘려서 열 수 없습니다. 다시 보내 달라고 해 주세요.",
    newer: "이 페이지의 더 새로운 버전에서 만든 링크입니다. 페이지를 새로 고친 뒤 다시 열어 주세요.",
    unknown: |network| format!("이 링크를 만든 신경망({network})이 이 페이지에는 없습니다."),
};
