import { describeAdapter } from './describe-adapter.ts';
import { openReferenceWorld, referenceWithout } from './reference-world.ts';

describeAdapter('of the reference channel', { open: openReferenceWorld, without: referenceWithout });
