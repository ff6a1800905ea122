//! Likeness of spelling: cosine of three-letter pieces, weighted so that pieces in every name count little.

use std::collections::HashMap;

use crate::text::trigrams;

/// Weights of pieces, learned from a set of names.
#[derive(Debug)]
pub(crate) struct Likeness {
    weights: HashMap<[char; 3], f32>,
    /// Weight of a piece that was never seen.
    rare: f32,
}

/// A name as a unit vector of pieces, sorted by piece.
#[derive(Clone, Debug)]
pub(crate) struct Spelling(Vec<([char; 3], f32)>);

impl Likeness {
    /// Learns the weights from `names`.
    pub(crate) fn learn<'a>(names: impl Iterator<Item = &'a [String]>) -> Likeness {
        let mut counts: HashMap<[char; 3], f32> = HashMap::new();
        let mut total = 1.0_f32;
        for name in names {
            let mut pieces = trigrams(name);
            pieces.sort_unstable();
            pieces.dedup();
            for piece in pieces {
                *counts.entry(piece).or_default() += 1.0;
            }
            total += 1.0;
        }
        let weights = counts.into_iter().map(|(piece, count)| (piece, (total / count).ln() + 0.1)).collect();
        Likeness { weights, rare: total.ln() + 0.1 }
    }

    /// Takes a name apart.
    pub(crate) fn spell(&self, name: &[String]) -> Spelling {
        let mut vector: HashMap<[char; 3], f32> = HashMap::new();
        for piece in trigrams(name) {
            *vector.entry(piece).or_default() += self.weights.get(&piece).copied().unwrap_or(self.rare);
        }
        let length = vector.values().map(|weight| weight * weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        let mut pieces: Vec<_> = vector.into_iter().map(|(piece, weight)| (piece, weight / length)).collect();
        pieces.sort_unstable_by_key(|(piece, _)| *piece);
        Spelling(pieces)
    }
}

impl Spelling {
    /// From 0 (nothing in common) to 1 (the same).
    pub(crate) fn likeness(&self, other: &Spelling) -> f32 {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut product = 0.0;
        while let (Some((this, weight)), Some((that, other))) = (left.peek(), right.peek()) {
            match this.cmp(that) {
                std::cmp::Ordering::Less => drop(left.next()),
                std::cmp::Ordering::Greater => drop(right.next()),
                std::cmp::Ordering::Equal => {
                    product += weight * other;
                    left.next();
                    right.next();
                }
            }
        }
        product.min(1.0)
    }
}
