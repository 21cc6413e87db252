//! The page's end of a worker.

use crate::protocol::Wire;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions};

/// A running worker. Dropping it ends the worker.
pub struct WorkerHandle {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl WorkerHandle {
    /// Starts the worker `name`. Its URL is relative, so that the site works in any folder.
    pub fn start<M: Wire + 'static>(
        name: &str,
        on_message: impl Fn(M) + 'static,
        on_failure: impl Fn(String) + Clone + 'static,
    ) -> Result<WorkerHandle, JsValue> {
        let options = WorkerOptions::new();
        options.set_name(name);
        let worker = Worker::new_with_options("worker.js", &options)?;

        let misunderstood = on_failure.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            match M::read(&event.data()) {
                Some(message) => on_message(message),
                None => misunderstood("it says what can't be understood".into()),
            }
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            // The console has the details already; a script that doesn't load has no message.
            on_failure(
                js_sys::Reflect::get(&event, &"message".into())
                    .ok()
                    .and_then(|message| message.as_string())
                    .unwrap_or_else(|| "the worker can't be loaded".into()),
            );
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(WorkerHandle {
            worker,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Sends a message, and hands over the buffers in `transfer` instead of copying them.
    pub fn post(&self, message: &impl Wire, transfer: &js_sys::Array) {
        let sent = self
            .worker
            .post_message_with_transfer(&message.write(), transfer);
        if let Err(error) = sent {
            web_sys::console::error_1(&error);
        }
    }
}

impl Drop for WorkerHandle {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
