//! The messages survive the trip through JavaScript, files and arrays included, and look there as
//! `protocol` says. Runs in Node or a browser.

#![cfg(target_arch = "wasm32")]

use js_sys::{Float32Array, Reflect, Uint8Array};
use marquee_app::protocol::{
    Answer, Classify, Engine, Failed, FromCpu, Picture, Prepared, Problem, Refused, ToCpu,
};
use marquee_app::wire::Wire;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Blob;

fn get(value: &JsValue, path: &[&str]) -> JsValue {
    path.iter().fold(value.clone(), |value, key| {
        Reflect::get(&value, &(*key).into()).expect("an object")
    })
}

#[wasm_bindgen_test]
fn a_request_carries_its_file() {
    let file = Blob::new().expect("a blob");
    let request = ToCpu::Classify(Classify {
        id: 7,
        file: file.clone(),
        engine: Engine::Gpu,
    });
    let value = request.write();
    assert_eq!(get(&value, &["classify", "id"]), 7);
    assert_eq!(get(&value, &["classify", "engine"]), "gpu");
    assert!(get(&value, &["classify", "file"]) == **file);

    let back = Wire::read(&value).expect("the same request");
    let ToCpu::Classify(back) = back else {
        panic!("another message: {back:?}");
    };
    assert!(back.file == file && back.engine == Engine::Gpu);
}

#[wasm_bindgen_test]
fn a_prepared_poster_keeps_its_arrays() {
    let value = FromCpu::Prepared(Prepared {
        id: 1,
        input: Float32Array::from([0.5_f32, -1.0].as_slice()),
        read_ms: 2.5,
        incomplete: None,
        picture: Some(Picture {
            width: 2,
            height: 1,
            pixels: Uint8Array::from([1_u8, 255, 0, 4, 5, 6].as_slice()),
            incomplete: Some(true),
        }),
    })
    .write();
    assert_eq!(get(&value, &["prepared", "readMs"]), 2.5);

    let back = Wire::read(&value).expect("the same poster");
    let FromCpu::Prepared(back) = back else {
        panic!("another message: {back:?}");
    };
    assert_eq!(back.input.to_vec(), [0.5, -1.0]);
    let picture = back.picture.expect("its pixels");
    assert_eq!((picture.width, picture.height), (2, 1));
    assert_eq!(picture.pixels.to_vec(), [1, 255, 0, 4, 5, 6]);
    assert_eq!((picture.incomplete, back.incomplete), (Some(true), None));
}

#[wasm_bindgen_test]
fn an_answer_keeps_every_digit() {
    let logits = vec![0.1_f32, f32::MIN_POSITIVE, -3.402_823_5e38];
    let value = FromCpu::Answer(Answer {
        id: 1,
        logits: logits.clone(),
        probabilities: Vec::new(),
        sure: true,
        read_ms: 0.0,
        infer_ms: 0.0,
        incomplete: None,
        picture: None,
    })
    .write();
    let back = Wire::read(&value).expect("the same answer");
    assert!(matches!(back, FromCpu::Answer(answer) if answer.logits == logits));
}

#[wasm_bindgen_test]
fn a_refusal_names_its_problem() {
    let value = FromCpu::Refused(Refused {
        id: 1,
        problem: Problem::NotAnImage,
        detail: String::new(),
    })
    .write();
    assert_eq!(get(&value, &["refused", "problem"]), "notAnImage");
}

#[wasm_bindgen_test]
fn a_worker_may_fail_without_naming_a_problem() {
    let value = js_sys::JSON::parse(r#"{"failed":{"reason":"out of memory"}}"#).expect("JSON");
    let failed = FromCpu::read(&value).expect("a message");
    assert!(matches!(
        failed,
        FromCpu::Failed(Failed { problem: None, .. })
    ));
}

#[wasm_bindgen_test]
fn what_is_no_message_is_an_error() {
    for junk in [JsValue::NULL, 3.into(), "classify".into()] {
        assert!(ToCpu::read(&junk).is_none());
    }
}
