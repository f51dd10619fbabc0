import { expect, test } from '@jest/globals';
import { sandboxChannels } from '../../../functions/channels/catalogue.ts';
import { formatOf } from '../../../local/outsider/statement-request.ts';

test.each(sandboxChannels.map(({ id, statementFormats }) => ({ id, statementFormats })))(
  'statements of $id are asked for in a format that the center reads of it',
  ({ id, statementFormats }) => {
    expect(statementFormats).toContain(formatOf(id));
  },
);
