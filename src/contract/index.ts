/** The contract between main and renderer: schemas, and the types inferred from them. Nothing else passes between the two. */
export * from './failures.ts'
export * from './line-settings.ts'
export * from './messages.ts'
export * from './people.ts'
export * from './reports.ts'
export * from './requests.ts'
export * from './set-up.ts'
export * from './view.ts'
