//! The server over real HTTP on the loopback interface, with a real store.

mod access;
mod fixture;
mod live;
mod orders;
mod pages;
mod people;
mod settlements;
