//! Networks that come from other tools or go to them.

pub mod import;
pub mod onnx;
