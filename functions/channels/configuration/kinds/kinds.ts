/** Every kind of configuration by the name that it has in `/v1/admin/{kind}`. */
import { arrivalRuleKind } from './arrival-rule.ts';
import { bankKind } from './bank.ts';
import { bankSwitchKind } from './bank-switch.ts';
import { cardBinKind } from './card-bin.ts';
import { channelKind } from './channel.ts';
import { chargedFeeKind } from './charged-fee.ts';
import type { Kind } from './kind.ts';
import type { KindName } from './kind-names.ts';
import { limitKind } from './limit.ts';
import { reconciliationPolicyKind } from './reconciliation-policy.ts';
import { routeRuleKind } from './route-rule.ts';
import { statementCalendarKind } from './statement-calendar.ts';
import { statementProfileKind } from './statement-profile.ts';

export const kinds = {
  banks: bankKind,
  channels: channelKind,
  switches: bankSwitchKind,
  limits: limitKind,
  routes: routeRuleKind,
  fees: chargedFeeKind,
  'card-bins': cardBinKind,
  'reconciliation-policies': reconciliationPolicyKind,
  'statement-calendars': statementCalendarKind,
  'statement-profiles': statementProfileKind,
  'arrival-rules': arrivalRuleKind,
} as const satisfies Record<KindName, Kind<unknown>>;
