//! Both remote APIs over real HTTP, from one seeded world, with faults and an oracle.
//!
//! [`Sandbox::start`] serves a faithful Amazon (LWA, Orders 2026-01-01 and v0, Tokens, Notifications, an SQS-compatible queue,
//! Reports, Sellers) and a faithful KashFlow (REST v2). Buyers buy in the [`world`]; the [`oracle`] states from what the world
//! knows what the books should hold. This crate shares no code with the product but `money` and `clock`: a mistake made once
//! must not be made twice alike.

pub mod amazon;
mod config;
pub mod faults;
pub mod kashflow;
pub mod oracle;
mod sandbox;
pub mod world;

pub use config::{
    AmazonCredentials, Credentials, FaultLevel, KashflowCredentials, KashflowOptions, MoneyType, NumberMode,
    PaymentLinesMode, Quotas, SandboxConfig,
};
pub use sandbox::{Sandbox, SandboxError};
