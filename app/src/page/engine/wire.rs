//! The messages of [`marquee_app::protocol`] as JavaScript objects.
//!
//! The workers leave this to serde. In the page, which is to be there at once, it would be a tenth
//! of the download, so the page says by hand what serde derives.

use js_sys::{Array, Object, Reflect};
use marquee_app::protocol::{
    Answer, Engine, Failed, FromCpu, FromGpu, Init, Prepared, Problem, Ready, Refused, ToCpu, ToGpu,
};
use wasm_bindgen::{JsCast, JsValue};

/// A message to a worker.
pub(super) trait Outgoing {
    /// As the worker reads it.
    fn write(&self) -> JsValue;
}

/// A message from a worker.
pub(super) trait Incoming: Sized {
    /// As the worker wrote it; None if it is no such message.
    fn read(message: &JsValue) -> Option<Self>;
}

impl Outgoing for ToCpu {
    fn write(&self) -> JsValue {
        match self {
            ToCpu::Init(init) => write_init(init),
            ToCpu::Classify(classify) => {
                let engine = match classify.engine {
                    Engine::Cpu => "cpu",
                    Engine::Gpu => "gpu",
                };
                let body = object(&[
                    ("id", &classify.id.into()),
                    ("file", &classify.file),
                    ("engine", &engine.into()),
                ]);
                object(&[("classify", &body)])
            }
        }
    }
}

impl Outgoing for ToGpu {
    fn write(&self) -> JsValue {
        match self {
            ToGpu::Init(init) => write_init(init),
            ToGpu::Infer(infer) => {
                let body = object(&[("id", &infer.id.into()), ("input", &infer.input)]);
                object(&[("infer", &body)])
            }
        }
    }
}

fn write_init(init: &Init) -> JsValue {
    let body = object(&[("weights", &init.weights.as_str().into())]);
    object(&[("init", &body)])
}

fn object(fields: &[(&str, &JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A new object takes any property.
        _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

impl Incoming for FromCpu {
    fn read(message: &JsValue) -> Option<Self> {
        if let Some(body) = get(message, "ready") {
            read_ready(&body).map(FromCpu::Ready)
        } else if let Some(body) = get(message, "prepared") {
            Some(FromCpu::Prepared(Prepared {
                id: id(&body)?,
                input: get(&body, "input")?.dyn_into().ok()?,
                pixels: get(&body, "pixels")?.dyn_into().ok()?,
                read_ms: number(&body, "readMs")?,
            }))
        } else if let Some(body) = get(message, "answer") {
            read_answer(&body).map(FromCpu::Answer)
        } else if let Some(body) = get(message, "refused") {
            Some(FromCpu::Refused(Refused {
                id: id(&body)?,
                problem: Problem::named(&text(&body, "problem")?)?,
                detail: text(&body, "detail")?,
            }))
        } else {
            read_failed(message, "failed").map(FromCpu::Failed)
        }
    }
}

impl Incoming for FromGpu {
    fn read(message: &JsValue) -> Option<Self> {
        if let Some(body) = get(message, "ready") {
            read_ready(&body).map(FromGpu::Ready)
        } else if let Some(body) = get(message, "answer") {
            read_answer(&body).map(FromGpu::Answer)
        } else if let Some(failed) = read_failed(message, "unavailable") {
            Some(FromGpu::Unavailable(failed))
        } else {
            read_failed(message, "failed").map(FromGpu::Failed)
        }
    }
}

fn read_ready(body: &JsValue) -> Option<Ready> {
    Some(Ready {
        network: text(body, "network")?,
        labels: list(body, "labels")?
            .iter()
            .map(|label| label.as_string())
            .collect::<Option<_>>()?,
        one_ms: number(body, "oneMs")?,
        probe: numbers(body, "probe")?,
    })
}

fn read_answer(body: &JsValue) -> Option<Answer> {
    Some(Answer {
        id: id(body)?,
        logits: numbers(body, "logits")?,
        probabilities: numbers(body, "probabilities")?,
        read_ms: number(body, "readMs")?,
        infer_ms: number(body, "inferMs")?,
        pixels: get(body, "pixels")?.dyn_into().ok()?,
    })
}

fn read_failed(message: &JsValue, name: &str) -> Option<Failed> {
    let reason = text(&get(message, name)?, "reason")?;
    Some(Failed { reason })
}

/// A property that is there.
fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    // Of what is no object there are no properties.
    let value = Reflect::get(object, &name.into()).ok()?;
    (!value.is_undefined()).then_some(value)
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name)?.as_string()
}

fn number(object: &JsValue, name: &str) -> Option<f64> {
    get(object, name)?.as_f64()
}

fn id(object: &JsValue) -> Option<u32> {
    number(object, "id").map(|id| id as u32)
}

fn list(object: &JsValue, name: &str) -> Option<Array> {
    get(object, name)?.dyn_into().ok()
}

fn numbers(object: &JsValue, name: &str) -> Option<Vec<f32>> {
    list(object, name)?
        .iter()
        .map(|number| number.as_f64().map(|number| number as f32))
        .collect()
}
