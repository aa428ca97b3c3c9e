import { requireNodeVersion } from '../../src/local/node-version';

test.each(['20.20.2', '22.1.0'])('%s is refused, with what to install', (version) => {
  expect(() => requireNodeVersion(version)).toThrow(`Imports run on Node.js 22.2 and newer; this is ${version}. Install a newer Node.js`);
});

test.each(['22.2.0', '22.18.1', '24.0.0', process.versions.node])('%s will do', (version) => {
  expect(() => requireNodeVersion(version)).not.toThrow();
});
