/** Where an execution can begin: its steps by the names of their states. The state machine has a way to each of them. */
export const resumableSteps = [
  'Identify',
  'Plan',
  'Stage',
  'Match',
  'Conclude',
  'Handle',
  'Settle',
  'Report',
  'Quarantine',
] as const;

/** Working files are forgotten after 30 days; an attempt that comes later makes them again. */
export const resumableForMs = 29 * 24 * 60 * 60 * 1_000;
