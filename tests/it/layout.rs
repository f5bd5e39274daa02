//! Drawings of any graph: boxes apart, wires along right angles, from port to port, around boxes.

use prisma_stage::layout::{Drawing, Graph, Port, Size, Wire, cluster, draw, pack};
use proptest::prelude::*;

/// Graphs of up to forty boxes, with wires in any direction, several between the same ones too.
fn graphs() -> impl Strategy<Value = Graph> {
    let sizes = prop::collection::vec((60..260_i32, 30..300_i32), 1..40);
    let wires =
        prop::collection::vec((any::<(prop::sample::Index, prop::sample::Index)>(), 0..29_i32, 0..29_i32), 0..60);
    (sizes, wires).prop_map(|(sizes, wires)| {
        let boxes: Vec<Size> = sizes.into_iter().map(|(width, height)| Size { width, height }).collect();
        let wires = wires.into_iter().map(|((from, to), a, b)| Wire {
            from: Port { at: from.index(boxes.len()), y: a },
            to: Port { at: to.index(boxes.len()), y: b },
        });
        Graph { wires: wires.filter(|wire| wire.from.at != wire.to.at).collect(), boxes }
    })
}

/// Left, top, right, bottom.
fn corners(graph: &Graph, drawing: &Drawing) -> Vec<[i32; 4]> {
    let corner =
        |(at, size): (&prisma_stage::layout::Point, &Size)| [at.x, at.y, at.x + size.width, at.y + size.height];
    drawing.boxes.iter().zip(&graph.boxes).map(corner).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn drawings_are_sound(graph in graphs()) {
        let drawing = draw(&graph);
        prop_assert_eq!(&drawing, &draw(&graph));
        let boxes = corners(&graph, &drawing);
        for (at, a) in boxes.iter().enumerate() {
            prop_assert!(a[0] >= 0 && a[1] >= 0 && a[2] <= drawing.size.width && a[3] <= drawing.size.height);
            for b in &boxes[at + 1..] {
                prop_assert!(a[2] < b[0] || b[2] < a[0] || a[3] < b[1] || b[3] < a[1], "boxes lie upon each other");
            }
        }
        prop_assert_eq!(drawing.wires.len(), graph.wires.len());
        for (wire, way) in graph.wires.iter().zip(&drawing.wires) {
            for (port, point) in [(wire.from, way.first().unwrap()), (wire.to, way.last().unwrap())] {
                let [left, top, right, _] = boxes[port.at];
                prop_assert!(point.y == top + port.y && (point.x == left || point.x == right), "it ends at its port");
            }
            for step in way.windows(2) {
                prop_assert!(step[0].x == step[1].x || step[0].y == step[1].y, "right angles: {:?}", way);
                let (x, y) = (step[0].x.min(step[1].x)..=step[0].x.max(step[1].x), step[0].y.min(step[1].y)..=step[0].y.max(step[1].y));
                for [left, top, right, bottom] in &boxes {
                    let through = x.start() < right && x.end() > left && y.start() < bottom && y.end() > top;
                    prop_assert!(!through, "it runs through a box: {:?}", way);
                }
            }
        }
    }

    #[test]
    fn sheets_are_packed_without_overlaps(sizes in prop::collection::vec((1..500_i32, 1..500_i32), 0..40)) {
        let sizes: Vec<Size> = sizes.into_iter().map(|(width, height)| Size { width, height }).collect();
        let sheet = pack(&sizes, 10);
        for (at, (a, size)) in sheet.places.iter().zip(&sizes).enumerate() {
            prop_assert!(a.x >= 0 && a.y >= 0 && a.x + size.width <= sheet.size.width && a.y + size.height <= sheet.size.height);
            for (b, other) in sheet.places.iter().zip(&sizes).skip(at + 1) {
                let apart = a.x + size.width + 10 <= b.x || b.x + other.width + 10 <= a.x || a.y + size.height + 10 <= b.y || b.y + other.height + 10 <= a.y;
                prop_assert!(apart);
            }
        }
    }

    #[test]
    fn no_group_is_too_large(ties in prop::collection::vec((0..60_usize, 0..60_usize), 0..150), most in 2..30_usize) {
        let groups = cluster(60, &ties, most);
        for group in &groups {
            prop_assert!(groups.iter().filter(|other| *other == group).count() <= most);
        }
        prop_assert_eq!(&groups, &cluster(60, &ties, most));
    }
}

#[test]
fn a_graph_of_nothing_is_drawn() {
    assert_eq!(draw(&Graph::default()), Drawing::default());
    assert_eq!(pack(&[], 10).size, Size::default());
    assert!(cluster(0, &[], 5).is_empty());
}
