import { Duration, Size } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import {
  Credentials, FetchPageHandler, HmacAlgorithm, HttpErrorAction, HttpSourceProps, Pagination, PaginatedImportStateMachine, RequestField,
  ResponseField, SignatureEncoding, SourceSecret, TimeFormat,
} from 'cdk-paginated-import';
import { HttpSettings } from '../../src/protocol/http-settings';
import { TestStack } from './kit';

const URL = 'https://api.example.com/orders';
const PAGINATION = Pagination.linkHeader();

function importOf(props: Partial<HttpSourceProps> = {}, stack = new TestStack()): TestStack {
  const fetchPage = FetchPageHandler.http({ url: URL, pagination: PAGINATION, ...props });
  new PaginatedImportStateMachine(stack, 'Orders', stack.props({ fetchPage }));
  return stack;
}

/** The settings in both machines' definitions: the import's own and its continuation's. */
function settingsIn(stack: TestStack): HttpSettings[] {
  const machines = Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine');
  return Object.values(machines as Record<string, Machine>).flatMap(({ Properties: { DefinitionString } }) => {
    const pieces = DefinitionString['Fn::Join'][1].map((piece) => (typeof piece === 'string' ? piece : 'TOKEN'));
    const { States: { Fetch: { Parameters: { Payload: { source } } } } } = JSON.parse(pieces.join('')) as Definition;
    return [JSON.parse(source) as HttpSettings];
  });
}

interface Machine {
  readonly Properties: { readonly DefinitionString: { readonly 'Fn::Join': readonly [string, readonly unknown[]] } };
}

interface Definition {
  readonly States: { readonly Fetch: { readonly Parameters: { readonly Payload: { readonly source: string } } } };
}

interface Role {
  readonly Properties: { readonly Policies?: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[] };
}

interface Statement {
  readonly Action: unknown;
  readonly Resource: unknown;
}

test('the settings travel in the definitions of both machines', () => {
  const stack = importOf({
    records: '$.data',
    body: { 'records.$': '$.data' },
    end: { hasMore: ResponseField.body('$.more'), lastPage: ResponseField.body('$.last'), statuses: [204] },
    job: {
      createUrl: URL, createBody: { a: 1 }, id: ResponseField.body('$.id'), statusUrl: `${URL}/{job}`, state: ResponseField.header('X-State'),
      done: ['done'], pollInterval: Duration.minutes(1),
    },
    total: ResponseField.header('X-Total'),
    rateLimit: { perSecond: 2, reserve: 5 },
    errors: [{ statuses: [409], action: HttpErrorAction.RETRY }],
    connectTimeout: Duration.millis(2500),
    bodyTimeout: Duration.minutes(1),
    maxResponseSize: Size.mebibytes(8),
  });

  const settings: HttpSettings = {
    url: URL,
    pagination: { style: 'link-header' },
    records: '$.data',
    body: { 'records.$': '$.data' },
    end: { hasMore: { body: '$.more' }, lastPage: { body: '$.last' }, statuses: [204] },
    job: {
      createUrl: URL, createBody: { a: 1 }, id: { body: '$.id' }, statusUrl: `${URL}/{job}`, state: { header: 'X-State' }, done: ['done'], pollSeconds: 60,
    },
    total: { header: 'X-Total' },
    rateLimit: { perSecond: 2, reserve: 5 },
    errors: [{ statuses: [409], action: HttpErrorAction.RETRY }],
    timeouts: { connectSeconds: 2.5, bodySeconds: 60 },
    maxResponseBytes: 8 * 1024 * 1024,
  };
  expect(settingsIn(stack)).toEqual([settings, settings]);
});

test.each<[string, Pagination, HttpSettings['pagination']]>([
  ['offset', Pagination.offset({ offset: RequestField.query('skip'), limit: RequestField.header('X-Limit') }), {
    style: 'offset', offset: { query: 'skip' }, limit: { header: 'X-Limit' },
  }],
  ['page number', Pagination.pageNumber({ page: RequestField.path('page'), first: 0 }), { style: 'page', page: { path: 'page' }, first: 0 }],
  ['token', Pagination.token({ token: ResponseField.body('$.next'), send: RequestField.body('/after'), first: '' }), {
    style: 'token', token: { body: '$.next' }, send: { body: '/after' }, first: '',
  }],
  ['next link', Pagination.nextLink({ link: ResponseField.body('$.next') }), { style: 'next-link', link: { body: '$.next' } }],
  ['keyset', Pagination.keyset({ field: '$.id', send: RequestField.query('after') }), { style: 'keyset', field: '$.id', send: { query: 'after' } }],
  ['time window', Pagination.timeWindow({
    from: RequestField.query('from'), to: RequestField.query('to'), start: '{input.since}', window: Duration.days(1), format: TimeFormat.SECONDS,
  }), { style: 'time-window', from: { query: 'from' }, to: { query: 'to' }, start: '{input.since}', windowSeconds: 86_400, format: TimeFormat.SECONDS }],
  ['GraphQL', Pagination.graphql({ query: '{ orders }', pageInfo: '$.data.orders.pageInfo', variables: { status: 'open' } }), {
    style: 'graphql', query: '{ orders }', pageInfo: '$.data.orders.pageInfo', variables: { status: 'open' },
  }],
  ['single page', Pagination.singlePage(), { style: 'single' }],
])('pagination by %s', (_, pagination, settings) => {
  expect(settingsIn(importOf({ url: `${URL}/{page}`, pagination }))[0]!.pagination).toEqual(settings);
});

describe('secrets', () => {
  test('are in the definition by reference, and the fetch function may read them', () => {
    const stack = new TestStack();
    const secret = new secretsmanager.Secret(stack, 'Secret');
    importOf({ auth: Credentials.bearer(SourceSecret.fromSecretsManager(secret, 'token')) }, stack);

    expect(settingsIn(stack)[0]!.auth).toEqual({ kind: 'bearer', token: { secretArn: 'TOKEN', field: 'token' } });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyDocument: {
          Statement: Match.arrayWith([Match.objectLike({
            Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Resource: stack.resolve(secret.secretArn),
          })]),
        },
      }],
    });
  });

  function refreshing(refreshToken: SourceSecret, clientSecret?: SourceSecret): Credentials {
    return Credentials.refreshToken({ tokenUrl: 'https://login.example.com/token', clientId: refreshToken, clientSecret, refreshToken, scope: 'orders' });
  }

  /** What the roles of a stack may do that writes secrets, parameters, or with keys. */
  function writes(stack: TestStack): unknown[] {
    const roles = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role') as Record<string, Role>);
    const policies = roles.flatMap(({ Properties: { Policies = [] } }) => Policies);
    const statements = policies.flatMap(({ PolicyDocument: { Statement } }) => Statement);
    return statements.filter(({ Action }) => /PutSecretValue|PutParameter|kms:Enc/.test(JSON.stringify(Action))).map(({ Action, Resource }) => [Action, Resource]);
  }

  test('may be written only if a refresh token is in them, and only their value', () => {
    const stack = new TestStack();
    const secret = new secretsmanager.Secret(stack, 'Secret');
    const refresh = new secretsmanager.Secret(stack, 'Refresh');
    importOf({ auth: refreshing(SourceSecret.fromSecretsManager(refresh, 'token'), SourceSecret.fromSecretsManager(secret)) }, stack);

    expect(settingsIn(stack)[0]!.auth).toEqual({
      kind: 'refresh-token',
      tokenUrl: 'https://login.example.com/token',
      clientId: { secretArn: 'TOKEN', field: 'token' },
      clientSecret: { secretArn: 'TOKEN' },
      refreshToken: { secretArn: 'TOKEN', field: 'token' },
      scope: 'orders',
    });
    expect(writes(stack)).toEqual([['secretsmanager:PutSecretValue', stack.resolve(refresh.secretArn)]]);
  });

  test('that are known by name may be written under any ARN of that name', () => {
    const stack = new TestStack();
    const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'shop/refresh');
    importOf({ auth: refreshing(SourceSecret.fromSecretsManager(secret)) }, stack);

    expect(JSON.stringify(writes(stack))).toMatch(/"secretsmanager:PutSecretValue",.*:secret:shop\/refresh-\?{6}"/);
  });

  test('are written with their own key, through Secrets Manager', () => {
    const stack = new TestStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    const secret = new secretsmanager.Secret(stack, 'Secret', { encryptionKey });
    importOf({ auth: refreshing(SourceSecret.fromSecretsManager(secret)) }, stack);

    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({
          Action: ['kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
          Condition: { StringEquals: { 'kms:ViaService': Match.anyValue() } },
          Principal: { AWS: Match.objectLike({ 'Fn::GetAtt': [Match.stringLikeRegexp('Fetch.*Role'), 'Arn'] }) },
        })]),
      },
    });
  });

  test('that are parameters may be written, too', () => {
    const stack = new TestStack();
    const parameter = ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Refresh', { parameterName: '/orders/refresh' });
    importOf({ auth: refreshing(SourceSecret.fromParameter(parameter)) }, stack);

    expect(writes(stack)).toEqual([['ssm:PutParameter', stack.resolve(parameter.parameterArn)]]);
  });

  test('may be parameters', () => {
    const stack = new TestStack();
    const parameter = ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Key', { parameterName: '/orders/key' });
    importOf({ auth: Credentials.apiKey(SourceSecret.fromParameter(parameter), RequestField.header('X-Api-Key')) }, stack);

    expect(settingsIn(stack)[0]!.auth).toEqual({ kind: 'api-key', key: { parameterName: '/orders/key' }, send: { header: 'X-Api-Key' } });
  });
});

const SECRET = SourceSecret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(new TestStack(), 'Secret', 'shop'));

test('a signature of AWS is made by the fetch function, and grants nothing', () => {
  const stack = new TestStack();
  importOf({ auth: Credentials.awsSignature({ service: 'execute-api', region: 'eu-central-1' }) }, stack);
  const plain = importOf();

  expect(settingsIn(stack)[0]!.auth).toEqual({ kind: 'aws-signature', service: 'execute-api', region: 'eu-central-1' });
  expect(Template.fromStack(stack).findResources('AWS::IAM::Role')).toEqual(Template.fromStack(plain).findResources('AWS::IAM::Role'));
});

test('a signature by HMAC has its key by reference', () => {
  const stack = new TestStack();
  const key = SourceSecret.fromSecretsManager(new secretsmanager.Secret(stack, 'Key'));
  const [send, timestamp, nonce] = ['X-Signature', 'X-Time', 'X-Nonce'].map((name) => RequestField.header(name)) as [RequestField, RequestField, RequestField];
  const [algorithm, encoding, timestampFormat] = [HmacAlgorithm.SHA512, SignatureEncoding.BASE64, TimeFormat.MILLISECONDS];
  const [message, format] = ['{timestamp}{nonce}{body}', 'HMAC {signature}'];
  importOf({ auth: Credentials.hmac({ key, message, send, format, algorithm, encoding, timestamp, timestampFormat, nonce }) }, stack);

  expect(settingsIn(stack)[0]!.auth).toEqual({
    kind: 'hmac',
    key: { secretArn: 'TOKEN' },
    message,
    format,
    algorithm,
    encoding,
    timestampFormat,
    send: { header: 'X-Signature' },
    timestamp: { header: 'X-Time' },
    nonce: { header: 'X-Nonce' },
  });
});

test('a client certificate is there by reference, beside other credentials, and the fetch function may read it', () => {
  const stack = new TestStack();
  const [token, pair, phrase] = ['Token', 'Pair', 'Phrase'].map((id) => new secretsmanager.Secret(stack, id)) as [
    secretsmanager.Secret, secretsmanager.Secret, secretsmanager.Secret,
  ];
  const ca = '-----BEGIN CERTIFICATE-----';
  importOf({
    auth: Credentials.bearer(SourceSecret.fromSecretsManager(token)),
    clientCertificate: {
      certificate: SourceSecret.fromSecretsManager(pair, 'certificate'),
      key: SourceSecret.fromSecretsManager(pair, 'key'),
      passphrase: SourceSecret.fromSecretsManager(phrase),
      ca,
    },
  }, stack);

  expect(settingsIn(stack)[0]).toMatchObject({
    auth: { kind: 'bearer' },
    clientCertificate: {
      certificate: { secretArn: 'TOKEN', field: 'certificate' }, key: { secretArn: 'TOKEN', field: 'key' }, passphrase: { secretArn: 'TOKEN' }, ca,
    },
  });
  const roles = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  for (const secret of [token, pair, phrase]) expect(roles).toContain(JSON.stringify(stack.resolve(secret.secretArn)));
});

function http(props: object): () => FetchPageHandler {
  return () => FetchPageHandler.http({ url: URL, pagination: PAGINATION, ...props });
}

test.each<[string, () => unknown, string]>([
  ['no props', () => FetchPageHandler.http(undefined as never), 'props is missing'],
  ['no URL', () => FetchPageHandler.http({ pagination: PAGINATION } as never), 'url is missing'],
  ['no pagination', () => FetchPageHandler.http({ url: URL } as never), 'pagination is missing'],
  ['a pagination that is none', http({ pagination: { style: 'single' } }), 'pagination is an object'],
  ['a field that is a text', () => Pagination.pageNumber({ page: 'page' as never }), 'page is a string; write RequestField.query(name) instead'],
  ['a secret that is a text', () => Credentials.bearer('hunter2' as never), 'token is a string; write SourceSecret.fromSecretsManager(secret), since'],
  ['a refresh token without options', () => Credentials.refreshToken(undefined as never), 'Credentials.refreshToken: options is missing; write { tokenUrl, clientId, refreshToken }'],
  ['a refresh token that is a text', () => Credentials.refreshToken({ tokenUrl: URL, clientId: SECRET, refreshToken: 'R-1' as never }), 'refreshToken is a string; write SourceSecret.'],
  ['a signature of AWS for no service', () => Credentials.awsSignature({} as never), 'Credentials.awsSignature: service is missing'],
  ['an unknown placeholder of what is signed', http({ auth: Credentials.hmac({ key: SECRET, message: '{url}', send: RequestField.query('s') }) }),
    'FetchPageHandler.http: auth.message has the placeholder {url}'],
  ['a signature in the body', http({ auth: Credentials.hmac({ key: SECRET, message: '{body}', send: RequestField.body('/s') }) }),
    'FetchPageHandler.http: auth.send.body is not a setting'],
  ['a client certificate that is a text', http({ clientCertificate: { certificate: 'PEM', key: SECRET } }),
    'FetchPageHandler.http: clientCertificate.certificate is a string; write SourceSecret.'],
  ['a client certificate without its key', http({ clientCertificate: { certificate: SECRET } }), 'clientCertificate.key is missing'],
  ['a rate of a wrong kind', http({ rateLimit: { perSecond: '5' } }), 'rateLimit.perSecond is a string'],
  ['a job of a wrong kind', http({ job: { createUrl: URL, id: '$.id' } }), 'job.id is a string; write ResponseField.body(path)'],
  ['an action that is none', http({ errors: [{ action: 'explode' }] }), 'errors[0].action is a string that is not one of its choices'],
])('%s is refused', (_, make, message) => {
  expect(make).toThrow(message);
});
