//! An inverted bottleneck of the small executor (Sandler et al. 2018).

use std::mem::swap;
use std::ops::Range;

use marquee_kernels::{Convolution, Packed, room};

use super::conv::Conv;
use super::scratch::Scratch;

/// Numbers of wide features that are there at a time: half a megabyte, which a processor's second
/// cache holds beside the weights.
const WIDE: usize = 1 << 17;

/// A convolution that widens (not all have one), a depthwise one, one that narrows, and perhaps a
/// residual connection over all three.
///
/// They are run together, by strips of rows: the wide features of a whole picture are megabytes, which
/// would have to be fetched from memory. In a browser, where the arithmetic takes longer, that does not
/// pay for its code.
pub(super) struct Bottleneck<'a> {
    expand: Option<&'a Packed>,
    depthwise: &'a Packed,
    project: &'a Conv,
}

impl<'a> Bottleneck<'a> {
    /// The bottleneck that `convs` begin with, if they do, and what follows it.
    pub(super) fn first(convs: &'a [Conv]) -> Option<(Bottleneck<'a>, &'a [Conv])> {
        let (expand, depthwise, project, rest) = match convs {
            [depthwise, project, rest @ ..] if depthwise.packed.shape.depthwise => {
                (None, depthwise, project, rest)
            }
            [expand, depthwise, project, rest @ ..] => (Some(expand), depthwise, project, rest),
            _ => return None,
        };
        let alone = |conv: &Conv| !conv.pool && !conv.residual;
        let pointwise = |conv: &Conv| conv.packed.shape.pointwise();
        let fits = expand.is_none_or(|expand| alone(expand) && pointwise(expand))
            && alone(depthwise)
            && !depthwise.remembers
            && depthwise.packed.shape.depthwise
            && pointwise(project)
            && !project.pool
            && !project.remembers
            && expand.is_some_and(|expand| expand.remembers) == project.residual;
        let bottleneck = Bottleneck {
            expand: expand.map(|expand| &expand.packed),
            depthwise: &depthwise.packed,
            project,
        };
        fits.then_some((bottleneck, rest))
    }

    /// Runs it on `scratch.activations`, which become its output with this border.
    pub(super) fn run(&self, border: usize, scratch: &mut Scratch) {
        let Scratch {
            activations,
            next,
            wide,
            deep,
            ..
        } = scratch;
        let (depthwise, project) = (self.depthwise, &self.project.packed);
        let Convolution { kernel, stride, .. } = depthwise.shape;
        let (wide_row, deep_row) = (depthwise.shape.input().row(), project.shape.input().row());
        let shape = project.shape.output(border);
        let at_once = (WIDE / (stride * wide_row)).clamp(1, shape.height);
        let output = shape.prepare(next).chunks_mut(at_once * shape.row());
        for (strip, output) in output.enumerate() {
            let (first, rows) = (strip * at_once, output.len() / shape.row());
            // what the depthwise convolution sees, in rows of the wide features with their border
            let seen = first * stride..(first + rows - 1) * stride + kernel;
            let seen = match self.expand {
                Some(expand) => self.widen(expand, activations, seen, at_once * stride, wide),
                None => &activations[seen.start * wide_row..seen.end * wide_row],
            };
            let deep = room(deep, rows * deep_row);
            depthwise.run((rows - 1) * stride + 1, seen, None, 0, deep);
            let skip = self.project.residual.then(|| {
                // the input is as large as the output, and has no border either
                &activations[first * shape.row()..][..output.len()]
            });
            project.run(rows, deep, skip, border, output);
        }
        swap(activations, next);
    }

    /// Makes `wide` these rows of the wide features, counted with their border, and returns them. The
    /// strip before, whose rows are there, began `advance` rows earlier.
    fn widen<'b>(
        &self,
        expand: &Packed,
        input: &[f32],
        rows: Range<usize>,
        advance: usize,
        wide: &'b mut Vec<f32>,
    ) -> &'b [f32] {
        let Convolution { kernel, stride, .. } = self.depthwise.shape;
        let shape = self.depthwise.shape.input();
        let row = shape.row();
        let mut known = 0;
        if rows.start > 0 {
            known = kernel.saturating_sub(stride);
            wide.copy_within(advance * row..(advance + known) * row, 0);
        }
        let wide = room(wide, rows.len() * row);
        let begin = rows.start + known;
        // the first and the last rows are the border's
        let inside = begin.max(shape.border)..rows.end.min(shape.border + shape.height).max(begin);
        let (above, new) = wide[known * row..].split_at_mut((inside.start - begin) * row);
        let (new, below) = new.split_at_mut(inside.len() * row);
        above.fill(0.0);
        below.fill(0.0);
        if !new.is_empty() {
            let side = shape.border * shape.channels;
            for row in new.chunks_exact_mut(row) {
                row[..side].fill(0.0);
                let inside = row.len() - side;
                row[inside..].fill(0.0);
            }
            let row = expand.shape.input().row();
            let input = &input[(inside.start - shape.border) * row..][..inside.len() * row];
            expand.run(inside.len(), input, None, shape.border, new);
        }
        wide
    }
}
