/** Who is signed in at this station. One person at a time: the screen stands at the line, for all to see. */
import type { Person, PersonView } from '../../contract/index.ts'
import type { Records } from '../records/records.ts'
import { RequestRefusal } from './request-refusal.ts'

export interface Session {
  person(): PersonView | null
  signIn(by: { badge: string } | { name: string }): Promise<PersonView>
  signOut(): Promise<void>
  people(): Promise<Person[]>
  savePeople(people: readonly Person[]): Promise<void>
  /** These people are kept: whoever is none of them any more is signed out. */
  changed(people: readonly Person[]): Promise<void>
}

/** Whoever sets a station up before there is anybody to sign in. */
const FIRST_PERSON: PersonView = { name: 'Set-up', role: 'engineer' }
const DEMO_PERSON: PersonView = { name: 'Demo', role: 'engineer' }

/** @throws RequestRefusal */
export const checkPeople = (people: readonly Person[]): void => {
  const names = new Set<string>()
  const badges = new Set<string>()
  for (const { name, badge } of people) {
    if (names.has(name)) throw new RequestRefusal('invalid', 'name-twice', { name })
    if (badge !== null && badges.has(badge)) throw new RequestRefusal('invalid', 'badge-twice', { name })
    names.add(name)
    if (badge !== null) badges.add(badge)
  }
  if (people.length > 0 && !people.some(({ role }) => role === 'engineer'))
    throw new RequestRefusal('invalid', 'no-engineer')
}

export const openSession = async (records: Records, isDemo: boolean, onChange: () => void): Promise<Session> => {
  const known = await records.ask('people')
  let person: PersonView | null = isDemo ? DEMO_PERSON : known.length === 0 ? FIRST_PERSON : null

  const become = async (next: PersonView | null, action: string): Promise<void> => {
    const who = next?.name ?? person?.name ?? ''
    person = next
    onChange()
    await records.ask('audit', { at: Date.now(), who, action, subject: 'station', detail: next?.role ?? '' })
  }

  const changed = (people: readonly Person[]): Promise<void> => {
    const still = people.find(({ name }) => name === person?.name)
    // Whoever was taken off the list is signed out; whoever set up the first people stays until signing out.
    if (!isDemo && person !== FIRST_PERSON) person = still ? { name: still.name, role: still.role } : null
    onChange()
    return Promise.resolve()
  }

  return {
    person: () => person,
    async signIn(by) {
      const people = await records.ask('people')
      const found =
        'badge' in by
          ? people.find(({ badge }) => badge === by.badge)
          : people.find(({ name, badge }) => name === by.name && badge === null)
      if (!found)
        throw 'badge' in by
          ? new RequestRefusal('not-found', 'badge-unknown')
          : new RequestRefusal('not-found', 'badge-needed', { name: by.name })
      const view = { name: found.name, role: found.role }
      await become(view, 'signed in')
      return view
    },
    async signOut() {
      const people = await records.ask('people')
      await become(isDemo ? DEMO_PERSON : people.length === 0 ? FIRST_PERSON : null, 'signed out')
    },
    people: () => records.ask('people'),
    async savePeople(people) {
      checkPeople(people)
      await records.ask('savePeople', { people, who: person?.name ?? '', at: Date.now() })
      await changed(people)
    },
    changed,
  }
}
