//! Offline settlements: evidence, packs, exports.

mod evidence;
mod formulas;
