/** The names by which a deployment is known to those outside: the outputs of its stacks, as one flat object. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

export type OutputName =
  | 'ApiUrl'
  | 'TokenUrl'
  | 'StatementBucketName'
  | 'ReconciliationStateMachineArn'
  | 'OperatorClientId'
  | 'OperatorClientSecretArn'
  | 'ApproverClientId'
  | 'ApproverClientSecretArn'
  | 'SandboxChannelUrl'
  | 'SandboxControlSecretArn'
  | 'CloseDaysStateMachineArn'
  | 'LedgerTableName'
  | 'ReconciliationTableName'
  | 'PaymentsTableName'
  | 'PartiesTableName'
  | 'AuditStateMachineArn'
  | 'AuditBucketName';

export type Outputs = Readonly<Record<string, string>>;

const outputsSchema = z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]));

/** Makes one flat object of what `cdk deploy --outputs-file` writes per stack, without what stacks export to each other. */
export function flatOutputs(json: unknown): Outputs {
  const pairs = Object.entries(outputsSchema.parse(json)).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : Object.entries(value),
  );
  return Object.fromEntries(pairs.filter(([name]) => !name.startsWith('ExportsOutput')));
}

export const readOutputs = (path: string): Outputs => flatOutputs(JSON.parse(readFileSync(path, 'utf8')));

/** @throws Error when the deployment has no such output. */
export function output(outputs: Outputs, name: OutputName): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`the deployment has no output ${name}`);
  return value;
}
