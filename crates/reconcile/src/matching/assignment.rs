//! The best assignment of rows to columns, and for each of its pairs how much worse the best whole without it would be.
//!
//! The Hungarian method with potentials (Kuhn 1955, in the shortest-path form of Jonker and Volgenant 1987), on whole numbers. Every row
//! and every column may also stay alone at a score of zero, so a pair is only made where it is better than none.

/// A score that no sum of others can outweigh: the pair is not allowed.
const NEVER: i64 = 1 << 40;

/// One pair of the best assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) row: usize,
    pub(super) column: usize,
    /// Score of the best whole, less that of the best whole without this pair.
    pub(super) gap: i64,
}

/// The assignment with the greatest total score. `score[row][column]` is `None` where a pair is not allowed.
pub(super) fn best(score: &[Vec<Option<i64>>], columns: usize) -> Vec<Pair> {
    let rows = score.len();
    let size = rows + columns;
    // Square: real rows may take a dummy column each, dummy rows take what real rows leave.
    let cost: Vec<Vec<i64>> = (0..size)
        .map(|row| {
            (0..size)
                .map(|column| match (row < rows, column < columns) {
                    (true, true) => score[row][column].map_or(NEVER, |points| -points),
                    _ => 0,
                })
                .collect()
        })
        .collect();
    let solved = Solved::of(&cost);
    (0..columns)
        .filter(|&column| solved.row_of[column] < rows)
        .filter(|&column| score[solved.row_of[column]][column].is_some())
        .map(|column| {
            let row = solved.row_of[column];
            Pair { row, column, gap: solved.detour(&cost, row, column) }
        })
        .collect()
}

struct Solved {
    row_of: Vec<usize>,
    u: Vec<i64>,
    v: Vec<i64>,
}

impl Solved {
    /// Minimises the total cost of a square matrix, adding one row after another along a shortest path.
    fn of(cost: &[Vec<i64>]) -> Solved {
        let size = cost.len();
        let mut solved = Solved { row_of: vec![usize::MAX; size], u: vec![0; size], v: vec![0; size] };
        for row in 0..size {
            let mut nearest = vec![i64::MAX; size];
            let mut came_from = vec![usize::MAX; size];
            let mut done = vec![false; size];
            let (mut at_row, mut at_column) = (row, usize::MAX);
            loop {
                let (mut delta, mut next) = (i64::MAX, 0);
                for column in (0..size).filter(|&column| !done[column]) {
                    let reduced = cost[at_row][column] - solved.u[at_row] - solved.v[column];
                    if reduced < nearest[column] {
                        nearest[column] = reduced;
                        came_from[column] = at_column;
                    }
                    if nearest[column] < delta {
                        (delta, next) = (nearest[column], column);
                    }
                }
                solved.u[row] += delta;
                for column in 0..size {
                    if done[column] {
                        solved.u[solved.row_of[column]] += delta;
                        solved.v[column] -= delta;
                    } else {
                        nearest[column] -= delta;
                    }
                }
                done[next] = true;
                at_column = next;
                match solved.row_of[next] {
                    usize::MAX => break,
                    taken => at_row = taken,
                }
            }
            while at_column != usize::MAX {
                let before = came_from[at_column];
                solved.row_of[at_column] = if before == usize::MAX { row } else { solved.row_of[before] };
                at_column = before;
            }
        }
        solved
    }

    /// How much dearer the best whole without the pair (`row`, `column`) is: the shortest other way from the row to the column.
    fn detour(&self, cost: &[Vec<i64>], row: usize, column: usize) -> i64 {
        let size = cost.len();
        let reduced = |row: usize, column: usize| cost[row][column] - self.u[row] - self.v[column];
        let mut far: Vec<i64> =
            (0..size).map(|other| if other == column { i64::MAX } else { reduced(row, other) }).collect();
        let mut done = vec![false; size];
        loop {
            let open = (0..size).filter(|&at| !done[at]).min_by_key(|&at| (far[at], at));
            let Some(at) = open else { return NEVER };
            if at == column {
                return far[column];
            }
            done[at] = true;
            let through = self.row_of[at];
            for other in (0..size).filter(|&other| !done[other]) {
                // The pair itself is what we do without, and only its own row could use it.
                far[other] = far[other].min(far[at].saturating_add(reduced(through, other)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The best total by trying everything; `without` is a pair that may not be used.
    fn by_force(score: &[Vec<Option<i64>>], columns: usize, without: Option<(usize, usize)>) -> i64 {
        fn go(score: &[Vec<Option<i64>>], row: usize, free: &mut Vec<bool>, without: Option<(usize, usize)>) -> i64 {
            if row == score.len() {
                return 0;
            }
            let mut best = go(score, row + 1, free, without);
            for column in 0..free.len() {
                if let Some(points) = score[row][column]
                    && free[column]
                    && without != Some((row, column))
                {
                    free[column] = false;
                    best = best.max(points + go(score, row + 1, free, without));
                    free[column] = true;
                }
            }
            best
        }
        go(score, 0, &mut vec![true; columns], without)
    }

    proptest! {
        #[test]
        fn the_assignment_is_the_best_and_its_gaps_are_true(
            score in (1_usize..5).prop_flat_map(|columns| {
                proptest::collection::vec(proptest::collection::vec(proptest::option::of(1_i64..200), columns), 1..5)
            })
        ) {
            let columns = score[0].len();
            let pairs = best(&score, columns);
            let total: i64 = pairs.iter().map(|pair| score[pair.row][pair.column].unwrap()).sum();
            prop_assert_eq!(total, by_force(&score, columns, None));
            for pair in pairs {
                prop_assert_eq!(pair.gap, total - by_force(&score, columns, Some((pair.row, pair.column))));
            }
        }
    }
}
