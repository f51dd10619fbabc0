/** The CloudFormation templates that the CDK app makes for a stage, from the app itself and not from a copy of it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
});

const templateSchema = z.looseObject({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.unknown()).default({}),
});

export type Resource = z.infer<typeof resourceSchema>;

export interface Stack {
  /** the part of the name that says which one it is, such as `Data` */
  readonly name: string;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Without the functions' code. @param emulatorOrigin absent for AWS */
export function synthesise(stage: string, emulatorOrigin?: string): readonly Stack[] {
  const folder = mkdtempSync(join(tmpdir(), 'fund-center-synthesis-'));
  try {
    const { context } = z
      .object({ context: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(readFileSync('cdk.json', 'utf8')));
    const { AWS_ENDPOINT_URL: _, ...env } = process.env;
    execFileSync(process.execPath, ['bin/fund-center.ts'], {
      env: {
        ...env,
        ...(emulatorOrigin !== undefined && { AWS_ENDPOINT_URL: emulatorOrigin }),
        CDK_OUTDIR: folder,
        CDK_CONTEXT_JSON: JSON.stringify({ ...context, stage, 'aws:cdk:bundling-stacks': [] }),
      },
    });
    return readdirSync(folder)
      .filter((file) => file.endsWith('.template.json'))
      .map((file) => stackFrom(file, readFileSync(join(folder, file), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function stackFrom(file: string, text: string): Stack {
  const { Resources: resources, Outputs: outputs } = templateSchema.parse(JSON.parse(text));
  return { name: /-([A-Za-z]+)\.template\.json$/.exec(file)?.[1] ?? file, resources, outputs };
}

export interface Found {
  readonly stack: string;
  readonly id: string;
  readonly resource: Resource;
}

export const resourcesOf = (stacks: readonly Stack[], type: string): Found[] =>
  stacks.flatMap(({ name, resources }) =>
    Object.entries(resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => ({ stack: name, id, resource })),
  );
