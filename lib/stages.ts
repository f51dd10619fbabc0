/** The only place where stages differ. */
import {
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  type IReusableStackSynthesizer,
  RemovalPolicy,
} from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

export interface Stage {
  readonly name: string;
  /** the IANA time zone of the accounting date (会计日) */
  readonly timeZone: string;
  readonly logRetention: RetentionDays;
  /** what happens to tables, buckets and keys when their stack is deleted */
  readonly removalPolicy: RemovalPolicy;
  /** how long nobody can delete or overwrite a delivered statement, in days */
  readonly statementLockDays: number;
  /** whether the payment company of our own making is deployed beside the center */
  readonly sandboxChannel: boolean;
  /** whether buckets and queues turn plain HTTP away; an emulator speaks nothing else */
  readonly tlsOnly: boolean;
  /** whether webhooks may go to this very machine, over plain HTTP: for whoever develops a receiver */
  readonly localReceivers: boolean;
  /** base URL of an HTTP API's default stage, without a slash at the end */
  readonly apiUrl: (api: { readonly id: string; readonly endpoint: string }) => string;
  /** where clients get tokens, from the user pool's domain prefix */
  readonly tokenUrl: (domain: { readonly prefix: string; readonly region: string }) => string;
  /** where a user pool publishes its keys; undefined where `aws-jwt-verify` knows it */
  readonly jwksUrl: (userPoolId: string) => string | undefined;
  /** where operators watch the executions of a state machine */
  readonly consoleUrl: (stateMachine: { readonly arn: string; readonly region: string }) => string;
  /** how many items of a distributed map are worked on at once */
  readonly mapConcurrency: number;
  /** whether the ledger is audited every week of its own accord */
  readonly auditsWeekly: boolean;
  /** 日切: when the business day ends, in the stage's time zone */
  readonly cutOff: { readonly hour: number; readonly minute: number };
  /**
   * How long the close waits between moving the business date and adding up the day behind it. A process goes by a date
   * that it has read for 2 s (`leaseMs`) and may then be busy with a posting until its function's time is up: 15 minutes
   * for `HandleDifferences`, the longest of those that post. 902 s, and some for clocks that differ.
   */
  readonly closeGraceSeconds: number;
  /** how many days ahead of the calendar a business day may be opened by hand */
  readonly closeAheadDays: number;
  /** how long the general ledgers, the journals and the accounts' balances of closed days are kept */
  readonly bookFileDays: number;
  /** an account statement of more bytes is handed over through S3 */
  readonly statementInlineBytes: number;
}

const onAws = {
  timeZone: 'Asia/Shanghai',
  tlsOnly: true,
  localReceivers: false,
  apiUrl: ({ endpoint }) => endpoint,
  tokenUrl: ({ prefix, region }) => `https://${prefix}.auth.${region}.amazoncognito.com/oauth2/token`,
  jwksUrl: () => undefined,
  consoleUrl: ({ arn, region }) =>
    `https://${region}.console.aws.amazon.com/states/home?region=${region}#/statemachines/view/${arn}`,
  mapConcurrency: 40,
  cutOff: { hour: 0, minute: 0 },
  closeGraceSeconds: 960,
  closeAheadDays: 1,
  // a function may answer 6 MB of JSON, in which a file is a text with its quotes and line ends escaped
  statementInlineBytes: 4_000_000,
} satisfies Partial<Stage>;

/** An emulator serves everything under one origin, and hands functions the same origin as AWS_ENDPOINT_URL. */
const onEmulator = (origin: string) =>
  ({
    tlsOnly: false,
    localReceivers: true,
    // the stage name is escaped, since a shell would read `$default` as a variable
    apiUrl: ({ id }) => `${origin}/_aws/execute-api/${id}/%24default`,
    tokenUrl: () => `${origin}/oauth2/token`,
    jwksUrl: (userPoolId) => `${origin}/${userPoolId}/.well-known/jwks.json`,
    // an emulator has no console of its own: the same place under its origin names the state machine
    consoleUrl: ({ arn, region }) => `${origin}/states/home?region=${region}#/statemachines/view/${arn}`,
    // functions are processes on the developer's own machine
    mapConcurrency: 4,
    // functions are processes beside their database: a posting takes milliseconds, and whoever tries things out is waiting
    closeGraceSeconds: 4,
    // whoever tries things out closes one day after the other
    closeAheadDays: 60,
    // so that the way through S3 is gone with a few hundred lines
    statementInlineBytes: 64_000,
  }) satisfies Partial<Stage>;

/**
 * @param name `production`, `staging`, or any other name for a developer's own stage with a sandbox channel
 * @param emulatorOrigin such as `http://localhost:4566`; absent on AWS
 */
export function stageNamed(name: string, emulatorOrigin?: string): Stage {
  const production = name === 'production';
  return {
    name,
    ...onAws,
    logRetention: production ? RetentionDays.ONE_YEAR : RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.RETAIN,
    statementLockDays: production ? 10 * 365 : 1,
    bookFileDays: production ? 10 * 365 : 400,
    sandboxChannel: !production,
    auditsWeekly: production,
    ...(emulatorOrigin && onEmulator(emulatorOrigin)),
  };
}

/** An emulator that enforces IAM knows no deployment roles: there the caller's own credentials publish and deploy. */
export function synthesizerFor(emulatorOrigin?: string): IReusableStackSynthesizer {
  const synthesizer =
    emulatorOrigin === undefined ? new DefaultStackSynthesizer() : new CliCredentialsStackSynthesizer();
  // the library's classes declare optional fields more loosely than its own interface under exactOptionalPropertyTypes
  return synthesizer as IReusableStackSynthesizer;
}
