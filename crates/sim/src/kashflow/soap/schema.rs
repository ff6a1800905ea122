//! The types of the SOAP API, their elements in the order of the vendor's WSDL.
//!
//! One table: the WSDL is written from it, requests are read and answers written by it. Element order is part of the contract.

/// What an element holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A string; may be left out.
    Text,
    /// `xsd:int`; always there.
    Int,
    /// `xsd:decimal`; always there.
    Dec,
    /// `xsd:boolean`; always there.
    Flag,
    /// `xsd:dateTime`; always there.
    Moment,
    /// One of a type; may be left out.
    One(&'static Type),
    /// Any number of a type, each an element called as the type.
    Many(&'static Type),
    /// `ArrayOfAnyType`: any number of a type, each an `anyType` that says which by `xsi:type`.
    Any(&'static Type),
}

/// An element of a type or an argument of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// A type.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    /// Its name.
    pub name: &'static str,
    /// Its elements, in order.
    pub fields: &'static [Field],
}

/// A string element.
pub const fn text(name: &'static str) -> Field {
    Field { name, kind: Kind::Text }
}

/// A whole number.
pub const fn int(name: &'static str) -> Field {
    Field { name, kind: Kind::Int }
}

/// A decimal.
pub const fn dec(name: &'static str) -> Field {
    Field { name, kind: Kind::Dec }
}

/// A truth value.
pub const fn flag(name: &'static str) -> Field {
    Field { name, kind: Kind::Flag }
}

/// A date and time.
pub const fn moment(name: &'static str) -> Field {
    Field { name, kind: Kind::Moment }
}

/// One of a type.
pub const fn one(name: &'static str, of: &'static Type) -> Field {
    Field { name, kind: Kind::One(of) }
}

const fn many(name: &'static str, of: &'static Type) -> Field {
    Field { name, kind: Kind::Many(of) }
}

const fn any(name: &'static str, of: &'static Type) -> Field {
    Field { name, kind: Kind::Any(of) }
}

/// A customer.
pub static CUSTOMER: Type = Type {
    name: "Customer",
    fields: &[
        int("CustomerID"),
        text("Code"),
        text("Name"),
        text("Contact"),
        text("Telephone"),
        text("Mobile"),
        text("Fax"),
        text("Email"),
        text("Address1"),
        text("Address2"),
        text("Address3"),
        text("Address4"),
        text("CountryName"),
        text("CountryCode"),
        text("Postcode"),
        text("Website"),
        int("EC"),
        int("OutsideEC"),
        text("Notes"),
        int("Source"),
        dec("Discount"),
        flag("ShowDiscount"),
        int("PaymentTerms"),
        text("ExtraText1"),
        text("ExtraText2"),
        text("ExtraText3"),
        text("ExtraText4"),
        text("ExtraText5"),
        text("ExtraText6"),
        text("ExtraText7"),
        text("ExtraText8"),
        text("ExtraText9"),
        text("ExtraText10"),
        text("ExtraText11"),
        text("ExtraText12"),
        text("ExtraText13"),
        text("ExtraText14"),
        text("ExtraText15"),
        text("ExtraText16"),
        text("ExtraText17"),
        text("ExtraText18"),
        text("ExtraText19"),
        text("ExtraText20"),
        int("CheckBox1"),
        int("CheckBox2"),
        int("CheckBox3"),
        int("CheckBox4"),
        int("CheckBox5"),
        int("CheckBox6"),
        int("CheckBox7"),
        int("CheckBox8"),
        int("CheckBox9"),
        int("CheckBox10"),
        int("CheckBox11"),
        int("CheckBox12"),
        int("CheckBox13"),
        int("CheckBox14"),
        int("CheckBox15"),
        int("CheckBox16"),
        int("CheckBox17"),
        int("CheckBox18"),
        int("CheckBox19"),
        int("CheckBox20"),
        moment("Created"),
        moment("Updated"),
        int("CurrencyID"),
        text("ContactTitle"),
        text("ContactFirstName"),
        text("ContactLastName"),
        int("CustHasDeliveryAddress"),
        text("DeliveryAddress1"),
        text("DeliveryAddress2"),
        text("DeliveryAddress3"),
        text("DeliveryAddress4"),
        text("DeliveryCountryName"),
        text("DeliveryCountryCode"),
        text("DeliveryPostcode"),
        text("VATNumber"),
    ],
};

/// A line of an invoice.
pub static INVOICE_LINE: Type = Type {
    name: "InvoiceLine",
    fields: &[
        dec("Quantity"),
        text("Description"),
        dec("Rate"),
        int("ChargeType"),
        dec("VatRate"),
        dec("VatAmount"),
        int("ProductID"),
        int("Sort"),
        int("ProjID"),
        int("LineID"),
        int("ValuesInCurrency"),
    ],
};

/// Where an invoice's goods go.
pub static DELIVERY_ADDRESS: Type = Type {
    name: "DeliveryAddress",
    fields: &[
        text("Name"),
        text("Line1"),
        text("Line2"),
        text("Line3"),
        text("Line4"),
        text("PostCode"),
        text("CountryName"),
        text("CountryCode"),
    ],
};

/// An invoice with untyped lines.
pub static INVOICE: Type = Type {
    name: "Invoice",
    fields: &[
        int("InvoiceDBID"),
        int("InvoiceNumber"),
        moment("InvoiceDate"),
        moment("DueDate"),
        text("Customer"),
        int("CustomerID"),
        int("Paid"),
        text("CustomerReference"),
        text("EstimateCategory"),
        int("SuppressTotal"),
        int("ProjectID"),
        text("CurrencyCode"),
        dec("ExchangeRate"),
        text("ReadableString"),
        any("Lines", &INVOICE_LINE),
        dec("NetAmount"),
        dec("VATAmount"),
        dec("AmountPaid"),
        text("CustomerName"),
        text("PermaLink"),
        one("DeliveryAddress", &DELIVERY_ADDRESS),
        flag("UseCustomDeliveryAddress"),
    ],
};

/// An invoice with typed lines, which ends at the customer's name.
pub static INVOICE_TYPED: Type = Type {
    name: "Invoice_TypeDefined",
    fields: &[
        int("InvoiceDBID"),
        int("InvoiceNumber"),
        moment("InvoiceDate"),
        moment("DueDate"),
        text("Customer"),
        int("CustomerID"),
        int("Paid"),
        text("CustomerReference"),
        text("EstimateCategory"),
        int("SuppressTotal"),
        int("ProjectID"),
        text("CurrencyCode"),
        dec("ExchangeRate"),
        text("ReadableString"),
        many("Lines", &INVOICE_LINE),
        dec("NetAmount"),
        dec("VATAmount"),
        dec("AmountPaid"),
        text("CustomerName"),
    ],
};

/// A payment of an invoice.
pub static PAYMENT: Type = Type {
    name: "Payment",
    fields: &[
        int("PayID"),
        int("PayInvoice"),
        moment("PayDate"),
        text("PayNote"),
        int("PayMethod"),
        int("PayAccount"),
        dec("PayAmount"),
    ],
};

/// A way to be paid.
pub static PAYMENT_METHOD: Type = Type { name: "PaymentMethod", fields: &[int("MethodID"), text("MethodName")] };

/// A product under a sales type.
pub static SUB_PRODUCT: Type = Type {
    name: "SubProduct",
    fields: &[
        int("id"),
        int("ParentID"),
        text("Name"),
        text("Code"),
        text("Description"),
        dec("Price"),
        dec("VatRate"),
        dec("WholesalePrice"),
        int("Managed"),
        int("QtyInStock"),
        int("StockWarnQty"),
        int("AutoFill"),
    ],
};

/// A sales type.
pub static PRODUCT: Type = Type {
    name: "Product",
    fields: &[
        int("ProductID"),
        text("ProductName"),
        int("ProductCode"),
        text("ProductDescription"),
        int("ManageStockLevels"),
        int("QtyInStock"),
        dec("ProductPrice"),
    ],
};

/// A sales type with its products.
pub static PRODUCTS_FULL: Type = Type {
    name: "ProductsFull",
    fields: &[
        int("ProductID"),
        text("ProductName"),
        int("ProductCode"),
        text("ProductDescription"),
        int("ManageStockLevels"),
        int("QtyInStock"),
        dec("ProductPrice"),
        many("subProducts", &SUB_PRODUCT),
    ],
};

/// A nominal code with what is on it.
pub static NOMINAL_CODE: Type = Type {
    name: "NominalCode",
    fields: &[int("id"), int("Code"), text("Name"), dec("debit"), dec("credit"), dec("balance")],
};

/// A nominal code with what it is.
pub static NOMINAL_CODE_EXTENDED: Type = Type {
    name: "NominalCodeExtended",
    fields: &[
        int("id"),
        int("Code"),
        text("Name"),
        dec("debit"),
        dec("credit"),
        dec("balance"),
        int("TypeID"),
        text("TypeName"),
        int("ClassificationID"),
        text("ClassificationName"),
        int("AutoFill"),
        dec("Price"),
        dec("VATRate"),
        text("Description"),
        int("Archived"),
    ],
};

/// A line of a journal: debits above 0, credits below.
pub static JOURNAL_LINE: Type =
    Type { name: "JournalLine", fields: &[int("NominalID"), dec("Amount"), text("Comment"), int("ProjId")] };

/// A journal.
pub static JOURNAL_ENTRY: Type = Type {
    name: "JournalEntry",
    fields: &[int("DBID"), int("JournalNumber"), moment("JournalDate"), text("Comment"), any("Lines", &JOURNAL_LINE)],
};

/// A bank account.
pub static BANK_ACCOUNT: Type =
    Type { name: "BankAccount", fields: &[int("AccountID"), text("AccountName"), int("AccountCode")] };

/// What a bank transaction can be raised against.
pub static BANK_TX_TYPE: Type =
    Type { name: "BankTXType", fields: &[int("TypeID"), text("TypeName"), int("TypeCode")] };

/// A bank transaction that pays no invoice.
pub static BANK_TRANSACTION: Type = Type {
    name: "BankTransaction",
    fields: &[
        int("ID"),
        int("accid"),
        moment("TransactionDate"),
        dec("moneyin"),
        dec("moneyout"),
        int("Vatable"),
        dec("VatRate"),
        dec("VatAmount"),
        int("TransactionType"),
        text("Comment"),
        int("ProjectID"),
        int("CustomerId"),
        int("SupplierId"),
    ],
};

/// An item of a short list.
pub static BASIC_DATASET: Type =
    Type { name: "BasicDataset", fields: &[int("ID"), text("Name"), text("Description"), dec("Value")] };

/// An enabled currency.
pub static CURRENCIES: Type = Type {
    name: "Currencies",
    fields: &[int("CurrencyId"), text("CurrencyCode"), dec("ExchangeRate"), int("isDefault")],
};

/// The company. Its shape is not published.
pub static COMPANY_DETAILS: Type = Type {
    name: "CompanyDetails",
    fields: &[
        text("CompanyName"),
        text("Address1"),
        text("Address2"),
        text("Postcode"),
        text("CountryCode"),
        text("VATNumber"),
        text("CurrencyCode"),
    ],
};
