//! Amazon Selling Partner API as a Marketplace.
