import { defineSource } from 'cdk-paginated-import/source';

/** Orders, from an API that requires a token. */
export default defineSource({
  async fetchPage({ offset, pageSize, signal }) {
    const response = await fetch(`${variable('ORDERS_API_URL')}/orders?offset=${offset}&limit=${pageSize}`, {
      headers: { authorization: `Bearer ${await apiToken(signal)}` },
      signal,
    });
    if (!response.ok) throw new Error(`the orders API answered ${response.status}`);
    return await response.json() as unknown[];
  },
});

/** From ORDERS_API_TOKEN if that is set, as on a developer's computer; otherwise from Secrets Manager. */
async function apiToken(signal: AbortSignal): Promise<string> {
  const { ORDERS_API_TOKEN, AWS_SESSION_TOKEN = '', PARAMETERS_SECRETS_EXTENSION_HTTP_PORT = '2773' } = process.env;
  if (ORDERS_API_TOKEN) return ORDERS_API_TOKEN;
  // The AWS Parameters and Secrets Lambda Extension answers from its cache, so every page can ask it and soon sees a new token.
  const url = new URL(`http://localhost:${PARAMETERS_SECRETS_EXTENSION_HTTP_PORT}/secretsmanager/get`);
  url.searchParams.set('secretId', variable('ORDERS_API_SECRET'));
  const response = await fetch(url, { headers: { 'X-Aws-Parameters-Secrets-Token': AWS_SESSION_TOKEN }, signal });
  if (!response.ok) throw new Error(`the secrets extension answered ${response.status}`);
  const { SecretString } = await response.json() as { SecretString: string };
  return SecretString;
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}
