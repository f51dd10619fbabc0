/** Where webhooks may go: what differs from stage to stage. */
export interface ReceiverRules {
  /** a stage on one's own machine: plain HTTP and this very machine are let through */
  readonly onThisMachine: boolean;
}
