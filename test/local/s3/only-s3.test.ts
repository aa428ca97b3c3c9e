import { raw, statusOf } from '../raw-request.fixture';
import { useLocalS3 } from './local-s3.fixture';

const local = useLocalS3();
const JSON_TYPE = 'application/x-amz-json-1.0';
const FORM_TYPE = 'application/x-www-form-urlencoded';

async function send(method: string, path: string, headers: Record<string, string> = {}, body = '') {
  return raw(local.s3.endpoint, { method, path, headers, body });
}

/** Those that fauxqs answers, as their SDKs send them. */
describe('the local S3 server offers nothing but S3', () => {
  test.each([
    ['SQS ListQueues', 'POST', '/', { 'content-type': JSON_TYPE, 'x-amz-target': 'AmazonSQS.ListQueues' }, '{}'],
    ['SQS CreateQueue', 'POST', '/', { 'content-type': JSON_TYPE, 'x-amz-target': 'AmazonSQS.CreateQueue' }, '{"QueueName":"queue"}'],
    ['SNS ListTopics', 'POST', '/', { 'content-type': FORM_TYPE }, 'Action=ListTopics&Version=2010-03-31'],
    ['SNS CreateTopic', 'POST', '/', { 'content-type': FORM_TYPE }, 'Action=CreateTopic&Name=topic&Version=2010-03-31'],
    ['STS GetCallerIdentity', 'POST', '/', { 'content-type': FORM_TYPE }, 'Action=GetCallerIdentity&Version=2011-06-15'],
    ['another service at the root', 'POST', '/', { 'content-type': 'application/json' }, '{}'],
    ['the health of fauxqs', 'GET', '/health', {}, ''],
    ['the queues of fauxqs', 'GET', '/_fauxqs/queues', {}, ''],
    ['a queue of fauxqs', 'GET', '/_fauxqs/queues/queue', {}, ''],
    ['a method that S3 does not have', 'PATCH', '/bucket/key', {}, ''],
    ['the question of a browser', 'OPTIONS', '/bucket/key', { 'access-control-request-method': 'PUT' }, ''],
  ])('not %s', async (_what, method, path, headers, body) => {
    local.s3.resetTraffic();
    const { status, text } = await send(method, path, headers, body);

    expect(status).toBe(400);
    expect(text).toMatch(new RegExp(`<Code>InvalidRequest</Code><Message>This local server offers nothing but S3, and that has no ${method} ${path}\\.`));
    expect(local.s3.traffic()).toEqual({});
  });

  test('not a queue by its path', async () => {
    const { status, text } = await send('POST', '/000000000000/queue', { 'content-type': FORM_TYPE }, 'Action=SendMessage&MessageBody=x');

    expect(status).toBe(501);
    expect(text).toContain('<Code>NotImplemented</Code>');
  });

  test('but the list of buckets', async () => {
    expect((await send('GET', '/')).text).toContain(`<Name>${local.bucket}</Name>`);
  });
});

describe('S3 in the form of a path and of a host name', () => {
  test('reach the same object', async () => {
    const { port } = new URL(local.s3.endpoint);
    const host = `${local.bucket}.localhost:${port}`;

    expect(await statusOf(send('PUT', `/${local.bucket}/by/path`, {}, 'by path'))).toBe(200);
    expect(await statusOf(send('PUT', '/by/host', { host }, 'by host'))).toBe(200);
    expect((await send('GET', '/by/path', { host })).text).toBe('by path');
    expect((await send('GET', `/${local.bucket}/by/host`)).text).toBe('by host');
    expect((await send('GET', '/?list-type=2', { host })).text).toMatch(/<Key>by\/host<\/Key>.*<Key>by\/path<\/Key>/s);
  });
});
