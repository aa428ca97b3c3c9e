import { IConstruct } from 'constructs';
import { acknowledge } from './acknowledgements';

/** cdk-nag's packs beyond AwsSolutions. They share rules, each under ids of its own. */
export enum RulePack {
  HIPAA = 'HIPAA.Security',
  NIST = 'NIST.800.53.R5',
  PCI = 'PCI.DSS.321',
  SERVERLESS = 'Serverless',
}

/** The packs with rules for storage and for roles. */
export const COMPLIANCE_PACKS: readonly RulePack[] = [RulePack.HIPAA, RulePack.NIST, RulePack.PCI];

/** Acknowledges a rule of several packs. docs/company-policies.md lists these rules, and those that a property settles instead. */
export function acknowledgeRule(scope: IConstruct, packs: readonly RulePack[], rule: string, reason: string): void {
  packs.forEach((pack) => acknowledge(scope, `${pack}-${rule}`, reason));
}
