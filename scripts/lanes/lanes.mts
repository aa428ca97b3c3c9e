import { cdkLane } from './cdk.mts';
import { execute } from './execute.mts';
import { foreignServerLane } from './foreign-server.mts';
import type { Lane } from './lane.mts';
import { installFromPypi, missingPython } from './python.mts';

/** All lanes, the quick ones first. */
export const ALL_LANES: readonly Lane[] = [
  foreignServerLane({
    name: 'datasette',
    description: 'sources without code against Datasette: tokens, links, JSON Lines, CSV, SQL over HTTP',
    missing: missingPython,
    install: async (folder) => installFromPypi(folder, ['datasette==0.65.*']),
  }),
  foreignServerLane({
    name: 'couchdb',
    description: 'sources without code against PouchDB\'s server, which speaks CouchDB\'s protocol',
    // Not dev dependencies: 260 packages, some of them old.
    install: async (folder) => {
      const packages = ['express-pouchdb@4.2.0', 'pouchdb-core@9', 'pouchdb-adapter-memory@9', 'pouchdb-find@9'];
      await execute('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', ...packages], folder);
    },
  }),
  cdkLane({
    name: 'cdk-oldest',
    description: 'the constructs with the oldest AWS CDK that the package accepts',
    cdk: '2.257.0',
    constructs: '10.5.1',
    // With this version, cdk-nag 3 does not throw, so its findings would go unnoticed, and the CDK does not validate templates.
    without: ['test/construct/nag.test.ts', 'test/construct/template-validation.test.ts'],
  }),
  cdkLane({
    name: 'cdk-newest',
    description: 'the constructs with the newest AWS CDK',
    cdk: '^2',
    constructs: '^10',
  }),
];
