import { Construct } from 'constructs';
import { checkKind, checkOptions, slipsIn } from '../base/check-options';
import { classNameOf, nameOf } from '../base/construct-name';
import { Kinds } from '../base/kinds';
import { warnOfSlips } from '../base/warnings';
import { FETCH_FUNCTION_KINDS } from '../source/fetch-function-options';
import { PaginatedImportProps, PROPS } from './paginated-import-props';

/**
 * Refuses properties of a wrong kind before they are used, and warns about near-miss names.
 *
 * @param kinds what each of them must be
 */
export function checkProps<Props extends PaginatedImportProps>(scope: Construct, props: Props, kinds: Kinds<Props>): void {
  const where = nameOf(scope);
  checkKind(where, 'props', props, PROPS);
  checkOptions(where, props, kinds);
  const { fetchFunction = {} } = props;
  checkOptions(where, fetchFunction, FETCH_FUNCTION_KINDS, 'fetchFunction.');
  const name = classNameOf(scope);
  warnOfSlips(scope, [...slipsIn(name, props, kinds), ...slipsIn(name, fetchFunction, FETCH_FUNCTION_KINDS, 'fetchFunction.')]);
}
