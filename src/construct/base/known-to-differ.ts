import { Token, TokenComparison } from 'aws-cdk-lib';

/** Whether two texts, such as regions, are known at synth to differ. Tokens get their values at deployment. */
export function knownToDiffer(one: string, other: string): boolean {
  return Token.compareStrings(one, other) === TokenComparison.DIFFERENT;
}
