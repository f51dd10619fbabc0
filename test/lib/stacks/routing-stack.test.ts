import { beforeAll, describe, expect, test } from '@jest/globals';
import { resourcesOf, type Stack, synthesise } from '../../support/synthesised.ts';

let stacks: readonly Stack[];

beforeAll(() => {
  stacks = synthesise('staging').filter(({ name }) => name === 'Routing');
});

const propertiesOf = (type: string): string[] =>
  resourcesOf(stacks, type).map(({ resource }) => JSON.stringify(resource.Properties));

describe('what routing learns by', () => {
  test.each([
    ['channel circuit opened', 'ChannelCircuitsOpened'],
    ['merchant reserve low', 'MerchantReservesLow'],
  ])('raises an alarm for each line «%s»', (line, metricName) => {
    const filters = propertiesOf('AWS::Logs::MetricFilter').filter((filter) => filter.includes(metricName));
    expect(filters).toEqual([expect.stringContaining(line)]);
    const alarms = propertiesOf('AWS::CloudWatch::Alarm').filter((alarm) => alarm.includes(metricName));
    expect(alarms).toHaveLength(1);
  });

  test('reads the changes of payments and of nothing else in their table', () => {
    const [source = '', ...others] = propertiesOf('AWS::Lambda::EventSourceMapping');
    expect(others).toEqual([]);
    expect(source).toContain('PAYMENT');
    expect(source).toContain('ReportBatchItemFailures');
  });

  test('looks at merchant reserves each minute', () => {
    expect(propertiesOf('AWS::Events::Rule')).toEqual([expect.stringContaining('rate(1 minute)')]);
  });

  test('opens channels’ credentials to the function alone that asks for balances', () => {
    const opened = resourcesOf(stacks, 'AWS::IAM::Policy')
      .filter(({ resource }) => JSON.stringify(resource.Properties).includes('secretsmanager'))
      .map(({ id }) => id.replace(/ServiceRole.*/, ''));
    expect(opened).toEqual(['RefreshReserves']);
  });
});
