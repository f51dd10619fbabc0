import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Found, resourcesOf, type Stack, synthesise } from '../support/synthesised.ts';

let stacks: readonly Stack[];
let functions: readonly Found[];

beforeAll(() => {
  stacks = synthesise('staging');
  functions = resourcesOf(stacks, 'AWS::Lambda::Function');
});

/** The functions that break a rule, by name, so that a failure tells which. */
const breaking = (keeps: (found: Found) => boolean): string[] =>
  functions.filter((found) => !keeps(found)).map(({ stack, id }) => `${stack}/${id}`);

describe('every function', () => {
  test('is there at all', () => {
    expect(functions.length).toBeGreaterThan(10);
  });

  test("runs on Node 24 and arm64 from the app's own bundle", () => {
    expect(breaking(({ resource }) => resource.Properties['Runtime'] === 'nodejs24.x')).toEqual([]);
    expect(breaking(({ resource }) => JSON.stringify(resource.Properties['Architectures']) === '["arm64"]')).toEqual(
      [],
    );
  });

  test('says what it is for', () => {
    expect(breaking(({ resource }) => String(resource.Properties['Description'] ?? '').length > 10)).toEqual([]);
  });

  test('is traced', () => {
    expect(
      breaking(({ resource }) => JSON.stringify(resource.Properties['TracingConfig']) === '{"Mode":"Active"}'),
    ).toEqual([]);
  });

  test('logs JSON to a group of its own that is kept for a limited time', () => {
    const kept = new Set(
      resourcesOf(stacks, 'AWS::Logs::LogGroup')
        .filter(({ resource }) => Number(resource.Properties['RetentionInDays']) > 0)
        .map(({ stack, id }) => `${stack}/${id}`),
    );
    const groups: string[] = [];
    const loose = breaking(({ stack, resource }) => {
      const logging = resource.Properties['LoggingConfig'] as { LogFormat?: string; LogGroup?: { Ref?: string } };
      groups.push(`${stack}/${logging?.LogGroup?.Ref}`);
      return logging?.LogFormat === 'JSON' && kept.has(`${stack}/${logging.LogGroup?.Ref}`);
    });
    expect(loose).toEqual([]);
    expect(new Set(groups).size).toBe(functions.length);
  });

  test('has an alarm for its errors that says what breaks for whom', () => {
    const alarmed = new Set(
      resourcesOf(stacks, 'AWS::CloudWatch::Alarm')
        .filter(({ resource }) => resource.Properties['MetricName'] === 'Errors')
        .filter(({ resource }) => String(resource.Properties['AlarmDescription'] ?? '').length > 20)
        .map(({ stack, resource }) => `${stack}/${functionOfAlarm(resource.Properties['Dimensions'])}`),
    );
    expect(breaking(({ stack, id }) => alarmed.has(`${stack}/${id}`))).toEqual([]);
  });
});

function functionOfAlarm(dimensions: unknown): string | undefined {
  const [{ Value: value } = {}] = dimensions as { Value?: { Ref?: string } }[]; // CDK's own shape of a function metric
  return value?.Ref;
}
