import * as z from 'zod';
import { accountingDateAt, systemClock } from '../../kernel/clock.ts';
import { environmentValue } from '../../runtime/environment.ts';
import { eventHandler } from '../../runtime/event.ts';
import { tableNamed } from '../../runtime/wiring/base.ts';
import { checkBusinessDate } from '../close/close-watch.ts';

const hourMs = 3_600_000;

export const handler = eventHandler(z.unknown(), () => {
  const anHourAgo = new Date(systemClock().getTime() - hourMs);
  const calendarDay = () => accountingDateAt(anHourAgo, environmentValue('TIME_ZONE'));
  return checkBusinessDate({ table: tableNamed('LEDGER_TABLE'), calendarDay });
});
