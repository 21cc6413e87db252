use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::Rgb8;
use crate::network::Size;

impl Rgb8 {
    /// Squeezed or stretched to this size, whatever the shape was: a triangle filter as wide as
    /// the reduction (PyTorch's and Pillow's antialiased *bilinear*).
    pub fn resize(&self, size: Size) -> Rgb8 {
        let mut target = Image::new(size.width as u32, size.height as u32, PixelType::U8x3);
        let source = ImageRef::new(
            self.width as u32,
            self.height as u32,
            &self.pixels,
            PixelType::U8x3,
        )
        .expect("an Rgb8 holds width * height * 3 bytes");
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
        Resizer::new()
            .resize(&source, &mut target, &options)
            .expect("source and target have the same kind of pixels");
        Rgb8 {
            width: size.width,
            height: size.height,
            pixels: target.into_vec(),
        }
    }
}
