//! Sales documents: the worked examples of the accounting rules, and the laws that hold for any order.

mod build;
mod chart;
mod examples;
mod laws;
mod life;
mod policy;
mod settlement;
