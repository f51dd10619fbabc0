import { KMSClient } from '@aws-sdk/client-kms';
import { approvalIdOf, proposeApprovalWrite } from '../../access/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import {
  type CardBinding,
  cardRecogniser,
  type MemberOpening,
  type Opening,
  type Parties,
  type Registering,
  sealer,
  type Unbinding,
} from '../../parties/index.ts';
import { environmentValue } from '../environment.ts';
import { accessTable } from './access.ts';
import { commitWrites, lazily, tableNamed } from './base.ts';
import { channels } from './channels.ts';
import { ledger } from './ledger.ts';

export const parties = /* @__PURE__ */ lazily((): Parties => ({ table: tableNamed('PARTIES_TABLE') }));

export const unbinding = /* @__PURE__ */ lazily(
  (): Unbinding => ({ ...parties(), commit: commitWrites(), clock: systemClock }),
);

export const opening = /* @__PURE__ */ lazily(
  (): Opening => ({
    ...unbinding(),
    propose: ({ operationId, ...proposal }) => {
      const approvalId = approvalIdOf(operationId);
      return { approvalId, write: proposeApprovalWrite(accessTable(), { id: approvalId, ...proposal }) };
    },
  }),
);

export const registering = /* @__PURE__ */ lazily(
  (): Registering => ({ ...unbinding(), ledger: ledger(), channels: channels() }),
);

const kms = /* @__PURE__ */ lazily(() => new KMSClient({}));
const seal = /* @__PURE__ */ lazily(() =>
  sealer({ kms: kms(), sealingKeyId: environmentValue('PERSONAL_DATA_KEY_ARN') }),
);

export const memberOpening = /* @__PURE__ */ lazily((): MemberOpening => ({ ...registering(), seal: seal() }));

export const cardBinding = /* @__PURE__ */ lazily(
  (): CardBinding => ({
    ...unbinding(),
    channels: channels(),
    seal: seal(),
    recogniseCard: cardRecogniser({
      kms: kms(),
      recognitionKeyId: environmentValue('CARD_RECOGNITION_KEY_ARN'),
    }),
  }),
);
