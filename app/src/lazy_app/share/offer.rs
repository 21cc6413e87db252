//! The link to the answer on show, what is in it, and the ways to hand it on.

use super::address;
use super::qr::QrCode;
use super::text::{Text, text};
use crate::reading::{file, png, winner};
use crate::state::{Listed, State, use_state};
use js_sys::Reflect;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::share_link::Packed;
use marquee_app::ui::browser::Picture;
use marquee_app::ui::format::percent;
use marquee_app::ui::live::{Live, live};
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ShareData};

/// A link, and what is in it.
#[derive(Clone)]
struct Parcel {
    link: String,
    /// The small picture, as it comes out of the link.
    picture: Rc<Picture>,
    /// What the network says of that picture.
    label: String,
    probability: f32,
    /// Whether shades of it had to be left out.
    lossy: bool,
}

/// How copying went.
#[derive(Clone, Copy, PartialEq)]
enum Copied {
    /// It wasn't tried.
    No,
    /// Well.
    Yes,
    /// The browser wouldn't.
    Refused,
}

/// One of the sentences, for a view.
fn say(state: State, pick: fn(&'static Text) -> &'static str) -> Live<&'static str> {
    live(move || pick(text(state.language())))
}

/// The panel under the poster, once there is an answer.
#[component]
pub(super) fn Offer() -> impl IntoView {
    let state = use_state();
    let parcel = parcel(state);
    let contents = move || parcel.get().map(|parcel| view! { <Contents parcel /> });
    view! {
        <section class="share" data-testid="share" hidden=move || parcel.with(Option::is_none)>
            <h2>{say(state, |text| text.heading)}</h2>
            {contents}
            <Ways parcel />
        </section>
    }
}

/// The link to what is on show, whenever that changes.
fn parcel(state: State) -> ReadSignal<Option<Parcel>, LocalStorage> {
    let (parcel, set_parcel) = signal_local(None);
    // A link to a poster that is gone must not be taken for the next one's.
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let on_show = state.on_show();
        let network = state.network();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let (Some(poster), Some(network)) = (on_show, network) else {
            return set_parcel.set(None);
        };
        spawn_local(async move {
            let made = pack(state, poster.file, network).await;
            if turn.get_value() == mine {
                set_parcel.set(made);
            }
        });
    });
    parcel
}

/// Puts what a network sees in a poster, and says of it, into a link.
async fn pack(state: State, poster: Blob, network: Listed) -> Option<Parcel> {
    let read = state
        .networks_client()
        .read(poster, vec![network.url()])
        .await
        .ok()?;
    let mut reading = read.readings.into_iter().next()?;
    let [width, height] = reading.size[..] else {
        return None;
    };
    let pixels = reading.pixels.to_vec();
    let classes = reading.probabilities.len();
    let packed = Packed::new(
        &network.name,
        classes,
        width as usize,
        height as usize,
        &pixels,
    )?;
    let lossy = packed.pixels() != pixels;
    if lossy {
        let pixels = packed.pixels().into();
        let again = state
            .networks_client()
            .classify(network.url(), pixels)
            .await
            .ok()?;
        reading = again.readings.into_iter().next()?;
    }
    let picture = png(width, height, packed.pixels()).ok()?;
    let picture = file(&picture.as_slice().into(), "image/png")?;
    let fragment = packed.fragment(&reading.probabilities);
    let (label, probability) = winner(&reading)?;
    Some(Parcel {
        link: format!("{}#{fragment}", address::page()),
        picture: Rc::new(Picture::of(&picture)?),
        label,
        probability,
        lossy,
    })
}

/// What whoever has the link will see.
#[component]
fn Contents(parcel: Parcel) -> impl IntoView {
    let state = use_state();
    let answer = move || {
        let class = state.language().class(&parcel.label);
        format!("{class}, {}", percent(parcel.probability))
    };
    view! {
        <div class="share-contents">
            <img
                data-testid="share-small"
                src=parcel.picture.url().to_owned()
                alt=say(state, |text| text.small)
            />
            <div>
                <p class="share-answer" data-testid="share-answer">{live(answer)}</p>
                <p>{say(state, |text| text.contents)}</p>
                {parcel.lossy.then(|| view! { <p>{say(state, |text| text.lossy)}</p> })}
            </div>
        </div>
    }
}

/// The buttons, and what they lead to.
#[component]
fn Ways(parcel: ReadSignal<Option<Parcel>, LocalStorage>) -> impl IntoView {
    let state = use_state();
    let link = Memo::new(move |_| {
        let link = parcel.with(|parcel| parcel.as_ref().map(|parcel| parcel.link.clone()));
        link.unwrap_or_default()
    });
    let copied = RwSignal::new(Copied::No);
    // What was copied before is no longer the link.
    Effect::new(move |_| link.with(|_| copied.set(Copied::No)));
    let unfolded = RwSignal::new(false);
    let code = move || unfolded.get().then(|| view! { <QrCode link /> });
    let news = move || {
        let text = text(state.language());
        match copied.get() {
            Copied::No => "",
            Copied::Yes => text.copied,
            Copied::Refused => text.copy_refused,
        }
    };
    view! {
        <div class="share-ways">
            <button
                type="button"
                data-testid="share-copy"
                on:click=move |_| spawn_local(async move { copied.set(copy(link.get_untracked()).await) })
            >
                {say(state, |text| text.copy)}
            </button>
            {can("share").then(|| view! {
                <button
                    type="button"
                    data-testid="share-send"
                    on:click=move |_| send(link.get_untracked())
                >
                    {say(state, |text| text.send)}
                </button>
            })}
            <button
                type="button"
                data-testid="share-qr-button"
                aria-expanded=move || unfolded.get().to_string()
                aria-controls="share-qr"
                on:click=move |_| unfolded.update(|unfolded| *unfolded = !*unfolded)
            >
                {say(state, |text| text.qr)}
            </button>
        </div>
        <p class="share-news" role="status" data-testid="share-news">{live(news)}</p>
        {move || (copied.get() == Copied::Refused).then(|| view! { <ByHand link /> })}
        <div id="share-qr">{code}</div>
    }
}

/// The link in a field, to be copied by hand.
#[component]
fn ByHand(link: Memo<String>) -> impl IntoView {
    let state = use_state();
    let field = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            // What can't be focused can still be clicked.
            _ = field.focus();
            field.select();
        }
    });
    view! {
        <input
            class="share-field"
            node_ref=field
            readonly
            aria-label=say(state, |text| text.field)
            prop:value=move || link.get()
        />
    }
}

/// Whether this browser, on this site, has this part of `navigator`.
fn can(part: &str) -> bool {
    let found = Reflect::get(&window().navigator(), &part.into());
    found.is_ok_and(|found| !found.is_undefined())
}

async fn copy(link: String) -> Copied {
    if !can("clipboard") {
        return Copied::Refused;
    }
    let written = window().navigator().clipboard().write_text(&link);
    match JsFuture::from(written).await {
        Ok(_) => Copied::Yes,
        Err(_) => Copied::Refused,
    }
}

/// Opens the system's share sheet.
fn send(link: String) {
    let data = ShareData::new();
    data.set_url(&link);
    let sent = window().navigator().share_with_data(&data);
    spawn_local(async move {
        // Mostly the visitor closed the sheet, which needs no answer.
        if let Err(error) = JsFuture::from(sent).await {
            web_sys::console::info_1(&error);
        }
    });
}
