import { writeFileSync } from 'node:fs';
import { readSecurityDocs, SECURITY_DOCS, withPermissions } from './permission-docs';

/** Brings the table of permissions in docs/security.md up to date: `tsx test/docs/write-permission-docs.ts`. */
writeFileSync(SECURITY_DOCS, withPermissions(readSecurityDocs()));
