//! What the ways in say.

use super::Trouble;
use marquee_app::ui::language::Language;

/// The words.
pub(super) struct Text {
    /// The button, the dialog, and what a picture from it is called.
    pub(super) camera: &'static str,
    /// Under the camera's picture.
    pub(super) camera_note: &'static str,
    /// The shutter.
    pub(super) camera_take: &'static str,
    /// Leaves it be.
    pub(super) camera_close: &'static str,
    /// The button for an address.
    pub(super) address: &'static str,
    /// Over the field.
    pub(super) address_label: &'static str,
    /// The form's button.
    pub(super) address_go: &'static str,
    /// Who hears of it.
    pub(super) address_note: &'static str,
    /// The button for a folder.
    pub(super) folder: &'static str,
    /// What a poster from the share menu is called.
    pub(super) shared: &'static str,
    /// What went wrong.
    pub(super) trouble: fn(Trouble) -> &'static str,
}

/// The words in a language.
pub(super) fn text(language: Language) -> &'static Text {
    match language {
        Language::English => &ENGLISH,
        Language::Korean => &KOREAN,
    }
}

const ENGLISH: Text = Text {
    camera: "Camera",
    camera_note: "Hold the poster inside the frame. The picture stays on this device.",
    camera_take: "Take the picture",
    camera_close: "Close",
    address: "Address",
    address_label: "Address of a picture",
    address_go: "Fetch",
    address_note: "Its host will see that you fetch it, as it would if you opened it.",
    folder: "Folder",
    shared: "Shared poster",
    trouble: |trouble| match trouble {
        Trouble::NoAddress => {
            "This is no address of a picture. It begins with https:// and names a file."
        }
        Trouble::Unreachable => {
            "This picture can't be fetched: its host is out of reach, or doesn't let other pages have its pictures. Save the picture, then drop it here."
        }
        Trouble::Missing => "Its host says that there is no such picture. Is the address right?",
        Trouble::NoCamera => {
            "There is no camera that may be used here. Allow it in the browser, or choose a file."
        }
        Trouble::NothingThere => "There are no files in it. Try another folder.",
    },
};

const KOREAN: Text = Text {
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
    trouble: |trouble| match trouble {
        Trouble::NoAddress => "그림 주소가 아닙니다. https://로 시작하는 파일 주소를 넣어 주세요.",
        Trouble::Unreachable => {
            "그림을 가져올 수 없습니다. 서버에 닿지 않거나 다른 페이지에 그림을 내주지 않는 곳입니다. 그림을 저장한 다음 여기에 놓아 주세요."
        }
        Trouble::Missing => "그런 그림이 없다고 합니다. 주소를 확인해 주세요.",
        Trouble::NoCamera => {
            "쓸 수 있는 카메라가 없습니다. 브라우저에서 허용하거나 파일을 골라 주세요."
        }
        Trouble::NothingThere => "파일이 없는 폴더입니다. 다른 폴더를 골라 주세요.",
    },
};
