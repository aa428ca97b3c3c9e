/** The states of the machine, as operators see them. */
export const StateName = {
  INITIALIZE: 'Initialize',
  FETCH: 'Fetch',
  PERSIST_OR_CONTINUE: 'PersistOrContinue',
  WAIT: 'Wait',
  CONTINUE_IN_CHILD: 'ContinueInChild',
  BEFORE_PERSIST: 'BeforePersist',
  /** Comes before `beforePersist` and produces its input. */
  SUMMARIZE: 'Summarize',
  PERSIST: 'Persist',
  PERSIST_OR_CLEAN_UP: 'PersistOrCleanUp',
  CLEAN_UP: 'CleanUp',
  /** End of a child execution of the loop. */
  DONE: 'Done',
} as const;
