/** Parts of messages that only apply to deployed imports. Other environments may replace them. */
export const DeployedAdvice = {
  LOGS: 'See the logs of the fetch function.',
  MODULE: 'Correct the module and deploy it again, then redrive the execution.',
  LOAD: 'If the cause has passed, just resume. Else correct the module or the function\'s environment, and deploy first.',
  TOTAL: 'Correct the handler if necessary, and start a new import: this one keeps its records. Or, to publish them as they are, set onTotalMismatch '
    + 'to WARN and deploy.',
  PAGE_BYTES: 'Lower pageSize for a new import, or give the fetch function more memory and deploy.',
  REPEATED_PAGES: '; or, if equal pages are correct for this source, set repeatedPages to ALLOW and deploy.',
  SHORT_PAGES: 'Or, if the handler filters records itself and nothing is missing, set shortPages to ALLOW and deploy.',
  FILTERING: ', and set shortPages to ALLOW and deploy.',
  EMPTY_PAGES: '; else raise maxEmptyPages and deploy.',
  NON_FINITE_NUMBERS: 'nonFiniteNumbers: NonFiniteNumbers.NULL on the construct',
  COLUMNS: 'columns set on the construct',
  DESTINATION: 'Put the old destination back and deploy.',
  CHANGE: 'Without that change, a resume fails again.',
} as const;
