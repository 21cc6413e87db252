//! How the features of a picture lie in memory.

/// The shape of features: `[height, width, channels]` inside a border of zeros, which a convolution
/// with a kernel of more than one pixel looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features {
    /// Pixels in a row, without the border.
    pub width: usize,
    /// Rows, without the border.
    pub height: usize,
    /// Numbers at each pixel.
    pub channels: usize,
    /// Width of the border in pixels, on all sides.
    pub border: usize,
}

impl Features {
    /// Numbers in a row, with the border's.
    pub const fn row(&self) -> usize {
        (self.width + 2 * self.border) * self.channels
    }

    /// Numbers in all, with the border's.
    pub const fn numbers(&self) -> usize {
        (self.height + 2 * self.border) * self.row()
    }

    /// Makes the first numbers of `values` features of this shape, with zeros in the border, and returns
    /// the rows between its upper and its lower part. What is inside is left to be overwritten.
    pub fn prepare<'a>(&self, values: &'a mut Vec<f32>) -> &'a mut [f32] {
        let values = room(values, self.numbers());
        let (row, side) = (self.row(), self.border * self.channels);
        let mut begin = 0;
        for y in 0..=self.height {
            // up to the next row's numbers
            let end = match y == self.height {
                true => values.len(),
                false => (self.border + y) * row + side,
            };
            values[begin..end].fill(0.0);
            begin = end + row - 2 * side;
        }
        &mut values[self.border * row..][..self.height * row]
    }
}

/// The first numbers of a buffer, which grows if it has to and forgets its numbers then. It never
/// shrinks: growing again would fill it with zeros again.
pub fn room(buffer: &mut Vec<f32>, numbers: usize) -> &mut [f32] {
    if buffer.len() < numbers {
        *buffer = vec![0.0; numbers];
    }
    &mut buffer[..numbers]
}
