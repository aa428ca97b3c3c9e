/**
 * Replaces `node:sqlite` in the bundle. fauxqs imports it for persistence, which this server does not use. Node.js before 22.13 has no such
 * module, and later versions warn that it is experimental.
 */
export class DatabaseSync {
  constructor() {
    throw new Error('The bundle has no SQLite.');
  }
}
