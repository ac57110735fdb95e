/** Who works at the station, and what each may do. */
import type { Role } from '../../../contract/index.ts'

export const people = {
  role: {
    operator: 'Operator',
    'line-lead': 'Line lead',
    engineer: 'Engineer',
    qa: 'QA',
  } satisfies Record<Role, string>,
  signIn: 'Sign in',
  signOut: 'Sign out',
  change: 'Signed in: {name}, {role}. Change the person.',
  title: 'Who works here now?',
  byBadge: 'Signs in by badge',
  how: 'Scan your badge, or touch your name.',
  none: 'Nobody is entered for this station yet. An engineer enters people under Settings.',
  welcome: 'Signed in: {name}.',
  goodbye: 'Signed out.',
  listTitle: 'People',
  listText: 'Whoever has a badge signs in by scanning it; the others touch their name.',
  name: 'Name',
  badge: 'Badge',
  badgeHint: 'Touch the field and scan the badge; empty to sign in by name',
  roleOf: 'Role',
  add: 'Add a person',
  remove: 'Remove {name}',
  save: 'Save the people',
  saved: 'The people are saved.',
  nobody: 'While nobody is entered, whoever stands at the station may do everything. Begin with an engineer.',
  nameMissing: 'Give each person a name.',
  badgeTooShort: 'A badge has at least 3 characters.',
  noEngineer: 'Make at least one of them an engineer: only engineers change these settings.',
}
