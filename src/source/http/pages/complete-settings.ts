import { HttpErrorAction, HttpErrorRule, HttpSettings } from '../../../protocol/http-settings';

/** GraphQL has its errors in a response that is otherwise a success. */
const GRAPHQL_ERRORS: HttpErrorRule = { body: '$.errors', action: HttpErrorAction.FAIL };

/** The settings with what the style of the pagination implies. */
export function completeSettings(settings: HttpSettings): HttpSettings {
  const { pagination, errors = [], body = {} } = settings;
  if (pagination.style !== 'graphql') return settings;
  const { query, variables = {} } = pagination;
  return { ...settings, body: { ...body, query, variables }, errors: [...errors, GRAPHQL_ERRORS] };
}
