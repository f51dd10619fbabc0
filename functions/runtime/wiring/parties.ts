import { randomInt } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { approvalIdOf, proposeApprovalWrite } from '../../access/index.ts';
import { bankOfCard } from '../../channels/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import {
  type AddingAgreements,
  type CardBinding,
  type ClosingMembers,
  type Confirming,
  type Opening,
  opener,
  type Parties,
  type Registering,
  type Resealing,
  recogniser,
  type Signing,
  sealer,
  type Unbinding,
  type VerificationBooks,
  type Verifying,
  verificationPolicy,
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

/** Members with the state of their accounts. */
export const members = /* @__PURE__ */ lazily(() => ({
  ...parties(),
  ledger: { table: tableNamed('LEDGER_TABLE') },
}));

export const closingMembers = /* @__PURE__ */ lazily((): ClosingMembers => ({ ...unbinding(), ledger: ledger() }));

const kms = /* @__PURE__ */ lazily(() => new KMSClient({}));
const seal = /* @__PURE__ */ lazily(() =>
  sealer({ kms: kms(), sealingKeyId: environmentValue('PERSONAL_DATA_KEY_ARN') }),
);
const unseal = /* @__PURE__ */ lazily(() => opener({ kms: kms() }));
const recognise = /* @__PURE__ */ lazily(() =>
  recogniser({ kms: kms(), recognitionKeyId: environmentValue('CARD_RECOGNITION_KEY_ARN') }),
);

export const signing = /* @__PURE__ */ lazily((): Signing => ({ ...unbinding(), channels: channels() }));

export const cardBinding = /* @__PURE__ */ lazily(
  (): CardBinding => ({
    ...signing(),
    ledger: members().ledger,
    seal: seal(),
    recognise: recognise(),
    bankOfCard: (number) => bankOfCard(channels(), number),
  }),
);

export const addingAgreements = /* @__PURE__ */ lazily(
  (): AddingAgreements => ({ ...signing(), ledger: members().ledger, unseal: unseal() }),
);

export const verificationBooks = /* @__PURE__ */ lazily(
  (): VerificationBooks => ({ ...registering(), policy: verificationPolicy }),
);

export const verifying = /* @__PURE__ */ lazily(
  (): Verifying => ({
    ...verificationBooks(),
    seal: seal(),
    recognise: recognise(),
    draw: (bound) => randomInt(bound),
  }),
);

export const confirming = /* @__PURE__ */ lazily(
  (): Confirming => ({ ...verificationBooks(), seal: seal(), recognise: recognise(), unseal: unseal() }),
);

export const resealing = /* @__PURE__ */ lazily((): Resealing => ({ ...parties(), seal: seal(), unseal: unseal() }));
