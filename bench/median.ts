/** The value with the median figure; the lower one if their number is even. */
export function medianBy<Value>(values: readonly Value[], figure: (value: Value) => number): Value {
  return values.toSorted((one, other) => figure(one) - figure(other))[Math.floor((values.length - 1) / 2)]!;
}

export function median(values: readonly number[]): number {
  return medianBy(values, (value) => value);
}
