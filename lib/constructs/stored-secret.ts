import { CfnSecret, type ISecret, Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';

/** A secret that is referred to by its ARN everywhere: a plain reference is a bare name on an emulator, which no policy matches. */
export class StoredSecret extends Secret {
  readonly byArn: ISecret;

  constructor(scope: Construct, id: string, props: SecretProps) {
    super(scope, id, props);
    const resource = this.node.defaultChild;
    if (!(resource instanceof CfnSecret)) throw new Error('a Secret is made of a CfnSecret');
    this.byArn = Secret.fromSecretCompleteArn(this, 'ByArn', resource.attrId);
  }
}
