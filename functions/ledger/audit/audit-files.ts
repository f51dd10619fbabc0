/** Where an audit keeps what one step hands to the next: a bucket for the workflow, a folder or memory for a command. */
export interface AuditFiles {
  readonly write: (key: string, text: string) => Promise<void>;
  /** @throws Error when there is no such file: an earlier step must have written it */
  readonly read: (key: string) => Promise<string>;
}

/** For small ledgers, and for tests. */
export function memoryFiles(): AuditFiles {
  const files = new Map<string, string>();
  return {
    write: async (key, text) => {
      files.set(key, text);
    },
    read: async (key) => {
      const text = files.get(key);
      if (text === undefined) throw new Error(`there is no file ${key}`);
      return text;
    },
  };
}

/** Each step overwrites its own files, so that a repeat of it gives the same. */
export const auditKeys = (runId: string) => {
  const look = (number: number) => `audits/${runId}/look-${number}`;
  return {
    scans: `audits/${runId}/scans.json`,
    /** the shards that a look joins, and the items of its map */
    shards: (number: number) => `${look(number)}/shards.json`,
    facts: (number: number, at: { readonly shard: number; readonly scan: number; readonly part: number }) =>
      `${look(number)}/facts/shard-${at.shard}/scan-${at.scan}-part-${at.part}.jsonl`,
    progress: (number: number, scan: number) => `${look(number)}/progress/scan-${scan}.json`,
    scanned: (number: number, scan: number) => `${look(number)}/scanned/scan-${scan}.json`,
    joined: (number: number, shard: number) => `${look(number)}/joined/shard-${shard}.json`,
    /** what the books as a whole show */
    wholeBooks: (number: number) => `${look(number)}/joined/whole-books.json`,
    /** kept longer than the files of the run */
    report: `reports/${runId}.json`,
  };
};
