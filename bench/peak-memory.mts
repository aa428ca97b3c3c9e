import { existsSync, readFileSync } from 'node:fs';

const LINUX_STATUS = '/proc/self/status';

/** The most memory that this process has had. On Linux, `maxRSS` would count what the parent had when it forked. */
export function peakRssBytes(): number {
  const kibibytes = existsSync(LINUX_STATUS)
    ? Number(/VmHWM:\s*(\d+)/.exec(readFileSync(LINUX_STATUS, 'utf8'))![1])
    : process.resourceUsage().maxRSS;
  return kibibytes * 1024;
}
