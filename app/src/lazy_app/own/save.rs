//! Saves a classifier as a file: as one of Marquee's networks, or as an ONNX file.

use super::classifier::Classifier;
use super::put_to_use::whole;
use crate::download::download;
use crate::state::use_state;
use crate::text::{say, text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::protocol::teaching::Form;
use marquee_app::ui::live::live;

/// The forms, with the ends of their files' names, which are those of a repository for the Hugging Face Hub.
const FORMS: [(Form, &str); 3] = [
    (Form::Weights, ".safetensors"),
    (Form::Onnx, ".onnx"),
    (Form::RawOnnx, "-raw.onnx"),
];

/// A button for each form. `name` begins the names by which tests find them; `classifier` is what is saved.
#[component]
pub(crate) fn SaveAsFile(
    name: &'static str,
    classifier: Callback<(), Option<Classifier>>,
) -> impl IntoView {
    let state = use_state();
    let failed = RwSignal::new(false);
    let save = move |form, ending: &'static str| {
        let Some(classifier) = untrack(|| classifier.run(())) else {
            return;
        };
        spawn_local(async move {
            let file = whole(state, &classifier, form).await;
            failed.set(file.is_err());
            if let Ok(file) = file
                && let Err(error) = download(&file, &(file_name(&classifier.name) + ending))
            {
                web_sys::console::error_1(&error);
            }
        });
    };
    let button = move |(form, ending): (Form, &'static str)| {
        let id = format!("{name}-save{}", ending.replace('.', "-"));
        view! {
            <button type="button" class="quiet" data-testid=id on:click=move |_| save(form, ending)>
                {ending}
            </button>
        }
    };
    let trouble = move || match failed.get() {
        true => text(state.language()).teach.not_made,
        false => "",
    };
    view! {
        <div class="doings save-as" role="group" aria-label=say(|text| text.teach.save)>
            <span>{say(|text| text.teach.save)}</span>
            {FORMS.map(button).collect_view()}
        </div>
        <p class="quiet-words" role="status">{live(trouble)}</p>
    }
}

/// A name without what systems refuse in names of files.
fn file_name(name: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || " -_.()".contains(*letter);
    let name: String = name.chars().filter(kept).collect();
    match name.trim().trim_matches('.') {
        "" => "marquee".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_harmless() {
        assert_eq!(file_name("Our shelves (2)"), "Our shelves (2)");
        assert_eq!(file_name("서부극/어린이"), "서부극어린이");
        assert_eq!(file_name("../\\"), "marquee");
    }
}
