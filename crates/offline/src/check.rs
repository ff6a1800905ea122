//! `check`: what files hold and whether they balance, without posting anything.

use bookkeeping::settlement::vocabulary::Vocabulary;

use crate::given::{FileReport, Given};
use crate::opened::{Accepted, All};

/// Checks each file, and what they have in common. `progress` is told what is done now.
pub fn check(
    files: &[Given<'_>],
    accepted: &Accepted,
    vocabulary: &Vocabulary,
    threads: usize,
    progress: &mut dyn FnMut(&str),
) -> Vec<FileReport> {
    All::open(files, accepted, vocabulary, threads, progress).reports
}
