//! What was posted, in the form in which people and programs read it: documents, the way from sales to payout, tasks.

mod document;
mod task;
mod waterfall;

pub use document::{Document, Line, documents, rate_words};
pub use task::TaskLine;
pub use waterfall::{Step, waterfall};
