//! Flow definitions, their validator and their evaluator. Pure.
