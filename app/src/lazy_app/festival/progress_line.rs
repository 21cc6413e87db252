//! How far the batch run is, and the buttons that stop and end it.

use super::batch_run::use_run;
use super::progress::Progress;
use crate::state::use_state;
use crate::text::{Text, say, text};
use leptos::prelude::*;
use marquee_app::protocol::Engine;
use marquee_app::ui::language::Language;
use marquee_app::ui::live::live;
use marquee_models::text::thousands;

/// A progress bar, a line of words, and the buttons.
#[component]
pub(super) fn ProgressLine() -> impl IntoView {
    let (state, run) = (use_state(), use_run());
    let progress = run.progress;
    let working = Memo::new(move |_| progress.get().working);
    let unfinished = Memo::new(move |_| {
        let progress = progress.get();
        !progress.working && progress.done < progress.total
    });
    let words = move || words(progress.get(), state.language());
    // Screen readers say it at every quarter, and not ten times a second.
    let news = Memo::new(move |last: Option<&(u32, String)>| {
        let progress = progress.get();
        let quarter = match progress.working {
            true => 4 * progress.done / progress.total.max(1),
            false => 5 + progress.done,
        };
        match last.filter(|last| last.0 == quarter) {
            Some(last) => last.clone(),
            None => (quarter, self::words(progress, state.language())),
        }
    });
    let counts = run.counts;
    let why = move || {
        let text = &text(state.language()).festival;
        let refused = counts.with(|counts| counts.refused.clone());
        let reason = |(problem, count)| (text.problem)(problem, count, &thousands(count));
        let reasons: Vec<String> = refused.into_iter().map(reason).collect();
        (text.unreadable)(&reasons.join(", "))
    };
    let refused = Memo::new(move |_| counts.with(|counts| !counts.refused.is_empty()));
    view! {
        <div
            class="festival-progress"
            data-testid="festival-progress"
            data-working=live(move || working.get().to_string())
            data-engine=live(move || run.engine.get().word())
        >
            <progress
                max=live(move || progress.get().total.to_string())
                prop:value=live(move || f64::from(progress.get().done))
                aria-label=say(|text| text.festival.progress)
            ></progress>
            <p class="words">{live(words)}</p>
            <Show when=move || working.get() && run.engine.get() == Engine::Gpu>
                <p class="small">{say(|text| text.festival.on_gpu)}</p>
            </Show>
            <p class="unseen" role="status">{live(move || news.with(|news| news.1.clone()))}</p>
            <div class="doings">
                <Show when=move || working.get()>
                    {button("festival-stop", |text| text.festival.stop, move || run.stop())}
                </Show>
                <Show when=move || unfinished.get()>
                    {button("festival-go-on", |text| text.festival.go_on, move || run.go_on())}
                </Show>
                {button("festival-close", |text| text.festival.close, move || run.close())}
            </div>
            <Show when=move || refused.get()>
                <p class="refused" data-testid="festival-refused">{live(why)}</p>
            </Show>
        </div>
    }
}

/// A button, by its id in tests, its words, and what it does.
fn button(
    id: &'static str,
    words: fn(&'static Text) -> &'static str,
    act: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button type="button" class="plain" data-testid=id on:click=move |_| act()>
            {say(words)}
        </button>
    }
}

fn words(progress: Progress, language: Language) -> String {
    let text = &text(language).festival;
    let (done, total) = (thousands(progress.done), thousands(progress.total));
    if progress.done == progress.total {
        return (text.done)(&total, &rounded_up(progress.took_s));
    }
    if !progress.working {
        return (text.stopped)(&thousands(progress.total - progress.done));
    }
    let read = (text.read)(&done, &total);
    match progress.left_s {
        Some(left) if left < 90.0 => {
            format!("{read}, {}", (text.seconds_left)(&rounded_up(left)))
        }
        Some(left) => format!("{read}, {}", (text.minutes_left)(&rounded_up(left / 60.0))),
        None => read,
    }
}

/// A time rounded up to a whole number of at least 1.
fn rounded_up(time: f64) -> String {
    thousands(time.ceil().max(1.0) as u32)
}
