// Drives the sandbox's Amazon with amazon-sp-api, the most used client on npm, unmodified, and prints what it got as JSON.
//
// The client has Amazon's own hosts built in and speaks TLS to them; its `https_proxy_agent` option is the way out that it offers:
// the agent here leads every host to the sandbox, in plain.
const assert = require('node:assert');
const https = require('node:https');
const net = require('node:net');

const [modules, text] = process.argv.slice(2);
const SellingPartner = require(`${modules}/amazon-sp-api`);
const amazon = JSON.parse(text);
const sandbox = new URL(amazon.base_url);
const VERSIONS = { orders: '2026-01-01', finances: '2024-06-19' };
const SINCE = { createdAfter: '2026-10-24T06:00:00Z' };

class ToSandbox extends https.Agent {
  createConnection() {
    return net.connect(Number(sandbox.port), sandbox.hostname);
  }
}

function client(more = {}) {
  return new SellingPartner({
    region: 'eu',
    refresh_token: more.refresh_token ?? amazon.refresh_token,
    access_token: more.access_token,
    credentials: {
      SELLING_PARTNER_APP_CLIENT_ID: amazon.client_id,
      SELLING_PARTNER_APP_CLIENT_SECRET: more.client_secret ?? amazon.client_secret,
    },
    options: { https_proxy_agent: new ToSandbox({ keepAlive: true }), ...more.options },
  });
}

// What went wrong, as the client tells it.
const refused = (call) => call.then((answer) => assert.fail(JSON.stringify(answer)), (error) => error);

async function pages(call, rows, query, name) {
  const found = [];
  for (let next; ; ) {
    const answer = await call({ ...query, ...(next ? { [name]: next } : {}) });
    found.push(...answer[rows]);
    next = answer.pagination?.nextToken ?? answer.NextToken ?? answer.nextToken;
    if (!next) return found;
  }
}

async function orders(sp, out) {
  const search = (query) => sp.callAPI({ operation: 'orders.searchOrders', query, options: { version: VERSIONS.orders } });
  const data = ['PROCEEDS', 'TAX', 'FULFILLMENT', 'BUYER', 'RECIPIENT'];
  const found = await pages(search, 'orders', { ...SINCE, marketplaceIds: [amazon.marketplaces[0]], includedData: data, maxResultsPerPage: 40 }, 'paginationToken');
  const v0 = (query) => sp.callAPI({ operation: 'orders.getOrders', query });
  const old = await pages(v0, 'Orders', { CreatedAfter: SINCE.createdAfter, MarketplaceIds: [amazon.marketplaces[0]], MaxResultsPerPage: 90 }, 'NextToken');
  assert.deepEqual(found.map((row) => row.orderId).sort(), old.map((row) => row.AmazonOrderId).sort());
  assert.ok(found.length > 20, `${found.length} orders`);
  out.unshown = old.some((row) => row.BuyerInfo?.BuyerName !== undefined || row.ShippingAddress?.Name !== undefined);

  const shipped = found.find((row) => row.fulfillment.fulfillmentStatus === 'SHIPPED' && row.fulfillment.fulfilledBy === 'MERCHANT');
  const path = { orderId: shipped.orderId };
  const one = await sp.callAPI({ operation: 'orders.getOrder', path, query: { includedData: data }, options: { version: VERSIONS.orders } });
  assert.equal(one.order.orderId, shipped.orderId);
  assert.equal((await sp.callAPI({ operation: 'orders.getOrder', path })).AmazonOrderId, shipped.orderId);
  const items = await sp.callAPI({ operation: 'orders.getOrderItems', path });
  assert.equal(items.OrderItems.length, one.order.orderItems.length);

  const restricted = await sp.callAPI({
    operation: 'tokens.createRestrictedDataToken',
    body: {
      restrictedResources: ['address', 'buyerInfo', 'orderItems/buyerInfo', 'regulatedInfo']
        .map((leaf) => ({ method: 'GET', path: `/orders/v0/orders/{orderId}/${leaf}` }))
        .concat({ method: 'GET', path: '/orders/v0/orders/{orderId}', dataElements: ['buyerInfo', 'shippingAddress'] }),
    },
  });
  const ask = (operation) => sp.callAPI({ operation: `orders.${operation}`, path, restricted_data_token: restricted.restrictedDataToken });
  assert.equal((await ask('getOrderAddress')).AmazonOrderId, shipped.orderId);
  assert.ok((await ask('getOrderAddress')).ShippingAddress.PostalCode);
  assert.equal((await ask('getOrderBuyerInfo')).AmazonOrderId, shipped.orderId);
  assert.equal((await ask('getOrderItemsBuyerInfo')).OrderItems.length, items.OrderItems.length);
  assert.equal((await ask('getOrderRegulatedInfo')).AmazonOrderId, shipped.orderId);
  assert.ok((await ask('getOrder')).ShippingAddress.Name);
  out.plain_address = (await refused(sp.callAPI({ operation: 'orders.getOrderAddress', path }))).code;

  const unsent = found.find((row) => row.fulfillment.fulfillmentStatus === 'UNSHIPPED' && row.fulfillment.fulfilledBy === 'MERCHANT');
  if (unsent) {
    const { OrderItems: rows } = await sp.callAPI({ operation: 'orders.getOrderItems', path: { orderId: unsent.orderId } });
    const packed = rows.map((row) => ({ orderItemId: row.OrderItemId, quantity: row.QuantityOrdered }));
    const body = {
      marketplaceId: amazon.marketplaces[0],
      packageDetail: {
        packageReferenceId: '1', carrierCode: 'Royal Mail', trackingNumber: 'RM1', shipDate: '2026-10-26T12:00:00Z', orderItems: packed,
      },
    };
    assert.deepEqual(await sp.callAPI({ operation: 'orders.confirmShipment', path: { orderId: unsent.orderId }, body }), { success: true });
  }
  out.unsent = unsent !== undefined;
  out.nowhere = (await refused(sp.callAPI({ operation: 'orders.getOrder', path: { orderId: '111-1111111-1111111' } }))).code;
  out.bad_date = (await refused(search({ createdAfter: 'yesterday' }))).code;
}

async function notifications(sp, out) {
  const [, account, queue] = new URL(amazon.queue_url).pathname.split('/');
  const arn = `arn:aws:sqs:${amazon.aws_region}:${account}:${queue}`;
  const made = await sp.callAPI({
    operation: 'notifications.createDestination', body: { name: 'orders', resourceSpecification: { sqs: { arn } } },
  });
  const again = { operation: 'notifications.createDestination', body: { name: 'orders', resourceSpecification: { sqs: { arn } } } };
  out.twice = (await refused(sp.callAPI(again))).code;
  const path = { notificationType: 'ORDER_CHANGE' };
  const body = { payloadVersion: '1.0', destinationId: made.destinationId };
  const own = await sp.callAPI({ operation: 'notifications.createSubscription', path, body });
  assert.equal((await sp.callAPI({ operation: 'notifications.getSubscription', path })).subscriptionId, own.subscriptionId);
  const by_id = { ...path, subscriptionId: own.subscriptionId };
  const read = () => sp.callAPI({ operation: 'notifications.getSubscriptionById', path: by_id });
  assert.equal((await read()).destinationId, made.destinationId);
  const destination = { destinationId: made.destinationId };
  assert.equal((await sp.callAPI({ operation: 'notifications.getDestination', path: destination })).name, 'orders');
  assert.equal((await sp.callAPI({ operation: 'notifications.getDestinations' })).length, 1);
  await sp.callAPI({ operation: 'notifications.deleteSubscriptionById', path: by_id });
  out.gone = (await refused(read())).code;
  await sp.callAPI({ operation: 'notifications.deleteDestination', path: destination });
  assert.equal((await sp.callAPI({ operation: 'notifications.getDestinations' })).length, 0);
}

async function reports(sp, out) {
  const type = 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL';
  const body = {
    reportType: type, marketplaceIds: [amazon.marketplaces[0]], dataStartTime: '2026-10-24T06:00:00Z', dataEndTime: '2026-10-25T06:00:00Z',
  };
  const { reportId } = await sp.callAPI({ operation: 'reports.createReport', body });
  const status = () => sp.callAPI({ operation: 'reports.getReport', path: { reportId } });
  let report = await status();
  assert.equal(report.reportType, type);
  const tries = Date.now() + 60000;
  while (!['DONE', 'CANCELLED', 'FATAL'].includes(report.processingStatus)) {
    assert.ok(Date.now() < tries, report.processingStatus);
    await new Promise((done) => setTimeout(done, 50));
    report = await status();
  }
  assert.equal(report.processingStatus, 'DONE');
  const document = await sp.callAPI({ operation: 'reports.getReportDocument', path: { reportDocumentId: report.reportDocumentId } });
  const rows = await sp.download(document, { json: true });
  out.columns = ['amazon-order-id', 'order-status', 'item-price'].filter((name) => rows[0][name] !== undefined);
  const listed = await sp.callAPI({ operation: 'reports.getReports', query: { reportTypes: [type], pageSize: 10 } });
  assert.deepEqual(listed.reports.map((row) => row.reportId), [reportId]);
  const second = (await sp.callAPI({ operation: 'reports.createReport', body: { ...body, dataStartTime: '2026-10-24T12:00:00Z' } })).reportId;
  out.cancel = (await sp.callAPI({ operation: 'reports.cancelReport', path: { reportId: second } })
    .then((answer) => answer, (error) => error.code));
  const schedule = await sp.callAPI({
    operation: 'reports.createReportSchedule', body: { reportType: type, marketplaceIds: [amazon.marketplaces[0]], period: 'P1D' },
  });
  const path = { reportScheduleId: schedule.reportScheduleId };
  assert.equal((await sp.callAPI({ operation: 'reports.getReportSchedule', path })).period, 'P1D');
  assert.equal((await sp.callAPI({ operation: 'reports.getReportSchedules', query: { reportTypes: [type] } })).reportSchedules.length, 1);
  await sp.callAPI({ operation: 'reports.cancelReportSchedule', path });
  out.no_report = (await refused(sp.callAPI({ operation: 'reports.getReport', path: { reportId: '1' } }))).code;
}

async function finances(sp, out) {
  const list = (query) => sp.callAPI({ operation: 'finances.listTransactions', query, options: { version: VERSIONS.finances } });
  const window = { postedAfter: '2026-10-01T00:00:00Z', marketplaceId: amazon.marketplaces[0] };
  const all = await pages(list, 'transactions', window, 'nextToken');
  const ids = new Set(all.map((row) => row.transactionId));
  assert.equal(ids.size, all.length, 'a transaction is listed once');
  out.transactions = all.length > 10 && all.every((row) => typeof row.totalAmount.currencyAmount === 'number');
  const of_order = all.find((row) => row.transactionType === 'Shipment').relatedIdentifiers.find((row) => row.relatedIdentifierName === 'ORDER_ID');
  const query = { relatedIdentifierName: 'ORDER_ID', relatedIdentifierValue: of_order.relatedIdentifierValue };
  assert.ok((await list(query)).transactions.length >= 1);

  const old = (operation, more) => sp.callAPI({ operation: `finances.${operation}`, ...more });
  const started = { FinancialEventGroupStartedAfter: '2026-10-01T00:00:00Z' };
  const groups = (await old('listFinancialEventGroups', { query: started })).FinancialEventGroupList;
  assert.deepEqual(groups.map((row) => row.ProcessingStatus), ['Open', 'Open', 'Open']);
  const of_group = { path: { eventGroupId: groups[0].FinancialEventGroupId } };
  assert.ok((await old('listFinancialEventsByGroupId', of_group)).FinancialEvents);
  assert.ok((await old('listFinancialEvents', { query: { PostedAfter: window.postedAfter } })).FinancialEvents);
  assert.ok((await old('listFinancialEventsByOrderId', { path: { orderId: query.relatedIdentifierValue } })).FinancialEvents);
  const methods = await sp.callAPI({ operation: 'transfers.getPaymentMethods', query: { marketplaceId: amazon.marketplaces[0] } });
  out.bank = methods.paymentMethods[0].paymentMethodType;
}

async function main() {
  const out = {};
  const sp = client();
  const sites = await sp.callAPI({ operation: 'sellers.getMarketplaceParticipations' });
  assert.deepEqual(sites.map((row) => row.marketplace.id).sort(), [...amazon.marketplaces].sort());
  out.business = typeof (await sp.callAPI({ operation: 'sellers.getAccount' })).businessType;
  await orders(sp, out);
  await notifications(sp, out);
  await reports(sp, out);
  await finances(sp, out);
  out.bad_secret = (await refused(client({ client_secret: 'wrong' }).callAPI({ operation: 'sellers.getAccount' }))).code;
  out.bad_refresh = (await refused(client({ refresh_token: 'Atzr|wrong' }).callAPI({ operation: 'sellers.getAccount' }))).code;
  out.bad_token = (await refused(client({ access_token: 'Atza|wrong' }).callAPI({ operation: 'sellers.getAccount' }))).code;
  out.no_path = (await refused(sp.callAPI({ api_path: '/nowhere/v1', method: 'GET' }))).code;
  console.log(JSON.stringify(out));
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
