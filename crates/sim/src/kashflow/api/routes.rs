//! Which path is which: lower-case segments below `/v2`.

use super::Kind::{LogIn, Read, Write};
use super::Verb::{Delete, Get, Post, Put};
use super::{
    Operation, bank, bulk, companies, contacts, invoice_list, invoices, journals, nominals, notes, op, products,
    session, transactions,
};

/// The operations at `path`.
pub fn resource(path: &[&str]) -> Option<&'static [Operation]> {
    sign_in(path)
        .or_else(|| sales(path))
        .or_else(|| purchases(path))
        .or_else(|| books(path))
        .or_else(|| stock(path))
        .or_else(|| reference(path))
}

fn sign_in(path: &[&str]) -> Option<&'static [Operation]> {
    Some(match path {
        ["sessiontoken"] => {
            const {
                &[
                    op(Post, "requestTemporaryToken", LogIn, session::challenge),
                    op(Put, "exchangeForSessionToken", LogIn, session::answer),
                    op(Get, "sessionFromExternalToken", LogIn, session::external),
                    op(Delete, "logoutCurrent", Read, session::log_out_current),
                ]
            }
        }
        ["sessiontoken", _] => const { &[op(Delete, "logout", Read, session::log_out)] },
        _ => return None,
    })
}

fn sales(path: &[&str]) -> Option<&'static [Operation]> {
    Some(match path {
        ["customers"] => {
            const { &[op(Get, "listCustomers", Read, contacts::list), op(Post, "createCustomer", Write, contacts::create)] }
        }
        ["customers", "search"] => const { &[op(Get, "searchCustomers", Read, contacts::search)] },
        ["customers", "suggestedcode"] => const { &[op(Post, "suggestCustomerCode", Read, contacts::suggested_code)] },
        ["customers", _] => {
            const {
                &[
                    op(Get, "getCustomer", Read, contacts::get),
                    op(Put, "updateCustomer", Write, contacts::update),
                    op(Delete, "deleteCustomer", Write, contacts::delete),
                ]
            }
        }
        ["invoices"] => {
            const { &[op(Get, "listInvoices", Read, invoice_list::list), op(Post, "createInvoice", Write, invoices::create)] }
        }
        ["invoices", "bulk", "payments"] => const { &[op(Post, "createBulkPayment", Write, bulk::create)] },
        ["invoices", "bulk", "payments", _] => {
            const {
                &[
                    op(Get, "getBulkPayment", Read, bulk::get),
                    op(Put, "updateBulkPayment", Write, bulk::update),
                    op(Delete, "deleteBulkPayment", Write, bulk::delete),
                ]
            }
        }
        ["invoices", _] => {
            const {
                &[
                    op(Get, "getInvoice", Read, invoices::get),
                    op(Put, "updateInvoice", Write, invoices::update),
                    op(Delete, "deleteInvoice", Write, invoices::delete),
                ]
            }
        }
        ["nextavailableinvoicenumber"] => const { &[op(Get, "nextInvoiceNumber", Read, invoices::next_number)] },
        ["invoicecountforsubscriptioncycle"] => {
            const { &[op(Get, "invoiceCountForCycle", Read, invoices::count_in_cycle)] }
        }
        ["internal", "invoices", _, "credits"] => {
            const {
                &[
                    op(Get, "listCredits", Read, bulk::list_credits),
                    op(Post, "applyCredits", Write, bulk::apply_credits),
                ]
            }
        }
        ["internal", "invoices", _, "payments", _, "unallocate"] => {
            const { &[op(Post, "unallocatePayment", Write, bulk::unallocate)] }
        }
        _ => return None,
    })
}

fn purchases(path: &[&str]) -> Option<&'static [Operation]> {
    Some(match path {
        ["suppliers"] => {
            const { &[op(Get, "listSuppliers", Read, contacts::list), op(Post, "createSupplier", Write, contacts::create)] }
        }
        ["suppliers", "search"] => const { &[op(Get, "searchSuppliers", Read, contacts::search)] },
        ["suppliers", "suggestedcode"] => const { &[op(Post, "suggestSupplierCode", Read, contacts::suggested_code)] },
        ["suppliers", _] => {
            const {
                &[
                    op(Get, "getSupplier", Read, contacts::get),
                    op(Put, "updateSupplier", Write, contacts::update),
                    op(Delete, "deleteSupplier", Write, contacts::delete),
                ]
            }
        }
        ["purchases"] => {
            const {
                &[
                    op(Get, "listPurchases", Read, invoice_list::list),
                    op(Post, "createPurchase", Write, invoices::create),
                ]
            }
        }
        ["purchases", "bulk", "payments"] => const { &[op(Post, "createPurchaseBulkPayment", Write, bulk::create)] },
        ["purchases", "bulk", "payments", _] => {
            const {
                &[
                    op(Get, "getPurchaseBulkPayment", Read, bulk::get),
                    op(Put, "updatePurchaseBulkPayment", Write, bulk::update),
                    op(Delete, "deletePurchaseBulkPayment", Write, bulk::delete),
                ]
            }
        }
        ["purchases", _] => {
            const {
                &[
                    op(Get, "getPurchase", Read, invoices::get),
                    op(Put, "updatePurchase", Write, invoices::update),
                    op(Delete, "deletePurchase", Write, invoices::delete),
                ]
            }
        }
        ["internal", "purchases", _, "credits"] => {
            const {
                &[
                    op(Get, "listPurchaseCredits", Read, bulk::list_credits),
                    op(Post, "applyPurchaseCredits", Write, bulk::apply_credits),
                ]
            }
        }
        ["internal", "purchases", _, "payments", _, "unallocate"] => {
            const { &[op(Post, "unallocatePurchasePayment", Write, bulk::unallocate)] }
        }
        _ => return None,
    })
}

fn books(path: &[&str]) -> Option<&'static [Operation]> {
    Some(match path {
        ["customers" | "suppliers" | "invoices" | "purchases" | "journals", _, "notes"] => {
            const { &[op(Get, "listNotes", Read, notes::list), op(Post, "addNote", Write, notes::add)] }
        }
        ["customers" | "suppliers" | "invoices" | "purchases" | "journals", _, "notes", _] => {
            const { &[op(Get, "getNote", Read, notes::get)] }
        }
        ["journals"] => {
            const { &[op(Get, "listJournals", Read, journals::list), op(Post, "createJournal", Write, journals::create)] }
        }
        ["journals", _] => {
            const {
                &[
                    op(Get, "getJournal", Read, journals::get),
                    op(Put, "updateJournal", Write, journals::update),
                    op(Delete, "deleteJournal", Write, journals::delete),
                ]
            }
        }
        ["bankaccounts"] => {
            const { &[op(Get, "listBankAccounts", Read, bank::list), op(Post, "createBankAccount", Write, bank::create)] }
        }
        ["bankaccounts", "list"] => const { &[op(Get, "pageBankAccounts", Read, bank::page)] },
        ["bankaccounts", "suggestedcode"] => const { &[op(Get, "suggestBankCode", Read, bank::suggested_code)] },
        ["bankaccounts", _] => {
            const {
                &[
                    op(Get, "getBankAccount", Read, bank::get),
                    op(Put, "updateBankAccount", Write, bank::update),
                    op(Delete, "deleteBankAccount", Write, bank::delete),
                ]
            }
        }
        ["bankaccounts", _, "transactions"] => {
            const {
                &[
                    op(Get, "listBankTransactions", Read, transactions::list),
                    op(Post, "createBankTransaction", Write, transactions::create),
                ]
            }
        }
        ["bankaccounts", _, "transactions", _] => {
            const {
                &[
                    op(Get, "getBankTransaction", Read, transactions::get),
                    op(Put, "updateBankTransaction", Write, transactions::update),
                    op(Delete, "deleteBankTransaction", Write, transactions::delete),
                ]
            }
        }
        _ => return None,
    })
}

fn stock(path: &[&str]) -> Option<&'static [Operation]> {
    Some(match path {
        ["products"] => {
            const { &[op(Get, "listProducts", Read, products::list), op(Post, "createProduct", Write, products::create)] }
        }
        ["products", "list"] => const { &[op(Get, "listAllProducts", Read, products::list)] },
        ["products", _, _] => {
            const {
                &[
                    op(Get, "getProduct", Read, products::get),
                    op(Put, "updateProduct", Write, products::update),
                    op(Delete, "deleteProduct", Write, products::delete),
                ]
            }
        }
        ["nominals", _, "products"] => const { &[op(Get, "listProductsOfNominal", Read, products::list_of_nominal)] },
        ["stockoptions"] => {
            const {
                &[
                    op(Get, "getStockOptions", Read, companies::stock_options),
                    op(Put, "setStockOptions", Write, companies::set_stock_options),
                ]
            }
        }
        _ => return None,
    })
}

fn reference(path: &[&str]) -> Option<&'static [Operation]> {
    Some(match path {
        ["paymentmethods", _] => const { &[op(Get, "listPaymentMethods", Read, companies::payment_methods)] },
        ["nominals"] => {
            const { &[op(Get, "listNominals", Read, nominals::list), op(Post, "createNominal", Write, nominals::create)] }
        }
        ["nominals", "id", _] => const { &[op(Get, "getNominalById", Read, nominals::get_by_id)] },
        ["nominals", _] => {
            const { &[op(Get, "getNominal", Read, nominals::get), op(Put, "updateNominal", Write, nominals::update)] }
        }
        ["vat", "settings", "vatrates"] => const { &[op(Get, "listVatRates", Read, companies::vat_rates)] },
        ["vat", "settings", "vatrates", _] => {
            const {
                &[
                    op(Post, "createVatRate", Write, companies::create_vat_rate),
                    op(Delete, "deleteVatRate", Write, companies::delete_vat_rate),
                ]
            }
        }
        ["currencies"] => const { &[op(Get, "listCurrencies", Read, companies::currencies)] },
        ["currencies", "list"] => {
            const { &[op(Get, "listConfiguredCurrencies", Read, companies::configured_currencies)] }
        }
        ["currencies", _] => {
            const {
                &[
                    op(Get, "getCurrency", Read, companies::currency),
                    op(Put, "updateCurrency", Write, companies::update_currency),
                ]
            }
        }
        ["countries"] => const { &[op(Get, "listCountries", Read, companies::countries)] },
        ["sources"] => const { &[op(Get, "listSources", Read, companies::sources)] },
        ["sources", "createsource"] => const { &[op(Post, "createSource", Write, companies::create_source)] },
        ["sources", "getsource"] => const { &[op(Get, "getSource", Read, companies::source)] },
        ["settings", "companydetails"] => const { &[op(Get, "getCompanyDetails", Read, companies::company_details)] },
        ["settings", "invoice"] => const { &[op(Get, "getInvoiceSettings", Read, companies::invoice_settings)] },
        ["settings", "api"] => {
            const {
                &[
                    op(Get, "getApiSettings", Read, companies::api_settings),
                    op(Put, "setApiSettings", Write, companies::set_api_settings),
                ]
            }
        }
        _ => return None,
    })
}
