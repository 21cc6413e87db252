//! Networks from other tools and for other tools: PyTorch's weights in, repositories for the Hugging Face Hub out.
//! `marquee_onnx` writes ONNX files.

pub mod hub;
pub mod import;
pub mod imported;
