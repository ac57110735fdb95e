import { ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { RequestName, RequestParams, RequestResult } from '../../contract/index.ts'
import { ConnectionLost, RequestRefused } from '../connection/index.ts'
import { useNotices } from '../stores/notices.ts'
import { refusalSentence } from '../wording/refusal.ts'
import { useStation } from '../stores/station.ts'

interface Action {
  /** A request is under way. */
  readonly busy: Readonly<Ref<boolean>>
  /** Asks the station; a refusal is shown as a notice, and the result is then null. */
  ask<N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N> | null>
}

/** Requests on behalf of a person: whatever goes wrong is said on the screen, never swallowed. */
export const useAction = (): Action => {
  const station = useStation()
  const notices = useNotices()
  const { t } = useI18n()
  const busy = ref(false)

  const say = (error: unknown): void => {
    if (error instanceof ConnectionLost) notices.show('bad', 'error.connectionLost')
    else if (error instanceof RequestRefused)
      notices.show('bad', `error.${error.code}`, {}, refusalSentence(error.error, t))
    else {
      console.error(error)
      notices.show('bad', 'error.unexpected')
    }
  }

  return {
    busy,
    async ask(name, params) {
      busy.value = true
      try {
        return await station.request(name, params)
      } catch (error) {
        say(error)
        return null
      } finally {
        busy.value = false
      }
    },
  }
}
