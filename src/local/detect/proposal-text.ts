import { counted } from '../counted';
import { visible } from '../visible';
import { Proposal } from './proposal';

/** Why the settings are as they are, and what is not sure, for people. */
export function proposalText({ findings, requests }: Proposal): string {
  const sure = findings.filter(({ isSure }) => isSure);
  const unsure = findings.filter(({ isSure }) => !isSure);
  const line = ({ setting, reason }: Proposal['findings'][number]): string => visible(`  ${setting}: ${reason}.`);
  const sections = [
    `After ${counted(requests, 'request')}:`,
    ...sure.map(line),
    ...unsure.length === 0 ? [] : ['Not sure:', ...unsure.map(line)],
    'Next, look at its pages and warnings: cdk-paginated-import preview <file>',
  ];
  return sections.join('\n');
}
