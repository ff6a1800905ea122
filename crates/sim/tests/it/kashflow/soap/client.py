"""Drives the sandbox's SOAP face with zeep, a client generated from the WSDL, and prints what it got as JSON."""

import datetime
import json
import sys
from decimal import Decimal

import zeep

wsdl, user, password, port = sys.argv[1:5]
client = zeep.Client(wsdl)
service = client.bind("KashFlowAPI", port)
types = client.type_factory("KashFlow")
day = datetime.datetime(2026, 11, 2)


def call(operation, *args, **named):
    answer = getattr(service, operation)(user, password, *args, **named)
    assert answer.Status == "OK", (operation, answer.Status, answer.StatusDetail)
    return answer[operation + "Result"]


def rows(operation, *args):
    """The items of an array result, which are elements called as their type."""
    result = call(operation, *args)
    if result is None:
        return []
    [(item, _)] = client.get_type("{KashFlow}" + type(result).__name__).elements
    return getattr(result, item) or []


def plain(number):
    """Digits without padding and without an exponent."""
    return format(number.normalize(), "f")


def blank(type_name, **given):
    """All value types have to be there: what is not given is 0, false or the year 1."""
    made = getattr(types, type_name)()
    for name, element in client.get_type("{KashFlow}" + type_name).elements:
        kind = element.type.name
        nothing = {"int": 0, "decimal": 0, "boolean": False, "dateTime": datetime.datetime(1, 1, 1)}.get(kind)
        setattr(made, name, given.get(name, nothing))
    return made


out = {}
assert "Incorrect" in service.GetCurrencies(user, "wrong").StatusDetail
out["currencies"] = [row.CurrencyCode for row in rows("GetCurrencies")]
out["company"] = call("GetCompanyDetails").CompanyName
out["vat"] = [plain(row.Value) for row in rows("GetVATRates")]
out["auto_auth"] = service.AutoAuthIP(user, password, "test", "0000-0000").Status
nominal = {row.Code: row.id for row in rows("GetNominalCodesExtended")}
assert nominal == {row.Code: row.id for row in rows("GetNominalCodes")}
types_of_bank = {row.TypeCode: row.TypeID for row in rows("GetBankTxTypes")}
bank = {row.AccountCode: row.AccountID for row in rows("GetBankAccounts")}
method = [row.MethodID for row in rows("GetInvPayMethods") if row.MethodName == "Amazon"][0]

customer = call("InsertCustomer", blank("Customer", Code="AMZUKSTD", Name="Zoë & Söhne", Email="a@example.invalid", Postcode="LS1 0AA", PaymentTerms=14, ExtraText3="x"))
read = call("GetCustomer", "AMZUKSTD")
assert (read.CustomerID, read.Name, read.PaymentTerms, read.ExtraText3) == (customer, "Zoë & Söhne", 14, "x")
assert call("GetCustomerByEmail", "A@example.invalid").Code == "AMZUKSTD"
out["nobody"] = service.GetCustomerByEmail(user, password, "b@example.invalid").StatusDetail
read.Notes = "changed"
assert service.UpdateCustomer(user, password, read).Status == "OK"
assert [row.Notes for row in rows("GetCustomers")] == ["changed"]

mug = call("AddOrUpdateSubProduct", blank("SubProduct", ParentID=nominal[4000], Name="Mug", Code="MUG", Price=Decimal("8.33"), Managed=1, QtyInStock=10))
assert call("GetSubProductByCode", "mug").id == mug
full = [row for row in rows("GetProductsWithSubProducts") if row.ProductCode == 4000][0]
assert [row.Code for row in full.subProducts.SubProduct] == ["MUG"]


def line(nominal_id, rate, vat, **more):
    return blank("InvoiceLine", Quantity=1, Rate=Decimal(rate), VatAmount=Decimal(vat), VatRate=20, ChargeType=nominal_id, Sort=1, **more)


def invoice(kind, lines, **more):
    return blank(kind, InvoiceDate=day, DueDate=day, CustomerID=customer, Lines=lines, **more)


typed = {"InvoiceLine": [line(nominal[4000], "8.33", "1.67", ProductID=mug, Description="Mug")]}
first = call("InsertInvoice_TypeDefined", invoice("Invoice_TypeDefined", typed, CustomerReference="AMZ-1"))
call("InsertInvoiceLineWithInvoiceNumber", first, line(nominal[4050], "2.50", "0.50", Description="Delivery"))
xsi_line = client.get_type("{KashFlow}InvoiceLine")
any_line = zeep.xsd.AnyObject(xsi_line, line(nominal[4070], "-5.00", "-1.00", Description="Refund"))
note = call("InsertInvoice", invoice("Invoice", {"anyType": [any_line]}, CustomerReference="AMZ-1/R1"))
read = call("GetInvoice", first)
out["invoice"] = [first, plain(read.NetAmount), plain(read.VATAmount), read.CustomerReference]
assert [row.InvoiceNumber for row in rows("GetInvoices_Recent", 2)] == [note, first]
call("InsertInvoicePayment", blank("Payment", PayInvoice=first, PayDate=day, PayNote="AMZB:1", PayMethod=method, PayAccount=bank[1250], PayAmount=Decimal("7.00")))
assert [plain(row.PayAmount) for row in rows("GetInvoicePayment", first)] == ["7"]
assert call("applyCreditNoteToInvoice", read.InvoiceDBID, call("GetInvoice", note).InvoiceDBID) is True
out["unpaid"] = [row.InvoiceNumber for row in rows("GetInvoices_Unpaid")]

journal_line = client.get_type("{KashFlow}JournalLine")
lines = [blank("JournalLine", NominalID=nominal[code], Amount=Decimal(amount), Comment="loan") for code, amount in [(2300, "112.50"), (7910, "7.50"), (1250, "-120.00")]]
entry = blank("JournalEntry", JournalNumber=90, JournalDate=day, Comment="AMZB:2", Lines={"anyType": [zeep.xsd.AnyObject(journal_line, own) for own in lines]})
assert call("InsertJournal", entry) == 90
read = call("GetJournal", 90)
out["journal"] = [plain(own.Amount) for own in read.Lines.anyType]
assert [row.JournalNumber for row in rows("GetJournals")] == [90]
taken = service.InsertJournal(user, password, entry)
out["taken"] = [taken.Status, taken.InsertJournalResult]

fee = blank("BankTransaction", accid=bank[1250], TransactionDate=day, moneyout=Decimal("12.00"), Vatable=1, VatRate=20, VatAmount=Decimal("2.00"), TransactionType=types_of_bank[6200], Comment="fees AMZB:3")
fee_id = call("InsertBankTransaction", fee)
call("InsertBankTransaction", blank("BankTransaction", accid=1250, TransactionDate=day, moneyout=Decimal("30.00"), TransactionType=types_of_bank[1200], Comment="payout AMZB:4"))
listed = rows("GetBankTransactions", bank[1250])
assert listed[0].ID == fee_id
out["bank"] = [plain(row.moneyout) for row in listed]
out["balance"] = plain(call("GetBankBalance", bank[1200], day))
print(json.dumps(out))
