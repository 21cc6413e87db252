//! Networks from other tools and for other tools: PyTorch's weights in, ONNX files out.

pub mod import;
pub mod imported;
pub mod onnx;
