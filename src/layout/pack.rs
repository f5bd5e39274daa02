//! Finished drawings side by side on a sheet.

use super::{Point, Size};

/// Where each went, and how large the sheet is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The upper left corner of each.
    pub places: Vec<Point>,
    /// The size of the sheet.
    pub size: Size,
}

/// Puts rectangles on a sheet that is about half as wide again as high, with `gap` between them; the highest first, each as far up as
/// it goes and then as far to the left.
pub fn pack(sizes: &[Size], gap: i32) -> Sheet {
    let area: i64 = sizes.iter().map(|size| i64::from(size.width + gap) * i64::from(size.height + gap)).sum();
    let widest = sizes.iter().map(|size| size.width).max().unwrap_or_default();
    let ideal = i32::try_from((area * 8 / 5).isqrt()).unwrap_or(i32::MAX / 2);
    let widths = (0..10).map(|step| widest.max(ideal + ideal / 10 * (step - 2)));
    let sheets = widths.map(|width| on_width(sizes, gap, width));
    let waste = |sheet: &Sheet| {
        let (width, height) = (i64::from(sheet.size.width), i64::from(sheet.size.height));
        width.max(height * 8 / 5) * height.max(width * 5 / 8)
    };
    sheets.min_by_key(waste).unwrap_or_default()
}

/// A stretch of the lower edge of what is already there.
#[derive(Clone, Copy)]
struct Edge {
    x: i32,
    y: i32,
    width: i32,
}

fn on_width(sizes: &[Size], gap: i32, width: i32) -> Sheet {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(sizes[at].height), at));
    let mut sheet = Sheet { places: vec![Point::default(); sizes.len()], size: Size::default() };
    let mut skyline = vec![Edge { x: 0, y: 0, width: width + gap }];
    for at in order {
        let size = sizes[at];
        let fits = |first: usize| {
            let mut y = 0;
            let mut left = size.width + gap;
            for edge in &skyline[first..] {
                y = edge.y.max(y);
                left -= edge.width;
                if left <= 0 {
                    return Some((y, skyline[first].x));
                }
            }
            None
        };
        let (y, x) = (0..skyline.len()).filter_map(fits).min().unwrap_or((sheet.size.height + gap, 0));
        sheet.places[at] = Point { x, y };
        sheet.size.width = sheet.size.width.max(x + size.width);
        sheet.size.height = sheet.size.height.max(y + size.height);
        cover(&mut skyline, Edge { x, y: y + size.height + gap, width: size.width + gap });
    }
    sheet
}

/// Lays a new edge over the skyline.
fn cover(skyline: &mut Vec<Edge>, new: Edge) {
    let end = new.x + new.width;
    let mut after = Vec::with_capacity(skyline.len() + 2);
    for edge in skyline.iter() {
        let edge_end = edge.x + edge.width;
        if edge.x < new.x {
            after.push(Edge { width: edge_end.min(new.x) - edge.x, ..*edge });
        }
        if edge.x <= new.x && new.x < edge_end {
            after.push(new);
        }
        if edge_end > end {
            let x = edge.x.max(end);
            after.push(Edge { x, width: edge_end - x, y: edge.y });
        }
    }
    *skyline = after;
}
