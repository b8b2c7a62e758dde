//! Which columns of a table are shown, and how wide.

/// Blanks between columns.
const GAP: usize = 2;
/// Texts are cut down to this before columns are left out.
const NARROWEST: usize = 8;

/// The columns that are shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// From the left, index and width of a column, or the place of those that are left out.
    pub shown: Vec<Option<(usize, usize)>>,
    /// How many are left out.
    pub left_out: usize,
}

impl Layout {
    /// Fits columns of these widths into a terminal, if there is one. Numbers are never cut: part of a number is
    /// another one.
    pub fn new(natural: &[usize], may_be_cut: &[bool], terminal: Option<usize>) -> Self {
        let all: Vec<usize> = (0..natural.len()).collect();
        let Some(room) = terminal else { return Layout::of(&all, natural, natural.len()) };
        let narrowed = |cap: usize| -> Vec<usize> {
            natural.iter().zip(may_be_cut).map(|(width, cut)| if *cut { (*width).min(cap) } else { *width }).collect()
        };
        let narrowest = narrowed(NARROWEST);
        let kept = if total(&all, &narrowest) <= room { all } else { outermost(&narrowest, room) };
        let room = if kept.len() < natural.len() { room.saturating_sub(GAP + 1) } else { room };
        let widest = natural.iter().copied().max().unwrap_or(0).max(NARROWEST);
        // The widest cap at which everything fits; at the narrowest it does, unless not even one column does.
        let fits = |cap: &usize| total(&kept, &narrowed(*cap)) <= room;
        let cap = if fits(&widest) { widest } else { (NARROWEST..widest).rev().find(fits).unwrap_or(NARROWEST) };
        let mut widths = narrowed(cap);
        if let [only] = kept[..] {
            widths[only] = widths[only].min(room.max(1));
        }
        Layout::of(&kept, &widths, natural.len())
    }

    fn of(kept: &[usize], widths: &[usize], all: usize) -> Self {
        let mut shown = Vec::new();
        let mut next = 0;
        for &index in kept {
            if index > next {
                shown.push(None);
            }
            shown.push(Some((index, widths[index])));
            next = index + 1;
        }
        if next < all {
            shown.push(None);
        }
        Layout { shown, left_out: all - kept.len() }
    }

    /// The width of a column, if it is shown.
    pub fn width_of(&self, column: usize) -> Option<usize> {
        self.shown.iter().flatten().find(|(index, _)| *index == column).map(|(_, width)| *width)
    }
}

fn total(columns: &[usize], widths: &[usize]) -> usize {
    columns.iter().map(|&index| widths[index]).sum::<usize>() + GAP * columns.len().saturating_sub(1)
}

/// As many columns as fit, taken from both ends in turn; at least the first.
fn outermost(widths: &[usize], room: usize) -> Vec<usize> {
    let room = room.saturating_sub(GAP + 1);
    let count = widths.len();
    let mut kept = Vec::new();
    for turn in 0..count {
        let index = if turn % 2 == 0 { turn / 2 } else { count - 1 - turn / 2 };
        kept.push(index);
        if turn > 0 && total(&kept, widths) > room {
            kept.pop();
            break;
        }
    }
    kept.sort_unstable();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widths(natural: &[usize], room: usize) -> Vec<Option<(usize, usize)>> {
        Layout::new(natural, &vec![true; natural.len()], Some(room)).shown
    }

    #[test]
    fn texts_share_what_there_is() {
        assert_eq!(widths(&[5, 10], 17), [Some((0, 5)), Some((1, 10))]);
        assert_eq!(widths(&[5, 100, 50], 47), [Some((0, 5)), Some((1, 19)), Some((2, 19))]);
        assert_eq!(widths(&[100], 20), [Some((0, 20))]);
    }

    #[test]
    fn what_does_not_fit_is_left_out_in_the_middle() {
        assert_eq!(widths(&[8; 5], 33), [Some((0, 8)), Some((1, 8)), None, Some((4, 8))]);
        assert_eq!(widths(&[8; 5], 5), [Some((0, 2)), None]);
        assert_eq!(Layout::new(&[8; 5], &[false; 5], Some(33)).left_out, 2);
        assert_eq!(Layout::new(&[300, 300], &[false; 2], None).left_out, 0);
    }

    #[test]
    fn a_terminal_of_no_width_stops_nothing() {
        for room in 0..30 {
            for count in 0..6 {
                Layout::new(&vec![12; count], &vec![true; count], Some(room));
            }
        }
    }
}
