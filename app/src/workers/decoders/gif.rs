//! The program that decodes the first frame of a GIF file.

marquee_app::decoder_program!(marquee_models::preprocess::decode_gif);
