/**
 * `npm run close-day [-- --until YYYY-MM-DD]`: closes the business days before today, or before the day that is given,
 * which on this
 * machine may be up to 60 days ahead, and shows what was closed.
 */
import { parseArgs } from 'node:util';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { runCommand } from './command.ts';
import { connectToDeployment } from './connect.ts';
import { Failure } from './failure.ts';
import { type Center, centerAt } from './outsider/center.ts';
import { listAt, numberAt, textAt } from './outsider/json.ts';
import { output } from './outsider/outputs.ts';
import { tableText } from './table.ts';

await runCommand(async () => {
  const { values } = parseArgs({ options: { until: { type: 'string' } } });
  const center = centerAt(await connectToDeployment());
  await closeDays(center, values);
  const { body } = await center.operator.get('/v1/business-dates?limit=10');
  const days = listAt(body, 'items').map((day) => [
    textAt(day, 'date'),
    textAt(day, 'closedAt'),
    numberAt(day, 'entries'),
    numberAt(day, 'institutions'),
  ]);
  console.log(tableText(['closed day', 'at', 'entries', 'institutions'], days));
  console.log(`✔ the open business day is ${textAt(body, 'openDay')}`);
});

async function closeDays({ stepFunctions, outputs }: Center, input: { until?: string }): Promise<void> {
  const stateMachineArn = output(outputs, 'CloseDaysStateMachineArn');
  const { executionArn } = await stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  for (;;) {
    const { status, error, cause } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return;
    if (status !== 'RUNNING') throw new Failure(`the close ended as ${status}: ${error ?? ''} ${cause ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
