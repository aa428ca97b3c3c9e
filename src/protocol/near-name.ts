/**
 * The name that was probably meant: the same name in different case or with other separators, or one typo away.
 *
 * @returns `undefined` if none is close
 */
export function nearName(given: string, names: readonly string[]): string | undefined {
  return names.find((name) => isSlipOf(plain(given), plain(name)));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Whether they differ only in one wrong, missing or extra letter, or in two swapped neighbours. */
function isSlipOf(given: string, name: string): boolean {
  const same = [...given].findIndex((letter, index) => letter !== name[index]);
  if (same < 0) return name.length - given.length <= 1;
  const [rest, right] = [given.slice(same), name.slice(same)];
  const exchanged = `${rest.charAt(1)}${rest.charAt(0)}${rest.slice(2)}`;
  return rest.slice(1) === right.slice(1) || rest.slice(1) === right || rest === right.slice(1) || exchanged === right;
}
