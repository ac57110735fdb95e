/** The station as this page sees it: the view, the way to it, and requests. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import {
  mayAsk,
  type PersonView,
  type RequestName,
  type RequestParams,
  type RequestResult,
  type View,
} from '../../contract/index.ts'
import { ConnectionLost, request as ask, type Connection, type ConnectionState } from '../connection/index.ts'
import { useScans } from './scans.ts'
import { mergeView } from './view-merge.ts'

export const useStation = defineStore('station', () => {
  const scans = useScans()
  const view = shallowRef<View | null>(null)
  const connectionState = ref<ConnectionState>({ kind: 'connecting' })
  const connection = shallowRef<Connection | null>(null)

  const request = async <N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>> => {
    if (connection.value === null) throw new ConnectionLost()
    return ask(connection.value, name, params)
  }

  /** Who is signed in; null when nobody is, undefined where the station does not ask who works. */
  const person = computed<PersonView | null | undefined>(() => view.value?.station.person)

  /** May the person who is signed in ask for this? Screens hide what may not be; the station checks it all the same. */
  const may = (name: RequestName): boolean => person.value === undefined || mayAsk(name, person.value?.role ?? null)

  /** The whole view anew: pushes may have been missed. What is shown stays until it is here. */
  const fetchView = async (): Promise<void> => {
    try {
      view.value = await request('view.get', {})
    } catch (error) {
      if (!(error instanceof ConnectionLost)) console.error('The view could not be fetched:', error)
    }
  }

  /** Follows a connection until the returned function is called. */
  const follow = (given: Connection): (() => void) => {
    connection.value = given
    const stopPushes = given.onPush((patch) => {
      const { scan, ...sections } = patch
      if (view.value !== null && Object.keys(sections).length > 0) view.value = mergeView(view.value, sections)
      if (scan) scans.deliver({ text: scan.text, strokes: [] })
    })
    const stopStates = given.onState((state) => {
      connectionState.value = state
      if (state.kind === 'open') void fetchView()
    })
    return () => {
      stopPushes()
      stopStates()
      given.close()
      connection.value = null
    }
  }

  return {
    view,
    connectionState,
    follow,
    request,
    person,
    may,
    order: computed(() => view.value?.order ?? null),
    slots: computed(() => view.value?.slots ?? []),
    sockets: computed(() => view.value?.sockets ?? []),
    labels: computed(() => view.value?.labels ?? null),
    isDemo: computed(() => view.value?.station.mode === 'demo'),
  }
})
