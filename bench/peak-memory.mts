import { existsSync, readFileSync } from 'node:fs';

const LINUX_STATUS = '/proc/self/status';

/** Peak memory of this process. On Linux, `maxRSS` would include the parent's memory at the fork. */
export function peakRssBytes(): number {
  const kibibytes = existsSync(LINUX_STATUS)
    ? Number(/VmHWM:\s*(\d+)/.exec(readFileSync(LINUX_STATUS, 'utf8'))![1])
    : process.resourceUsage().maxRSS;
  return kibibytes * 1024;
}
