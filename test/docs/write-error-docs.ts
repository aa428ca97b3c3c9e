import { writeFileSync } from 'node:fs';
import { ERROR_DOCS, readErrorDocs, withMechanicalParts } from './error-docs';

/** Brings messages and retries in docs/errors.md up to date: `tsx test/docs/write-error-docs.ts`. */
writeFileSync(ERROR_DOCS, withMechanicalParts(readErrorDocs()));
