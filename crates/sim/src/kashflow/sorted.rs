//! A list kept in order: any page of it costs the page, not the list.

/// Sorted, without repeats. Inserting near the end, which is where new numbers and dates go, moves little.
#[derive(Clone, Debug)]
pub struct Sorted<K>(Vec<K>);

impl<K> Default for Sorted<K> {
    fn default() -> Sorted<K> {
        Sorted(Vec::new())
    }
}

impl<K: Ord> Sorted<K> {
    /// Adds `key` unless it is there.
    pub fn insert(&mut self, key: K) {
        if let Err(index) = self.0.binary_search(&key) {
            self.0.insert(index, key);
        }
    }

    /// Takes `key` out if it is there.
    pub fn remove(&mut self, key: &K) {
        if let Ok(index) = self.0.binary_search(key) {
            self.0.remove(index);
        }
    }

    /// All keys, in order.
    pub fn all(&self) -> &[K] {
        &self.0
    }

    /// The keys from `from` to `to`, both included.
    pub fn between(&self, from: &K, to: &K) -> &[K] {
        let start = self.0.partition_point(|key| key < from);
        let end = self.0.partition_point(|key| key <= to);
        self.0.get(start..end).unwrap_or_default()
    }

    /// The keys next to `key` on both sides.
    pub fn neighbours(&self, key: &K) -> (Option<&K>, Option<&K>) {
        let start = self.0.partition_point(|own| own < key);
        let end = self.0.partition_point(|own| own <= key);
        (start.checked_sub(1).and_then(|before| self.0.get(before)), self.0.get(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_neighbours_agree_with_the_plain_list() {
        let mut sorted = Sorted::default();
        for key in [5, 1, 9, 5, 7] {
            sorted.insert(key);
        }
        assert_eq!(sorted.all(), [1, 5, 7, 9]);
        assert_eq!(sorted.between(&2, &7), [5, 7]);
        assert_eq!(sorted.between(&8, &2), [0; 0]);
        assert_eq!(sorted.neighbours(&5), (Some(&1), Some(&7)));
        sorted.remove(&5);
        assert_eq!(sorted.neighbours(&5), (Some(&1), Some(&7)));
    }
}
