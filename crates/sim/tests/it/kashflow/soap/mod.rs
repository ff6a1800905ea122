//! The SOAP face: by hand over HTTP, and driven by independent clients that know nothing but its WSDL.

mod clients;
mod protocol;
