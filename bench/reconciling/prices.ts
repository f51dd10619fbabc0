/** What a day costs on AWS: units that the bench counted, by the price sheet. */

/**
 * US dollars, us-east-1 (N. Virginia), on demand, the first tier of volume, beyond any free tier: what the sheets at
 * aws.amazon.com/<service>/pricing said in July 2025. Hold them against the sheets before you rely on a sum.
 */
export const prices = {
  /** AWS Lambda, duration on Arm: per GB-second */
  lambdaGigabyteSecond: 0.0000133334,
  /** AWS Lambda, requests: 0.20 per million */
  lambdaRequest: 0.2 / 1e6,
  /** Amazon S3 Standard, PUT, COPY, POST, LIST requests: 0.005 per 1 000 */
  s3Put: 0.005 / 1_000,
  /** Amazon S3 Standard, GET and all other requests, HEAD among them: 0.0004 per 1 000 */
  s3Get: 0.0004 / 1_000,
  /** Amazon DynamoDB, table class Standard, read request units: 0.125 per million; an eventually consistent read of 4 KiB takes half a one */
  dynamoReadUnit: 0.125 / 1e6,
  /** AWS Step Functions, Standard workflows, state transitions: 0.025 per 1 000 */
  stateTransition: 0.025 / 1_000,
} as const;

/** Of the functions of these steps; a whole processor comes with 1 769 MB. */
const memoryMegabytes = 1_024;
const processorMegabytes = 1_769;

/** A map's item is a child workflow of its own that starts, does its step and ends. */
const transitionsOfItem = 3;

export interface Units {
  readonly lines: number;
  readonly payments: number;
  readonly items: number;
  readonly puts: number;
  readonly gets: number;
  /** of a processor like this machine's */
  readonly processorSeconds: number;
  readonly readUnits: number;
}

export interface CostLine {
  readonly what: string;
  readonly units: string;
  readonly dollars: number;
}

export function costOf({ items, puts, gets, processorSeconds, readUnits }: Units): readonly CostLine[] {
  const seconds = (processorSeconds * processorMegabytes) / memoryMegabytes;
  const gigabyteSeconds = (seconds * memoryMegabytes) / 1_024;
  const count = (value: number): string => Math.round(value).toLocaleString('en');
  return [
    {
      what: 'our payments from the index',
      units: `${count(readUnits)} read units`,
      dollars: readUnits * prices.dynamoReadUnit,
    },
    {
      what: 'Lambda, 1 024 MB',
      units: `${count(items)} calls, ${seconds.toFixed(1)} s`,
      dollars: items * prices.lambdaRequest + gigabyteSeconds * prices.lambdaGigabyteSecond,
    },
    {
      what: 'working files',
      units: `${count(puts)} PUT, ${count(gets)} GET`,
      dollars: puts * prices.s3Put + gets * prices.s3Get,
    },
    {
      what: 'maps',
      units: `${count(items * transitionsOfItem)} transitions`,
      dollars: items * transitionsOfItem * prices.stateTransition,
    },
  ];
}
