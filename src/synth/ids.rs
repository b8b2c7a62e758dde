//! Identifiers. Each subject owns a block of every kind of identifier, found from its index alone,
//! so that a subject can be made without knowing the others.
//!
//! MIMIC-IV itself uses 10,000,000 to 39,999,999 for its subjects, admissions and stays. The ranges
//! here lie outside of that: a synthetic identifier can be told from a real one at sight, and no
//! row of one can ever be joined to the other.

/// The most patients whose identifiers all fit into an INTEGER.
pub const MAX_PATIENTS: u32 = 300_000;
/// Indexes of subjects who are no patients. Their identifiers fit as well.
pub const ORPHANS: std::ops::Range<u32> = MAX_PATIENTS..MAX_PATIENTS + 1_000;

/// A kind of identifier: where its range begins and how many of it one subject owns.
#[derive(Clone, Copy)]
pub struct Range {
    start: i64,
    per_subject: i64,
}

pub const ADMISSION: Range = Range { start: 40_000_000, per_subject: 32 };
/// ICU stays and the transfers within them: a stay carries the id of the transfer that opens it.
pub const STAY: Range = Range { start: 60_000_000, per_subject: 64 };
/// All other transfers.
pub const TRANSFER: Range = Range { start: 80_000_000, per_subject: 160 };
/// Stays in the emergency department.
pub const EMERGENCY: Range = Range { start: 130_000_000, per_subject: 64 };
pub const LAB_EVENT: Range = Range { start: 1, per_subject: 7_000 };
pub const LAB_SPECIMEN: Range = Range { start: 1, per_subject: 2_000 };
pub const CULTURE_EVENT: Range = Range { start: 1, per_subject: 1_500 };
pub const CULTURE_SPECIMEN: Range = Range { start: 1, per_subject: 300 };
pub const PHARMACY: Range = Range { start: 1, per_subject: 4_000 };
/// Orders of infusions and of bedside procedures.
pub const BEDSIDE_ORDER: Range = Range { start: 1, per_subject: 7_000 };

/// The identifier of a subject: at least 30,000,000.
pub fn subject_id(index: u32) -> i64 {
    30_000_000 + i64::from(index) * 33 + 7
}

/// The identifiers of one kind that one subject has left.
pub struct Block {
    next: i64,
    end: i64,
}

impl Block {
    /// The whole block of a subject.
    pub fn of(range: Range, index: u32) -> Self {
        let next = range.start + i64::from(index) * range.per_subject;
        Self { next, end: next + range.per_subject }
    }

    /// The next identifier; none when the block is used up, so that no subject reaches into the
    /// block of its neighbour. The caller then leaves the row out.
    pub fn take(&mut self) -> Option<i64> {
        let taken = self.next;
        (taken < self.end).then(|| {
            self.next += 1;
            taken
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_blocks_fit_into_integers() {
        let ranges = [
            ADMISSION,
            STAY,
            TRANSFER,
            EMERGENCY,
            LAB_EVENT,
            LAB_SPECIMEN,
            CULTURE_EVENT,
            CULTURE_SPECIMEN,
            PHARMACY,
            BEDSIDE_ORDER,
        ];
        for range in ranges {
            assert!(Block::of(range, ORPHANS.end - 1).end <= i64::from(i32::MAX));
        }
        assert!(subject_id(ORPHANS.end) < ADMISSION.start);
        assert!(Block::of(ADMISSION, ORPHANS.end).next < STAY.start);
        assert!(Block::of(STAY, ORPHANS.end).next < TRANSFER.start);
        assert!(Block::of(TRANSFER, ORPHANS.end).next < EMERGENCY.start);
    }

    #[test]
    fn a_block_ends_before_the_next_begins() {
        let mut block = Block::of(ADMISSION, 0);
        let taken: Vec<i64> = std::iter::from_fn(|| block.take()).collect();
        assert_eq!(taken.len(), 32);
        assert_eq!(Block::of(ADMISSION, 1).take(), taken.last().map(|last| last + 1));
    }
}
