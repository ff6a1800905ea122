//! KashFlow over HTTP.
