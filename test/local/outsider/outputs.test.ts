import { expect, test } from '@jest/globals';
import { flatOutputs, output } from '../../../local/outsider/outputs.ts';

const perStack = {
  'FundCenter-local-Data': { StatementBucketName: 'statements', ExportsOutputRefLedger1234: 'ledger' },
  'FundCenter-local-Api': { ApiUrl: 'https://api.example' },
};

test('the outputs of all stacks become one flat object, without what stacks export to each other', () => {
  expect(flatOutputs(perStack)).toEqual({ StatementBucketName: 'statements', ApiUrl: 'https://api.example' });
});

test('a flat object stays as it is', () => {
  expect(flatOutputs(flatOutputs(perStack))).toEqual(flatOutputs(perStack));
});

test('an output that is not there is named', () => {
  expect(() => output(flatOutputs(perStack), 'TokenUrl')).toThrow('TokenUrl');
});
