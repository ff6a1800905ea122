// Drives the sandbox's SOAP face with node-soap, a client generated from the WSDL, and prints what it got as JSON.
const assert = require('node:assert');

const [modules, wsdl, user, password, port] = process.argv.slice(2);
const soap = require(`${modules}/soap`);

const NEVER = '0001-01-01T00:00:00';
const DAY = '2026-11-02T00:00:00';

const line = (more) => ({
  Quantity: 1, Description: '', Rate: 0, ChargeType: 0, VatRate: 20, VatAmount: 0, ProductID: 0, Sort: 1, ProjID: 0, LineID: 0,
  ValuesInCurrency: 0, ...more,
});

async function main() {
  const client = await soap.createClientAsync(wsdl, { forceSoap12Headers: port.endsWith('12') });
  const service = client.KashFlowAPI[port];
  const ask = (operation, args) =>
    new Promise((resolve, reject) => {
      service[operation]({ UserName: user, Password: password, ...args }, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  const call = async (operation, args) => {
    const answer = await ask(operation, args);
    assert.equal(answer.Status, 'OK', `${operation}: ${answer.StatusDetail}`);
    return answer[`${operation}Result`];
  };
  const out = {};
  const wrong = await ask('GetCurrencies', { Password: 'wrong' });
  assert.match(wrong.StatusDetail, /Incorrect/);
  out.currencies = (await call('GetCurrencies')).Currencies.map((row) => row.CurrencyCode);
  out.company = (await call('GetCompanyDetails')).CompanyName;
  out.vat = (await call('GetVATRates')).BasicDataset.map((row) => String(Number(row.Value)));
  out.auto_auth = (await ask('AutoAuthIP', { appName: 'test', AutoAuthKey: '0000-0000' })).Status;
  const nominal = Object.fromEntries((await call('GetNominalCodesExtended')).NominalCodeExtended.map((row) => [row.Code, row.id]));
  const against = Object.fromEntries((await call('GetBankTxTypes')).BankTXType.map((row) => [row.TypeCode, row.TypeID]));
  const bank = Object.fromEntries((await call('GetBankAccounts')).BankAccount.map((row) => [row.AccountCode, row.AccountID]));
  const method = (await call('GetInvPayMethods')).PaymentMethod.find((row) => row.MethodName === 'Amazon').MethodID;

  const boxes = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`CheckBox${index + 1}`, 0]));
  const custr = {
    CustomerID: 0, Code: 'AMZUKSTD', Name: 'Zoë & Söhne', Email: 'a@example.invalid', Postcode: 'LS1 0AA', EC: 0, OutsideEC: 0, Source: 0,
    Discount: 0, ShowDiscount: false, PaymentTerms: 14, ExtraText3: 'x', ...boxes, Created: NEVER, Updated: NEVER, CurrencyID: 0,
    CustHasDeliveryAddress: 0,
  };
  const customer = await call('InsertCustomer', { custr });
  const read = await call('GetCustomer', { CustomerCode: 'AMZUKSTD' });
  assert.deepEqual([read.CustomerID, read.Name, read.PaymentTerms, read.ExtraText3], [customer, 'Zoë & Söhne', 14, 'x']);
  assert.equal((await call('GetCustomerByEmail', { CustomerEmail: 'A@example.invalid' })).Code, 'AMZUKSTD');
  out.nobody = (await ask('GetCustomerByEmail', { CustomerEmail: 'b@example.invalid' })).StatusDetail;

  const sp = {
    id: 0, ParentID: nominal[4000], Name: 'Mug', Code: 'MUG', Description: '', Price: 8.33, VatRate: 20, WholesalePrice: 0, Managed: 1,
    QtyInStock: 10, StockWarnQty: 0, AutoFill: 0,
  };
  const mug = await call('AddOrUpdateSubProduct', { sp });
  assert.equal((await call('GetSubProductByCode', { ProductCode: 'mug' })).id, mug);
  const full = (await call('GetProductsWithSubProducts')).ProductsFull.find((row) => row.ProductCode === 4000);
  assert.deepEqual(full.subProducts.SubProduct.map((row) => row.Code), ['MUG']);

  const header = (more) => ({
    InvoiceDBID: 0, InvoiceNumber: 0, InvoiceDate: DAY, DueDate: DAY, Customer: '', CustomerID: customer, Paid: 0, CustomerReference: '',
    EstimateCategory: '', SuppressTotal: 0, ProjectID: 0, CurrencyCode: '', ExchangeRate: 0, ReadableString: '', Lines: null, NetAmount: 0,
    VATAmount: 0, AmountPaid: 0, ...more,
  });
  const typed = { InvoiceLine: [line({ Description: 'Mug', Rate: 8.33, VatAmount: 1.67, ChargeType: nominal[4000], ProductID: mug })] };
  const first = await call('InsertInvoice_TypeDefined', { Inv_TD: header({ CustomerReference: 'AMZ-1', Lines: typed }) });
  const delivery = line({ Description: 'Delivery', Rate: 2.5, VatAmount: 0.5, ChargeType: nominal[4050] });
  await call('InsertInvoiceLineWithInvoiceNumber', { InvoiceNumber: first, InvLine: delivery });
  const anyType = [{ attributes: { 'xsi:type': 'InvoiceLine' }, ...line({ Description: 'Refund', Rate: -5, VatAmount: -1, ChargeType: nominal[4070] }) }];
  const Inv = { ...header({ CustomerReference: 'AMZ-1/R1', Lines: { anyType } }), UseCustomDeliveryAddress: false };
  const note = await call('InsertInvoice', { Inv });
  const invoice = await call('GetInvoice', { InvoiceNumber: first });
  out.invoice = [first, String(Number(invoice.NetAmount)), String(Number(invoice.VATAmount)), invoice.CustomerReference];
  const recent = (await call('GetInvoices_Recent', { NumberOfInvoices: 2 })).Invoice.map((row) => row.InvoiceNumber);
  assert.deepEqual(recent, [note, first]);
  const payment = { PayID: 0, PayInvoice: first, PayDate: DAY, PayNote: 'AMZB:1', PayMethod: method, PayAccount: bank[1250], PayAmount: 7 };
  await call('InsertInvoicePayment', { InvoicePayment: payment });
  assert.deepEqual((await call('GetInvoicePayment', { InvoiceNumber: first })).Payment.map((row) => Number(row.PayAmount)), [7]);
  const noteId = (await call('GetInvoice', { InvoiceNumber: note })).InvoiceDBID;
  assert.equal(await call('applyCreditNoteToInvoice', { InvoiceID: invoice.InvoiceDBID, CreditNoteID: noteId }), true);
  out.unpaid = ((await call('GetInvoices_Unpaid'))?.Invoice ?? []).map((row) => row.InvoiceNumber);

  const lines = [[2300, 112.5], [7910, 7.5], [1250, -120]].map(([code, amount]) => ({
    attributes: { 'xsi:type': 'JournalLine' }, NominalID: nominal[code], Amount: amount, Comment: 'loan', ProjId: 0,
  }));
  const Jnl = { DBID: 0, JournalNumber: 90, JournalDate: DAY, Comment: 'AMZB:2', Lines: { anyType: lines } };
  assert.equal(await call('InsertJournal', { Jnl }), 90);
  out.journal = (await call('GetJournal', { JournalNumber: 90 })).Lines.anyType.map((row) => String(Number(row.Amount)));
  const taken = await ask('InsertJournal', { Jnl });
  out.taken = [taken.Status, taken.InsertJournalResult];

  const transaction = (more) => ({
    ID: 0, accid: bank[1250], TransactionDate: DAY, moneyin: 0, moneyout: 0, Vatable: 0, VatRate: 0, VatAmount: 0, TransactionType: 0,
    Comment: '', ProjectID: 0, CustomerId: 0, SupplierId: 0, ...more,
  });
  const fee = { moneyout: 12, Vatable: 1, VatRate: 20, VatAmount: 2, TransactionType: against[6200], Comment: 'fees AMZB:3' };
  await call('InsertBankTransaction', { bp: transaction(fee) });
  const payout = { accid: 1250, moneyout: 30, TransactionType: against[1200], Comment: 'payout AMZB:4' };
  await call('InsertBankTransaction', { bp: transaction(payout) });
  const listed = (await call('GetBankTransactions', { AccountID: bank[1250] })).BankTransaction;
  out.bank = listed.map((row) => String(Number(row.moneyout)));
  out.balance = String(Number(await call('GetBankBalance', { AccountID: bank[1200], BalanceDate: DAY })));
  console.log(JSON.stringify(out));
}

main().catch((error) => {
  console.error(error.message, error.body ?? '', error.stack);
  process.exit(1);
});
