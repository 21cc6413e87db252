//! The program that decodes a PNG file.

marquee_app::decoder_program!(marquee_models::preprocess::decode_png);
