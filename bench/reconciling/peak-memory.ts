/** What a process has taken at most. */
import { existsSync, readFileSync } from 'node:fs';

const statusFile = '/proc/self/status';

/**
 * Megabytes that were resident at once, of this process alone: on Linux the largest size that `getrusage` knows of is at first that of the
 * process by which this one was forked, and a parent that holds more than its workers would be measured in their place.
 */
export function peakMegabytes(): number {
  const [, kilobytes] = existsSync(statusFile)
    ? (/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(statusFile, 'utf8')) ?? [])
    : [];
  return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) / 1024;
}
