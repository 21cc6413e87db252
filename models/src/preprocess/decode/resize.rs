//! Resizing.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use crate::network::{CHANNELS, Size};
use crate::preprocess::rgb8::Rgb8;

impl Rgb8 {
    /// The picture squeezed or stretched to this size, with a triangle filter as wide as the reduction
    /// (Pillow's `BILINEAR`, and PyTorch's `interpolate` with `bilinear` and `antialias`).
    ///
    /// # Panics
    ///
    /// If `pixels` is not `width * height * 3` bytes long.
    pub fn resize(&self, size: Size) -> Rgb8 {
        let mut pixels = vec![0; size.pixels() * CHANNELS];
        let source =
            TypedImageRef::<U8x3>::from_buffer(self.width as u32, self.height as u32, &self.pixels)
                .expect("an Rgb8 holds width * height * 3 bytes");
        let mut target =
            TypedImage::<U8x3>::from_buffer(size.width as u32, size.height as u32, &mut pixels)
                .expect("there is room for all pixels");
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
        Resizer::new()
            .resize_typed(&source, &mut target, &options)
            .expect("nothing is cropped");
        Rgb8 {
            width: size.width,
            height: size.height,
            pixels,
        }
    }
}
