//! Networks from other tools and for other tools: PyTorch's weights in, ONNX files and repositories for the Hugging Face Hub
//! out.

pub mod hub;
pub mod import;
pub mod imported;
pub mod onnx;
