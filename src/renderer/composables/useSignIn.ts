import type { RequestParams } from '../../contract/index.ts'
import { useDialogs } from '../stores/dialogs.ts'
import { useNotices } from '../stores/notices.ts'
import { useAction } from './useAction.ts'

interface SignIn {
  signIn(who: RequestParams<'person.signIn'>): Promise<void>
  signOut(): Promise<void>
}

/** Changes who works at the station; the screen says who it is now, or why not. */
export const useSignIn = (): SignIn => {
  const dialogs = useDialogs()
  const notices = useNotices()
  const { ask } = useAction()
  return {
    async signIn(who) {
      const person = await ask('person.signIn', who)
      if (!person) return
      dialogs.close('sign-in')
      notices.show('good', 'people.welcome', { name: person.name })
    },
    async signOut() {
      if (!(await ask('person.signOut', {}))) return
      dialogs.close('sign-in')
      notices.show('good', 'people.goodbye')
    },
  }
}
