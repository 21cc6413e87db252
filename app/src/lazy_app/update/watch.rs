//! Watches for new versions of the site, by its service worker.

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{EventTarget, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

/// The message by which `service-worker.js` lets a new version take over.
const TAKE_OVER: &str = "take over";

/// The time after which it is sent again.
const AGAIN: Duration = Duration::from_secs(2);

/// A handle to the versions of the site in the browser.
#[derive(Clone, Copy)]
pub(super) struct Versions {
    /// Whether there is a newer version than this page's that the visitor has not put off.
    pub(super) offered: RwSignal<bool>,
    /// Whether the visitor has asked for it.
    wanted: StoredValue<bool>,
    registration: StoredValue<Option<ServiceWorkerRegistration>, LocalStorage>,
}

impl Versions {
    /// Watches from now on. Nothing is ever offered where the browser has no service workers.
    pub(super) fn watch() -> Versions {
        let versions = Versions {
            offered: RwSignal::new(false),
            wanted: StoredValue::new(false),
            registration: StoredValue::new_local(None),
        };
        if let Some(workers) = workers() {
            versions.follow_controller(&workers);
            spawn_local(async move {
                // On a first visit, this is after the first version was stored.
                let ready = match workers.ready() {
                    Ok(ready) => JsFuture::from(ready).await,
                    Err(error) => Err(error),
                };
                match ready.and_then(JsCast::dyn_into) {
                    Ok(registration) => versions.follow(registration),
                    Err(error) => web_sys::console::info_1(&error),
                }
            });
        }
        versions
    }

    /// Lets the new version take over, and loads the page again.
    pub(super) fn use_new(self) {
        self.wanted.set_value(true);
        // The browser waits until the old version has nothing to do, and notices only when it is asked
        // again.
        set_timeout(move || self.use_new(), AGAIN);
        let registration = self.registration.get_value();
        match registration.and_then(|registration| registration.waiting()) {
            Some(waiting) => {
                if let Err(error) = waiting.post_message(&TAKE_OVER.into()) {
                    web_sys::console::warn_1(&error);
                }
            }
            // It has already taken over, by another tab.
            None => reload(),
        }
    }

    /// Puts it off until the next visit.
    pub(super) fn leave(self) {
        self.offered.set(false);
    }

    fn follow(self, registration: ServiceWorkerRegistration) {
        self.registration.set_value(Some(registration.clone()));
        self.look();
        on(&registration, "updatefound", move || self.look());
    }

    /// Offers a version that waits to take over, and follows one that is being installed.
    fn look(self) {
        let Some(registration) = self.registration.get_value() else {
            return;
        };
        if registration.waiting().is_some() {
            self.offered.set(true);
        }
        if let Some(coming) = registration.installing() {
            let worker = coming.clone();
            on(&coming, "statechange", move || {
                if worker.state() == ServiceWorkerState::Installed {
                    self.look();
                }
            });
        }
    }

    /// Follows versions that take over because this tab or another one has asked for it.
    fn follow_controller(self, workers: &ServiceWorkerContainer) {
        // The very first version takes over a page of the same version.
        let first = StoredValue::new(workers.controller().is_none());
        on(workers, "controllerchange", move || {
            if self.wanted.get_value() {
                reload();
            } else if !first.get_value() {
                self.offered.set(true);
            }
            first.set_value(false);
        });
    }
}

/// Calls back when the whole site is kept for visits without a network.
pub(super) fn on_all_kept(then: impl Fn() + 'static) {
    if let Some(workers) = workers() {
        // The only message that `service-worker.js` sends.
        on(&workers, "message", then);
    }
}

/// The browser's service workers; `None` in private windows and on pages without encryption.
fn workers() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    let workers = Reflect::get(&navigator, &"serviceWorker".into()).ok()?;
    workers.dyn_into().ok()
}

/// Listens to an event for as long as the page lives.
fn on(target: &EventTarget, event: &str, then: impl Fn() + 'static) {
    let then = Closure::<dyn Fn()>::new(then);
    // Only a null listener would be an error.
    _ = target.add_event_listener_with_callback(event, then.as_ref().unchecked_ref());
    then.forget();
}

fn reload() {
    if let Err(error) = window().location().reload() {
        web_sys::console::warn_1(&error);
    }
}
