//! The program that decodes a WebP file.

marquee_app::decoder_program!(marquee_models::preprocess::decode_webp);
