//! Choices that depend on a seed and on what is chosen, and on nothing else: a
//! smaller world is written in the same way.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

#[derive(Debug, Clone, Copy)]
pub struct Dice(pub u64);

impl Dice {
    /// One of so many.
    pub fn of(self, what: &str, count: usize) -> usize {
        let mut hasher = DefaultHasher::new();
        (self.0, what).hash(&mut hasher);
        usize::try_from(hasher.finish() % u64::try_from(count.max(1)).expect("fits")).expect("fits")
    }

    /// So many times of a hundred.
    pub fn chance(self, what: &str, percent: usize) -> bool {
        self.of(what, 100) < percent
    }
}
