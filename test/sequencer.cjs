const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take a minute or more. Begun last, one of them would run alone for that long. */
const LONG = [
  'durability/crash-matrix', 'durability/search', 'durability/mutants', 'runtime/publish/any-size', 'integration/fault-kit',
  'durability/real-client', 'integration/outputs', 'integration/history-limit', 'integration/module-forms',
];

/** Jest's own order is by the durations of the last run, which a fresh clone does not know. */
module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = LONG.findIndex((name) => path.endsWith(`/${name}.test.ts`));
      return place < 0 ? LONG.length : place;
    };
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
  }
};
