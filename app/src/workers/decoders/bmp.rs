//! The program that decodes a BMP file.

marquee_app::decoder_program!(marquee_models::preprocess::decode_bmp);
