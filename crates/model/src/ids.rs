//! Ids as types. Each is checked when it is made, so the rest of the code never meets an empty or absurd one.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {what}")]
pub struct IdError {
    /// The kind of id, with its article: "an order id".
    pub what: &'static str,
    /// The text, cut to 40 characters.
    pub text: String,
}

/// Longest id that any remote is known to use is below this.
const LENGTH_MAX: usize = 128;

fn checked(what: &'static str, text: &str, allowed: fn(char) -> bool) -> Result<String, IdError> {
    let good = !text.is_empty() && text.len() <= LENGTH_MAX && text.chars().all(allowed);
    if good { Ok(text.to_owned()) } else { Err(IdError { what, text: text.chars().take(40).collect() }) }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks and takes the text.
            ///
            /// # Errors
            ///
            /// [`IdError`] if it is empty, too long, or has a character that this id never has.
            pub fn parse(text: &str) -> Result<$name, IdError> {
                checked($what, text, $allowed).map($name)
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<$name, IdError> {
                $name::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

fn graphic(character: char) -> bool {
    character.is_ascii_graphic()
}

fn printable(character: char) -> bool {
    !character.is_control()
}

fn code(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

fn name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-' || character == '_'
}

text_id!(
    /// The marketplace's id of an order, for example `203-1234567-7654321`.
    OrderId, "an order id", graphic
);
text_id!(
    /// The marketplace's id of one line of an order.
    OrderLineId, "an order line id", graphic
);
text_id!(
    /// The seller's own product key on the marketplace. May contain spaces, slashes and non-ASCII letters.
    Sku, "a SKU", printable
);
text_id!(
    /// The marketplace's own id of one of its sites, for example `A1F83G8C2ARO7P` (Amazon.co.uk).
    MarketplaceId, "a marketplace id", graphic
);
text_id!(
    /// One Amazon account joined to one KashFlow account: the unit of isolation, ownership and scale.
    PairId, "a pair id", name
);
text_id!(
    /// The business key of a customer in the books: letters and digits only (KashFlow refuses others).
    CustomerCode, "a customer code", code
);
text_id!(
    /// The code of a product in the books, below a nominal code.
    ProductCode, "a product code", printable
);

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// The number of a document in the books, unique per account and kind of document.
    DocumentNumber
);
number_id!(
    /// A general-ledger account in the books, for example 4000.
    NominalCode
);
number_id!(
    /// A bank-type account in the books (KashFlow: the account's numeric `Id`, not its nominal code).
    BankAccountId
);
number_id!(
    /// A payment method of the books (KashFlow: numeric id that differs from account to account).
    PaymentMethodId
);
